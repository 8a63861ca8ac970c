// Basic authentication: wrong comparisons, open doors, and the wrong shape of a refusal.

import { around, changeFailure } from '../core/seams.mjs';
import { Problem } from '../core/problem.mjs';
import { htmlReply } from '../core/pages.mjs';

const WRONG = 'Wrong credentials → 401 unauthorized.';
const SHAPE = 'Errors of every operation are always an ErrorResponse.';

const acceptAlso = (partner, accepts) => around(partner, 'acceptsCredentials', (next, given) => next(given) || accepts(given));

/** Lets every caller in for which `condition(request)` holds. */
const openDoor = (partner, condition) => around(partner, 'authenticate', (next, request) => {
  if (!condition(request)) next(request);
});

const passwordOf = (credentials) => credentials.slice(credentials.indexOf(':') + 1);
const userOf = (credentials) => credentials.slice(0, credentials.indexOf(':'));

/** The handler runs although its answer is thrown away, whatever it is. */
function deleteQuietly(partner, request) {
  try {
    partner.deleteConnection(partner.parse(request));
  } catch {
    // An unknown connection or a malformed body: the caller sees the 401 all the same.
  }
}

const changeRefusal = (partner, change) => changeFailure(partner, (reply, problem, request) =>
  problem.status === 401 ? change(reply, request) : undefined);

