// What goes wrong on purpose: a Problem becomes an ErrorResponse of the contract. Any other exception becomes a 500.

export class Problem extends Error {
  constructor(status, reason, { display, debug } = {}) {
    super(debug ?? reason);
    Object.assign(this, { status, reason, display, debug });
  }
}

export const badRequest = (debug) => new Problem(400, 'bad_request', { debug });
export const unauthorized = () => new Problem(401, 'unauthorized', { debug: 'The credentials are missing or wrong.' });
export const connectionNotFound = () =>
  new Problem(404, 'connection_not_found', { display: 'This connection does not exist any more. Please connect again.' });
export const accountNotFound = () =>
  new Problem(404, 'account_not_found', { display: 'We found no account for you. Please ask your administrator.' });
export const generalError = (debug) =>
  new Problem(500, 'general_error', { display: 'Something went wrong on our side. Please try again later.', debug });
