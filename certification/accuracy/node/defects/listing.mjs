// The connector list and its pages.

import { around, changeAnswer } from '../core/seams.mjs';
import { INGEST } from '../core/config.mjs';
import { badRequest } from '../core/problem.mjs';

const PAGES = 'P900: pages end, differ, and follow the token.';
const LAST_PAGE = 'ConnectorResponse: pagination_token is absent on the last page.';
const VALID = 'Connector: identifier, name (non-empty) and type (source | target) are required.';

const changeOne = (partner, identifier, change) => {
  partner.connectors = partner.connectors.map((connector) =>
    (connector.identifier === identifier ? change({ ...connector }) : connector));
};

const refuseQuery = (partner, condition) => around(partner, 'listConnectors', (next, body, request) => {
  if (condition(request.query)) throw badRequest('pagination_token');
  return next(body, request);
});

export default [
  {
    name: 'connectors-empty-token-refused',
    sentence: 'pagination_token= (empty) is refused with 400.',
    clause: 'Ruling 8: pagination_token= (empty) for the first page is required to work.',
    origin: 'minLength: 1 on an optional query parameter',
    apply: (partner) => refuseQuery(partner, (query) => query.get('pagination_token') === ''),
  },
  {
    name: 'connectors-token-demanded',
    level: 'should',
    sentence: 'A first request without pagination_token is refused with 400.',
    clause: 'Ruling 8: a first request without the parameter should work (advisory).',
    origin: 'Spring @RequestParam required by default',
    apply: (partner) => refuseQuery(partner, (query) => !query.has('pagination_token')),
  },
  {
    name: 'connectors-last-page-points-to-itself',
    sentence: 'The last page carries its own token again, so the pages never end.',
    clause: `${PAGES} ${LAST_PAGE}`,
    origin: 'next cursor falls back to the given cursor',
    apply: (partner) => changeAnswer(partner, 'listConnectors', (json, _body, _reply, request) => {
      json.pagination_token ??= request.query.get('pagination_token') ?? '';
    }),
  },
  {
    name: 'connectors-last-token-empty',
    sentence: 'The last page carries pagination_token "".',
    clause: LAST_PAGE,
    origin: 'protobuf zero value next_page_token',
    apply: (partner) => changeAnswer(partner, 'listConnectors', (json) => { json.pagination_token ??= ''; }),
  },
  {
    name: 'connectors-last-token-null',
    level: 'should',
    sentence: 'The last page carries pagination_token null.',
    clause: 'Ruling 6: null counts as omitted, with an advisory.',
    origin: 'serializer writes null',
    apply: (partner) => changeAnswer(partner, 'listConnectors', (json) => { json.pagination_token ??= null; }),
  },
  {
    name: 'connectors-last-page-wraps',
    sentence: 'The last page carries the token of the second page, so the list goes round in a circle.',
    clause: `${PAGES} ${LAST_PAGE}`,
    origin: 'offset modulo length',
    apply: (partner) => changeAnswer(partner, 'listConnectors', (json) => { json.pagination_token ??= partner.connectorToken(partner.pageSize); }),
  },
  {
    name: 'connectors-token-not-decoded',
    sentence: 'Tokens contain = and + and are read from the raw query string, so a properly encoded token is refused with 400.',
    clause: `${PAGES} The token is an opaque string in a query parameter.`,
    origin: 'hand-written query parsing of base64 tokens',
    apply(partner) {
      partner.connectorToken = (start) => `a+${Buffer.from(`from:${start}`).toString('base64')}==`;
      partner.connectorStart = (raw) => {
        const start = Number(Buffer.from(/^a\+(.*)==$/.exec(raw)?.[1] ?? '', 'base64').toString().replace('from:', ''));
        if (!(start > 0)) throw badRequest('unknown pagination_token');
        return start;
      };
      around(partner, 'listConnectors', (next, body, request) => {
        const raw = /(?:^|&)pagination_token=([^&]*)/.exec(request.rawQuery)?.[1] ?? '';
        return next(body, { ...request, query: new Map([['pagination_token', raw]]) });
      });
    },
  },
  {
    name: 'connectors-second-page-repeats-first',
    sentence: 'The second page has the same connectors as the first, and another token; from the third page on the list is right.',
    clause: PAGES,
    origin: 'OFFSET (page - 1) * size with pages counted from 1 and from 0',
    apply: (partner) => changeAnswer(partner, 'listConnectors', (json, _body, _reply, request) => {
      if (request.query.get('pagination_token') === partner.connectorToken(partner.pageSize)) json.connectors = partner.connectors.slice(0, partner.pageSize);
    }),
  },
  {
    name: 'connectors-cursor-on-server',
    sentence: 'The server keeps one cursor for everybody: a first request that comes after an unfinished walk continues that walk.',
    clause: 'Ruling 8: pagination_token= asks for the first page.',
    origin: 'singleton service with a cursor, SCROLL without an id',
    apply(partner) {
      let cursor = '';
      around(partner, 'listConnectors', (next, body, request) => {
        const asked = request.query.get('pagination_token') || cursor;
        const reply = next(body, { ...request, query: new Map([['pagination_token', asked]]) });
        cursor = reply.json.pagination_token ?? '';
        return reply;
      });
    },
  },
  {
    name: 'connectors-content-type-refused',
    sentence: 'A GET with Content-Type application/json and no body is refused with 400.',
    clause: 'Ruling 26: every request carries all four headers, the GET of the connectors too; a partner must not mind.',
    origin: 'Fastify FST_ERR_CTP_EMPTY_JSON_BODY',
    apply: (partner) => around(partner, 'listConnectors', (next, body, request) => {
      if (/json/.test(request.headers['content-type'] ?? '') && request.raw.length === 0) throw badRequest('empty body');
      return next(body, request);
    }),
  },
  {
    name: 'connectors-open',
    sentence: 'The connector list does not check the credentials.',
    clause: 'Wrong credentials → 401 unauthorized (every operation).',
    origin: '"GET is public" rule',
    apply: (partner) => around(partner, 'authenticate', (next, request) => { if (request.operation !== 'listConnectors') next(request); }),
  },
  {
    name: 'connectors-type-capitalised',
    sentence: 'One connector on the second page has type "Source".',
    clause: VALID,
    origin: 'hand-edited seed data, no CHECK constraint',
    apply: (partner) => changeOne(partner, 'hubspot', (connector) => ({ ...connector, type: 'Source' })),
  },
  {
    name: 'connectors-type-destination',
    sentence: 'Targets are called destination.',
    clause: VALID,
    origin: 'one\'s own vocabulary',
    apply: (partner) => {
      partner.connectors = partner.connectors.map((connector) =>
        (connector.type === 'target' ? { ...connector, type: 'destination' } : connector));
    },
  },
  {
    name: 'connectors-name-empty',
    sentence: 'The last connector of the last page has an empty name.',
    clause: VALID,
    origin: 'missing translation',
    apply: (partner) => changeOne(partner, 'zendesk', (connector) => ({ ...connector, name: '' })),
  },
  {
    name: 'connectors-name-missing',
    sentence: 'A connector on the third page has no name.',
    clause: VALID,
    origin: 'LEFT JOIN with an empty right side, nulls dropped',
    apply: (partner) => changeOne(partner, 'mysql', ({ name: _name, ...connector }) => connector),
  },
  {
    name: 'connectors-identifier-unknown',
    level: 'should',
    sentence: 'One connector has an identifier outside the official list.',
    clause: 'Ruling 15: connector identifiers outside the official list are an advisory.',
    origin: 'own slugs',
    apply: (partner) => changeOne(partner, 'snowflake', (connector) => ({ ...connector, identifier: 'snowflake-cloud-v2' })),
  },
  {
    name: 'connectors-third-page-crashes',
    sentence: 'The third page is a 500.',
    clause: 'P900: all pages of the connector list → 200.',
    origin: 'a row that the serializer cannot handle',
    apply: (partner) => around(partner, 'connectorStart', (next, token) => {
      const start = next(token);
      if (start === 2 * partner.pageSize) throw new Error('serializer: unexpected null');
      return start;
    }),
  },
].map((defect) => ({ config: INGEST, ...defect }));
