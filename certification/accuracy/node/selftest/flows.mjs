// The contract's main flows with assertions that hold for every conformant partner.

import assert from 'node:assert/strict';
import { connectBody } from './client.mjs';

const STATUSES = { user: ['new', 'existing', 'not_applicable'], account: ['new', 'active', 'expired', 'not_applicable'] };

let serial = 0;
function newcomerTo(config, email) {
  serial += 1;
  const host = config.supported_clouds[0];
  return { email: email ?? `kim@flow${serial}-works.com`, workspace: 2n ** 60n + BigInt(serial), userId: 2n ** 58n + BigInt(serial), cloud: host };
}

const colleagueOf = (person, config) => ({ ...newcomerTo(config), workspace: person.workspace, email: `lee${serial}@${person.email.split('@')[1]}` });

async function checkPage(client, config, json) {
  const address = new URL(json.redirect_uri);
  assert.ok(config.hostnames.some((name) => name.toLowerCase() === address.hostname), `host ${address.hostname}`);
  const page = await client.open(json.redirect_uri);
  assert.ok(page.status >= 200 && page.status < 400, `page ${page.status}`);
}

async function connect(client, config, person) {
  const answer = await client.call('connect', connectBody(config, person));
  if (answer.status < 300) {
    assert.match(answer.type, /^application\/json/i);
    assert.ok(STATUSES.user.includes(answer.json.user_status) && STATUSES.account.includes(answer.json.account_status));
    await checkPage(client, config, answer.json);
    const u2m = config.auth_options?.includes('AUTH_OAUTH_U2M') && config.is_published_app !== true;
    assert.equal(URL.canParse(answer.json.oauth_redirect_uri), Boolean(u2m));
  }
  return answer;
}

async function firstConnect(client, config, person) {
  const answer = await connect(client, config, person);
  assert.ok([200, 201].includes(answer.status), `first connect ${answer.status} ${answer.text}`);
  assert.equal(answer.json.configured_resources, true);
  assert.ok(typeof answer.json.connection_id === 'string' && answer.json.connection_id !== '');
  return answer.json;
}

async function signIn(client, config, person, connection) {
  const answer = await connect(client, config, { ...person, connection });
  if (config.require_manual_signup) return failed(answer, 404, ['account_not_found', 'connection_not_found']);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.configured_resources, false);
  assert.equal(answer.json.connection_id, undefined);
  return answer.json;
}

function failed(answer, status, reasons) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.type, /^application\/json/i);
  assert.ok(reasons.includes(answer.json.error_reason), answer.text);
}

async function newcomerSignsIn(client, config, person, connection) {
  if (config.require_manual_signup) return undefined;
  const answer = await connect(client, config, { ...person, connection });
  switch (config.new_user_action) {
    case 'not_found': return failed(answer, 404, ['account_not_found']);
    case 'error': return failed(answer, 500, ['general_error']);
    default: assert.equal(answer.status, 200);
  }
  const invited = config.new_user_action === 'invite';
  assert.equal(answer.json.user_status, invited ? 'not_applicable' : 'new');
  assert.ok((invited ? ['contact_admin'] : ['sign_in', 'create_trial', 'purchase_product']).includes(answer.json.redirect_value));
  return answer.json;
}

async function workspaces(client, config) {
  const kim = newcomerTo(config);
  const first = await firstConnect(client, config, kim);
  assert.equal(first.redirect_value, 'create_trial');
  assert.ok(['new', 'not_applicable'].includes(first.user_status) && ['new', 'not_applicable'].includes(first.account_status));
  await signIn(client, config, kim, first.connection_id);
  await newcomerSignsIn(client, config, colleagueOf(kim, config), first.connection_id);
  const second = await firstConnect(client, config, kim);
  assert.notEqual(second.connection_id, first.connection_id);
  const away = { ...kim, workspace: kim.workspace + 1000n };
  const other = await firstConnect(client, config, away);
  await signIn(client, config, away, other.connection_id);
  await signIn(client, config, kim, second.connection_id);
  failed(await connect(client, config, { ...kim, connection: 'unknown' }), 404, ['connection_not_found']);
}

