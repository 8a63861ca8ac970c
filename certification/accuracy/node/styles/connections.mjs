// Ids in every shape, replacing, deleting and testing connections as the rulings leave it open.

import { randomBytes } from 'node:crypto';
import { around, changeAnswer, sleep } from '../core/seams.mjs';
import { generalError } from '../core/problem.mjs';

const ANY_ID = 'connection_id: a non-empty string; its form is the partner\'s.';
const RULING_7 = 'Ruling 7: sign-in must be 404 only where the partner said resources_deleted.';
const MAY_DELETE = 'Table "What connect means": it may delete the old one.';

const withIds = (make) => (partner) => { partner.newConnectionId = make; };

let count = 900;
const nextNumber = () => { count += 1; return count; };

const replaceOld = (partner, matches) => around(partner, 'open', (next, body) => {
  const old = [...partner.connections.values()].filter((one) => one.workspace === body.workspace_id
    && one.cloud === body.cloud_provider && one.demo === body.demo && matches(one, body));
  old.forEach((one) => partner.close(one));
  return next(body);
});

export default [
  {
    name: 'ids-numeric',
    sentence: 'Connection ids are consecutive numbers in strings.',
    why_conformant: ANY_ID,
    apply: withIds(() => String(nextNumber())),
  },
  {
    name: 'ids-19-digits',
    sentence: 'Connection ids are 19-digit numbers in strings that a double cannot hold.',
    why_conformant: ANY_ID,
    apply: withIds(() => `9007199254740${String(993 + nextNumber()).padStart(6, '0')}`),
  },
  {
    name: 'ids-one-character',
    sentence: 'Connection ids are as short as possible: 0, 1, 2, … in base 36.',
    why_conformant: ANY_ID,
    apply(partner) {
      let next = -1;
      partner.newConnectionId = () => { next += 1; return next.toString(36); };
    },
  },
  {
    name: 'ids-600-characters',
    sentence: 'Connection ids are 600 characters long (a signed token).',
    why_conformant: ANY_ID,
    apply: withIds(() => `${randomBytes(300).toString('hex')}`),
  },
  {
    name: 'ids-base64',
    sentence: 'Connection ids contain +, / and =.',
    why_conformant: ANY_ID,
    apply: withIds(() => `${randomBytes(13).toString('base64')}/+=`),
  },
  {
    name: 'ids-unicode-and-spaces',
    sentence: 'Connection ids contain spaces, quotes, backslashes and letters of several scripts.',
    why_conformant: ANY_ID,
    apply: withIds(() => `Ärger & "Söhne" \\ 接続 #${nextNumber()} 🚀`),
  },
  {
    name: 'ids-differ-in-case-only',
    sentence: 'Connection ids are case-sensitive and consecutive ones may differ in case only.',
    why_conformant: ANY_ID,
    apply(partner) {
      let serial = 0;
      partner.newConnectionId = () => {
        serial += 1;
        return [...serial.toString(2).padStart(16, '0')].map((bit) => (bit === '1' ? 'K' : 'k')).join('');
      };
    },
  },
  {
    name: 'reconnect-replaces-own',
    sentence: 'A first connect deletes the same user\'s old connection of that workspace.',
    why_conformant: MAY_DELETE,
    apply: (partner) => replaceOld(partner, (one, body) => one.owner === partner.userKey(body.user_info.email)),
  },
  {
    name: 'reconnect-replaces-workspaces',
    sentence: 'A first connect deletes the workspace\'s old connection, whosever it was (demos apart).',
    why_conformant: `${MAY_DELETE} Partner Connect keeps 0 or 1 connection per partner per workspace.`,
    apply: (partner) => replaceOld(partner, (one) => !one.demo),
  },
  {
    name: 'deletion-pending',
    sentence: 'delete-connection answers resources_pending_deletion and the connection goes on working.',
    why_conformant: RULING_7,
    apply(partner) {
      const pending = new Set();
      around(partner, 'deleteConnection', (next, body) => {
        const connection = partner.connections.get(body.connection_id);
        const reply = pending.has(connection) ? next({ ...body, connection_id: 'deleted before' }) : next(body);
        pending.add(connection);
        partner.connections.set(connection.id, connection);
        return { ...reply, json: { resource_status: 'resources_pending_deletion' } };
      });
    },
  },
  {
    name: 'deletion-pending-but-gone',
    sentence: 'delete-connection answers resources_pending_deletion although the connection is gone at once.',
    why_conformant: RULING_7,
    apply: (partner) => changeAnswer(partner, 'deleteConnection', (json) => { json.resource_status = 'resources_pending_deletion'; }),
  },
  {
    name: 'deletion-acknowledged-only',
    sentence: 'delete-connection answers deletion_acknowledged and nothing is done, except that the id cannot be deleted again.',
    why_conformant: `deletion_acknowledged: nothing was done. ${RULING_7}`,
    apply(partner) {
      const acknowledged = new Set();
      around(partner, 'deleteConnection', (next, body) => {
        const connection = partner.connections.get(body.connection_id);
        if (acknowledged.has(connection?.id)) return next({ ...body, connection_id: 'deleted before' });
        next(body);
        acknowledged.add(connection.id);
        partner.connections.set(connection.id, connection);
        return { status: 200, json: { resource_status: 'deletion_acknowledged' } };
      });
    },
  },
  {
    name: 'deletion-by-strangers-unauthorized',
    sentence: 'When user_info names a user other than the owner, delete-connection answers user_unauthorized and keeps the connection.',
    why_conformant: 'Ruling 3: user_unauthorized is accepted: the user may not.',
    apply: (partner) => around(partner, 'deleteConnection', (next, body) => {
      const connection = partner.lookup(body.connection_id, body.databricks_organization_id, body.cloud_provider);
      const email = body.user_info?.email;
      const stranger = connection && email !== undefined && partner.userKey(email) !== connection.owner;
      return stranger ? { status: 200, json: { resource_status: 'user_unauthorized' } } : next(body);
    }),
  },
  {
    name: 'test-of-deleted-fails',
    sentence: 'test-connection of a deleted connection answers 200 with one PASS and one FAIL.',
    why_conformant: 'Ruling 18: 404, or 200 with at least one result FAIL.',
    apply(partner) {
      const ever = new Set();
      around(partner, 'open', (next, body) => {
        const connection = next(body);
        ever.add(connection.id);
        return connection;
      });
      around(partner, 'testConnection', (next, body) => {
        if (partner.connections.has(body.connection_id) || !ever.has(body.connection_id)) return next(body);
        return { status: 200, json: { test_results: [{ test_name: 'Service', status: 'PASS' }, { test_name: 'Resources', status: 'FAIL', message: 'deleted' }] } };
      });
    },
  },
  {
    name: 'test-fails-for-invented-workspace',
    sentence: 'test-connection really tries, and says FAIL because the workspace does not exist.',
    why_conformant: 'P800: every result PASS or FAIL with a name.',
    apply: (partner) => changeAnswer(partner, 'testConnection', (json) => {
      json.test_results = [{ status: 'FAIL', test_name: '接続テスト', message: 'no such host' }];
    }),
  },
  {
    name: 'test-many-results',
    sentence: 'test-connection answers forty results, some without and some with an empty message.',
    why_conformant: 'test_results: array of TestResult; message is optional.',
    apply: (partner) => changeAnswer(partner, 'testConnection', (json) => {
      json.test_results = Array.from({ length: 40 }, (_unused, index) => ({ test_name: `Check ${index + 1}`, status: 'PASS', ...(index % 2 ? { message: '' } : {}) }));
    }),
  },
  {
    name: 'concurrent-demos-refused',
    sentence: 'A demo that arrives while another one is being set up (100 ms) is a 500.',
    why_conformant: 'Concurrent demo requests need not work; ruling 20.',
    apply(partner) {
      let busy = false;
      around(partner, 'operate', async (next, operation, body, request) => {
        if (operation !== 'connect' || !body.demo || body.user_info.is_connection_established) return next(operation, body, request);
        if (busy) throw generalError('a demo is being set up');
        busy = true;
        await sleep(100);
        busy = false;
        return next(operation, body, request);
      });
    },
  },
  {
    name: 'demo-users-become-real',
    sentence: 'A demo makes user and company known, so that a later normal connect says existing.',
    why_conformant: 'user_status: has the partner seen this user; the demo itself is always new, new, create_trial.',
    apply: (partner) => around(partner, 'demoConnect', (next, body) => {
      const reply = next(body);
      partner.enrol(body);
      return reply;
    }),
  },
];
