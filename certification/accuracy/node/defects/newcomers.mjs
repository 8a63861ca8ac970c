// Users on connections of others: new_user_action, known users of other workspaces, manual sign-up, sign-in answers.

import { around, aroundOperation, changeAnswer, changeFailure, isFirstConnect, isSignIn } from '../core/seams.mjs';
import { Problem, accountNotFound, generalError } from '../core/problem.mjs';
import { htmlReply } from '../core/pages.mjs';

const INVITE = { new_user_action: 'invite' };
const NOT_FOUND = { new_user_action: 'not_found' };
const ERROR = { new_user_action: 'error' };
const MANUAL = { require_manual_signup: true };
const TABLE = 'Table "New users on an established connection"';
const MANUAL_RULE = 'Manual sign-up: until the user has signed up by hand, a sign-in answers 404 account_not_found or connection_not_found.';
const RULING_10 = 'Ruling 10: sign-in answers must have configured_resources false.';

/** `change` sees the answers to users who were new on the connection. */
const changeNewcomer = (partner, change) => around(partner, 'newcomer', (next, body, connection) => {
  const reply = next(body, connection);
  change(reply.json);
  return reply;
});

const onSignIn = (change) => (partner) => changeAnswer(partner, 'connect', (json, body) => {
  if (isSignIn(body)) change(json);
});

