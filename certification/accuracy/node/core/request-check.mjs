// Which request bodies are well formed. Returns a sentence about the first fault, or undefined.
// Strict about what the contract stars, tolerant about everything it does not mention.

const INT64_MAX = 2n ** 63n - 1n;
const INT32_MAX = 2n ** 31n - 1n;

const isText = (value) => typeof value === 'string';
const isFlag = (value) => typeof value === 'boolean';
const isInt64 = (value) => typeof value === 'bigint' && value >= -INT64_MAX - 1n && value <= INT64_MAX;
const isInt32 = (value) => isInt64(value) && value >= -INT32_MAX - 1n && value <= INT32_MAX;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCloud = (value) => ['aws', 'azure', 'gcp'].includes(value);
const isAddress = (value) => isText(value) && /^.+@[^@\s]+$/su.test(value);
const isFilled = (value) => isText(value) && value !== '';

const USER_INFO = {
  email: isAddress, first_name: isText, last_name: isText, databricks_user_id: isInt64,
  databricks_organization_id: isInt64, is_connection_established: isFlag,
};

const REQUIRED = {
  connect: {
    user_info: isObject, hostname: isText, port: isInt32, workspace_url: isText, workspace_id: isInt64,
    demo: isFlag, cloud_provider: isCloud, is_free_trial: isFlag,
  },
  deleteConnection: { connection_id: isFilled, cloud_provider: isCloud, databricks_organization_id: isInt64 },
  testConnection: { connection_id: isFilled },
  deleteAccount: { domain: isFilled, cloud_provider: isCloud, databricks_organization_id: isInt64 },
  expireAccount: { email: isAddress, databricks_user_id: isInt64, cloud_provider: isCloud, databricks_organization_id: isInt64 },
};

// Optional fields may be absent or null, but not of another type.
const OPTIONAL = {
  connect: {
    connection_id: isText, http_path: isText, jdbc_url: isText, databricks_jdbc_url: isText, cloud_provider_region: isText,
    destination_location: isText, catalog_name: isText, database_name: isText, cluster_id: isText, is_sql_endpoint: isFlag,
    is_sql_warehouse: isFlag, data_source_connector: isText, service_principal_id: isText,
    service_principal_oauth_secret: isText, oauth_u2m_app_id: isText, connection_scope: isText,
  },
  deleteConnection: { user_info: isObject },
  testConnection: { cloud_provider: isCloud, databricks_organization_id: isInt64 },
  deleteAccount: {},
  expireAccount: {},
};

function faultIn(object, required, optional, where) {
  for (const [field, fits] of Object.entries(required)) {
    if (object[field] === undefined || object[field] === null) return `${where}${field} is missing`;
    if (!fits(object[field])) return `${where}${field} is not valid`;
  }
  for (const [field, fits] of Object.entries(optional)) {
    if (object[field] !== undefined && object[field] !== null && !fits(object[field])) return `${where}${field} is not valid`;
  }
  return undefined;
}

/** A token comes with a first connect when the config asks for one and the auth options do not rule it out. */
function needsToken(config) {
  const provisioned = config.resources_to_provision.some(({ resource_type: type }) => type === 'PAT');
  return provisioned && (!config.auth_options || config.auth_options.includes('AUTH_PAT'));
}

function faultInConnect(body, config) {
  const fault = faultIn(body.user_info, USER_INFO, { auth: isObject }, 'user_info.');
  if (fault) return fault;
  if (body.user_info.is_connection_established) return isFilled(body.connection_id) ? undefined : 'connection_id is missing';
  const token = body.user_info.auth?.personal_access_token;
  if (token === undefined || token === null) return needsToken(config) ? 'user_info.auth.personal_access_token is missing' : undefined;
  return isText(token) ? undefined : 'user_info.auth.personal_access_token is not valid';
}

export function faultInRequest(operation, body, config) {
  if (!isObject(body)) return 'the body is not a JSON object';
  return faultIn(body, REQUIRED[operation], OPTIONAL[operation], '')
    ?? (operation === 'connect' ? faultInConnect(body, config) : undefined);
}
