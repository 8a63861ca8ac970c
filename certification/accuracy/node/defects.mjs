// The catalogue of defects. Each entry changes the correct partner in exactly one way; `level` is "must" unless it says
// "should", which stands only where the contract makes the matter advice.

import accounts from './defects/accounts.mjs';
import answers from './defects/answers.mjs';
import authentication from './defects/authentication.mjs';
import concurrency from './defects/concurrency.mjs';
import connections from './defects/connections.mjs';
import deletion from './defects/deletion.mjs';
import demo from './defects/demo.mjs';
import errors from './defects/errors.mjs';
import identity from './defects/identity.mjs';
import listing from './defects/listing.mjs';
import newcomers from './defects/newcomers.mjs';
import numbers from './defects/numbers.mjs';
import redirects from './defects/redirects.mjs';
import secrets from './defects/secrets.mjs';
import testing from './defects/testing.mjs';
import trials from './defects/trials.mjs';
import validators from './defects/validators.mjs';

const FAMILIES = {
  'delete-account': accounts, 'connection answer': answers, authentication, concurrency, 'connection identity': connections,
  'delete-connection': deletion, demo, 'errors and headers': errors, 'user and company identity': identity,
  connectors: listing, 'sign-in and newcomers': newcomers, 'int64 numbers': numbers, redirects, 'secrets and OAuth': secrets,
  'test-connection': testing, 'trials and expiry': trials, validators,
};

export const DEFECTS = Object.entries(FAMILIES).flatMap(([family, entries]) => entries.map((entry) => ({ family, ...entry })));
