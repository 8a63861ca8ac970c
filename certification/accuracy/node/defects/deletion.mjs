// delete-connection: soft deletes without a filter, cascades, wrong keys, late jobs.

import { around, aroundOperation, changeAnswer, changeFailure, crashWhen, isNormalFirstConnect } from '../core/seams.mjs';
import { Problem, connectionNotFound, generalError } from '../core/problem.mjs';

const THAT_ONE = 'delete-connection acts on that one connection.';
const GONE = 'P402, ruling 7: after resources_deleted a sign-in is 404 connection_not_found.';
const UNKNOWN = 'delete-connection: an unknown or already deleted id is 404 connection_not_found.';

/** Deletes more than was asked: all connections for which `matches(other, deleted)`. */
const alsoClose = (partner, matches) => aroundOperation(partner, 'deleteConnection', (next, body) => {
  const deleted = partner.lookup(body.connection_id, body.databricks_organization_id, body.cloud_provider);
  if (deleted) [...partner.connections.values()].filter((one) => one !== deleted && matches(one, deleted)).forEach((one) => partner.close(one));
  return next();
});

/** Remembers what delete-connection has removed: id → connection. */
function recordDeletions(partner) {
  const deleted = new Map();
  aroundOperation(partner, 'deleteConnection', async (next, body) => {
    const connection = partner.connections.get(body.connection_id);
    const reply = await next();
    deleted.set(connection.id, connection);
    return reply;
  });
  return deleted;
}

