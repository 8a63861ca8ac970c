// Validators that know too few values, and code that trips over values which are perfectly fine.

import { changeAnswer, crashWhen, isFirstConnect, refuseWhen } from '../core/seams.mjs';
import { CLUSTER } from '../core/config.mjs';

const refuseEmail = (pattern) => (partner) => refuseWhen(partner, 'connect', ({ user_info: { email } }) => !pattern.test(email));
const present = (value) => value !== undefined && value !== null;
const ACCEPT_ALL = 'All mandatory and optional fields must be accepted.';
const M2M = { auth_options: ['AUTH_OAUTH_M2M'], resources_to_provision: [{ resource_type: 'SqlEndpoint' }] };

export default [
  {
    name: 'email-apostrophe-refused',
    sentence: 'An address with an apostrophe (o\'brien@…) is refused with 400.',
    clause: 'email: any valid address.',
    origin: 'home-made e-mail regex',
    apply: refuseEmail(/^[^']+$/),
  },
  {
    name: 'email-plus-refused',
    sentence: 'An address with a plus sign is refused with 400.',
    clause: 'email: any valid address.',
    origin: '\\w in an e-mail regex',
    apply: refuseEmail(/^[^+]+$/),
  },
  {
    name: 'email-long-tld-refused',
    sentence: 'An address whose last label has more than four letters is refused with 400.',
    clause: 'email: any valid address.',
    origin: '[a-z]{2,4}$ from before the new TLDs',
    apply: refuseEmail(/\.[a-z]{2,4}$/i),
  },
  {
    name: 'email-subdomain-refused',
    sentence: 'An address whose domain has more than two labels is refused with 400.',
    clause: 'email: any valid address; abc123.databricks-test.com is the documents\' own example.',
    origin: 'regex ^[^@]+@[^.]+\\.[a-z]+$',
    apply: refuseEmail(/@[^.@]+\.[^.@]+$/),
  },
  {
    name: 'email-over-64-crashes',
    sentence: 'A first connect of a user with an address of more than 64 characters ends in a 500.',
    clause: 'email: any valid address (RFC 5321 allows 254 characters).',
    origin: 'PostgreSQL "value too long for type character varying(64)"',
    apply: (partner) => crashWhen(partner, 'connect', (body) => isFirstConnect(body) && body.user_info.email.length > 64),
  },
  {
    name: 'last-name-empty-refused',
    sentence: 'An empty last_name is refused with 400.',
    clause: 'last_name: never null, may be empty.',
    origin: 'class-validator @IsNotEmpty, Bean Validation @NotBlank',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.user_info.last_name.trim() === ''),
  },
  {
    name: 'first-name-empty-crashes',
    sentence: 'An empty first_name ends in a 500.',
    clause: 'first_name: never null, may be empty.',
    origin: 'first_name[0].toUpperCase()',
    apply: (partner) => crashWhen(partner, 'connect', (body) => body.user_info.first_name === ''),
  },
  {
    name: 'name-four-byte-crashes',
    sentence: 'A first connect of a user whose name has a character outside the BMP ends in a 500.',
    clause: 'first_name and last_name are strings in UTF-8 JSON.',
    origin: 'MySQL utf8 (three bytes): "Incorrect string value"',
    apply: (partner) => crashWhen(partner, 'connect', (body) =>
      isFirstConnect(body) && /[\u{10000}-\u{10FFFF}]/u.test(body.user_info.first_name + body.user_info.last_name)),
  },
  {
    name: 'name-in-response-header',
    sentence: 'The user\'s first name is put into a response header, which ends in a 500 for names outside Latin-1.',
    clause: 'first_name is any string; a connect answers 200.',
    origin: 'Node ERR_INVALID_CHAR "Invalid character in header content"',
    apply: (partner) => crashWhen(partner, 'connect', (body) => /[^\u0020-\u00ff]/u.test(body.user_info.first_name)),
  },
  {
    name: 'last-name-over-32-refused',
    sentence: 'A last_name of more than 32 characters is refused with 400.',
    clause: 'last_name is a string without a limit.',
    origin: '@Size(max = 32)',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.user_info.last_name.length > 32),
  },
  {
    name: 'service-principal-empty-refused',
    sentence: 'An empty service_principal_id is refused with 400.',
    clause: 'Ruling 28: service_principal_id may be the empty string.',
    origin: 'UUID validator on an optional field',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.service_principal_id === ''),
  },
  {
    name: 'service-principal-absent-crashes',
    sentence: 'A first connect without service_principal_id ends in a 500.',
    clause: 'service_principal_id is absent when no service principal was made.',
    origin: 'NullPointerException on UUID.fromString(null)',
    apply: (partner) => crashWhen(partner, 'connect', (body) => isFirstConnect(body) && !present(body.service_principal_id)),
  },
  {
    name: 'azure-destination-refused',
    sentence: 'A destination_location with the abfss scheme is refused with 400.',
    clause: 'destination_location: abfss://container@account.dfs.core.windows.net/path is one of its forms.',
    origin: 'URL validator with a fixed list of schemes',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => /^abfss:/.test(body.destination_location ?? '')),
  },
  {
    name: 'destination-over-200-crashes',
    sentence: 'A destination_location of more than 200 characters ends in a 500.',
    clause: `destination_location is a string without a limit. ${ACCEPT_ALL}`,
    origin: 'ORA-12899 value too large for column',
    apply: (partner) => crashWhen(partner, 'connect', (body) => (body.destination_location ?? '').length > 200),
  },
  {
    name: 'catalog-name-identifier-only',
    sentence: 'A catalog_name with anything but letters, digits and underscores is refused with 400.',
    clause: 'catalog_name: any characters that a quoted identifier may hold.',
    origin: '^\\w+$',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => present(body.catalog_name) && !/^\w+$/.test(body.catalog_name)),
  },
  {
    name: 'catalog-name-quote-crashes',
    sentence: 'A catalog_name with an apostrophe or a backtick ends in a 500.',
    clause: 'catalog_name: any characters that a quoted identifier may hold.',
    origin: 'SQL built by concatenation',
    apply: (partner) => crashWhen(partner, 'connect', (body) => /['`]/.test(body.catalog_name ?? '')),
  },
  {
    name: 'connection-scope-user-refused',
    sentence: 'connection_scope "user" is refused with 400.',
    clause: 'connection_scope: workspace | user.',
    origin: 'enum with one constant, Jackson InvalidFormatException',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.connection_scope === 'user'),
  },
  {
    name: 'region-list-out-of-date',
    sentence: 'A cloud_provider_region other than a few American and West European ones is refused with 400.',
    clause: `cloud_provider_region is a string. ${ACCEPT_ALL}`,
    origin: 'region enum that nobody updates',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => present(body.cloud_provider_region)
      && !['us-east-1', 'us-west-2', 'eastus2', 'westus', 'westeurope', 'us-central1', 'europe-west1', 'eu-west-1'].includes(body.cloud_provider_region)),
  },
  {
    name: 'free-trial-false-missing',
    sentence: 'is_free_trial false counts as missing and is refused with 400.',
    clause: 'is_free_trial is a required boolean; both values occur.',
    origin: 'Django/Express "if not data.get(...)"',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => !body.is_free_trial),
  },
  {
    name: 'free-trial-workspace-must-pay',
    sentence: 'A brand-new user of a free-trial workspace is sent to purchase_product.',
    clause: 'Scenario table: new user, new account → create_trial; is_free_trial is about the Databricks workspace.',
    origin: 'flag of the other product mistaken for one\'s own',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && !body.demo && body.is_free_trial && json.account_status === 'new') json.redirect_value = 'purchase_product';
    }),
  },
  {
    name: 'cluster-id-pattern-too-narrow',
    config: CLUSTER,
    sentence: 'A cluster_id that is not sixteen hexadecimal digits (an interactive cluster\'s) is refused with 400.',
    clause: 'cluster_id: an interactive cluster, e.g. 0222-185802-deny427.',
    origin: 'regex learnt from the warehouse examples',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => present(body.cluster_id) && !/^[0-9a-f]{16}$/.test(body.cluster_id)),
  },
  {
    name: 'http-path-absent-crashes',
    config: CLUSTER,
    sentence: 'A first connect without http_path ends in a 500.',
    clause: 'http_path is present exactly when a SQL warehouse is provisioned.',
    origin: 'undefined.split("/")',
    apply: (partner) => crashWhen(partner, 'connect', (body) => isFirstConnect(body) && !present(body.http_path)),
  },
  {
    name: 'azure-hostname-refused',
    sentence: 'A hostname that does not end in .cloud.databricks.com or .gcp.databricks.com (any Azure workspace) is refused with 400 on azure.',
    clause: 'Three clouds; hostname is only "e.g." organization.cloud.databricks.com.',
    origin: 'hostname regex written on AWS',
    apply: (partner) => refuseWhen(partner, 'connect', (body) =>
      body.cloud_provider === 'azure' && !/\.(cloud|gcp)\.databricks\.com$/.test(body.hostname)),
  },
  {
    name: 'gcp-spelled-gpc',
    sentence: 'connect accepts gpc and refuses gcp with 400.',
    clause: 'Ruling 2: gpc is a typing error; gcp is sent.',
    origin: 'server stub generated from the OpenAPI file',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.cloud_provider === 'gcp'),
  },
  {
    name: 'reserved-field-refused',
    sentence: 'A request with data_source_connector or database_name is refused with 400.',
    clause: ACCEPT_ALL,
    origin: 'NestJS forbidNonWhitelisted, additionalProperties: false',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => 'data_source_connector' in body || 'database_name' in body),
  },
  {
    name: 'delete-refuses-user-info',
    sentence: 'delete-connection with user_info is refused with 400.',
    clause: 'DeleteConnectionRequest: user_info since 2.1.x; ruling 16: a partner of an older version ignores what it does not know.',
    origin: 'Jackson FAIL_ON_UNKNOWN_PROPERTIES',
    apply: (partner) => refuseWhen(partner, 'deleteConnection', (body) => 'user_info' in body),
  },
  {
    name: 'token-null-refused',
    config: M2M,
    sentence: 'Without AUTH_PAT, personal_access_token null is refused with 400 (leaving it out works).',
    clause: 'Ruling 22: null and absent both occur, both must be accepted.',
    origin: 'JSON schema type string without null',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.user_info.auth?.personal_access_token === null),
  },
  {
    name: 'token-absent-crashes',
    config: M2M,
    sentence: 'Without AUTH_PAT, a first connect that leaves personal_access_token out (rather than null) ends in a 500.',
    clause: 'Ruling 22: null and absent both occur, both must be accepted.',
    origin: 'KeyError in Python, JsonPropertyRequired in .NET',
    apply: (partner) => crashWhen(partner, 'connect', (body) => isFirstConnect(body) && body.user_info.auth?.personal_access_token === undefined),
  },
  {
    name: 'sign-in-demands-auth',
    sentence: 'A sign-in without user_info.auth is refused with 400.',
    clause: 'auth is present exactly when is_connection_established is false.',
    origin: '@NotNull on a DTO shared by both flows',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => !isFirstConnect(body) && !present(body.user_info.auth)),
  },
];
