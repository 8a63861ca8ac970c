// A long walk through the contract. It records what a caller sees, with ids and addresses reduced to their kind, so that
// the walks of two partners can be compared line by line. Every scenario has companies and workspaces of its own.

import { CREDENTIALS, SECRET, TOKEN, connectBody } from './client.mjs';
import { accounts, demos, manualSignUp, trials } from './trace-hooks.mjs';

const SECRETS = [TOKEN, SECRET, CREDENTIALS.password, Buffer.from(TOKEN).toString('base64url'), encodeURIComponent(CREDENTIALS.password)];
const kindOf = (value) => (value === '' ? 'empty' : value === null ? 'null' : typeof value);

export class Walk {
  constructor(client) {
    this.client = client;
    this.config = client.config;
    this.lines = [];
    this.serial = 0;
  }

  /** A person of a company that nobody has used, in a workspace that nobody has used. */
  person(over = {}) {
    this.serial += 1;
    const n = this.serial;
    return { email: `ada.${n}@firm${String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))}.example`, workspace: BigInt(700000 + n), userId: BigInt(100000 + n), ...over };
  }

  colleague(of, over = {}) {
    const { email, userId } = this.person();
    return { ...of, email: `${email.split('@')[0]}@${of.email.split('@')[1]}`, userId, ...over };
  }

  async note(label, answer) {
    const { json } = answer;
    this.lastAddress = json?.redirect_uri;
    const parts = [label, answer.status, answer.type, json === undefined ? `text ${answer.text.length > 0}` : ''];
    if (Array.isArray(json)) parts.push('array');
    else if (json) {
      for (const [key, value] of Object.entries(json)) {
        parts.push(/uri|message|token|connection_id|test_results|connectors/.test(key) ? `${key}:${kindOf(value)}` : `${key}=${JSON.stringify(value)}`);
      }
      if (json.test_results) parts.push(JSON.stringify(json.test_results));
    }
    const seen = answer.text + JSON.stringify(answer.headers);
    if (SECRETS.some((secret) => seen.includes(secret))) parts.push('SECRET');
    if (json?.redirect_uri) parts.push(await this.page(json.redirect_uri));
    if (json?.oauth_redirect_uri) parts.push(`oauth ${URL.canParse(json.oauth_redirect_uri)}`);
    this.lines.push(parts.join(' | '));
    return answer;
  }

  async page(address) {
    if (!URL.canParse(address)) return 'relative';
    const page = await this.client.open(address);
    return `${new URL(address).hostname} ${page.status} ${SECRETS.some((secret) => (page.headers.location ?? '').includes(secret)) ? 'SECRET' : ''}`;
  }

  async connect(label, person, options) {
    const answer = await this.note(label, await this.client.call('connect', connectBody(this.config, person), options));
    return answer.json?.connection_id;
  }

  async call(label, operation, body, options) {
    return this.config.endpoints[`${operation}_path`] && this.note(label, await this.client.call(operation, body, options));
  }

  delete(label, person, connection, options) {
    return this.call(label, 'delete_connection', {
      connection_id: connection === undefined ? 'none' : String(connection), cloud_provider: person.cloud ?? 'aws', databricks_organization_id: person.workspace,
      user_info: { email: person.email },
    }, options);
  }

  test(label, connection, person) {
    return this.call(label, 'test_connection', { connection_id: String(connection), cloud_provider: person.cloud ?? 'aws', databricks_organization_id: person.workspace });
  }
}