export default [
  {
    name: 'added-user-configured-true',
    sentence: 'When a colleague is added on sign-in, the answer says configured_resources true.',
    clause: RULING_10,
    origin: 'sign-up code path reused for the added user',
    apply: (partner) => changeNewcomer(partner, (json) => { json.configured_resources = true; }),
  },
  {
    name: 'sign-in-returns-connection-id',
    sentence: 'A known user\'s sign-in answer repeats the connection_id.',
    clause: 'connection_id: is_connection_established true → omitted.',
    origin: 'one serializer for both flows',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body) && json.user_status === 'existing') json.connection_id = body.connection_id;
    }),
  },
  {
    name: 'sign-in-connection-id-empty',
    sentence: 'Sign-in answers carry connection_id "".',
    clause: 'connection_id: is_connection_established true → omitted; it is a non-empty string.',
    origin: 'Go/protobuf JSON zero value without omitempty',
    apply: onSignIn((json) => { json.connection_id = ''; }),
  },
  {
    name: 'sign-in-connection-id-null',
    level: 'should',
    sentence: 'Sign-in answers carry connection_id null.',
    clause: 'Ruling 6: optional response fields that are null count as omitted, with an advisory.',
    origin: 'Jackson without NON_NULL, System.Text.Json default',
    apply: onSignIn((json) => { json.connection_id = null; }),
  },
  {
    name: 'sign-in-configured-missing',
    sentence: 'A sign-in answer leaves configured_resources out because it is false.',
    clause: 'Connection: configured_resources is required.',
    origin: 'omitempty / NON_DEFAULT drops false',
    apply: onSignIn((json) => { delete json.configured_resources; }),
  },
  {
    name: 'added-user-never-stored',
    level: 'should',
    sentence: 'A colleague who was added on sign-in is new again at every later sign-in.',
    clause: 'Ruling 11: a known user called new on sign-in is an advisory.',
    origin: 'save() without commit',
    apply: (partner) => around(partner, 'newcomer', (next, body, connection) => {
      const reply = next(body, connection);
      partner.users.delete(partner.userKey(body.user_info.email));
      return reply;
    }),
  },
  {
    name: 'invite-user-status-new',
    config: INVITE,
    sentence: 'An invited colleague is user_status new.',
    clause: `${TABLE}: invite → user_status not_applicable.`,
    origin: 'invite built as auto_add with another page',
    apply: (partner) => changeNewcomer(partner, (json) => { json.user_status = 'new'; }),
  },
  {
    name: 'invite-to-sign-in',
    config: INVITE,
    sentence: 'An invited colleague gets redirect_value sign_in.',
    clause: `${TABLE}: invite → contact_admin.`,
    origin: 'default branch of the redirect switch',
    apply: (partner) => changeNewcomer(partner, (json) => { json.redirect_value = 'sign_in'; }),
  },
  {
    name: 'not-found-blames-connection',
    config: NOT_FOUND,
    sentence: 'A new user on an existing connection is 404 connection_not_found.',
    clause: `${TABLE}: not_found → account_not_found.`,
    origin: 'inner join of connections and users, no row',
    apply: (partner) => changeFailure(partner, (reply, problem) => {
      if (problem.reason === 'account_not_found') reply.json.error_reason = 'connection_not_found';
    }),
  },
  {
    name: 'not-found-stores-the-user',
    config: NOT_FOUND,
    sentence: 'A refused new user is stored before the refusal, so his second sign-in succeeds.',
    clause: `${TABLE}: not_found → 404 account_not_found for a new user, however often he tries.`,
    origin: 'missing rollback: exception after save in auto-commit mode',
    apply: (partner) => around(partner, 'newcomer', (_next, body, connection) => {
      partner.enrol(body, connection.company);
      throw accountNotFound();
    }),
  },
  {
    name: 'not-found-only-for-strangers',
    config: NOT_FOUND,
    sentence: 'A new user with the owner\'s e-mail domain is signed in instead of refused.',
    clause: `${TABLE}: not_found → 404 account_not_found.`,
    origin: 'domain-wide single sign-on left switched on',
    apply: (partner) => around(partner, 'member', (next, email, connection) =>
      next(email, connection) ?? (partner.companyKey(email) === connection.company ? { expired: false } : undefined)),
  },
  {
    name: 'error-action-html-page',
    config: ERROR,
    sentence: 'The 500 for a new user is an HTML page.',
    clause: 'Errors of every operation are always an ErrorResponse.',
    origin: 'DEBUG=True / Whoops / developer exception page',
    apply: (partner) => changeFailure(partner, (_reply, problem) =>
      problem.status === 500 ? htmlReply(500, 'Unhandled exception') : undefined),
  },
  {
    name: 'error-action-503',
    config: ERROR,
    sentence: 'A new user is answered with status 503.',
    clause: `${TABLE}: error → 500.`,
    origin: 'gateway maps upstream errors',
    apply: (partner) => changeFailure(partner, (reply, problem) => { if (problem.status === 500) reply.status = 503; }),
  },
  {
    name: 'error-action-poisons-connection',
    config: ERROR,
    sentence: 'After a new user\'s 500 the owner\'s own sign-in on that connection is a 500 too.',
    clause: 'Table "What connect means": true and the connection → sign the user in.',
    origin: '"current transaction is aborted" on a pooled database connection',
    apply(partner) {
      const poisoned = new Set();
      around(partner, 'newcomer', (next, body, connection) => {
        poisoned.add(connection.id);
        return next(body, connection);
      });
      around(partner, 'signIn', (next, body) => {
        if (poisoned.has(body.connection_id)) throw generalError('current transaction is aborted');
        return next(body);
      });
    },
  },
  {
    name: 'known-user-on-others-connection-crashes',
    sentence: 'A user who is known from his own workspace gets a 500 when he signs in on another user\'s connection.',
    clause: 'Table "What connect means": true and the connection → sign the user in (P301).',
    origin: 'INSERT into members violates the unique e-mail key',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      const key = partner.userKey(body.user_info.email);
      const connection = partner.lookup(body.connection_id, body.workspace_id, body.cloud_provider);
      const owns = [...partner.connections.values()].some((one) => !one.demo && one.owner === key);
      if (connection && !connection.demo && connection.owner !== key && owns) throw generalError('duplicate key');
      return next(body);
    }),
  },
  {
    name: 'known-user-unknown-connection-says-account',
    sentence: 'A known user who signs in with an unknown connection id gets account_not_found.',
    clause: 'Table "What connect means": true and no such connection → 404 connection_not_found.',
    origin: 'one NotFound for both look-ups',
    apply: (partner) => changeFailure(partner, (reply, problem, request) => {
      const known = request.operation === 'connect' && problem.status === 404 && partner.users.has(partner.userKey(request.body.user_info.email));
      if (known) reply.json.error_reason = 'account_not_found';
    }),
  },
  {
    name: 'new-user-added-before-connection-check',
    sentence: 'A new user who signs in with an unknown connection id is added with 200 instead of 404.',
    clause: 'Table "What connect means": true and no such connection → 404 connection_not_found.',
    origin: 'order of middleware: provisioning before authorisation',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      if (partner.connections.has(body.connection_id) || partner.standing(body).user) return next(body);
      partner.enrol(body);
      return partner.connectionReply({ user_status: 'new', account_status: 'active', redirect_value: 'sign_in' }, body);
    }),
  },
  {
    name: 'sign-in-cached-by-connection',
    config: NOT_FOUND,
    sentence: 'Successful sign-in answers are cached by connection id, so a new user gets the owner\'s answer and page.',
    clause: `${TABLE}: not_found → 404 account_not_found.`,
    origin: 'cache key without the user',
    apply(partner) {
      const cache = new Map();
      aroundOperation(partner, 'connect', async (next, body) => {
        if (isFirstConnect(body) || !partner.connections.has(body.connection_id)) return next();
        if (!cache.has(body.connection_id)) cache.set(body.connection_id, await next());
        return cache.get(body.connection_id);
      });
      // Deleting or expiring invalidates the cache, so that nothing else is wrong.
      for (const method of ['close', 'expire']) {
        around(partner, method, (next, ...args) => {
          cache.clear();
          return next(...args);
        });
      }
    },
  },
  {
    name: 'manual-sign-up-not-waited-for',
    config: MANUAL,
    sentence: 'Although sign-up is manual, the user who connected signs in without having signed up.',
    clause: MANUAL_RULE,
    origin: 'flag read for invited users only',
    apply: (partner) => around(partner, 'enrol', (next, body, ...rest) => Object.assign(next(body, ...rest), { signedUp: true })),
  },
  {
    name: 'manual-sign-up-answers-401',
    config: MANUAL,
    sentence: 'A user who has not signed up yet gets 401 unauthorized.',
    clause: MANUAL_RULE,
    origin: 'security filter throws AuthenticationException',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      try {
        return next(body);
      } catch (problem) {
        throw problem.reason === 'account_not_found' ? new Problem(401, 'unauthorized') : problem;
      }
    }),
  },
  {
    name: 'manual-sign-up-by-connecting-twice',
    config: MANUAL,
    sentence: 'A second first connect counts as signing up, so the user signs in afterwards.',
    clause: MANUAL_RULE,
    origin: 'upsert sets activated_at on update',
    apply: (partner) => around(partner, 'firstConnect', (next, body) => {
      const { user } = partner.standing(body);
      if (user) user.signedUp = true;
      return next(body);
    }),
  },
  {
    name: 'manual-sign-up-by-opening-the-page',
    config: MANUAL,
    sentence: 'Merely opening the redirect page signs the user up, so the next sign-in succeeds.',
    clause: MANUAL_RULE,
    origin: 'GET with side effects (confirmation link, link prefetch)',
    apply: (partner) => around(partner, 'page', (next, request) => {
      const session = partner.sessions.get(request.query.get('session'));
      const user = session && partner.users.get(partner.userKey(session.email));
      if (user) user.signedUp = true;
      return next(request);
    }),
  },
];
