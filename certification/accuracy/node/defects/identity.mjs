// Who is the same person and who is the same company.

import { around, changeAnswer, domainOf, isNormalFirstConnect, isSignIn } from '../core/seams.mjs';

// The hooks work on whole test domains; they stay exact so that only ordinary companies get confused.
const isTestDomain = (domain) => /(^|\.)databricks-(test|demo)\.com$/.test(domain);

const groupCompaniesBy = (partner, keyOf) => around(partner, 'companyKey', (next, email) => {
  const domain = domainOf(email);
  return isTestDomain(domain) ? next(email) : keyOf(domain);
});

export default [
  {
    name: 'company-is-last-two-labels',
    sentence: 'The company is the last two labels of the domain, so every company under co.uk or com.au is one and the same.',
    clause: 'Ruling 27: that companies of quite different domains are one is a failure.',
    origin: 'domain.split(".").slice(-2) without the public suffix list',
    apply: (partner) => groupCompaniesBy(partner, (domain) => domain.split('.').slice(-2).join('.')),
  },
  {
    name: 'company-without-last-label',
    level: 'should',
    sentence: 'The company is the domain without its last label, so acme.com and acme.org are one company.',
    clause: 'Ruling 27: companies whose domains differ only in the last labels being one is advice with a security mark.',
    origin: 'company name guessed from the domain',
    apply: (partner) => groupCompaniesBy(partner, (domain) => domain.split('.').slice(0, -1).join('.')),
  },
  {
    name: 'company-is-first-label',
    sentence: 'The company is the first label of the domain, so mail.acme.com and mail.globex.net are one company.',
    clause: 'Ruling 27: that companies of quite different domains are one is a failure.',
    origin: 'domain.split(".")[0] as tenant slug',
    apply: (partner) => groupCompaniesBy(partner, (domain) => domain.split('.')[0]),
  },
  {
    name: 'company-cut-at-20-characters',
    sentence: 'The company\'s domain is cut at 20 characters, so long domains that begin alike are one company.',
    clause: 'Ruling 27: that companies of quite different domains are one is a failure; ruling 14.',
    origin: 'MySQL without strict mode, VARCHAR(20)',
    apply: (partner) => groupCompaniesBy(partner, (domain) => domain.slice(0, 20)),
  },
  {
    name: 'company-slug-drops-digits',
    sentence: 'The company key is a slug of letters only, so team1.example and team2.example are one company.',
    clause: 'Ruling 27: that companies of quite different domains are one is a failure; ruling 14.',
    origin: 'parameterize/slugify as unique key',
    apply: (partner) => groupCompaniesBy(partner, (domain) => domain.replace(/[^\p{L}]/gu, '')),
  },
  {
    name: 'plus-alias-is-same-user',
    sentence: 'Plus tags are cut from addresses, so anna+a@x and anna+b@x are one user and the second is called existing.',
    clause: 'user_status: has the partner seen this user; ruling 14.',
    origin: 'e-mail normalisation (normalize-email, Laravel) on the account key',
    apply: (partner) => around(partner, 'userKey', (next, email) => next(email).replace(/\+[^@]*@/, '@')),
  },
  {
    name: 'dots-in-local-part-ignored',
    sentence: 'Dots in the local part are ignored for every domain, so j.doe@x and jdoe@x are one user.',
    clause: 'user_status: has the partner seen this user; ruling 14.',
    origin: 'validator.js normalizeEmail gmail rule applied to all domains',
    apply: (partner) => around(partner, 'userKey', (next, email) => {
      const key = next(email);
      const at = key.lastIndexOf('@');
      return key.slice(0, at).replaceAll('.', '') + key.slice(at);
    }),
  },
  {
    name: 'user-is-local-part',
    sentence: 'On a first connect users are recognised by the part before the @, so the same name at another company is called existing.',
    clause: 'Ruling 14: for a brand-new user and company existing is a failure.',
    origin: 'username column filled from the e-mail\'s local part',
    apply(partner) {
      const localParts = new Set();
      around(partner, 'standing', (next, body) => {
        const standing = next(body);
        const namesake = localParts.has(body.user_info.email.split('@')[0]);
        return namesake && !standing.user ? { ...standing, user: { expired: false } } : standing;
      });
      around(partner, 'enrol', (next, body, ...rest) => {
        localParts.add(body.user_info.email.split('@')[0]);
        return next(body, ...rest);
      });
    },
  },
  {
    name: 'email-cut-at-40-characters',
    sentence: 'Addresses are stored in 40 characters, so two long addresses that begin alike are one user.',
    clause: 'Ruling 14: a brand-new user is not existing; email is any valid address.',
    origin: 'silent truncation to VARCHAR(40)',
    apply: (partner) => around(partner, 'userKey', (next, email) => next(email).slice(0, 40)),
  },
  {
    name: 'colleague-first-connect-existing',
    sentence: 'A new user of a known company who connects first is called existing.',
    clause: 'Scenario table: new user, existing account → user_status new.',
    origin: 'findFirst by account id instead of user id',
    apply: (partner) => around(partner, 'judge', (next, { user, company }) => next({ user: user ?? company, company })),
  },
  {
    name: 'other-workspace-user-new-again',
    sentence: 'A known user who connects from a second workspace is called new in a new account.',
    clause: 'Scenario table: existing user, existing account → existing, active, sign_in.',
    origin: 'users unique per workspace (composite key with one part too many)',
    apply(partner) {
      const seen = new Set();
      const where = (body) => `${partner.userKey(body.user_info.email)} ${body.workspace_id}`;
      around(partner, 'standing', (next, body) => {
        const standing = next(body);
        return standing.user && !seen.has(where(body)) ? {} : standing;
      });
      around(partner, 'enrol', (next, body, ...rest) => {
        seen.add(where(body));
        return next(body, ...rest);
      });
    },
  },
  {
    name: 'sign-in-calls-known-user-new',
    level: 'should',
    sentence: 'The user who connected is called new when he signs in.',
    clause: 'Ruling 11: a known user called new on sign-in is an advisory.',
    origin: 'status computed before the upsert',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body) && json.user_status === 'existing') json.user_status = 'new';
    }),
  },
  {
    name: 'account-status-existing',
    sentence: 'A first connect of a known account says account_status "existing".',
    clause: 'Ruling 5: account_status existing is an error; the enum is certified.',
    origin: 'enum copied from the prose example',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isNormalFirstConnect(body) && json.account_status === 'active') json.account_status = 'existing';
    }),
  },
];
