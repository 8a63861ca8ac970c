// A minimal Databricks for the self-test: builds requests as the contract describes them and sends them.

import http from 'node:http';
import { Partner } from '../core/partner.mjs';
import { start } from '../core/server.mjs';

export const CREDENTIALS = { user: 'databricks', password: 'Grün:Secret-9' };
export const TOKEN = 'dapi0123456789abcdef';
export const SECRET = 'dose0123456789abcdef';

/** BigInts become plain digits, as Databricks sends them. */
function toJson(value) {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${toJson(inner)}`).join(',')}}`;
}

const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`;

const METHODS = {
  connect: 'POST', delete_connection: 'POST', test_connection: 'POST', delete_account: 'DELETE', expire_account: 'PUT', get_connectors: 'GET',
};

export class Client {
  constructor(config, port, agent) {
    Object.assign(this, { config, port, agent });
  }

  send(method, path, { headers = {}, raw = '', late = 0, host = '127.0.0.1' } = {}) {
    return new Promise((resolve, reject) => {
      const options = { host, port: this.port, method, path, agent: this.agent, headers: { ...headers, ...(raw ? { 'Content-Length': Buffer.byteLength(raw) } : {}) } };
      const request = http.request(options, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
      });
      request.on('error', reject);
      if (late === 0) return request.end(raw);
      request.flushHeaders();
      return setTimeout(() => request.end(raw), late);
    });
  }

  /** One call of an operation. Resolves to {status, type, json?, text}. */
  async call(operation, body, { login = `${CREDENTIALS.user}:${CREDENTIALS.password}`, language = 'en-US', type = 'application/json; charset=utf-8', query = '', raw, late } = {}) {
    const headers = { 'User-Agent': 'databricks', 'Content-Type': type, 'Accept-Language': language };
    if (login !== null) headers.Authorization = basic(login);
    const path = this.config.endpoints[`${operation}_path`] + query;
    const answer = await this.send(METHODS[operation], path, { headers, raw: raw ?? (body === undefined ? '' : toJson(body)), late });
    let json;
    try {
      json = JSON.parse(answer.text);
    } catch {
      json = undefined;
    }
    return { ...answer, json, type: answer.headers['content-type'] };
  }

  /** A GET as a browser's new tab does it, with nothing but Host. */
  async open(address) {
    const url = new URL(address);
    return this.send('GET', url.pathname + url.search, {});
  }
}

/** A person in a workspace. `over` replaces fields of the request, `info` those of user_info. */
export function connectBody(config, { email, workspace, cloud = 'aws', userId, name = 'Ada', connection, demo = false, over = {}, info = {} }) {
  const warehouse = config.resources_to_provision.some(({ resource_type: type }) => type === 'SqlEndpoint');
  const established = connection !== undefined;
  const host = { aws: 'acme.cloud.databricks.com', azure: 'adb-1.2.azuredatabricks.net', gcp: '1.2.gcp.databricks.com' }[cloud];
  const detail = config.test_workspace_detail ?? {
    hostname: host, http_path: '/sql/1.0/endpoints/44a1419108002906', cluster_id: '44a1419108002906',
    jdbc_url: `jdbc:spark://${host}:443/default;httpPath=/x;`, databricks_jdbc_url: `jdbc:databricks://${host}:443/default;httpPath=/x;`,
  };
  const { hostname, http_path, jdbc_url, databricks_jdbc_url, cluster_id } = detail;
  const options = config.auth_options ?? ['AUTH_PAT'];
  return {
    user_info: {
      email, first_name: name, last_name: 'Lovelace', databricks_user_id: userId, databricks_organization_id: workspace,
      is_connection_established: established,
      auth: established ? undefined : { personal_access_token: options.includes('AUTH_PAT') ? TOKEN : null },
      ...info,
    },
    connection_id: connection, hostname, port: 443, workspace_url: `https://${hostname}/?o=${workspace}`, workspace_id: workspace,
    ...(warehouse ? { http_path, jdbc_url, databricks_jdbc_url, cluster_id, is_sql_endpoint: true, is_sql_warehouse: true } : { cluster_id: '0222-185802-deny427' }),
    demo, cloud_provider: cloud, cloud_provider_region: 'us-west-2', is_free_trial: false, service_principal_id: 'a3c5c2ef-0c5a-4d2e-9c59-9b8f4c1ab111',
    service_principal_oauth_secret: options.includes('AUTH_OAUTH_M2M') ? SECRET : undefined, connection_scope: 'workspace', catalog_name: 'main',
    ...over,
  };
}

/** Runs `use(client)` against a partner that `entry` has changed. */
export async function withPartner(entry, config, use) {
  const partner = new Partner(config, CREDENTIALS);
  entry?.apply(partner);
  const servers = await start(partner, 0);
  const agent = new http.Agent({ keepAlive: true });
  try {
    return await use(new Client(config, partner.port, agent));
  } finally {
    agent.destroy();
    servers.forEach((server) => server.close());
  }
}