async function signIns(walk) {
  const ada = walk.person();
  const bob = walk.colleague(ada);
  const id = await walk.connect('first', ada);
  for (const times of ['once', 'twice']) await walk.connect(`sign-in ${times}`, { ...ada, connection: id });
  await walk.connect('colleague signs in', { ...bob, connection: id });
  const earlier = walk.lastAddress;
  await walk.connect('colleague again', { ...bob, connection: id });
  await walk.connect('owner after colleague', { ...ada, connection: id });
  if (earlier) walk.lines.push(`opened later: ${await walk.page(earlier)}`);
  const unknown = '7a0cf9a2-3c55-4d4a-9a0a-000000000000';
  for (const wrong of [String(id).toUpperCase(), `${String(id).slice(0, -1)}~`, ` ${id}`, 'no-uuid', unknown, unknown]) {
    await walk.connect(`wrong id ${String(wrong).length}`, { ...ada, connection: wrong });
  }
  await walk.connect('stranger, wrong id', { ...walk.person(), connection: 'no-uuid' });
  await walk.connect('accented, wrong id', { ...ada, name: 'Zoë-Ångström', connection: 'no-uuid' });
  await walk.connect('colleague connects', { ...walk.colleague(ada), workspace: ada.workspace + 900000n });
  await walk.connect('colleague in same workspace', walk.colleague(ada));
  await walk.connect('owner still', { ...ada, connection: id });
  await walk.connect('outsider in same workspace', { ...walk.person(), workspace: ada.workspace });
  await walk.connect('other person of other clouds', { ...walk.person(), cloud: 'azure' });
  await walk.connect('gcp', { ...walk.person(), cloud: 'gcp' });
  const eve = walk.person();
  await walk.connect('eve', eve);
  await walk.connect('eve on ada\'s', { ...eve, workspace: ada.workspace, connection: id });
}

async function reconnectsAndDeletions(walk) {
  const ada = walk.person();
  const first = await walk.connect('first', ada);
  const second = await walk.connect('again', ada);
  walk.lines.push(`separate ${first !== second}`);
  await walk.test('test second', second, ada);
  await walk.connect('sign-in second', { ...ada, connection: second });
  const bobs = await walk.connect('colleague, same workspace', walk.colleague(ada));
  const away = { ...ada, workspace: ada.workspace + 500000n };
  const elsewhere = await walk.connect('other workspace', away);
  await walk.connect('third workspace', { ...ada, workspace: ada.workspace + 600000n });
  await walk.connect('sign-in first workspace', { ...ada, connection: second });
  const azure = { ...ada, cloud: 'azure', userId: ada.userId + 7n };
  const inAzure = await walk.connect('same number in azure', azure);
  await walk.connect('aws after azure', { ...ada, connection: second });
  await walk.connect('azure', { ...azure, connection: inAzure });
  const far = walk.colleague(away, { workspace: away.workspace + 1n });
  const farId = await walk.connect('colleague elsewhere', far);
  await walk.connect('owner after colleague elsewhere', { ...ada, connection: second });
  await walk.delete('unknown', ada, 'no-uuid');
  await walk.connect('after unknown', { ...ada, connection: second });
  await walk.delete('other cloud', { ...ada, cloud: 'gcp' }, second);
  await walk.connect('after other cloud', { ...ada, connection: second });
  await walk.delete('first', ada, first);
  await walk.delete('first twice', ada, first);
  await walk.connect('deleted', { ...ada, connection: first });
  await walk.test('test deleted', first, ada);
  const others = [['second', ada, second], ['bob', walk.colleague(ada), bobs], ['elsewhere', away, elsewhere], ['azure', azure, inAzure], ['far', far, farId]];
  for (const [label, person, connection] of others) {
    await walk.connect(`alive ${label}`, { ...person, connection });
  }
  const cy = walk.person();
  const once = await walk.connect('cy', cy);
  await walk.delete('cy deletes', cy, once);
  const again = await walk.connect('cy again', cy);
  await walk.connect('cy signs in', { ...cy, connection: again });
  await walk.test('cy tests', again, cy);
  await walk.connect('cy after the test', { ...cy, connection: again });
  await walk.delete('cy deletes again', cy, again);
  await walk.test('test unknown', 'no-uuid', cy);
  const dan = walk.person();
  const dans = await walk.connect('dan', dan);
  await walk.delete('wrong workspace', { ...dan, workspace: 1n }, dans);
  await walk.connect('dan alive', { ...dan, connection: dans });
  const eve = walk.person();
  const eves = await walk.connect('eve', eve);
  const evesOther = { ...eve, workspace: eve.workspace + 800000n };
  const evesOtherId = await walk.connect('eve, other workspace', evesOther);
  await walk.delete('eve deletes one', eve, eves);
  await walk.connect('eve in the other', { ...evesOther, connection: evesOtherId });
}