export default [
  {
    name: 'deleted-connection-signs-in',
    sentence: 'A deleted connection still signs its users in, although delete-connection said resources_deleted and says 404 the second time.',
    clause: GONE,
    origin: 'soft delete: deleted_at IS NULL forgotten in one query',
    apply(partner) {
      const deleted = recordDeletions(partner);
      around(partner, 'signIn', (next, body) => {
        const ghost = deleted.get(body.connection_id);
        if (ghost) partner.connections.set(ghost.id, ghost);
        try {
          return next(body);
        } finally {
          if (ghost) partner.connections.delete(ghost.id);
        }
      });
    },
  },
  {
    name: 'deletion-takes-half-a-second',
    sentence: 'delete-connection says resources_deleted, but for 700 ms the connection goes on signing in.',
    clause: `${GONE} resources_deleted means that it is gone now.`,
    origin: 'read replica lag, message queue, commit after the response',
    apply: (partner) => around(partner, 'deleteConnection', (next, body) => {
      const connection = partner.connections.get(body.connection_id);
      const reply = next(body);
      partner.connections.set(connection.id, connection);
      setTimeout(() => partner.connections.delete(connection.id), 700);
      return reply;
    }),
  },
  {
    name: 'delete-twice-succeeds',
    sentence: 'Deleting an already deleted connection again answers 200 resources_deleted.',
    clause: UNKNOWN,
    origin: 'UPDATE … SET deleted_at without a look at the affected rows',
    apply(partner) {
      const deleted = recordDeletions(partner);
      around(partner, 'deleteConnection', (next, body) =>
        deleted.has(body.connection_id) ? { status: 200, json: { resource_status: 'resources_deleted' } } : next(body));
    },
  },
  {
    name: 'delete-unknown-acknowledged',
    sentence: 'Deleting an id that never existed answers 200 deletion_acknowledged.',
    clause: UNKNOWN,
    origin: 'idempotent DELETE convention',
    apply(partner) {
      const everSeen = new Set();
      around(partner, 'open', (next, body) => {
        const connection = next(body);
        everSeen.add(connection.id);
        return connection;
      });
      around(partner, 'deleteConnection', (next, body) =>
        everSeen.has(body.connection_id) ? next(body) : { status: 200, json: { resource_status: 'deletion_acknowledged' } });
    },
  },
  {
    name: 'delete-unknown-says-account',
    sentence: 'Deleting an unknown connection answers 404 with error_reason account_not_found.',
    clause: UNKNOWN,
    origin: 'shared NotFoundException handler',
    apply: (partner) => changeFailure(partner, (reply, problem, request) => {
      if (request.operation === 'deleteConnection' && problem.status === 404) reply.json.error_reason = 'account_not_found';
    }),
  },
  {
    name: 'delete-unknown-as-200',
    sentence: 'Deleting an unknown connection answers its ErrorResponse with status 200.',
    clause: UNKNOWN,
    origin: 'res.json(error) without res.status()',
    apply: (partner) => changeFailure(partner, (reply, problem, request) => {
      if (request.operation === 'deleteConnection' && problem.status === 404) reply.status = 200;
    }),
  },
  {
    name: 'delete-takes-users-other-workspaces',
    sentence: 'Deleting a connection deletes the same owner\'s connections in other workspaces too.',
    clause: THAT_ONE,
    origin: 'DELETE … WHERE owner_id = ?',
    apply: (partner) => alsoClose(partner, (one, deleted) => one.owner === deleted.owner),
  },
  {
    name: 'delete-takes-whole-workspace',
    sentence: 'Deleting a connection deletes every other connection of that workspace, colleagues\' and newer ones.',
    clause: THAT_ONE,
    origin: 'DELETE … WHERE workspace_id = ?',
    apply: (partner) => alsoClose(partner, (one, deleted) => one.workspace === deleted.workspace && one.cloud === deleted.cloud),
  },
  {
    name: 'delete-takes-same-number-in-other-cloud',
    sentence: 'Deleting a connection deletes those of the workspace with the same number in another cloud.',
    clause: `${THAT_ONE} It is about a given workspace and cloud (ruling 23).`,
    origin: 'cloud missing in the WHERE clause',
    apply: (partner) => alsoClose(partner, (one, deleted) => one.workspace === deleted.workspace && one.cloud !== deleted.cloud),
  },
  {
    name: 'delete-cascades-to-colleagues',
    sentence: 'Deleting a connection deletes the connections of other users of the company.',
    clause: THAT_ONE,
    origin: 'ON DELETE CASCADE through the account table',
    apply: (partner) => alsoClose(partner, (one, deleted) => one.company === deleted.company && one.owner !== deleted.owner),
  },
  {
    name: 'delete-hits-the-newest',
    sentence: 'When a workspace has two connections, deleting the older one removes the newer one instead.',
    clause: THAT_ONE,
    origin: 'ORDER BY created_at DESC LIMIT 1',
    apply: (partner) => aroundOperation(partner, 'deleteConnection', (next, body) => {
      const asked = partner.lookup(body.connection_id, body.databricks_organization_id, body.cloud_provider);
      if (asked) {
        body.connection_id = [...partner.connections.values()].findLast((one) =>
          one.workspace === asked.workspace && one.cloud === asked.cloud).id;
      }
      return next();
    }),
  },
  {
    name: 'delete-forgets-the-owner',
    config: { new_user_action: 'not_found' },
    sentence: 'Deleting a connection removes its owner\'s account, so his sign-in on another workspace\'s connection is 404 account_not_found.',
    clause: THAT_ONE,
    origin: 'orphanRemoval = true / dependent: :destroy on the wrong side',
    apply: (partner) => around(partner, 'deleteConnection', (next, body) => {
      const owner = partner.connections.get(body.connection_id)?.owner;
      const reply = next(body);
      partner.users.delete(owner);
      return reply;
    }),
  },
  {
    name: 'delete-unknown-empties-workspace',
    sentence: 'delete-connection with an unknown id answers 404, but the workspace\'s connections are gone afterwards.',
    clause: `${UNKNOWN} ${THAT_ONE}`,
    origin: 'delete by workspace first, look-up by id afterwards, no transaction',
    apply: (partner) => aroundOperation(partner, 'deleteConnection', (next, body) => {
      if (!partner.connections.has(body.connection_id)) {
        const here = [...partner.connections.values()].filter((one) =>
          one.workspace === body.databricks_organization_id && one.cloud === body.cloud_provider);
        here.forEach((one) => partner.close(one));
      }
      return next();
    }),
  },
  {
    name: 'delete-from-other-cloud',
    level: 'should',
    sentence: 'delete-connection with the right id and workspace but another cloud deletes all the same.',
    clause: 'Ruling 23: deleting all the same is advice.',
    origin: 'findById only',
    apply: (partner) => around(partner, 'deleteConnection', (next, body) =>
      next({ ...body, cloud_provider: partner.connections.get(body.connection_id)?.cloud ?? body.cloud_provider })),
  },
  {
    name: 'delete-from-other-workspace',
    level: 'should',
    sentence: 'delete-connection with the right id and cloud but another workspace deletes all the same.',
    clause: 'Ruling 23: deleting all the same is advice.',
    origin: 'findById only (IDOR)',
    apply: (partner) => around(partner, 'deleteConnection', (next, body) =>
      next({ ...body, databricks_organization_id: partner.connections.get(body.connection_id)?.workspace ?? body.databricks_organization_id })),
  },
  {
    name: 'delete-status-in-capitals',
    sentence: 'delete-connection answers resource_status RESOURCES_DELETED.',
    clause: 'resource_status: resources_deleted | resources_pending_deletion | deletion_acknowledged | user_unauthorized.',
    origin: 'Java enum serialised by name()',
    apply: (partner) => changeAnswer(partner, 'deleteConnection', (json) => { json.resource_status = json.resource_status.toUpperCase(); }),
  },
  {
    name: 'delete-answers-204',
    sentence: 'delete-connection answers 204 without a body.',
    clause: 'delete connection: 200 DeleteConnectionResponse.',
    origin: 'Rails head :no_content, DRF destroy()',
    apply: (partner) => around(partner, 'deleteConnection', (next, body) => {
      next(body);
      return { status: 204 };
    }),
  },
  {
    name: 'delete-by-method-delete',
    sentence: 'delete-connection works with the method DELETE and answers 405 to POST.',
    clause: 'Ruling 1: POST is certified.',
    origin: 'built from the early 2.1 text',
    apply: (partner) => around(partner, 'route', (next, request) => {
      if (request.path !== partner.config.endpoints.delete_connection_path) return next(request);
      if (request.method !== 'DELETE') throw new Problem(405, 'bad_request', { debug: 'DELETE only' });
      return 'deleteConnection';
    }),
  },
  {
    name: 'reconnect-after-delete-crashes',
    sentence: 'After a deletion the same user\'s first connect in the same workspace ends in a 500.',
    clause: 'P401: first connect, delete-connection, first connect again → valid new connection.',
    origin: 'unique key and soft delete (Sequelize paranoid, acts_as_paranoid)',
    apply(partner) {
      const deleted = recordDeletions(partner);
      crashWhen(partner, 'connect', (body) => isNormalFirstConnect(body) && [...deleted.values()].some((old) =>
        old.owner === partner.userKey(body.user_info.email) && old.workspace === body.workspace_id));
    },
  },
  {
    name: 'second-delete-same-second-crashes',
    sentence: 'Connecting and deleting twice within one second of the clock makes the second deletion a 500.',
    clause: 'delete-connection of an existing connection is 200.',
    origin: 'unique (workspace, deleted_at) with deleted_at in whole seconds',
    apply(partner) {
      const lastSecond = new Map();
      around(partner, 'deleteConnection', (next, body) => {
        const second = Math.floor(Date.now() / 1000);
        const key = `${body.databricks_organization_id} ${body.cloud_provider}`;
        if (partner.connections.has(body.connection_id) && lastSecond.get(key) === second) throw generalError('duplicate key');
        const reply = next(body);
        lastSecond.set(key, second);
        return reply;
      });
    },
  },
  {
    name: 'reconnect-first-sign-in-fails',
    sentence: 'A deleted id is put on a list by workspace, so the next connection of that workspace answers 404 to its first sign-in.',
    clause: 'P401: the connection after a deletion is a valid new connection, which signs in.',
    origin: 'negative cache by workspace, cleared on the first miss',
    apply(partner) {
      const stale = new Set();
      around(partner, 'deleteConnection', (next, body) => {
        const reply = next(body);
        stale.add(`${body.databricks_organization_id} ${body.cloud_provider}`);
        return reply;
      });
      around(partner, 'signIn', (next, body) => {
        if (partner.connections.has(body.connection_id) && stale.delete(`${body.workspace_id} ${body.cloud_provider}`)) throw connectionNotFound();
        return next(body);
      });
    },
  },
];
