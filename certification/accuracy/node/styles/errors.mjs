// Errors in other words, and validation as strict as the contract allows.

import { around, changeFailure, isFirstConnect, isSignIn, refuseWhen } from '../core/seams.mjs';
import { CLUSTER } from '../core/config.mjs';

const MESSAGES = 'ErrorResponse: error_reason is required; display_message and debugging_message are optional free text.';
const RULING_13 = 'Ruling 13: a request that is not as the contract says is rightly refused with 400; Databricks never sends one.';
const RULING_16 = 'Ruling 16: one that insists on a newer field always gets it.';

const present = (value) => value !== undefined && value !== null;
const hasWarehouse = (config) => config.resources_to_provision.some(({ resource_type: type }) => type === 'SqlEndpoint');

// RFC 5321: dot-atom or quoted local part of at most 64 characters, domain of letter-digit-hyphen labels.
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const MAILBOX = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|"(?:[^"\\\\]|\\\\.)*")@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`);
const isMailbox = (address) => MAILBOX.test(address) && address.length <= 254 && address.lastIndexOf('@') <= 64;

const changeTexts = (texts) => (partner) => changeFailure(partner, (reply) => {
  const { error_reason: reason } = reply.json;
  reply.json = { error_reason: reason, ...texts };
});

export default [
  {
    name: 'errors-without-messages',
    sentence: 'Errors consist of error_reason alone.',
    why_conformant: MESSAGES,
    apply: changeTexts({}),
  },
  {
    name: 'errors-in-japanese',
    sentence: 'Error texts are Japanese whatever Accept-Language says.',
    why_conformant: MESSAGES,
    apply: changeTexts({ display_message: '接続が見つかりません。もう一度お試しください。', debugging_message: '接続なし' }),
  },
  {
    name: 'errors-long-with-markup',
    sentence: 'Error texts are 3000 characters long and contain markup and line breaks.',
    why_conformant: MESSAGES,
    apply: changeTexts({ display_message: `<b>Sorry</b>\n${'Please try again. '.repeat(165)}`, debugging_message: 'at Handler.java:17\n\tat Chain.java:4' }),
  },
  {
    name: 'errors-empty-texts',
    sentence: 'display_message and debugging_message are empty strings.',
    why_conformant: MESSAGES,
    apply: changeTexts({ display_message: '', debugging_message: '' }),
  },
  {
    name: 'error-500-with-retry-after',
    config: { new_user_action: 'error' },
    sentence: 'The 500 for new users carries Retry-After.',
    why_conformant: 'new_user_action error: 500 general_error; extra headers are free.',
    apply: (partner) => changeFailure(partner, (reply) => { if (reply.status === 500) reply.headers = { 'Retry-After': '1' }; }),
  },
  {
    name: 'refusal-without-challenge',
    sentence: 'A 401 has no WWW-Authenticate header.',
    why_conformant: 'Errors: 401 unauthorized with an ErrorResponse; no header is asked for.',
    apply: (partner) => changeFailure(partner, (reply) => { reply.headers = {}; }),
  },
  {
    name: 'email-rfc-5321',
    sentence: 'Addresses are checked by RFC 5321 (local part up to 64, whole up to 254 characters, ASCII); others are 400.',
    why_conformant: 'email: valid address; ruling 13.',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => !isMailbox(body.user_info.email)),
  },
  {
    name: 'presence-rules-enforced',
    sentence: 'A first connect with a connection_id, a sign-in with auth, or a first connect whose http_path does not fit the provisioned resources is 400.',
    why_conformant: `connection_id "present exactly when", auth "present exactly when", http_path "present exactly when". ${RULING_13}`,
    apply: (partner) => refuseWhen(partner, 'connect', (body) =>
      isSignIn(body) !== present(body.connection_id)
      || isFirstConnect(body) !== present(body.user_info.auth)
      || (isFirstConnect(body) && hasWarehouse(partner.config) !== present(body.http_path))),
  },
  {
    name: 'ids-must-agree',
    sentence: 'workspace_id, databricks_organization_id and o= of workspace_url must be equal, and is_sql_endpoint equal to is_sql_warehouse.',
    why_conformant: `workspace_id equals user_info.databricks_organization_id; workspace_url is https://<host>/?o=<workspace_id>; "same value both". ${RULING_13}`,
    apply: (partner) => refuseWhen(partner, 'connect', (body) =>
      body.workspace_id !== body.user_info.databricks_organization_id
      || new URLSearchParams(body.workspace_url.split('?')[1]).get('o') !== String(body.workspace_id)
      || body.is_sql_endpoint !== body.is_sql_warehouse),
  },
  {
    name: 'newer-warehouse-fields-demanded',
    sentence: 'A first connect without is_sql_warehouse or databricks_jdbc_url is 400.',
    why_conformant: `${RULING_16} A warehouse always brings is_sql_warehouse and databricks_jdbc_url.`,
    apply: (partner) => refuseWhen(partner, 'connect', (body) =>
      isFirstConnect(body) && hasWarehouse(partner.config) && !(body.is_sql_warehouse === true && present(body.databricks_jdbc_url))),
  },
  {
    name: 'headers-checked',
    sentence: 'A request whose User-Agent is not databricks, or without Accept-Language, is 400.',
    why_conformant: 'User-Agent: always exactly databricks; ruling 26: every request of Databricks carries all four headers.',
    apply: (partner) => around(partner, 'check', (next, operation, body, request) => {
      const honest = request.headers['user-agent'] === 'databricks' && present(request.headers['accept-language']) && present(request.headers['content-type']);
      return next(operation, honest ? body : null, request);
    }),
  },
  {
    name: 'port-443-only',
    sentence: 'A port other than 443 is 400.',
    why_conformant: `port: 443. ${RULING_13}`,
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.port !== 443n),
  },
  {
    name: 'one-cloud-only',
    config: { supported_clouds: ['azure'] },
    sentence: 'The config names one cloud, and requests from others are 400.',
    why_conformant: 'supported_clouds says which clouds the partner is offered in.',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => !partner.config.supported_clouds.includes(body.cloud_provider)),
  },
  {
    name: 'cluster-partner-plain',
    config: CLUSTER,
    sentence: 'A partner that gets an interactive cluster and refuses a request with warehouse fields.',
    why_conformant: 'http_path, jdbc_url and databricks_jdbc_url come with a SQL warehouse only.',
    apply: (partner) => refuseWhen(partner, 'connect', (body) =>
      isFirstConnect(body) && (present(body.http_path) || present(body.jdbc_url) || !present(body.cluster_id))),
  },
  {
    name: 'checks-the-test-workspace',
    config: {
      test_workspace_detail: {
        hostname: 'test-workspace.cloud.databricks.com', port: 443,
        jdbc_url: 'jdbc:spark://test-workspace.cloud.databricks.com:443/default;transportMode=http;ssl=1;AuthMech=3;httpPath=/sql/1.0/endpoints/77aa12345678bb00;',
        databricks_jdbc_url: 'jdbc:databricks://test-workspace.cloud.databricks.com:443/default;httpPath=/sql/1.0/endpoints/77aa12345678bb00;',
        http_path: '/sql/1.0/endpoints/77aa12345678bb00', cluster_id: '77aa12345678bb00',
      },
    },
    sentence: 'The partner opens the connection at once: a first connect that does not name the test workspace\'s host, path, cluster and URLs is 400.',
    why_conformant: 'test_workspace_detail: a real workspace that connect requests must name, for partners that check the connection at once.',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => {
      const detail = partner.config.test_workspace_detail;
      return isFirstConnect(body) && ['hostname', 'http_path', 'jdbc_url', 'databricks_jdbc_url', 'cluster_id'].some((field) => body[field] !== detail[field]);
    }),
  },
];