async function numbers(walk) {
  const big = 2n ** 53n + 900n;
  const at = (n, over = {}) => ({ ...walk.person(), workspace: big + BigInt(n), ...over });
  const low = at(0);
  const lowId = await walk.connect('big', low);
  const high = at(1);
  const highId = await walk.connect('neighbour', high);
  await walk.connect('big still', { ...low, connection: lowId });
  await walk.delete('neighbour deleted', high, highId);
  await walk.connect('max', walk.person({ workspace: 2n ** 63n - 1n }));
  await walk.connect('user max', walk.person({ userId: 2n ** 63n - 1n }));
  const zero = walk.person({ workspace: 0n });
  await walk.delete('zero deleted', zero, await walk.connect('zero', zero));
  await walk.connect('user zero', walk.person({ userId: 0n }));
  const same = walk.person({ userId: 5000000001n });
  await walk.connect('number in aws', same);
  await walk.connect('number in azure', walk.person({ userId: same.userId, cloud: 'azure' }));
  await walk.connect('32 bits apart', walk.person({ userId: same.userId + 2n ** 32n }));
  await walk.connect('double', walk.person({ userId: big }));
  await walk.connect('double neighbour', walk.person({ userId: big + 1n }));
}

async function people(walk) {
  const emails = [
    'a@acme.co.uk', 'b@globex.co.uk', 'a@initech.com', 'b@initech.org', 'a@mail.hooli.com', 'a@mail.umbrella.net',
    'a@northwind-traders-europe.com', 'a@northwind-traders-eurasia.net', 'a@team1.example', 'a@team2.example',
    'plus+1@vandelay.com', 'plus+2@vandelay.com', 'j.doe@wonka.com', 'jdoe@wonka.com', 'samename@tyrell.com', 'samename@cyberdyne.com',
    `${'x'.repeat(45)}1@soylent.com`, `${'x'.repeat(45)}2@pied-piper.com`, 'o\'brien@stark.com', 'kim@wayne.technology', 'lee@eu.oscorp.com',
    `${'y'.repeat(60)}@massive.com`, 'max@bluth.co',
  ];
  for (const email of emails) await walk.connect(email, walk.person({ email }));
  const info = (over) => walk.person({ info: over });
  const over = (fields) => walk.person({ over: fields });
  await walk.connect('no last name', info({ last_name: '' }));
  await walk.connect('no first name', info({ first_name: '' }));
  await walk.connect('emoji', info({ first_name: 'Zoë 🚀' }));
  await walk.connect('long name', info({ last_name: 'L'.repeat(60) }));
  const fields = {
    'empty principal': { service_principal_id: '' }, 'no principal': { service_principal_id: undefined }, abfss: { destination_location: 'abfss://c@a.dfs.core.windows.net/p' },
    'long location': { destination_location: `s3://bucket/${'p'.repeat(300)}` }, catalog: { catalog_name: 'my-catalog' }, quote: { catalog_name: 'it`s' },
    scope: { connection_scope: 'user' }, region: { cloud_provider_region: 'ap-southeast-4' }, trial: { is_free_trial: true }, reserved: { data_source_connector: 'Oracle' },
  };
  for (const [label, change] of Object.entries(fields)) await walk.connect(label, over(change));
  await walk.connect('token absent', info({ auth: {} }));
  await walk.connect('language', walk.person(), { language: 'zh-Hant-TW' });
  await walk.connect('no charset', walk.person(), { type: 'application/json' });
  const fin = walk.person();
  await walk.delete('language', fin, await walk.connect('fin', fin), { language: 'fil', type: 'application/json' });
  await walk.connect('late body', walk.person(), { late: 50 });
}

