// Malformed requests, the shape of errors, request and response headers.

import { around, changeAnswer, changeFailure, crashWhen, refuseWhen } from '../core/seams.mjs';
import { Problem, generalError } from '../core/problem.mjs';
import { htmlReply } from '../core/pages.mjs';

const SHAPE = 'Errors of every operation are always an ErrorResponse.';
const UNPARSABLE = 'Ruling 13: unparsable JSON must be refused with 400.';
const INCOMPLETE = 'Ruling 13: a missing field or a wrong type is 400 (2xx is advice); a 5xx or anything but an ErrorResponse is a failure.';
const JSON_TYPE = 'Every response with a JSON body carries Content-Type: application/json.';
const LANGUAGE = 'Accept-Language: any valid language tag may occur.';

const parseFailure = (partner, react) => around(partner, 'parse', (next, request) => {
  try {
    return next(request);
  } catch (problem) {
    return react(problem, request);
  }
});

const checkFailure = (partner, react) => around(partner, 'check', (next, operation, body, request) => {
  try {
    next(operation, body, request);
  } catch (problem) {
    react(problem, operation, body);
  }
});

/** Marks a problem so that its reply can be replaced. */
const withReply = (problem, reply) => Object.assign(problem, { reply });
const useMarkedReplies = (partner) => changeFailure(partner, (_reply, problem) => problem.reply);

