// redirect_uri: where it points, and what answers there.

import { around, changeAnswer, isSignIn } from '../core/seams.mjs';
import { htmlReply, redirectReply } from '../core/pages.mjs';

const ANSWERS = 'redirect_uri answers 2xx or 3xx to a plain GET.';
const HOST = 'Ruling 9: the host of redirect_uri is an allowed hostname or a subdomain of one.';

/** Replaces the page behind a redirect_uri when `condition(session, kind, request)` holds. */
const brokenPage = (partner, condition, reply) => around(partner, 'page', (next, request) => {
  const session = partner.sessions.get(request.query.get('session'));
  return session && condition(session, request.path.replace('/portal/', ''), request) ? reply(request, session) : next(request);
});

export default [
  {
    name: 'redirect-email-unencoded',
    sentence: 'The e-mail address stands unencoded in redirect_uri, so the page is 404 for addresses with +, &, # or %.',
    clause: ANSWERS,
    origin: 'string concatenation instead of encodeURIComponent: + becomes a space',
    apply(partner) {
      around(partner, 'redirectUri', (next, kind, body) => `${next(kind, body)}&who=${body.user_info.email}`);
      brokenPage(partner, (session, _kind, request) => request.query.get('who') !== session.email, () => htmlReply(404, 'We do not know you'));
    },
  },
  {
    name: 'redirect-page-crashes-on-name',
    sentence: 'The page behind redirect_uri is a 500 for users whose first name is not ASCII.',
    clause: ANSWERS,
    origin: 'Python 2/Jinja UnicodeDecodeError, Ruby incompatible encodings',
    apply: (partner) => brokenPage(partner, ({ name }) => /[^\0-\u007f]/u.test(name), () => htmlReply(500, 'Internal Server Error')),
  },
  {
    name: 'redirect-page-missing-for-gcp',
    sentence: 'The page behind redirect_uri is 404 for users from gcp.',
    clause: ANSWERS,
    origin: 'one deployment forgotten',
    apply: (partner) => brokenPage(partner, ({ cloud }) => cloud === 'gcp', () => htmlReply(404, 'Page not found')),
  },
  {
    name: 'redirect-page-missing-for-purchase',
    sentence: 'The purchase page does not exist (404).',
    clause: ANSWERS,
    origin: 'shop moved, link not',
    apply: (partner) => brokenPage(partner, (_session, kind) => kind === 'purchase_product', () => htmlReply(404, 'Page not found')),
  },
  {
    name: 'redirect-page-missing-for-admin',
    config: { new_user_action: 'invite' },
    sentence: 'The page that tells an invited user to ask his administrator does not exist (404).',
    clause: ANSWERS,
    origin: 'route registered in the other router',
    apply: (partner) => brokenPage(partner, (_session, kind) => kind === 'contact_admin', () => htmlReply(404, 'Page not found')),
  },
  {
    name: 'redirect-page-wants-credentials',
    sentence: 'The sign-in page behind redirect_uri answers 401 and asks for Basic credentials.',
    clause: ANSWERS,
    origin: 'app-wide basic-auth middleware mounted before the pages',
    apply: (partner) => brokenPage(partner, (_session, kind, request) => kind === 'sign_in' && !request.headers.authorization,
      () => ({ ...htmlReply(401, 'Unauthorized'), headers: { 'WWW-Authenticate': 'Basic' } })),
  },
  {
    name: 'redirect-page-wants-language',
    sentence: 'The trial page is a 500 for a GET without Accept-Language.',
    clause: ANSWERS,
    origin: 'headers["accept-language"].split(",") on undefined',
    apply: (partner) => brokenPage(partner, (_session, kind, request) => kind === 'create_trial' && request.headers['accept-language'] === undefined,
      () => htmlReply(500, 'Internal Server Error')),
  },
  {
    name: 'redirect-page-wants-cookie',
    sentence: 'The sign-in page answers 400 to a browser that brings no cookie yet.',
    clause: ANSWERS,
    origin: 'session middleware before the cookie is set',
    apply: (partner) => brokenPage(partner, (_session, kind, request) => kind === 'sign_in' && !request.headers.cookie,
      () => ({ ...htmlReply(400, 'Please enable cookies'), headers: { 'Set-Cookie': 'probe=1' } })),
  },
  {
    name: 'redirect-page-blocks-bots',
    sentence: 'The pages answer 403 to clients whose User-Agent does not begin with Mozilla.',
    clause: ANSWERS,
    origin: 'web application firewall, bot protection',
    apply: (partner) => brokenPage(partner, (_session, _kind, request) => !/^Mozilla/.test(request.headers['user-agent'] ?? ''),
      () => htmlReply(403, 'Are you a robot?')),
  },
  {
    name: 'redirect-works-for-last-user-only',
    sentence: 'A user\'s redirect page is 410 as soon as another user of the company has got one.',
    clause: ANSWERS,
    origin: 'one-time token stored on the account row',
    apply(partner) {
      const latest = new Map();
      around(partner, 'redirectUri', (next, kind, body) => {
        const address = next(kind, body);
        latest.set(partner.companyKey(body.user_info.email), body.user_info.email);
        return address;
      });
      brokenPage(partner, (session) => latest.get(partner.companyKey(session.email)) !== session.email, () => htmlReply(410, 'This link has expired'));
    },
  },
  {
    name: 'redirect-relative-on-sign-in',
    sentence: 'A known user\'s sign-in answers a redirect_uri without scheme and host.',
    clause: 'redirect_uri is an absolute URL.',
    origin: 'url_for(..., _external=False), Rails _path instead of _url',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body)) json.redirect_uri = json.redirect_uri.replace(/^https?:\/\/[^/]+/, '');
    }),
  },
  {
    name: 'redirect-without-scheme-on-reconnect',
    sentence: 'When an existing user connects again, redirect_uri is scheme-relative (//host/…).',
    clause: 'redirect_uri is an absolute URL.',
    origin: 'protocol-relative asset host',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (!isSignIn(body) && json.user_status === 'existing') json.redirect_uri = json.redirect_uri.replace(/^https?:/, '');
    }),
  },
  {
    name: 'redirect-other-host-for-purchase',
    sentence: 'Expired users are sent to 127.0.0.1, which is not in hostnames.',
    clause: HOST,
    origin: 'billing lives on another host',
    apply: (partner) => changeAnswer(partner, 'connect', (json) => {
      if (json.redirect_value === 'purchase_product') json.redirect_uri = json.redirect_uri.replace('localhost', '127.0.0.1');
    }),
  },
  {
    name: 'redirect-host-in-userinfo',
    sentence: 'On sign-in redirect_uri is http://localhost@127.0.0.1/…, whose host only seems to be the allowed one.',
    clause: HOST,
    origin: 'allow-list check by "contains"',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body)) json.redirect_uri = json.redirect_uri.replace('//localhost', '//localhost@127.0.0.1');
    }),
  },
  {
    name: 'redirect-host-is-bind-address-for-colleague',
    sentence: 'A colleague who is new to a known company is sent to 127.0.0.1, which is not in hostnames.',
    clause: HOST,
    origin: 'one link built from the listen address instead of the public base URL',
    apply: (partner) => changeAnswer(partner, 'connect', (json) => {
      if (json.user_status === 'new' && json.account_status === 'active') json.redirect_uri = json.redirect_uri.replace('localhost', '127.0.0.1');
    }),
  },
  {
    name: 'redirect-page-forwards-token',
    sentence: 'The trial page redirects to an address that carries the user\'s personal access token.',
    clause: 'Ruling 21: a redirect that carries the token is a failure.',
    origin: 'credentials handed to the single-page application in the query string',
    apply(partner) {
      const tokens = new Map();
      around(partner, 'redirectUri', (next, kind, body) => {
        tokens.set(body.user_info.email, body.user_info.auth?.personal_access_token);
        return next(kind, body);
      });
      brokenPage(partner, (session, kind) => kind === 'create_trial' && Boolean(tokens.get(session.email)),
        (_request, session) => redirectReply(302, `/portal/login?t=${encodeURIComponent(tokens.get(session.email))}`));
    },
  },
];
