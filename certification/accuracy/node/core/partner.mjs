// The partner itself, in memory and correct. Each method is one decision, small enough for an entry of the catalogue to
// wrap exactly one of them (core/seams.mjs). Nothing here knows about defects or styles.

import { randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import { parseLossless } from './lossless-json.mjs';
import { faultInRequest } from './request-check.mjs';
import { Problem, accountNotFound, badRequest, connectionNotFound, generalError, unauthorized } from './problem.mjs';
import { portalPage } from './pages.mjs';
import { CONNECTORS } from './connectors.mjs';
import { domainOf } from './seams.mjs';

const METHODS = {
  connect: 'POST', deleteConnection: 'POST', testConnection: 'POST',
  deleteAccount: 'DELETE', expireAccount: 'PUT', listConnectors: 'GET',
};
const CONFIG_KEYS = {
  connect: 'connect_path', deleteConnection: 'delete_connection_path', testConnection: 'test_connection_path',
  deleteAccount: 'delete_account_path', expireAccount: 'expire_account_path', listConnectors: 'get_connectors_path',
};
const TEST_DOMAINS = ['databricks-test.com', 'databricks-demo.com'];
const LOOPBACK_NAMES = ['localhost', '127.0.0.1'];

export class Partner {
  constructor(config, { user, password }) {
    this.config = config;
    this.credentials = `${user}:${password}`;
    this.users = new Map(); // userKey → {email, company, expired, signedUp}
    this.companies = new Map(); // companyKey → {key, expired}
    this.connections = new Map(); // id → {id, workspace, cloud, owner, company, demo, visitors}
    this.sessions = new Map(); // reference in a redirect page's address → {email, …}
    this.connectors = CONNECTORS;
    this.pageSize = 5;
    this.port = undefined; // known once the server listens
  }

  // ---- HTTP: a request is {method, path, query, headers, raw}; a reply is {status, headers?, json? | text?}

  async answer(request) {
    try {
      request.operation = this.route(request);
      if (!request.operation) return await this.page(request);
      this.authenticate(request);
      request.body = request.operation === 'listConnectors' ? undefined : this.parse(request);
      this.check(request.operation, request.body, request);
      return await this.operate(request.operation, request.body, request);
    } catch (error) {
      return this.failure(error instanceof Problem ? error : generalError(String(error)), request);
    }
  }

  /** The operation, or undefined for a page. Two operations may share a path if their methods differ. */
  route(request) {
    const there = Object.keys(METHODS).filter((name) => this.config.endpoints[CONFIG_KEYS[name]] === request.path);
    const operation = there.find((name) => METHODS[name] === request.method);
    if (there.length > 0 && !operation) {
      throw new Problem(405, 'bad_request', { debug: `${request.method} is not supported here` });
    }
    return operation;
  }

  authenticate(request) {
    const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(/ +/);
    if (scheme.toLowerCase() !== 'basic' || !this.acceptsCredentials(Buffer.from(encoded, 'base64').toString('utf8'))) {
      throw unauthorized();
    }
  }

  acceptsCredentials(given) {
    const digest = (text) => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(given), digest(this.credentials));
  }

  parse(request) {
    try {
      return parseLossless(new TextDecoder('utf-8', { fatal: true }).decode(request.raw));
    } catch {
      throw badRequest('the body is not JSON');
    }
  }

  check(operation, body, _request) {
    if (operation === 'listConnectors') return;
    const fault = faultInRequest(operation, body, this.config);
    if (fault) throw badRequest(fault);
  }

  async operate(operation, body, request) {
    return this[operation](body, request);
  }

  failure(problem, _request) {
    const json = { error_reason: problem.reason };
    if (problem.display) json.display_message = problem.display;
    if (problem.debug) json.debugging_message = problem.debug;
    const headers = problem.status === 401 ? { 'WWW-Authenticate': 'Basic realm="partner", charset="UTF-8"' } : {};
    return { status: problem.status, json, headers };
  }

  page(request) {
    return portalPage(this, request);
  }

  // ---- Who is who

  userKey(email) {
    return email.toLowerCase();
  }

  companyKey(email) {
    return domainOf(email);
  }

  /** What the partner knows about the person of a connect request. */
  standing(body) {
    const { email } = body.user_info;
    return { user: this.users.get(this.userKey(email)), company: this.companies.get(this.companyKey(email)) };
  }

  hasExpired(user, company) {
    return Boolean(user?.expired || company?.expired);
  }

  /** Makes user and company known. A guest belongs to the company whose connection he was let in on. */
  enrol(body, companyKey = this.companyKey(body.user_info.email)) {
    if (!this.companies.has(companyKey)) this.companies.set(companyKey, { key: companyKey, expired: false });
    const { email } = body.user_info;
    const key = this.userKey(email);
    if (!this.users.has(key)) this.users.set(key, { email, company: companyKey, expired: false, signedUp: false });
    return this.users.get(key);
  }

  // ---- connect

  connect(body) {
    if (body.user_info.is_connection_established) return this.signIn(body);
    return body.demo ? this.demoConnect(body) : this.firstConnect(body);
  }

  firstConnect(body) {
    const verdict = this.judge(this.standing(body));
    this.enrol(body);
    return this.connectionReply(verdict, body, this.open(body));
  }

  judge({ user, company }) {
    if (!user && !company) return { user_status: 'new', account_status: 'new', redirect_value: 'create_trial' };
    const expired = this.hasExpired(user, company);
    return {
      user_status: user ? 'existing' : 'new',
      account_status: expired ? 'expired' : 'active',
      redirect_value: expired ? 'purchase_product' : 'sign_in',
    };
  }

  /** A demo leaves no trace among the real users: its visitors are known to its own connection only. */
  demoConnect(body) {
    const connection = this.open(body);
    this.visit(connection, body);
    return this.connectionReply({ user_status: 'new', account_status: 'new', redirect_value: 'create_trial' }, body, connection);
  }

  visit(connection, body) {
    const { email } = body.user_info;
    connection.visitors.set(this.userKey(email), { email, company: connection.company, expired: false, signedUp: false });
  }

  newConnectionId(_body) {
    return randomUUID();
  }

  open(body) {
    const { email } = body.user_info;
    const connection = {
      id: this.newConnectionId(body), workspace: body.workspace_id, cloud: body.cloud_provider,
      owner: this.userKey(email), company: this.companyKey(email), demo: body.demo, visitors: new Map(),
    };
    this.connections.set(connection.id, connection);
    return connection;
  }

  close(connection) {
    this.connections.delete(connection.id);
  }

  lookup(id, workspace, cloud) {
    const connection = this.connections.get(id);
    return connection && connection.workspace === workspace && connection.cloud === cloud ? connection : undefined;
  }

  member(email, connection) {
    return connection.demo ? connection.visitors.get(this.userKey(email)) : this.users.get(this.userKey(email));
  }

  signIn(body) {
    const connection = this.lookup(body.connection_id, body.workspace_id, body.cloud_provider);
    if (!connection) throw connectionNotFound();
    const user = this.member(body.user_info.email, connection);
    if (this.config.require_manual_signup && !user?.signedUp) throw accountNotFound();
    if (!user) return this.newcomer(body, connection);
    const expired = this.hasExpired(user, this.companies.get(connection.company));
    return this.connectionReply({
      user_status: 'existing',
      account_status: expired ? 'expired' : 'active',
      redirect_value: expired ? 'purchase_product' : 'sign_in',
    }, body);
  }

  /** A user whom the partner has never seen, on a connection that exists. */
  newcomer(body, connection) {
    const account_status = this.hasExpired(undefined, this.companies.get(connection.company)) ? 'expired' : 'active';
    switch (this.config.new_user_action) {
      case 'auto_add':
        if (connection.demo) this.visit(connection, body);
        else this.enrol(body, connection.company);
        return this.connectionReply({
          user_status: 'new', account_status, redirect_value: account_status === 'expired' ? 'purchase_product' : 'sign_in',
        }, body);
      case 'invite':
        return this.connectionReply({ user_status: 'not_applicable', account_status, redirect_value: 'contact_admin' }, body);
      case 'not_found': throw accountNotFound();
      default: throw generalError('this partner cannot add users');
    }
  }

  /** `connection` is there exactly when this request configured one. */
  connectionReply(verdict, body, connection = undefined) {
    const json = { redirect_uri: this.redirectUri(verdict.redirect_value, body), ...verdict };
    if (connection) json.connection_id = connection.id;
    json.configured_resources = Boolean(connection);
    if (this.needsOauthRedirect()) json.oauth_redirect_uri = `${this.origin()}/portal/login?oauth=callback`;
    return { status: 200, json };
  }

  needsOauthRedirect() {
    return Boolean(this.config.auth_options?.includes('AUTH_OAUTH_U2M')) && this.config.is_published_app !== true;
  }

  host() {
    return this.config.hostnames.find((name) => LOOPBACK_NAMES.includes(name.toLowerCase())) ?? 'localhost';
  }

  origin() {
    return `http://${this.host()}:${this.port}`;
  }

  redirectUri(kind, body) {
    const reference = randomUUID();
    const { email, first_name: name } = body.user_info;
    this.sessions.set(reference, { email, name, cloud: body.cloud_provider });
    return `${this.origin()}/portal/${kind}?session=${reference}`;
  }

  // ---- The other operations

  deleteConnection(body) {
    const connection = this.lookup(body.connection_id, body.databricks_organization_id, body.cloud_provider);
    if (!connection) throw connectionNotFound();
    this.close(connection);
    return { status: 200, json: { resource_status: 'resources_deleted' } };
  }

  testConnection(body) {
    if (!this.connections.has(body.connection_id)) throw connectionNotFound();
    return {
      status: 200,
      json: { test_results: [{ test_name: 'Reach the workspace', status: 'PASS' }, { test_name: 'Read the catalog', status: 'PASS', message: 'ok' }] },
    };
  }

  /** The hooks are dangerous by design, so they work for the two test domains and what is below them only. */
  isTestDomain(domain, _operation) {
    return TEST_DOMAINS.some((test) => domain === test || domain.endsWith(`.${test}`));
  }

  deleteAccount(body) {
    const domain = body.domain.toLowerCase();
    if (!this.isTestDomain(domain, 'deleteAccount')) throw badRequest('not a test domain');
    const users = [...this.users].filter(([, user]) => domainOf(user.email) === domain);
    const connections = [...this.connections.values()].filter((connection) => connection.company === domain);
    if (users.length + connections.length === 0) throw accountNotFound();
    this.eraseAccount(domain, users.map(([key]) => key), connections, body);
    return { status: 200 };
  }

  eraseAccount(domain, userKeys, connections, _body) {
    for (const key of userKeys) this.users.delete(key);
    for (const connection of connections) this.close(connection);
    this.companies.delete(domain);
  }

  expireAccount(body) {
    if (!this.isTestDomain(domainOf(body.email), 'expireAccount')) throw badRequest('not a test domain');
    const user = this.users.get(this.userKey(body.email));
    if (!user) throw accountNotFound();
    this.expire(user, body);
    return { status: 200 };
  }

  expire(user, _body) {
    if (this.config.trial_type === 'account') this.companies.get(user.company).expired = true;
    else user.expired = true;
  }

  listConnectors(_body, request) {
    const token = request.query.get('pagination_token') ?? '';
    const start = token === '' ? 0 : this.connectorStart(token);
    const next = start + this.pageSize;
    const json = { connectors: this.connectors.slice(start, next) };
    if (next < this.connectors.length) json.pagination_token = this.connectorToken(next);
    return { status: 200, json };
  }

  connectorToken(start) {
    return `from-${start}`;
  }

  connectorStart(token) {
    const start = Number(/^from-(\d+)$/.exec(token)?.[1]);
    if (!(start < this.connectors.length)) throw badRequest('unknown pagination_token');
    return start;
  }

  // ---- From a reply to bytes

  render(reply) {
    const headers = { ...reply.headers };
    if (reply.json === undefined) return { status: reply.status, headers, payload: Buffer.from(reply.text ?? '') };
    return { status: reply.status, headers: { 'Content-Type': 'application/json', ...headers }, payload: Buffer.from(this.stringify(reply.json)) };
  }

  stringify(json) {
    return JSON.stringify(json);
  }

  readBody(incoming) {
    return new Promise((resolve, reject) => {
      const parts = [];
      incoming.on('data', (part) => parts.push(part));
      incoming.on('end', () => resolve(Buffer.concat(parts)));
      incoming.on('error', reject);
    });
  }

  transmit(response, { status, headers, payload }, request) {
    const bodiless = status === 204 || status === 304;
    response.writeHead(status, bodiless ? headers : { ...headers, 'Content-Length': payload.length });
    response.end(request.method === 'HEAD' ? undefined : payload);
  }
}
