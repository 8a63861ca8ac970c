// Every kind of page that may stand behind redirect_uri.

import { around } from '../core/seams.mjs';
import { htmlReply, redirectReply } from '../core/pages.mjs';

const ANSWERS = 'redirect_uri answers 2xx or 3xx to a plain GET.';
const BOTH_NAMES = { hostnames: ['localhost', '127.0.0.1'] };

/** What a GET of a redirect_uri gets. */
const answerWith = (reply) => (partner) => around(partner, 'page', (next, request) =>
  (request.method === 'GET' && partner.sessions.has(request.query.get('session')) ? reply(request, partner) : next(request)));

const rewrite = (change) => (partner) => around(partner, 'redirectUri', (next, kind, body) => change(next(kind, body), body));

export default [
  {
    name: 'page-302-relative-with-cookies',
    sentence: 'The page sets two cookies and redirects (302) to a relative address.',
    why_conformant: ANSWERS,
    apply: answerWith(() => redirectReply(302, 'login?next=%2Fhome', { 'Set-Cookie': ['sid=1; Path=/; HttpOnly', 'lang=en; Path=/'] })),
  },
  {
    name: 'page-303-absolute',
    sentence: 'The page redirects (303) to an absolute address on the same host.',
    why_conformant: ANSWERS,
    apply: answerWith((_request, partner) => redirectReply(303, `${partner.origin()}/portal/login`)),
  },
  {
    name: 'page-301-to-https',
    sentence: 'The page redirects permanently (301) to an https address that nobody serves here.',
    why_conformant: `${ANSWERS} Where a redirect leads is not part of it.`,
    apply: answerWith((_request, partner) => redirectReply(301, `https://${partner.host()}/portal/login`)),
  },
  {
    name: 'page-307-to-identity-provider',
    sentence: 'The page redirects (307) to an identity provider on a foreign host.',
    why_conformant: `${ANSWERS} Only redirect_uri\'s own host must be allow-listed.`,
    apply: answerWith(() => redirectReply(307, 'https://login.identity-provider.example/authorize?client_id=partner&state=xyz')),
  },
  {
    name: 'page-308-chain-in-a-circle',
    sentence: 'The page redirects (308) to itself until a cookie is set, which a plain GET never has.',
    why_conformant: ANSWERS,
    apply: answerWith((request) => redirectReply(308, `${request.path}?${request.rawQuery}`, { 'Set-Cookie': 'seen=1; Path=/' })),
  },
  {
    name: 'page-204',
    sentence: 'The page answers 204.',
    why_conformant: ANSWERS,
    apply: answerWith(() => ({ status: 204 })),
  },
  {
    name: 'page-json',
    sentence: 'The page is a JSON document for a single-page application.',
    why_conformant: ANSWERS,
    apply: answerWith(() => ({ status: 200, json: { screen: 'welcome' } })),
  },
  {
    name: 'page-300-kilobytes',
    sentence: 'The page is 300 kB of HTML in windows-1252.',
    why_conformant: ANSWERS,
    apply: answerWith(() => ({ status: 200, text: `<p>${'Wait. '.repeat(50000)}</p>`, headers: { 'Content-Type': 'text/html; charset=windows-1252' } })),
  },
  {
    name: 'page-once-then-login',
    sentence: 'The link works once; afterwards it redirects to the login page.',
    why_conformant: ANSWERS,
    apply(partner) {
      const opened = new Set();
      around(partner, 'page', (next, request) => {
        const session = request.query.get('session');
        if (opened.has(session)) return redirectReply(302, '/portal/login');
        if (session) opened.add(session);
        return next(request);
      });
    },
  },
  {
    name: 'page-refuses-head',
    sentence: 'The pages answer HEAD with 405.',
    why_conformant: 'A plain GET is what counts.',
    apply: (partner) => around(partner, 'page', (next, request) => (request.method === 'HEAD' ? htmlReply(405, 'Method not allowed') : next(request))),
  },
  {
    name: 'uri-with-fragment-and-odd-query',
    sentence: 'redirect_uri has a fragment route, repeated and empty parameters and percent-encoded characters.',
    why_conformant: 'redirect_uri: an absolute URL.',
    apply: rewrite((address) => `${address}&a=&a=2&b&who=%C3%A4%20b%2Bc#/welcome?tab=1`),
  },
  {
    name: 'uri-2000-characters',
    sentence: 'redirect_uri is about 2000 characters long (a signed state).',
    why_conformant: 'redirect_uri: an absolute URL.',
    apply: rewrite((address) => `${address}&state=${'Qm9x'.repeat(470)}`),
  },
  {
    name: 'uri-host-in-capitals',
    sentence: 'The host of redirect_uri is written LOCALHOST and the scheme HTTP.',
    why_conformant: 'Ruling 9: equal to an allowed hostname; scheme and host are case-insensitive.',
    apply: rewrite((address) => address.replace('http://localhost', 'HTTP://LOCALHOST')),
  },
  {
    name: 'hostname-in-capitals',
    config: { hostnames: ['partner.example', 'LocalHost'] },
    sentence: 'The config writes the allowed host in mixed case, the answers in lower case.',
    why_conformant: 'Ruling 9; host names are case-insensitive.',
    apply: rewrite((address) => address.replace('LocalHost', 'localhost')),
  },
  {
    name: 'uri-host-alternates',
    config: BOTH_NAMES,
    sentence: 'Two hosts are allowed; sign-ins go to one and first connects to the other.',
    why_conformant: 'Ruling 9: equal to an allowed hostname.',
    apply: rewrite((address, body) => (body.user_info.is_connection_established ? address.replace('//localhost', '//127.0.0.1') : address)),
  },
  {
    name: 'uri-host-is-address',
    config: { hostnames: ['127.0.0.1'] },
    sentence: 'The allowed host is an IP address.',
    why_conformant: 'Ruling 9: equal to an allowed hostname.',
    apply: () => {},
  },
  {
    name: 'uri-same-for-everybody',
    sentence: 'redirect_uri is always the same fixed login page, whatever the redirect_value.',
    why_conformant: 'redirect_value says which scenario it is; redirect_uri need not differ.',
    apply: (partner) => { partner.redirectUri = () => `${partner.origin()}/portal/login`; },
  },
  {
    name: 'uri-has-email',
    sentence: 'redirect_uri carries the e-mail address, properly encoded, as a login hint.',
    why_conformant: 'Ruling 21 is about the token, the OAuth secret and the password.',
    apply: rewrite((address, body) => `${address}&login_hint=${encodeURIComponent(body.user_info.email)}`),
  },
];
