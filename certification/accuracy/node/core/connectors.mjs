// A small extract of the official connector list (openapi/connectors.csv of databrickslabs/partner-connect-api).

export const CONNECTORS = [
  ['airtable', 'Airtable'], ['amazon_s3', 'Amazon S3'], ['asana', 'Asana'], ['bigquery', 'BigQuery'],
  ['confluent_cloud', 'Confluent Cloud'], ['dynamodb', 'DynamoDB'], ['github', 'GitHub'], ['google_ads', 'Google Ads'],
  ['hubspot', 'HubSpot'], ['jira', 'Jira'], ['mongodb', 'MongoDB'], ['mysql', 'MySQL'], ['oracle', 'Oracle'],
  ['postgresql', 'PostgreSQL'], ['salesforce', 'Salesforce'], ['snowflake', 'Snowflake'], ['zendesk', 'Zendesk'],
].map(([identifier, name], index) => ({
  identifier,
  name,
  type: index % 5 === 4 ? 'target' : 'source',
  description: `Moves data with ${name}`,
}));
