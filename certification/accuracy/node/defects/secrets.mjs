// Secrets in answers (ruling 21) and the OAuth fields.

import { around, changeAnswer, changeFailure, isFirstConnect, isSignIn } from '../core/seams.mjs';

const RULING_21 = 'Ruling 21: a redirect, a success body or a header that carries the token, the OAuth secret or the password is a failure.';
const OAUTH_URI = 'oauth_redirect_uri: absolute URL, required when auth_options has AUTH_OAUTH_U2M and is_published_app is false or absent; otherwise should be omitted.';
const M2M = { auth_options: ['AUTH_OAUTH_M2M'], resources_to_provision: [{ resource_type: 'SqlEndpoint' }] };
const U2M = { auth_options: ['AUTH_PAT', 'AUTH_OAUTH_U2M'], is_published_app: false };

const tokenOf = (body) => body.user_info.auth?.personal_access_token;

export default [
  {
    name: 'token-in-redirect',
    sentence: 'On a first connect redirect_uri carries the personal access token.',
    clause: RULING_21,
    origin: 'single-page application needs the token',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && tokenOf(body)) json.redirect_uri += `&dbx=${encodeURIComponent(tokenOf(body))}`;
    }),
  },
  {
    name: 'token-base64-in-redirect',
    sentence: 'When an existing user connects again, redirect_uri carries the personal access token in Base64.',
    clause: RULING_21,
    origin: 'state parameter with the whole request, "encrypted" with Base64',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && tokenOf(body) && json.user_status === 'existing') {
        json.redirect_uri += `&state=${Buffer.from(tokenOf(body)).toString('base64url')}`;
      }
    }),
  },
  {
    name: 'token-in-cookie',
    sentence: 'The answer to a first connect sets a cookie with the personal access token.',
    clause: RULING_21,
    origin: 'cookie session serialises the request',
    apply: (partner) => changeAnswer(partner, 'connect', (_json, body, reply) => {
      if (isFirstConnect(body) && tokenOf(body)) reply.headers = { 'Set-Cookie': `pat=${encodeURIComponent(tokenOf(body))}; HttpOnly; Path=/` };
    }),
  },
  {
    name: 'request-echoed-in-answer',
    sentence: 'A first connect\'s answer has an extra field with the whole auth object of the request.',
    clause: RULING_21,
    origin: 'entity returned instead of a view model',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && tokenOf(body)) json.connection = { auth: { personal_access_token: tokenOf(body) } };
    }),
  },
  {
    name: 'oauth-secret-in-answer',
    config: M2M,
    sentence: 'A first connect\'s answer has an extra field with the service principal\'s OAuth secret.',
    clause: RULING_21,
    origin: 'entity returned instead of a view model',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && body.service_principal_oauth_secret) json.credentials = { secret: body.service_principal_oauth_secret };
    }),
  },
  {
    name: 'password-in-header',
    sentence: 'delete-connection answers with a debug header that repeats user and password (percent-encoded).',
    clause: RULING_21,
    origin: 'tracing middleware copies request headers',
    apply: (partner) => changeAnswer(partner, 'deleteConnection', (_json, _body, reply, request) => {
      const credentials = Buffer.from(request.headers.authorization.split(' ').at(-1), 'base64').toString();
      reply.headers = { 'X-Debug-Login': encodeURIComponent(credentials) };
    }),
  },
  {
    name: 'token-in-debugging-message',
    level: 'should',
    sentence: 'A 400 for a connect repeats the personal access token in debugging_message.',
    clause: 'Ruling 21: in debugging_message of an error it is a security advice.',
    origin: 'validation error prints the rejected object',
    apply: (partner) => changeFailure(partner, (reply, problem, request) => {
      const token = request.body?.user_info?.auth?.personal_access_token;
      if (problem.status === 400 && token) reply.json.debugging_message = `rejected: {token: ${token}}`;
    }),
  },
  {
    name: 'oauth-redirect-missing-on-reconnect',
    config: U2M,
    sentence: 'When an existing user connects again, oauth_redirect_uri is missing.',
    clause: OAUTH_URI,
    origin: 'field set in the constructor for new accounts only',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && json.user_status === 'existing') delete json.oauth_redirect_uri;
    }),
  },
  {
    name: 'oauth-redirect-missing-without-flag',
    config: { auth_options: ['AUTH_PAT', 'AUTH_OAUTH_U2M'] },
    sentence: 'Without is_published_app in the config oauth_redirect_uri is left out.',
    clause: OAUTH_URI,
    origin: 'undefined !== false',
    apply: (partner) => {
      around(partner, 'needsOauthRedirect', (next) => next() && partner.config.is_published_app === false);
    },
  },
  {
    name: 'oauth-redirect-relative',
    config: U2M,
    sentence: 'oauth_redirect_uri is a path without scheme and host.',
    clause: OAUTH_URI,
    origin: 'route helper without host',
    apply: (partner) => changeAnswer(partner, 'connect', (json) => { json.oauth_redirect_uri = json.oauth_redirect_uri.replace(/^https?:\/\/[^/]+/, ''); }),
  },
  {
    name: 'oauth-redirect-though-published',
    level: 'should',
    config: { ...U2M, is_published_app: true },
    sentence: 'oauth_redirect_uri is sent although the app is published.',
    clause: OAUTH_URI,
    origin: 'flag not read',
    apply: (partner) => { partner.needsOauthRedirect = () => true; },
  },
  {
    name: 'oauth-redirect-null-on-sign-in',
    level: 'should',
    sentence: 'Sign-ins carry oauth_redirect_uri null.',
    clause: 'Ruling 6: optional response fields that are null count as omitted, with an advisory.',
    origin: 'serializer writes null',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => { if (isSignIn(body)) json.oauth_redirect_uri = null; }),
  },
];