export default [
  {
    name: 'password-end-ignored',
    sentence: 'Anything may follow the right password.',
    clause: WRONG,
    origin: 'startsWith, crypt(3)/bcrypt truncation',
    apply: (partner) => acceptAlso(partner, (given) => given.startsWith(partner.credentials)),
  },
  {
    name: 'password-case-ignored',
    sentence: 'Upper and lower case in the password do not matter.',
    clause: WRONG,
    origin: 'password compared in SQL with a case-insensitive collation',
    apply: (partner) => acceptAlso(partner, (given) => given.toLowerCase() === partner.credentials.toLowerCase()),
  },
  {
    name: 'user-name-ignored',
    sentence: 'The right password lets any user name in.',
    clause: WRONG,
    origin: 'API key checked, name not',
    apply: (partner) => acceptAlso(partner, (given) => passwordOf(given) === passwordOf(partner.credentials)),
  },
  {
    name: 'password-ignored',
    sentence: 'The right user name lets any password in.',
    clause: WRONG,
    origin: 'express-basic-auth authorizer that returns a promise: always truthy',
    apply: (partner) => acceptAlso(partner, (given) => userOf(given) === userOf(partner.credentials)),
  },
  {
    name: 'empty-password-accepted',
    sentence: 'An empty password is accepted.',
    clause: WRONG,
    origin: 'LDAP unauthenticated bind',
    apply: (partner) => acceptAlso(partner, (given) => given === `${userOf(partner.credentials)}:`),
  },
  {
    name: 'no-header-accepted',
    sentence: 'A request without an Authorization header is let in; wrong credentials are refused.',
    clause: 'Every request carries Authorization: Basic …; without the right credentials 401 unauthorized.',
    origin: 'if (header && !valid(header)) deny',
    apply: (partner) => openDoor(partner, (request) => request.headers.authorization === undefined),
  },
  {
    name: 'delete-connection-open',
    sentence: 'delete-connection does not check the credentials.',
    clause: `${WRONG} (every operation)`,
    origin: 'route added outside the authenticated group',
    apply: (partner) => openDoor(partner, ({ operation }) => operation === 'deleteConnection'),
  },
  {
    name: 'test-connection-open',
    sentence: 'test-connection does not check the credentials.',
    clause: `${WRONG} (every operation)`,
    origin: '@PermitAll on a health-like endpoint',
    apply: (partner) => openDoor(partner, ({ operation }) => operation === 'testConnection'),
  },
  {
    name: 'delete-account-open',
    sentence: 'delete-account does not check the credentials.',
    clause: `${WRONG} (every operation)`,
    origin: 'http.authorizeRequests().antMatchers(POST, …) without DELETE',
    apply: (partner) => openDoor(partner, ({ operation }) => operation === 'deleteAccount'),
  },
  {
    name: 'expire-account-open',
    sentence: 'expire-account does not check the credentials.',
    clause: `${WRONG} (every operation)`,
    origin: 'method-bound security rule without PUT',
    apply: (partner) => openDoor(partner, ({ operation }) => operation === 'expireAccount'),
  },
  {
    name: 'sign-in-open',
    sentence: 'A connect with is_connection_established true does not check the credentials; a first connect does.',
    clause: `${WRONG} (every operation)`,
    origin: 'auth called in one branch of the handler',
    apply: (partner) => openDoor(partner, (request) =>
      request.operation === 'connect' && /"is_connection_established"\s*:\s*true/.test(request.raw.toString())),
  },
  {
    name: 'refused-deletion-happens',
    sentence: 'delete-connection with wrong credentials answers 401, but the connection is gone.',
    clause: `${WRONG} A refused request has no effect.`,
    origin: 'after-filter instead of before-filter; missing return after res.status(401)',
    apply: (partner) => around(partner, 'authenticate', (next, request) => {
      try {
        next(request);
      } catch (refusal) {
        if (request.operation === 'deleteConnection') deleteQuietly(partner, request);
        throw refusal;
      }
    }),
  },
  {
    name: 'refusal-is-403',
    sentence: 'Wrong credentials are answered with 403.',
    clause: WRONG,
    origin: 'Spring Security AccessDeniedHandler, DRF without WWW-Authenticate',
    apply: (partner) => changeRefusal(partner, (reply) => { reply.status = 403; }),
  },
  {
    name: 'refusal-is-html',
    sentence: 'The 401 is an HTML page.',
    clause: SHAPE,
    origin: 'web server or express-basic-auth answers before the application',
    apply: (partner) => changeRefusal(partner, () => htmlReply(401, 'Unauthorized')),
  },
  {
    name: 'refusal-without-reason',
    sentence: 'The 401 is {"statusCode":401,"message":"Unauthorized"} without error_reason.',
    clause: `${SHAPE} error_reason is required.`,
    origin: 'NestJS/Spring default error body',
    apply: (partner) => changeRefusal(partner, (reply) => { reply.json = { statusCode: 401, message: 'Unauthorized' }; }),
  },
  {
    name: 'refusal-of-deletion-redirects',
    sentence: 'delete-connection with wrong credentials is redirected (302) to the login page.',
    clause: WRONG,
    origin: 'Devise/Laravel guest redirect for non-API requests',
    apply: (partner) => changeRefusal(partner, (_reply, request) =>
      request.operation === 'deleteConnection' ? { status: 302, text: '', headers: { Location: '/portal/login' } } : undefined),
  },
  {
    name: 'body-checked-before-credentials',
    sentence: 'With wrong credentials a body that lacks a required field is 400 instead of 401.',
    clause: WRONG,
    origin: 'middleware order: validation before authentication',
    apply: (partner) => around(partner, 'authenticate', (next, request) => {
      if (request.operation !== 'listConnectors') partner.check(request.operation, partner.parse(request), request);
      next(request);
    }),
  },
  {
    name: 'connection-checked-before-credentials',
    sentence: 'With wrong credentials delete-connection tells by 404 or 401 whether a connection exists.',
    clause: WRONG,
    origin: 'route model binding (Laravel, Rails set_record) before the auth filter',
    apply: (partner) => around(partner, 'authenticate', (next, request) => {
      if (request.operation === 'deleteConnection' && !partner.connections.has(partner.parse(request)?.connection_id)) {
        throw new Problem(404, 'connection_not_found');
      }
      next(request);
    }),
  },
  {
    name: 'lockout-hits-the-right-caller',
    sentence: 'After three refused requests the next rightful one is answered with 429.',
    clause: 'Errors are 400, 401, 404 and 500; rightful requests are served.',
    origin: 'rack-attack / fail2ban keyed by address',
    apply(partner) {
      let refusals = 0;
      around(partner, 'authenticate', (next, request) => {
        try {
          next(request);
        } catch (refusal) {
          refusals += 1;
          throw refusal;
        }
        if (refusals < 3) return;
        refusals = 0;
        throw new Problem(429, 'general_error', { debug: 'too many attempts' });
      });
    },
  },
];