async function deletion(client, config) {
  if (!config.endpoints.delete_connection_path) return;
  const kim = newcomerTo(config);
  const { connection_id: id } = await firstConnect(client, config, kim);
  const body = { connection_id: id, cloud_provider: kim.cloud, databricks_organization_id: kim.workspace };
  if (config.endpoints.test_connection_path) {
    const { json } = await client.call('test_connection', body);
    json.test_results.forEach(({ test_name: name, status }) => assert.ok(name !== '' && ['PASS', 'FAIL'].includes(status)));
  }
  const answer = await client.call('delete_connection', body);
  assert.equal(answer.status, 200, answer.text);
  assert.ok(['resources_deleted', 'resources_pending_deletion', 'deletion_acknowledged'].includes(answer.json.resource_status));
  failed(await client.call('delete_connection', body), 404, ['connection_not_found']);
  if (answer.json.resource_status === 'resources_deleted') {
    failed(await connect(client, config, { ...kim, connection: id }), 404, ['connection_not_found']);
    if (config.endpoints.test_connection_path) {
      const test = await client.call('test_connection', body);
      if (test.status === 200) assert.ok(test.json.test_results.some(({ status }) => status === 'FAIL'));
      else failed(test, 404, ['connection_not_found']);
    }
  }
  await firstConnect(client, config, kim);
}

async function hooks(client, config) {
  if (!config.endpoints.expire_account_path || !config.endpoints.delete_account_path) return;
  const kim = newcomerTo(config, `kim${serial}@databricks-test.com`);
  const { connection_id: id } = await firstConnect(client, config, kim);
  const account = { domain: 'databricks-test.com', cloud_provider: kim.cloud, databricks_organization_id: kim.workspace };
  const expired = await client.call('expire_account', { email: kim.email, databricks_user_id: kim.userId, ...account });
  assert.equal(expired.status, 200);
  const signedIn = await signIn(client, config, kim, id);
  if (signedIn) assert.deepEqual([signedIn.account_status, signedIn.redirect_value], ['expired', 'purchase_product']);
  const newcomer = await newcomerSignsIn(client, config, colleagueOf(kim, config), id);
  if (newcomer && newcomer.account_status !== 'not_applicable') assert.equal(newcomer.account_status, config.trial_type === 'account' ? 'expired' : 'active');
  const again = await connect(client, config, kim);
  assert.equal(again.json.account_status, 'expired');
  assert.equal((await client.call('delete_account', account)).status, 200);
  failed(await connect(client, config, { ...kim, connection: id }), 404, ['connection_not_found']);
  const fresh = await firstConnect(client, config, kim);
  assert.ok(['new', 'not_applicable'].includes(fresh.user_status));
  const real = newcomerTo(config);
  const { connection_id: realId } = await firstConnect(client, config, real);
  const refused = { ...account, domain: real.email.split('@')[1], databricks_organization_id: real.workspace };
  failed(await client.call('delete_account', refused), 400, ['bad_request']);
  await signIn(client, config, real, realId);
}

async function demos(client, config) {
  if (!config.supports_demo) return;
  const kim = { ...newcomerTo(config), demo: true };
  for (const person of [kim, colleagueOf(kim, config), kim]) {
    const demo = await firstConnect(client, config, { ...person, demo: true });
    assert.deepEqual([demo.user_status, demo.account_status, demo.redirect_value], ['new', 'new', 'create_trial']);
    await signIn(client, config, { ...person, demo: true }, demo.connection_id);
  }
}

async function connectorPages(client, config) {
  if (!config.endpoints.get_connectors_path) return;
  const names = [];
  for (let token = ''; token !== undefined;) {
    const answer = await client.call('get_connectors', undefined, { query: `?pagination_token=${encodeURIComponent(token)}` });
    assert.equal(answer.status, 200);
    names.push(...answer.json.connectors.map(({ identifier, type }) => `${identifier} ${type}`));
    token = answer.json.pagination_token;
  }
  assert.ok(new Set(names).size === names.length && names.length >= 17);
}

async function manualSignUp(client, config) {
  if (!config.require_manual_signup) return;
  const kim = newcomerTo(config);
  const { connection_id: id, redirect_uri: address } = await firstConnect(client, config, kim);
  const { pathname, search } = new URL(address);
  assert.equal((await client.send('POST', pathname + search)).status, 303);
  const answer = await connect(client, config, { ...kim, connection: id });
  assert.deepEqual([answer.status, answer.json.user_status], [200, 'existing']);
}

async function refusals(client, config) {
  const kim = newcomerTo(config);
  failed(await client.call('connect', connectBody(config, kim), { login: 'wrong:credentials' }), 401, ['unauthorized']);
  failed(await client.call('connect', undefined, { raw: '{"a":' }), 400, ['bad_request']);
  failed(await client.call('connect', { ...connectBody(config, kim), user_info: undefined }), 400, ['bad_request']);
}

async function atOnce(client, config) {
  const people = Array.from({ length: 5 }, () => newcomerTo(config));
  const answers = await Promise.all(people.map((person) => firstConnect(client, config, person)));
  for (const [index, person] of people.entries()) await signIn(client, config, person, answers[index].connection_id);
}

export async function mainFlows(client) {
  for (const flow of [workspaces, deletion, hooks, demos, connectorPages, manualSignUp, refusals, atOnce]) await flow(client, client.config);
}