export default [
  {
    name: 'bad-json-crashes',
    sentence: 'Unparsable JSON in a connect is a 500.',
    clause: UNPARSABLE,
    origin: 'SyntaxError without a handler; Rails ParseError before the rescue',
    apply: (partner) => parseFailure(partner, (problem, request) => { throw request.operation === 'connect' ? generalError('SyntaxError') : problem; }),
  },
  {
    name: 'bad-json-html',
    sentence: 'Unparsable JSON is a 400 with an HTML page.',
    clause: SHAPE,
    origin: 'Express default error handler',
    apply(partner) {
      useMarkedReplies(partner);
      parseFailure(partner, (problem) => { throw withReply(problem, htmlReply(400, 'Bad Request')); });
    },
  },
  {
    name: 'bad-json-in-deletion-accepted',
    sentence: 'delete-connection with unparsable JSON answers 200 deletion_acknowledged.',
    clause: UNPARSABLE,
    origin: 'PHP json_decode() returns null, Flask get_json(silent=True)',
    apply(partner) {
      parseFailure(partner, (problem, request) => {
        if (request.operation !== 'deleteConnection') throw problem;
        request.unparsable = true;
        return {};
      });
      around(partner, 'check', (next, operation, body, request) => { if (!request.unparsable) next(operation, body, request); });
      around(partner, 'operate', (next, operation, body, request) =>
        request.unparsable ? { status: 200, json: { resource_status: 'deletion_acknowledged' } } : next(operation, body, request));
    },
  },
  {
    name: 'missing-user-info-crashes',
    sentence: 'A connect without user_info is a 500.',
    clause: INCOMPLETE,
    origin: 'TypeError: cannot read properties of undefined',
    apply: (partner) => checkFailure(partner, (problem, operation, body) => {
      throw operation === 'connect' && body !== null && body.user_info === undefined ? generalError('TypeError') : problem;
    }),
  },
  {
    name: 'array-body-crashes',
    sentence: 'A JSON array as body is a 500.',
    clause: INCOMPLETE,
    origin: 'AttributeError: \'list\' object has no attribute \'get\'',
    apply: (partner) => checkFailure(partner, (problem, _operation, body) => { throw Array.isArray(body) ? generalError('AttributeError') : problem; }),
  },
  {
    name: 'id-as-text-crashes',
    sentence: 'A workspace_id that is a string is a 500.',
    clause: INCOMPLETE,
    origin: 'MethodArgumentTypeMismatch outside @Valid; BigInt("abc")',
    apply: (partner) => checkFailure(partner, (problem, operation, body) => {
      throw operation === 'connect' && typeof body?.workspace_id === 'string' ? generalError('invalid bigint') : problem;
    }),
  },
  {
    name: 'email-as-number-crashes',
    sentence: 'An e-mail address that is a number is a 500.',
    clause: INCOMPLETE,
    origin: 'email.toLowerCase is not a function',
    apply: (partner) => checkFailure(partner, (problem, operation, body) => {
      throw operation === 'connect' && typeof body?.user_info?.email === 'bigint' ? generalError('TypeError') : problem;
    }),
  },
  {
    name: 'delete-without-id-crashes',
    sentence: 'delete-connection without connection_id is a 500.',
    clause: INCOMPLETE,
    origin: 'undefined bind parameter',
    apply: (partner) => checkFailure(partner, (problem, operation, body) => {
      throw operation === 'deleteConnection' && body !== null && body.connection_id === undefined ? generalError('undefined parameter') : problem;
    }),
  },
  {
    name: 'validation-answers-422-detail',
    sentence: 'A missing field is answered with 422 and {"detail":[…]} instead of an ErrorResponse.',
    clause: INCOMPLETE,
    origin: 'FastAPI RequestValidationError',
    apply(partner) {
      useMarkedReplies(partner);
      checkFailure(partner, (problem) => {
        throw withReply(problem, { status: 422, json: { detail: [{ loc: ['body'], msg: problem.debug, type: 'missing' }] } });
      });
    },
  },
  {
    name: 'validation-answers-problem-details',
    sentence: 'A missing field is answered with 400 and application/problem+json without error_reason.',
    clause: INCOMPLETE,
    origin: 'ASP.NET ValidationProblemDetails',
    apply(partner) {
      useMarkedReplies(partner);
      checkFailure(partner, (problem) => {
        throw withReply(problem, {
          status: 400, headers: { 'Content-Type': 'application/problem+json' }, json: { title: 'One or more validation errors occurred.', status: 400 },
        });
      });
    },
  },
  {
    name: 'missing-fields-accepted',
    level: 'should',
    sentence: 'A connect without hostname, port or workspace_url is answered with 200.',
    clause: 'Ruling 13: a request that lacks a required field: 400 is right; a 2xx is an advisory.',
    origin: 'no validation at all',
    apply: (partner) => around(partner, 'check', (next, operation, body, request) => next(operation,
      operation === 'connect' && body?.user_info ? { hostname: '', port: 443n, workspace_url: '', ...body } : body, request)),
  },
  {
    name: 'error-reason-in-capitals',
    sentence: 'error_reason of a 404 is CONNECTION_NOT_FOUND.',
    clause: 'error_reason: unauthorized | bad_request | account_not_found | connection_not_found | general_error.',
    origin: 'Java enum serialised by name()',
    apply: (partner) => changeFailure(partner, (reply, problem) => {
      if (problem.status === 404) reply.json.error_reason = reply.json.error_reason.toUpperCase();
    }),
  },
  {
    name: 'unknown-connection-html',
    sentence: 'The 404 for an unknown connection is an HTML page.',
    clause: SHAPE,
    origin: 'Django Http404, Laravel ModelNotFoundException without Accept: application/json',
    apply: (partner) => changeFailure(partner, (_reply, problem, request) =>
      problem.status === 404 && request.operation === 'connect' ? htmlReply(404, 'Not Found') : undefined),
  },
  {
    name: 'errors-as-text-plain',
    sentence: 'Errors are JSON with Content-Type text/plain.',
    clause: JSON_TYPE,
    origin: 'http.Error / res.send(JSON.stringify(error))',
    apply: (partner) => changeFailure(partner, (reply) => { reply.headers = { ...reply.headers, 'Content-Type': 'text/plain; charset=utf-8' }; }),
  },
  {
    name: 'deletion-as-text-html',
    sentence: 'delete-connection answers its JSON with Content-Type text/html.',
    clause: JSON_TYPE,
    origin: 'PHP echo json_encode() without header()',
    apply: (partner) => changeAnswer(partner, 'deleteConnection', (_json, _body, reply) => { reply.headers = { 'Content-Type': 'text/html; charset=UTF-8' }; }),
  },
  {
    name: 'content-length-in-characters',
    sentence: 'A 404 addresses the user by name, and its Content-Length counts characters, so the JSON is cut off for names that are not ASCII.',
    clause: SHAPE,
    origin: 'Content-Length from str.length instead of Buffer.byteLength',
    apply(partner) {
      changeFailure(partner, (reply, problem, request) => {
        const name = request.body?.user_info?.first_name;
        if (problem.status === 404 && name) reply.json.display_message = `Sorry ${name}, this does not exist any more.`;
      });
      around(partner, 'render', (next, reply) => {
        const rendered = next(reply);
        return { ...rendered, payload: rendered.payload.subarray(0, rendered.payload.toString().length) };
      });
    },
  },
  {
    name: 'charset-parameter-refused',
    sentence: 'A request with Content-Type application/json; charset=utf-8 is refused with 400.',
    clause: 'application/json; charset=utf-8 and application/json both occur, both must be accepted.',
    origin: 'header === "application/json" (chalice, smithy: 415)',
    apply: (partner) => around(partner, 'parse', (next, request) => {
      if (/;/.test(request.headers['content-type'] ?? '')) throw new Problem(400, 'bad_request', { debug: 'unsupported media type' });
      return next(request);
    }),
  },
  {
    name: 'charset-parameter-demanded',
    sentence: 'delete-connection without a charset in Content-Type is refused with 400.',
    clause: 'application/json; charset=utf-8 and application/json both occur, both must be accepted.',
    origin: 'consumes = APPLICATION_JSON_UTF8_VALUE',
    apply: (partner) => refuseWhen(partner, 'deleteConnection', (_body, request) => !/charset/i.test(request.headers['content-type'] ?? '')),
  },
  {
    name: 'language-region-crashes',
    sentence: 'A connect with a language tag of more than language-REGION (zh-Hant-TW, es-419, sr-Latn) is a 500.',
    clause: LANGUAGE,
    origin: 'Jersey/next-intl: "not a valid language tag"',
    apply: (partner) => crashWhen(partner, 'connect', (_body, request) =>
      /-(\d{3}|[A-Z][a-z]{3})\b/.test(request.headers['accept-language'] ?? '')),
  },
  {
    name: 'language-not-translated-refused',
    sentence: 'delete-connection refuses languages other than English and a few large ones with 400.',
    clause: LANGUAGE,
    origin: '406 Not Acceptable from content negotiation',
    apply: (partner) => refuseWhen(partner, 'deleteConnection', (_body, request) =>
      !/^(en|de|fr|es|ja|pt)\b/i.test(request.headers['accept-language'] ?? 'en')),
  },
  {
    name: 'body-must-come-with-headers',
    level: 'should',
    sentence: 'A body that arrives in a later packet than its headers is not waited for.',
    clause: 'Ruling 25: a partner that fails on it gets advice.',
    origin: 'stream read once (logging middleware consumes what is there)',
    apply: (partner) => {
      partner.readBody = (incoming) => new Promise((resolve) => {
        const parts = [];
        incoming.on('data', (part) => parts.push(part));
        setTimeout(() => resolve(Buffer.concat(parts)), 15);
      });
    },
  },
];
