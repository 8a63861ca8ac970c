// test-connection.

import { around, aroundOperation, changeAnswer, crashWhen, refuseWhen } from '../core/seams.mjs';

const STATUS = 'Ruling 4: the enum PASS, FAIL, UNKNOWN is certified; P800: every result PASS or FAIL with a name.';
const RULING_18 = 'Ruling 18: of a deleted connection 404 connection_not_found, or 200 with at least one FAIL.';

export default [
  {
    name: 'test-status-success',
    sentence: 'Results have status SUCCESS.',
    clause: STATUS,
    origin: 'written after the prose',
    apply: (partner) => changeAnswer(partner, 'testConnection', (json) => json.test_results.forEach((result) => { result.status = 'SUCCESS'; })),
  },
  {
    name: 'test-status-lower-case',
    sentence: 'The last result has status "pass".',
    clause: STATUS,
    origin: 'one check written later by someone else',
    apply: (partner) => changeAnswer(partner, 'testConnection', (json) => { json.test_results.at(-1).status = 'pass'; }),
  },
  {
    name: 'test-name-empty',
    sentence: 'The second result has an empty test_name.',
    clause: 'TestResult: test_name is required and non-empty.',
    origin: 'missing translation key',
    apply: (partner) => changeAnswer(partner, 'testConnection', (json) => { json.test_results[1].test_name = ''; }),
  },
  {
    name: 'test-results-at-root',
    sentence: 'The answer is the bare array of results.',
    clause: 'ConnectionTestResult: an object with test_results.',
    origin: 'List<TestResult> returned from the controller',
    apply: (partner) => aroundOperation(partner, 'testConnection', async (next) => {
      const reply = await next();
      return { ...reply, json: reply.json.test_results };
    }),
  },
  {
    name: 'test-refuses-newer-fields',
    sentence: 'A request with cloud_provider or databricks_organization_id is refused with 400.',
    clause: 'ConnectionInfo: newer text also sends cloud_provider and databricks_organization_id; ruling 16.',
    origin: 'additionalProperties: false',
    apply: (partner) => refuseWhen(partner, 'testConnection', (body) => 'cloud_provider' in body || 'databricks_organization_id' in body),
  },
  {
    name: 'test-passes-after-deletion',
    sentence: 'A deleted connection still passes all tests.',
    clause: RULING_18,
    origin: 'soft-delete filter missing in one query',
    apply(partner) {
      const ever = new Set();
      around(partner, 'open', (next, body) => {
        const connection = next(body);
        ever.add(connection.id);
        return connection;
      });
      around(partner, 'testConnection', (next, body) => {
        if (!ever.has(body.connection_id) || partner.connections.has(body.connection_id)) return next(body);
        return { status: 200, json: { test_results: [{ test_name: 'Reach the workspace', status: 'PASS' }] } };
      });
    },
  },
  {
    name: 'test-unknown-crashes',
    sentence: 'An unknown connection id is a 500.',
    clause: 'Errors of every operation: 404 connection_not_found; an unknown connection is not found.',
    origin: 'row.get() on null',
    apply: (partner) => crashWhen(partner, 'testConnection', (body) => !partner.connections.has(body.connection_id)),
  },
  {
    name: 'test-deletes-the-connection',
    sentence: 'Testing a connection removes it, so the next sign-in is 404.',
    clause: 'Table "What connect means": true and the connection → sign the user in; test-connection only tests.',
    origin: 'clean-up of the test run deletes by the real id',
    apply: (partner) => aroundOperation(partner, 'testConnection', async (next, body) => {
      const reply = await next();
      partner.connections.delete(body.connection_id);
      return reply;
    }),
  },
  {
    name: 'test-tests-first-connection-only',
    sentence: 'The second connection of a workspace fails its test as long as the first one exists.',
    clause: 'P800: first connect, test-connection → 200 for the connection that is named.',
    origin: 'look-up by workspace, first row wins',
    apply: (partner) => crashWhen(partner, 'testConnection', (body) => {
      const asked = partner.connections.get(body.connection_id);
      const first = [...partner.connections.values()].find((one) => asked && one.workspace === asked.workspace && one.cloud === asked.cloud);
      return first !== asked;
    }),
  },
  {
    name: 'test-answers-204',
    sentence: 'A test that passes answers 204 without a body.',
    clause: 'test connection: 200 ConnectionTestResult.',
    origin: 'health-check habit',
    apply: (partner) => aroundOperation(partner, 'testConnection', async (next) => {
      await next();
      return { status: 204 };
    }),
  },
];