async function faults(walk) {
  const ada = walk.person();
  const id = await walk.connect('ada', ada);
  const { user, password } = CREDENTIALS;
  const logins = {
    none: null, 'longer password': `${user}:${password}x`, 'other case': `${user}:${password.toUpperCase()}`,
    'other user': `x:${password}`, 'other password': `${user}:nope`, empty: `${user}:`,
  };
  for (const [label, login] of Object.entries(logins)) await walk.connect(label, walk.person(), { login });
  await walk.connect('after refusals', { ...ada, connection: id });
  const login = `${user}:nope`;
  await walk.connect('sign-in refused', { ...ada, connection: id }, { login });
  await walk.delete('unknown refused', ada, 'nothing', { login });
  await walk.delete('refused', ada, id, { login });
  await walk.connect('after refused deletion', { ...ada, connection: id });
  await walk.call('refused', 'test_connection', { connection_id: id }, { login });
  const account = { domain: 'databricks-test.com', cloud_provider: 'aws', databricks_organization_id: ada.workspace };
  await walk.call('refused', 'delete_account', account, { login });
  await walk.call('refused', 'expire_account', { email: 'x@databricks-test.com', databricks_user_id: 1n, ...account }, { login });
  await walk.call('refused', 'connect', undefined, { login, raw: '{}' });
  await walk.call('open?', 'connect', undefined, { raw: '{"broken' });
  await walk.call('broken', 'delete_connection', undefined, { raw: '{"broken' });
  await walk.call('array', 'connect', []);
  await walk.call('no user_info', 'connect', { ...connectBody(walk.config, ada), user_info: undefined });
  await walk.call('text id', 'connect', { ...connectBody(walk.config, ada), workspace_id: 'abc' });
  await walk.call('number email', 'connect', connectBody(walk.config, { ...ada, email: 5n }));
  await walk.call('no hostname', 'connect', { ...connectBody(walk.config, ada), hostname: undefined });
  await walk.call('no id', 'delete_connection', { cloud_provider: 'aws', databricks_organization_id: 1n });
}

async function connectors(walk) {
  const list = async (label, token, options) => {
    const query = token === undefined ? '' : `?pagination_token=${encodeURIComponent(token)}`;
    const answer = await walk.call(label, 'get_connectors', undefined, { query, ...options });
    walk.lines.push(JSON.stringify(answer.json?.connectors));
    return answer.json?.pagination_token;
  };
  if (!walk.config.endpoints.get_connectors_path) return;
  await list('no token');
  await list('refused', '', { login: 'x:y' });
  let token = await list('first', '');
  for (let page = 2; token && page < 7; page += 1) token = await list(`page ${page}`, token);
}

async function atOnce(walk) {
  const ada = walk.person();
  const old = await walk.connect('ada', ada);
  const [one, two] = [walk.person(), walk.person()];
  const [a, b] = await Promise.all([one, two].map((person) => walk.client.call('connect', connectBody(walk.config, person))));
  await walk.note('at once a', a);
  await walk.note('at once b', b);
  await walk.connect('a signs in', { ...one, connection: a.json?.connection_id });
  await walk.connect('b signs in', { ...two, connection: b.json?.connection_id });
  const three = walk.person();
  const four = walk.colleague(three);
  const more = [three, four, { ...ada, connection: old }, three].map((person) => walk.client.call('connect', connectBody(walk.config, person)));
  for (const answer of await Promise.all(more)) walk.lines.push(`${answer.status}`);
}

const SCENARIOS = {
  people, signIns, reconnectsAndDeletions, connectors, numbers, faults, atOnce, demos, manualSignUp, trials, accounts,
};

// Where an entry of a family is likely to show. The other scenarios follow.
const FIRST = {
  'delete-account': 'accounts', authentication: 'faults', 'errors and headers': 'faults', concurrency: 'atOnce', demo: 'demos',
  connectors: 'connectors', 'int64 numbers': 'numbers', 'sign-in and newcomers': 'signIns', redirects: 'signIns', 'trials and expiry': 'trials',
  'delete-connection': 'reconnectsAndDeletions', 'connection identity': 'reconnectsAndDeletions', 'test-connection': 'reconnectsAndDeletions',
};

/** Resolves to {scenario: lines}. Stops early once `isEnough(scenario, lines)`. */
export async function trace(client, { family, isEnough = () => false } = {}) {
  const walk = new Walk(client);
  const seen = {};
  for (const name of new Set([FIRST[family] ?? 'people', ...Object.keys(SCENARIOS)])) {
    walk.lines = [];
    await SCENARIOS[name](walk);
    seen[name] = walk.lines;
    if (isEnough(name, walk.lines)) break;
  }
  return seen;
}
