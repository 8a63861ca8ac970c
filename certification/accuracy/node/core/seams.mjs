// How a catalogue entry changes the correct partner: it wraps one of the partner's methods and leaves the rest alone.

import { badRequest, generalError } from './problem.mjs';

/** `wrapper` gets the method as it was, then the arguments of the call. */
export function around(partner, method, wrapper) {
  const inner = partner[method].bind(partner);
  partner[method] = (...args) => wrapper(inner, ...args);
}

/** Wraps one operation's handler: `wrapper(next, body, request)`. */
export function aroundOperation(partner, operation, wrapper) {
  around(partner, 'operate', (next, name, body, request) =>
    name === operation ? wrapper(() => next(name, body, request), body, request) : next(name, body, request));
}

/** Refuses well-formed requests for which `condition(body, request)` holds. */
export function refuseWhen(partner, operation, condition, problem = () => badRequest('validation failed')) {
  aroundOperation(partner, operation, (next, body, request) => {
    if (condition(body, request)) throw problem();
    return next();
  });
}

/** The same with the 500 that an unhandled exception of a handler or a database driver becomes. */
export const crashWhen = (partner, operation, condition) =>
  refuseWhen(partner, operation, condition, () => generalError('internal error'));

/** Changes a successful answer in place: `change(json, body, reply, request)`. */
export function changeAnswer(partner, operation, change) {
  aroundOperation(partner, operation, async (next, body, request) => {
    const reply = await next();
    change(reply.json, body, reply, request);
    return reply;
  });
}

/** Changes the answer to a failed request: `change(reply, problem, request)` may return another reply. */
export function changeFailure(partner, change) {
  around(partner, 'failure', (next, problem, request) => {
    const reply = next(problem, request);
    return change(reply, problem, request) ?? reply;
  });
}

export const isSignIn = (body) => body.user_info.is_connection_established;
export const isFirstConnect = (body) => !isSignIn(body);
export const isNormalFirstConnect = (body) => isFirstConnect(body) && !body.demo;
export const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
export const domainOf = (email) => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
