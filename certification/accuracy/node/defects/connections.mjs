// One connection affects another: ids that are not unique, upserts by the wrong key, look-ups that find too much.

import { createHash } from 'node:crypto';
import { around, aroundOperation, crashWhen, isFirstConnect, isNormalFirstConnect, isSignIn, refuseWhen } from '../core/seams.mjs';
import { badRequest } from '../core/problem.mjs';

const hashed = (...parts) => createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 32);
const isUuid = (id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

/** On a normal first connect, closes the old connections that `matches(old, body)` before the new one is opened. */
const replaceOld = (partner, matches) => around(partner, 'open', (next, body) => {
  if (!body.demo) {
    const old = [...partner.connections.values()].filter((connection) => !connection.demo && matches(connection, body));
    old.forEach((connection) => partner.close(connection));
  }
  return next(body);
});

/** Looks further when the exact look-up finds nothing. */
const lookFurther = (partner, find) => around(partner, 'lookup', (next, id, workspace, cloud) =>
  next(id, workspace, cloud) ?? find([...partner.connections.values()], id, workspace, cloud));

const here = (connection, workspace, cloud) => connection.workspace === workspace && connection.cloud === cloud;
const P600 = 'P600: the first workspace\'s connection still signs in afterwards.';
const UNKNOWN = 'Table "What connect means": true and no such connection → 404 connection_not_found.';
const SEPARATE = 'P400: two valid new connections, the second separate from the first.';

export default [
  {
    name: 'id-derived-from-user-and-workspace',
    sentence: 'The connection id is a hash of user, workspace and cloud, so connecting again gives the same id.',
    clause: SEPARATE,
    origin: 'uuid v5 / deterministic key for idempotency',
    apply: (partner) => around(partner, 'newConnectionId', (next, body) =>
      body.demo ? next(body) : hashed(body.user_info.email, body.workspace_id, body.cloud_provider)),
  },
  {
    name: 'colleague-gets-same-connection',
    sentence: 'A colleague\'s first connect in the same workspace gets the id of the connection that is there already.',
    clause: 'Table "What connect means": false and a connection already → configure a new, separate one.',
    origin: 'findOrCreate by (workspace, cloud)',
    apply: (partner) => around(partner, 'newConnectionId', (next, body) => {
      const theirs = [...partner.connections.values()].find((old) => !old.demo && !body.demo
        && here(old, body.workspace_id, body.cloud_provider) && old.owner !== partner.userKey(body.user_info.email));
      return theirs?.id ?? next(body);
    }),
  },
  {
    name: 'same-request-answered-from-cache',
    sentence: 'An identical first connect within two seconds is answered with the first one\'s answer, even when that one is complete.',
    clause: SEPARATE,
    origin: 'double-click guard: idempotency key from the request body',
    apply(partner) {
      const answered = new Map();
      aroundOperation(partner, 'connect', async (next, body, request) => {
        if (!isNormalFirstConnect(body)) return next();
        const key = request.raw.toString();
        const hit = answered.get(key);
        if (hit && Date.now() - hit.at < 2000) return hit.reply;
        const reply = await next();
        answered.set(key, { at: Date.now(), reply });
        return reply;
      });
    },
  },
  {
    name: 'replace-in-every-workspace-of-user',
    sentence: 'A first connect deletes the user\'s old connections in all workspaces.',
    clause: P600,
    origin: 'upsert on user_id only',
    apply: (partner) => replaceOld(partner, (old, body) => old.owner === partner.userKey(body.user_info.email)),
  },
  {
    name: 'replace-in-every-workspace-of-company',
    sentence: 'A first connect by a colleague in another workspace deletes the company\'s older connections.',
    clause: 'A company holds many workspaces, each with 0 or 1 connection; only the old one of that workspace may be deleted.',
    origin: 'has_one :connection on the account model',
    apply: (partner) => replaceOld(partner, (old, body) =>
      old.company === partner.companyKey(body.user_info.email) && old.owner !== partner.userKey(body.user_info.email)),
  },
  {
    name: 'replace-ignores-cloud',
    sentence: 'A first connect deletes the connection of the workspace with the same number in another cloud.',
    clause: 'A connection is in a given workspace and cloud (ruling 23); a new one may replace only the old one of that workspace.',
    origin: 'unique index (workspace_id) without cloud',
    apply: (partner) => replaceOld(partner, (old, body) => old.workspace === body.workspace_id && old.cloud !== body.cloud_provider),
  },
  {
    name: 'user-row-holds-one-connection',
    sentence: 'The owner\'s sign-in works only for the connection that he made last, wherever that is.',
    clause: P600,
    origin: 'users.connection_id column, last write wins',
    apply(partner) {
      const latest = new Map();
      around(partner, 'open', (next, body) => {
        const connection = next(body);
        if (!body.demo) latest.set(connection.owner, connection.id);
        return connection;
      });
      aroundOperation(partner, 'connect', (next, body) => {
        const key = partner.userKey(body.user_info.email);
        const connection = partner.connections.get(body.connection_id);
        if (isSignIn(body) && connection && !connection.demo && connection.owner === key && latest.get(key) !== connection.id) {
          body.connection_id = 'not the current one';
        }
        return next();
      });
    },
  },
  {
    name: 'only-first-connection-of-workspace-found',
    sentence: 'When a workspace connects a second time, the new connection\'s sign-in is 404 as long as the first one exists.',
    clause: SEPARATE,
    origin: 'Map.putIfAbsent(workspace, id), "first row wins"',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      const first = [...partner.connections.values()].find((old) => !old.demo && here(old, body.workspace_id, body.cloud_provider));
      const asked = partner.connections.get(body.connection_id);
      return next(first && asked && !asked.demo && first !== asked ? { ...body, connection_id: 'shadowed' } : body);
    }),
  },
  {
    name: 'id-matched-without-case',
    sentence: 'Connection ids are compared without regard to case, so an id in capitals that was never given out signs in.',
    clause: UNKNOWN,
    origin: 'MySQL/SQL Server case-insensitive collation',
    apply: (partner) => lookFurther(partner, (all, id, workspace, cloud) =>
      all.find((one) => here(one, workspace, cloud) && one.id.toLowerCase() === id.toLowerCase())),
  },
  {
    name: 'id-matched-by-prefix',
    sentence: 'Only the first 30 characters of a connection id count, so an id with a wrong end signs in.',
    clause: UNKNOWN,
    origin: 'CHAR(30) column, both sides truncated',
    apply: (partner) => lookFurther(partner, (all, id, workspace, cloud) =>
      all.find((one) => here(one, workspace, cloud) && one.id.slice(0, 30) === id.slice(0, 30))),
  },
  {
    name: 'numeric-id-cast-leniently',
    sentence: 'Ids are numbers and the given one is cast, so "1007abc" or " 1007" signs in as 1007.',
    clause: UNKNOWN,
    origin: 'MySQL implicit cast, parseInt(id, 10)',
    apply(partner) {
      let last = 1000;
      partner.newConnectionId = () => String(last += 1);
      lookFurther(partner, (all, id, workspace, cloud) =>
        all.find((one) => here(one, workspace, cloud) && Number(one.id) === Number.parseInt(id, 10)));
    },
  },
  {
    name: 'unknown-id-falls-back-to-workspace',
    sentence: 'A sign-in with an unknown id uses any other connection of that workspace.',
    clause: UNKNOWN,
    origin: 'ActiveRecord or_where, find_by(workspace) as fallback',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      const fallback = [...partner.connections.values()].findLast((one) => here(one, body.workspace_id, body.cloud_provider));
      return next(fallback && !partner.connections.has(body.connection_id) ? { ...body, connection_id: fallback.id } : body);
    }),
  },
  {
    name: 'unknown-id-created-on-the-way',
    sentence: 'The first sign-in with an unknown id is 404, but it creates the connection: the second one succeeds.',
    clause: UNKNOWN,
    origin: 'Django get_or_create, Prisma upsert outside the transaction',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      const unknown = !partner.connections.has(body.connection_id);
      try {
        return next(body);
      } finally {
        if (unknown) {
          const opened = partner.open(body);
          partner.connections.delete(opened.id);
          partner.connections.set(body.connection_id, { ...opened, id: body.connection_id });
          partner.enrol(body);
        }
      }
    }),
  },
  {
    name: 'sign-in-demands-uuid',
    sentence: 'A sign-in with an unknown id that is not a UUID is 400 instead of 404.',
    clause: UNKNOWN,
    origin: 'NestJS ParseUUIDPipe',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => isSignIn(body) && !isUuid(body.connection_id), () => badRequest('uuid expected')),
  },
  {
    name: 'delete-crashes-without-uuid',
    sentence: 'delete-connection with an unknown id that is not a UUID is 500 instead of 404.',
    clause: 'delete-connection: an unknown id is 404 connection_not_found.',
    origin: 'PostgreSQL "invalid input syntax for type uuid"',
    apply: (partner) => crashWhen(partner, 'deleteConnection', (body) => !isUuid(body.connection_id)),
  },
  {
    name: 'workspace-belongs-to-one-domain',
    sentence: 'A first connect in a workspace where a user of another e-mail domain has a connection is refused with 400.',
    clause: 'Table "What connect means": false → configure a connection, whoever is there already.',
    origin: 'tenant check: workspace claimed by the first domain',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => isNormalFirstConnect(body)
      && [...partner.connections.values()].some((one) => !one.demo && here(one, body.workspace_id, body.cloud_provider)
        && one.company !== partner.companyKey(body.user_info.email))),
  },
  {
    name: 'third-workspace-refused',
    sentence: 'A user\'s first connect in a third workspace is refused with 400 while his other two are connected.',
    clause: 'A user may belong to many workspaces; a first connect must configure a connection.',
    origin: 'plan limit of the trial applied to partners',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => {
      const workspaces = new Set([...partner.connections.values()]
        .filter((one) => !one.demo && one.owner === partner.userKey(body.user_info.email)).map((one) => one.workspace));
      return isNormalFirstConnect(body) && workspaces.size >= 2 && !workspaces.has(body.workspace_id);
    }),
  },
  {
    name: 'email-unique-across-clouds',
    sentence: 'A user who is known from one cloud gets a 500 on his first connect from another.',
    clause: 'databricks_user_id is unique within a cloud; a user has one address and many workspaces.',
    origin: 'upsert by (user_id, cloud) against a unique e-mail column',
    apply(partner) {
      const cloudOf = new Map();
      crashWhen(partner, 'connect', (body) => {
        if (!isFirstConnect(body) || body.demo) return false;
        const key = partner.userKey(body.user_info.email);
        if (!cloudOf.has(key)) cloudOf.set(key, body.cloud_provider);
        return cloudOf.get(key) !== body.cloud_provider;
      });
      // A deleted account frees the address.
      around(partner, 'eraseAccount', (next, domain, keys, ...rest) => {
        keys.forEach((key) => cloudOf.delete(key));
        return next(domain, keys, ...rest);
      });
    },
  },
  {
    name: 'sign-in-needs-the-first-user-id',
    sentence: 'A known user signs in only with the databricks_user_id of his first connect, so his sign-in in another cloud is 404.',
    clause: 'databricks_user_id is unique within a cloud only; table: true and the connection → sign the user in.',
    origin: 'lookup by (email, databricks_user_id)',
    apply(partner) {
      const firstIds = new Map();
      around(partner, 'enrol', (next, body, ...rest) => {
        const user = next(body, ...rest);
        if (!firstIds.has(user)) firstIds.set(user, body.user_info.databricks_user_id);
        return user;
      });
      around(partner, 'signIn', (next, body) => {
        const first = firstIds.get(partner.users.get(partner.userKey(body.user_info.email)));
        const known = first === undefined || first === body.user_info.databricks_user_id;
        return next(known ? body : { ...body, connection_id: 'of another identity' });
      });
    },
  },
];
