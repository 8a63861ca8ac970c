// Expiry: who is expired, for how long, and what the answers say about it.

import { around, changeAnswer, domainOf, isFirstConnect, isSignIn } from '../core/seams.mjs';
import { generalError } from '../core/problem.mjs';

const ACCOUNT = { trial_type: 'account' };
const SIGN_IN = 'Trials: an expired user who signs in gets account_status expired and redirect_value purchase_product.';
const USER_TRIAL = 'trial_type user: expiring one user leaves the account\'s other users active.';
const ACCOUNT_TRIAL = 'trial_type account: all of the account\'s users are expired.';
const RULING_24 = 'Ruling 24: a first connect after expiry has account_status expired.';

export default [
  {
    name: 'user-trial-expires-everybody',
    sentence: 'Although trials are per user, expiring one user expires the colleagues.',
    clause: USER_TRIAL,
    origin: 'trial_ends_at on the organisation row',
    apply: (partner) => { partner.expire = (user) => { partner.companies.get(user.company).expired = true; }; },
  },
  {
    name: 'user-trial-expires-new-colleagues',
    sentence: 'Expiring one user leaves known colleagues active, but a colleague who comes afterwards is expired.',
    clause: USER_TRIAL,
    origin: 'new members inherit the trial of the first user',
    apply(partner) {
      const hasExpiredMember = (key) => [...partner.users.values()].some((other) => other.company === key && other.expired);
      around(partner, 'hasExpired', (next, user, company) => next(user, company) || (!user && company !== undefined && hasExpiredMember(company.key)));
      around(partner, 'enrol', (next, body, ...rest) => {
        const known = partner.users.has(partner.userKey(body.user_info.email));
        const user = next(body, ...rest);
        if (!known) user.expired = hasExpiredMember(user.company);
        return user;
      });
    },
  },
  {
    name: 'account-trial-expires-one-user',
    config: ACCOUNT,
    sentence: 'Although trials are per account, only the named user is expired.',
    clause: ACCOUNT_TRIAL,
    origin: 'UPDATE users instead of UPDATE accounts',
    apply: (partner) => { partner.expire = (user) => { user.expired = true; }; },
  },
  {
    name: 'account-trial-spares-known-colleagues',
    config: ACCOUNT,
    sentence: 'Expiring an account expires the named user and newcomers, but not colleagues who are known already.',
    clause: ACCOUNT_TRIAL,
    origin: 'status copied to the user at creation, never refreshed',
    apply(partner) {
      around(partner, 'expire', (next, user, body) => {
        for (const other of partner.users.values()) {
          if (other.company === user.company && other !== user) other.spared = true;
        }
        user.spared = false;
        return next(user, body);
      });
      around(partner, 'hasExpired', (next, user, company) => !user?.spared && next(user, company));
    },
  },
  {
    name: 'expired-user-sent-to-sign-in',
    sentence: 'An expired user who signs in gets account_status expired but redirect_value sign_in.',
    clause: SIGN_IN,
    origin: 'redirect computed before the trial check',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body) && json.account_status === 'expired') json.redirect_value = 'sign_in';
    }),
  },
  {
    name: 'expiry-unseen-on-sign-in',
    sentence: 'An expired user is expired on a first connect but active on a sign-in.',
    clause: SIGN_IN,
    origin: 'check in one of two code paths',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body) && json.account_status === 'expired') Object.assign(json, { account_status: 'active', redirect_value: 'sign_in' });
    }),
  },
  {
    name: 'expiry-unseen-on-first-connect',
    sentence: 'An expired user is expired on a sign-in but active on a first connect.',
    clause: RULING_24,
    origin: 'check in one of two code paths',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isFirstConnect(body) && json.account_status === 'expired') Object.assign(json, { account_status: 'active', redirect_value: 'sign_in' });
    }),
  },
  {
    name: 'first-connect-renews-trial',
    sentence: 'The first connect after expiry says expired, but it starts a new trial: the sign-in after it is active.',
    clause: SIGN_IN,
    origin: 'upsert writes default trial_ends_at again',
    apply: (partner) => around(partner, 'firstConnect', (next, body) => {
      const reply = next(body);
      partner.users.get(partner.userKey(body.user_info.email)).expired = false;
      return reply;
    }),
  },
  {
    name: 'expiry-told-only-once',
    sentence: 'The second sign-in of an expired user is active again.',
    clause: SIGN_IN,
    origin: 'flash message / pop() on the flag',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      const reply = next(body);
      const user = partner.users.get(partner.userKey(body.user_info.email));
      if (user) user.expired = false;
      return reply;
    }),
  },
  {
    name: 'expiry-kept-on-one-connection',
    sentence: 'Expiry is stored on the connection of the named workspace, so in his other workspace the expired user is active.',
    clause: SIGN_IN,
    origin: 'trial columns on the workspace table',
    apply(partner) {
      const expiredIn = new Map();
      around(partner, 'expire', (next, user, body) => {
        expiredIn.set(user, body.databricks_organization_id);
        return next(user, body);
      });
      changeAnswer(partner, 'connect', (json, body) => {
        const user = partner.users.get(partner.userKey(body.user_info.email));
        if (isSignIn(body) && expiredIn.has(user) && expiredIn.get(user) !== body.workspace_id) {
          Object.assign(json, { account_status: 'active', redirect_value: 'sign_in' });
        }
      });
    },
  },
  {
    name: 'expire-finds-user-by-number',
    sentence: 'expire-account finds the user by databricks_user_id without the cloud, so it expires the namesake in another cloud who connected last.',
    clause: 'databricks_user_id is unique within a cloud; expire-account acts on the named user.',
    origin: 'lookup key lacks a part',
    apply(partner) {
      const lastWithNumber = new Map();
      around(partner, 'enrol', (next, body, ...rest) => {
        const user = next(body, ...rest);
        lastWithNumber.set(body.user_info.databricks_user_id, user);
        return user;
      });
      around(partner, 'expire', (next, user, body) => next(lastWithNumber.get(body.databricks_user_id) ?? user, body));
    },
  },
  {
    name: 'expire-twice-crashes',
    sentence: 'Expiring a user who is expired already is a 500.',
    clause: 'expire account: 200; the request is well formed and the user exists.',
    origin: 'state machine (aasm) refuses the transition',
    apply: (partner) => around(partner, 'expire', (next, user, body) => {
      if (user.expired) throw generalError('invalid transition');
      return next(user, body);
    }),
  },
  {
    name: 'expired-user-loses-connection',
    sentence: 'Expiring a user deletes his connections, so his sign-in is 404.',
    clause: SIGN_IN,
    origin: 'trial-end job revokes the resources',
    apply: (partner) => around(partner, 'expire', (next, user, body) => {
      const owned = [...partner.connections.values()].filter((one) => one.owner === partner.userKey(user.email));
      owned.forEach((one) => partner.close(one));
      return next(user, body);
    }),
  },
  {
    name: 'demo-shows-expiry',
    sentence: 'A demo by an expired user says account_status expired.',
    clause: 'demo true: always create_trial, new, new, however often the same user comes back.',
    origin: 'trial check before the demo switch',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      const { user, company } = partner.standing(body);
      if (isFirstConnect(body) && body.demo && partner.hasExpired(user, company)) json.account_status = 'expired';
    }),
  },
  {
    name: 'expiry-survives-account-deletion',
    sentence: 'After expire-account and delete-account, the user\'s next first connect is expired instead of new.',
    clause: 'delete-account removes all users and connections of that domain; then a first connect is new, new, create_trial.',
    origin: 'soft delete restored by e-mail, columns and all',
    apply(partner) {
      const everExpired = new Set();
      around(partner, 'expire', (next, user, body) => {
        everExpired.add(partner.userKey(user.email));
        return next(user, body);
      });
      around(partner, 'firstConnect', (next, body) => {
        const key = partner.userKey(body.user_info.email);
        const returning = everExpired.has(key) && !partner.users.has(key);
        const reply = next(body);
        if (returning) {
          partner.users.get(key).expired = true;
          Object.assign(reply.json, { account_status: 'expired', redirect_value: 'purchase_product' });
        }
        return reply;
      });
    },
  },
  {
    name: 'expire-accepts-lookalike-domain',
    sentence: 'expire-account accepts domains that only end like a test domain, such as evil-databricks-test.com.',
    clause: 'expire-account acts only on the test domains and answers 400 bad_request for any other domain.',
    origin: 'endsWith without the dot',
    apply: (partner) => around(partner, 'isTestDomain', (next, domain, operation) =>
      next(domain, operation) || (operation === 'expireAccount' && /databricks-(test|demo)\.com$/.test(domain))),
  },
  {
    name: 'expire-acts-on-any-domain',
    sentence: 'expire-account expires users of any domain.',
    clause: 'expire-account acts only on the test domains and answers 400 bad_request for any other domain.',
    origin: 'guard written for delete-account only',
    apply: (partner) => around(partner, 'isTestDomain', (next, domain, operation) => operation === 'expireAccount' || next(domain, operation)),
  },
  {
    name: 'expire-refusal-expires',
    sentence: 'expire-account answers 400 for a real domain, but the user is expired all the same.',
    clause: 'The hooks act only on the test domains.',
    origin: 'validation result checked after the update',
    apply: (partner) => around(partner, 'expireAccount', (next, body) => {
      const user = partner.users.get(partner.userKey(body.email));
      if (user && !partner.isTestDomain(domainOf(body.email), 'expireAccount')) partner.expire(user, body);
      return next(body);
    }),
  },
  {
    name: 'expire-refuses-azure',
    sentence: 'expire-account with cloud_provider azure is refused with 400.',
    clause: 'AccountUserInfo: cloud_provider is aws, azure or gcp.',
    origin: 'an older enum in one request class',
    apply: (partner) => around(partner, 'check', (next, operation, body, request) =>
      next(operation, operation === 'expireAccount' && body.cloud_provider === 'azure' ? { ...body, cloud_provider: undefined } : body, request)),
  },
];
