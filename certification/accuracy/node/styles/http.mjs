// The same answers in other HTTP clothes.

import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { around, changeAnswer, changeFailure, sleep } from '../core/seams.mjs';
import { INGEST } from '../core/config.mjs';
import { htmlReply, redirectReply } from '../core/pages.mjs';

const JSON_TYPE = 'Every response with a JSON body carries Content-Type application/json (parameters such as charset allowed).';
const HTTP = 'Ordinary HTTP; the contract says nothing about it.';

const withJsonType = (type) => (partner) => around(partner, 'render', (next, reply, request) => {
  const rendered = next(reply, request);
  if (reply.json !== undefined) rendered.headers['Content-Type'] = type;
  return rendered;
});

const withHeaders = (headers) => (partner) => around(partner, 'render', (next, reply, request) => {
  const rendered = next(reply, request);
  return { ...rendered, headers: { ...headers, ...rendered.headers } };
});

const withJson = (stringify) => (partner) => { partner.stringify = stringify; };

const backwards = (value) => {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, backwards(inner)]));
};

export default [
  {
    name: 'connect-201',
    sentence: 'A first connect that configures a connection answers 201.',
    why_conformant: 'connect: 200 or 201 Connection.',
    apply: (partner) => changeAnswer(partner, 'connect', (json, _body, reply) => { if (json.connection_id) reply.status = 201; }),
  },
  {
    name: 'charset-parameter',
    sentence: 'JSON answers say application/json; charset=utf-8.',
    why_conformant: JSON_TYPE,
    apply: withJsonType('application/json; charset=utf-8'),
  },
  {
    name: 'charset-capitals-no-space',
    sentence: 'JSON answers say Application/JSON;charset=UTF-8;profile="v2".',
    why_conformant: `${JSON_TYPE} Media types are case-insensitive.`,
    apply: withJsonType('Application/JSON;charset=UTF-8;profile="v2"'),
  },
  {
    name: 'chunked-in-pieces',
    sentence: 'Answers come chunked, in small pieces a few milliseconds apart, without Content-Length.',
    why_conformant: HTTP,
    apply: (partner) => {
      partner.transmit = async (response, { status, headers, payload }) => {
        response.writeHead(status, headers);
        for (let start = 0; start < payload.length; start += 64) {
          response.write(payload.subarray(start, start + 64));
          await sleep(2);
        }
        response.end();
      };
    },
  },
  {
    name: 'gzip-when-offered',
    sentence: 'Answers are compressed for callers that send Accept-Encoding: gzip.',
    why_conformant: HTTP,
    apply: (partner) => around(partner, 'render', (next, reply, request) => {
      const rendered = next(reply, request);
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '') || rendered.payload.length === 0) return rendered;
      return { ...rendered, headers: { ...rendered.headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }, payload: gzipSync(rendered.payload) };
    }),
  },
  {
    name: 'connection-close',
    sentence: 'Every answer closes the connection.',
    why_conformant: HTTP,
    apply: withHeaders({ Connection: 'close' }),
  },
  {
    name: 'security-headers-and-session-cookie',
    sentence: 'API answers carry security headers, a request id, rate-limit headers and a session cookie.',
    why_conformant: `${HTTP} No secret of the request is in them (ruling 21).`,
    apply: withHeaders({
      'Strict-Transport-Security': 'max-age=31536000', 'X-Frame-Options': 'DENY', 'Content-Security-Policy': "default-src 'self'",
      'X-Request-Id': '7f3c', 'RateLimit-Remaining': '998', 'Set-Cookie': ['sid=abc; HttpOnly; Path=/', 'lb=n1; Path=/'], 'Cache-Control': 'no-store', Server: 'nginx',
    }),
  },
  {
    name: 'pretty-printed-and-reversed',
    sentence: 'JSON is indented, ends with a line feed, and its keys come in reverse order.',
    why_conformant: 'JSON objects are unordered and white space does not matter.',
    apply: withJson((json) => `${JSON.stringify(backwards(json), null, 4)}\n`),
  },
  {
    name: 'escaped-json',
    sentence: 'Slashes and everything outside ASCII are escaped in JSON (\\/ and \\uXXXX).',
    why_conformant: 'JSON escapes are equivalent; PHP json_encode and Python json.dumps write them by default.',
    apply: withJson((json) => JSON.stringify(json).replaceAll('/', '\\/')
      .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  },
  {
    name: 'extra-fields-everywhere',
    sentence: 'Every JSON answer has additional fields, nested ones and nulls among them.',
    why_conformant: 'The models list fields; nothing forbids more of them.',
    apply: (partner) => around(partner, 'render', (next, reply, request) => next(reply.json === undefined ? reply
      : { ...reply, json: { ...reply.json, request_id: 'a-17', trace: { node: 3, parent: null }, _links: [], success: reply.status < 400 } }, request)),
  },
  {
    name: 'answers-after-300-ms',
    sentence: 'Every answer takes 300 ms.',
    why_conformant: 'The contract sets no time limit.',
    apply: (partner) => around(partner, 'answer', async (next, request) => {
      await sleep(300);
      return next(request);
    }),
  },
  {
    name: 'no-date-own-reason-phrase',
    sentence: 'Answers have no Date header and a reason phrase of their own.',
    why_conformant: HTTP,
    apply: (partner) => {
      partner.transmit = (response, { status, headers, payload }) => {
        response.sendDate = false;
        response.writeHead(status, status < 400 ? 'Jawohl' : 'Leider nein', { ...headers, 'Content-Length': payload.length });
        response.end(payload);
      };
    },
  },
  {
    name: 'other-methods-405-html',
    sentence: 'Methods that an endpoint does not have are answered with 405 and an HTML page.',
    why_conformant: 'Databricks uses each endpoint\'s one method; nothing else is in the contract.',
    apply: (partner) => changeFailure(partner, (reply, problem) =>
      problem.status === 405 ? { ...htmlReply(405, 'Method not allowed') } : reply),
  },
  {
    name: 'options-and-head-answered',
    sentence: 'OPTIONS and HEAD are answered with 204 on every path, without credentials.',
    why_conformant: 'CORS and health checks; Databricks uses neither method.',
    apply: (partner) => around(partner, 'answer', (next, request) =>
      ['OPTIONS', 'HEAD'].includes(request.method) ? { status: 204, headers: { Allow: 'GET, POST, PUT, DELETE, OPTIONS, HEAD' } } : next(request)),
  },
  {
    name: 'unknown-paths-redirect',
    sentence: 'Paths that do not exist are redirected to the start page, and trailing slashes are removed by 308.',
    why_conformant: 'Databricks calls the configured paths only.',
    apply: (partner) => around(partner, 'page', (next, request) => {
      if (request.path.startsWith('/portal/')) return next(request);
      return request.path.length > 1 && request.path.endsWith('/')
        ? redirectReply(308, request.path.slice(0, -1)) : redirectReply(302, '/portal/login');
    }),
  },
  {
    name: 'etag-on-connectors',
    config: INGEST,
    sentence: 'The connector list has ETag and Cache-Control, and If-None-Match is answered with 304.',
    why_conformant: `${HTTP} Databricks sends no If-None-Match.`,
    apply: (partner) => around(partner, 'render', (next, reply, request) => {
      const rendered = next(reply, request);
      if (request.operation !== 'listConnectors' || rendered.status !== 200) return rendered;
      const tag = `W/"${createHash('sha1').update(rendered.payload).digest('base64')}"`;
      const headers = { ...rendered.headers, ETag: tag, 'Cache-Control': 'private, max-age=60' };
      return request.headers['if-none-match'] === tag ? { status: 304, headers, payload: Buffer.alloc(0) } : { ...rendered, headers };
    }),
  },
];
