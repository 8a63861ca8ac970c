// Other configs: paths, missing hooks, older versions, connector pages, OAuth.

import { around, changeAnswer } from '../core/seams.mjs';
import { INGEST } from '../core/config.mjs';
import { badRequest } from '../core/problem.mjs';

const OWN_PATHS = 'Paths are the partner\'s own.';
const HOOKS_OPTIONAL = 'test-connection, delete-account and expire-account are optional test hooks.';
const PAGING = 'ConnectorResponse: pagination_token is any string, absent on the last page; page sizes are free.';
const WAREHOUSE_ONLY = [{ resource_type: 'SqlEndpoint' }];

const tokens = (write, read) => (partner) => {
  partner.connectorToken = write;
  partner.connectorStart = (token) => {
    const start = Number(read(token));
    if (!(start > 0 && start < partner.connectors.length)) throw badRequest('unknown pagination_token');
    return start;
  };
};

export default [
  {
    name: 'paths-nested-with-slash',
    config: {
      endpoints: {
        connect_path: '/api/v2/databricks/connect/', delete_connection_path: '/api/v2/databricks/connect/remove/',
        test_connection_path: '/api/v2/databricks/connect/test/', delete_account_path: '/api/v2/databricks/test-only/account/',
        expire_account_path: '/api/v2/databricks/test-only/account/expire/',
      },
    },
    sentence: 'All paths are nested and end in a slash; without the slash they do not exist.',
    why_conformant: OWN_PATHS,
    apply: () => {},
  },
  {
    name: 'paths-shared-by-methods',
    config: {
      endpoints: {
        connect_path: '/partner/connection', delete_connection_path: '/partner/connection/delete', test_connection_path: '/partner/connection/test',
        delete_account_path: '/partner/account', expire_account_path: '/partner/account',
      },
    },
    sentence: 'delete-account (DELETE) and expire-account (PUT) share one path.',
    why_conformant: OWN_PATHS,
    apply: () => {},
  },
  {
    name: 'paths-with-odd-characters',
    config: {
      endpoints: {
        connect_path: '/Partner.Connect/v1:connect', delete_connection_path: '/Partner.Connect/v1:delete(connection)',
        test_connection_path: '/Partner.Connect/v1:test', delete_account_path: '/Partner.Connect/v1:deleteAccount', expire_account_path: '/Partner.Connect/~expire%20account',
      },
    },
    sentence: 'Paths contain colons, brackets, capitals and a percent-encoded space.',
    why_conformant: OWN_PATHS,
    apply: () => {},
  },
  {
    name: 'no-test-hooks',
    config: { endpoints: { connect_path: '/connect', delete_connection_path: '/delete-connection' } },
    sentence: 'The config offers connect and delete-connection only.',
    why_conformant: HOOKS_OPTIONAL,
    apply: () => {},
  },
  {
    name: 'old-version-connect-only',
    config: { api_version: '2.0.1', endpoints: { connect_path: '/connect' } },
    sentence: 'A partner of version 2.0.1 offers connect only.',
    why_conformant: 'delete connection is required since 2.1.0; ruling 16.',
    apply: () => {},
  },
  {
    name: 'old-version-drops-newer-fields',
    config: { api_version: '2.0.2' },
    sentence: 'A partner of version 2.0.2 throws away every newer field before it looks at a request.',
    why_conformant: 'Ruling 16: a partner of an older version ignores what it does not know.',
    apply: (partner) => around(partner, 'parse', (next, request) => {
      const body = next(request);
      const newer = ['service_principal_id', 'catalog_name', 'databricks_jdbc_url', 'is_sql_warehouse', 'cloud_provider_region', 'connection_scope',
        'service_principal_oauth_secret', 'oauth_u2m_app_id'];
      if (request.operation === 'connect' && typeof body === 'object' && body !== null) newer.forEach((field) => delete body[field]);
      return body;
    }),
  },
  {
    name: 'no-demo',
    config: { supports_demo: false },
    sentence: 'The partner supports no demo: it takes no notice of the flag.',
    why_conformant: 'supports_demo is optional and false here; P700 does not apply.',
    apply: (partner) => around(partner, 'parse', (next, request) => {
      const body = next(request);
      if (request.operation === 'connect' && body?.demo === true) body.demo = false;
      return body;
    }),
  },
  {
    name: 'ingest-plain',
    config: INGEST,
    sentence: 'An INGEST partner with four pages of connectors.',
    why_conformant: 'P900.',
    apply: () => {},
  },
  {
    name: 'connectors-on-one-page',
    config: INGEST,
    sentence: 'All connectors come on one page without a token, and the parameter is ignored.',
    why_conformant: PAGING,
    apply: (partner) => around(partner, 'listConnectors', (_next) => ({ status: 200, json: { connectors: partner.connectors } })),
  },
  {
    name: 'connectors-one-a-page',
    config: INGEST,
    sentence: 'Every page has one connector.',
    why_conformant: PAGING,
    apply: (partner) => { partner.pageSize = 1; },
  },
  {
    name: 'connectors-tokens-with-odd-characters',
    config: INGEST,
    sentence: 'Tokens contain +, /, =, &, %, spaces and umlauts.',
    why_conformant: PAGING,
    apply: tokens((start) => `ü&x=1 +/%41==${start}`, (token) => /^ü&x=1 \+\/%41==(\d+)$/.exec(token)?.[1]),
  },
  {
    name: 'connectors-tokens-long',
    config: INGEST,
    sentence: 'Tokens are 1500 characters long.',
    why_conformant: PAGING,
    apply: tokens((start) => `${'A1b2'.repeat(375)}.${start}`, (token) => token.split('.')[1]),
  },
  {
    name: 'connectors-bare-bones',
    config: INGEST,
    sentence: 'Connectors have no description, and one appears both as source and as target.',
    why_conformant: 'Connector: description is optional; source and target are two connectors.',
    apply: (partner) => {
      const bare = partner.connectors.map(({ identifier, name, type }) => ({ identifier, name, type }));
      partner.connectors = [...bare, { ...bare[0], type: 'target' }];
    },
  },
  {
    name: 'connectors-unknown-token-is-first-page',
    config: INGEST,
    sentence: 'An unknown token gets the first page.',
    why_conformant: 'The contract says nothing about tokens that the partner never gave out.',
    apply: (partner) => around(partner, 'connectorStart', (next, token) => {
      try {
        return next(token);
      } catch {
        return 0;
      }
    }),
  },
  {
    name: 'oauth-u2m-unpublished',
    config: { auth_options: ['AUTH_PAT', 'AUTH_OAUTH_U2M'], is_published_app: false },
    sentence: 'OAuth U2M with an app that is not published: every connect answer has oauth_redirect_uri, on a host of its own.',
    why_conformant: 'oauth_redirect_uri: absolute URL, required here; the allow-list is about redirect_uri.',
    apply: (partner) => changeAnswer(partner, 'connect', (json) => { json.oauth_redirect_uri = 'https://auth.partner.example/oauth/callback'; }),
  },
  {
    name: 'oauth-u2m-published',
    config: { auth_options: ['AUTH_OAUTH_U2M'], is_published_app: true, resources_to_provision: WAREHOUSE_ONLY },
    sentence: 'OAuth U2M with a published app and without tokens: no oauth_redirect_uri.',
    why_conformant: 'oauth_redirect_uri should be omitted for a published app.',
    apply: () => {},
  },
  {
    name: 'oauth-m2m',
    config: { auth_options: ['AUTH_OAUTH_M2M'], resources_to_provision: WAREHOUSE_ONLY },
    sentence: 'OAuth M2M: a first connect without the secret is 400; personal_access_token may be null or absent.',
    why_conformant: 'service_principal_oauth_secret is sent when auth_options has AUTH_OAUTH_M2M (ruling 16: always); ruling 22.',
    apply: (partner) => around(partner, 'check', (next, operation, body, request) => {
      next(operation, body, request);
      const first = operation === 'connect' && !body.user_info.is_connection_established;
      if (first && !body.service_principal_oauth_secret) throw badRequest('service_principal_oauth_secret is missing');
    }),
  },
  {
    name: 'unknown-config-keys',
    config: { x_internal_owner: 'team-blue', support: { email: 'help@partner.example' } },
    sentence: 'The config has keys that nobody knows.',
    why_conformant: 'Unknown keys are kept and ignored, with a warning.',
    apply: () => {},
  },
];
