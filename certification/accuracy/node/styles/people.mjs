// Users, companies, newcomers, trials and the hooks, as the rulings leave them open.

import { around, changeAnswer, domainOf, isFirstConnect, isNormalFirstConnect, isSignIn, refuseWhen } from '../core/seams.mjs';
import { connectionNotFound } from '../core/problem.mjs';

const RULING_14 = 'Ruling 14: for a brand-new user and company not_applicable is fine.';
const RULING_17 = 'Ruling 17: what the same domain has in other workspaces or clouds may stay or go.';
const RULING_24 = 'Ruling 24: purchase_product or create_trial, configured or not, account_status expired.';
const RULING_27 = 'Ruling 27: who is a company is the partner\'s business.';
const EITHER = 'Scenario table: new user, existing account → sign_in, contact_admin or create_trial; id and configured_resources either way.';
const BODY_IGNORED = 'delete account and expire account: 200, body empty or ignored.';
const MANUAL = { require_manual_signup: true };

const MAIL_PROVIDERS = ['gmail.com', 'outlook.com', 'yahoo.com', 'hotmail.com', 'icloud.com', 'proton.me'];
// Enough of the public suffix list for the second-level suffixes that a test is likely to use.
const SECOND_LEVEL = /(?:^|\.)((?:co|com|org|net|ac|gov|edu)\.[a-z]{2})$/;
const TEST_DOMAIN = /(^|\.)databricks-(test|demo)\.com$/;

/** A connection that is promised to nobody: the answer says that nothing was kept. */
const keepNothing = (partner, json) => {
  partner.connections.delete(json.connection_id);
  delete json.connection_id;
  json.configured_resources = false;
};

/** Another scenario, and the page that belongs to it. */
const switchTo = (json, value) => {
  json.redirect_uri = json.redirect_uri.replace(`/portal/${json.redirect_value}`, `/portal/${value}`);
  json.redirect_value = value;
};

const onColleague = (change) => (partner) => changeAnswer(partner, 'connect', (json, body) => {
  if (isNormalFirstConnect(body) && json.user_status === 'new' && json.account_status === 'active') change(partner, json);
});

const onExpiredFirstConnect = (change) => (partner) => changeAnswer(partner, 'connect', (json, body) => {
  if (isFirstConnect(body) && json.account_status === 'expired') change(partner, json);
});

const hookAnswers = (reply) => (partner) => {
  for (const operation of ['deleteAccount', 'expireAccount']) {
    around(partner, operation, (next, body) => ({ ...next(body), ...reply }));
  }
};

export default [
  {
    name: 'new-is-not-applicable',
    sentence: 'A brand-new user of a brand-new company has user_status and account_status not_applicable.',
    why_conformant: `${RULING_14} (a demo still says new, new)`,
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isNormalFirstConnect(body) && json.user_status === 'new' && json.account_status === 'new') {
        Object.assign(json, { user_status: 'not_applicable', account_status: 'not_applicable' });
      }
    }),
  },
  {
    name: 'new-account-not-applicable',
    sentence: 'The partner has no notion of accounts: a brand-new company is account_status not_applicable, the user new.',
    why_conformant: RULING_14,
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isNormalFirstConnect(body) && json.account_status === 'new') json.account_status = 'not_applicable';
    }),
  },
  {
    name: 'colleague-contact-admin-nothing-kept',
    sentence: 'A new user of a known company who connects first is sent to contact_admin and nothing is configured.',
    why_conformant: EITHER,
    apply: onColleague((partner, json) => {
      switchTo(json, 'contact_admin');
      keepNothing(partner, json);
    }),
  },
  {
    name: 'colleague-create-trial',
    sentence: 'A new user of a known company who connects first gets create_trial.',
    why_conformant: EITHER,
    apply: onColleague((_partner, json) => switchTo(json, 'create_trial')),
  },
  {
    name: 'added-user-create-trial',
    sentence: 'A user who is added on sign-in gets create_trial.',
    why_conformant: 'Table "New users on an established connection": auto_add → sign_in (create_trial also accepted).',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => {
      if (isSignIn(body) && json.user_status === 'new' && json.account_status === 'active') switchTo(json, 'create_trial');
    }),
  },
  {
    name: 'invite-account-not-applicable',
    config: { new_user_action: 'invite' },
    sentence: 'An invited user\'s account_status is not_applicable as well.',
    why_conformant: 'Table "New users on an established connection": invite says user_status not_applicable and contact_admin, nothing about account_status.',
    apply: (partner) => changeAnswer(partner, 'connect', (json) => {
      if (json.redirect_value === 'contact_admin') json.account_status = 'not_applicable';
    }),
  },
  {
    name: 'invite-plain',
    config: { new_user_action: 'invite' },
    sentence: 'new_user_action invite, done by the book: an invited user stays a newcomer until the administrator acts.',
    why_conformant: 'Table "New users on an established connection".',
    apply: () => {},
  },
  {
    name: 'not-found-plain',
    config: { new_user_action: 'not_found', trial_type: 'account' },
    sentence: 'new_user_action not_found with trials per account, done by the book.',
    why_conformant: 'Table "New users on an established connection"; trial_type account.',
    apply: () => {},
  },
  {
    name: 'expired-first-connect-create-trial',
    sentence: 'A first connect after expiry gets create_trial and keeps nothing.',
    why_conformant: RULING_24,
    apply: onExpiredFirstConnect((partner, json) => {
      switchTo(json, 'create_trial');
      keepNothing(partner, json);
    }),
  },
  {
    name: 'expired-first-connect-keeps-nothing',
    config: { trial_type: 'account' },
    sentence: 'A first connect after expiry gets purchase_product and keeps nothing; trials are per account.',
    why_conformant: RULING_24,
    apply: onExpiredFirstConnect(keepNothing),
  },
  {
    name: 'mail-provider-users-are-companies',
    sentence: 'With public mail providers every user is a company of his own.',
    why_conformant: RULING_27,
    apply: (partner) => around(partner, 'companyKey', (next, email) =>
      (MAIL_PROVIDERS.includes(domainOf(email)) ? email.toLowerCase() : next(email))),
  },
  {
    name: 'company-is-registrable-domain',
    sentence: 'Sub-domains of one registrable domain are one company (eu.acme.co.uk and acme.co.uk), the test domains apart.',
    why_conformant: `${RULING_27} A failure are only companies of quite different domains that are one.`,
    apply: (partner) => around(partner, 'companyKey', (next, email) => {
      const domain = next(email);
      const labels = SECOND_LEVEL.test(domain) ? 3 : 2;
      return TEST_DOMAIN.test(domain) ? domain : domain.split('.').slice(-labels).join('.');
    }),
  },
  {
    name: 'test-subdomains-refused',
    sentence: 'The hooks accept the two test domains exactly; sub-domains are 400.',
    why_conformant: 'Ruling 12: accepting sub-domains is allowed and recommended, not required.',
    apply: (partner) => around(partner, 'isTestDomain', (next, domain, operation) => next(domain, operation) && domain.split('.').length === 2),
  },
  {
    name: 'delete-account-narrow',
    sentence: 'delete-account removes only what the domain has in the named cloud and workspace; users with connections elsewhere stay.',
    why_conformant: `${RULING_17} (the prose: by domain, cloud and workspace)`,
    apply: (partner) => around(partner, 'eraseAccount', (next, domain, users, connections, body) => {
      const isHere = (one) => one.workspace === body.databricks_organization_id && one.cloud === body.cloud_provider;
      const elsewhere = connections.filter((one) => !isHere(one));
      const company = partner.companies.get(domain);
      next(domain, users.filter((key) => !elsewhere.some((one) => one.owner === key)), connections.filter(isHere), body);
      if (company && elsewhere.length > 0) partner.companies.set(domain, company);
    }),
  },
  {
    name: 'delete-account-unknown-is-done',
    sentence: 'delete-account of a test domain that nobody has used answers 200.',
    why_conformant: 'All users and connections of that domain are gone, none there were; the contract does not ask for a 404.',
    apply: (partner) => around(partner, 'deleteAccount', (next, body) => {
      try {
        return next(body);
      } catch (problem) {
        if (problem.reason === 'account_not_found') return { status: 200 };
        throw problem;
      }
    }),
  },
  {
    name: 'hooks-answer-text',
    sentence: 'delete-account and expire-account answer the plain text OK.',
    why_conformant: BODY_IGNORED,
    apply: hookAnswers({ text: 'OK', headers: { 'Content-Type': 'text/plain' } }),
  },
  {
    name: 'hooks-answer-html',
    sentence: 'delete-account and expire-account answer an HTML page.',
    why_conformant: BODY_IGNORED,
    apply: hookAnswers({ text: '<p>done</p>', headers: { 'Content-Type': 'text/html' } }),
  },
  {
    name: 'hooks-answer-json',
    sentence: 'delete-account and expire-account answer a JSON object.',
    why_conformant: BODY_IGNORED,
    apply: hookAnswers({ json: { done: true } }),
  },
  {
    name: 'manual-sign-up-plain',
    config: MANUAL,
    sentence: 'Sign-up is manual: until then sign-ins are 404 account_not_found.',
    why_conformant: 'Manual sign-up: 404 account_not_found or connection_not_found.',
    apply: () => {},
  },
  {
    name: 'manual-sign-up-connection-not-found',
    config: MANUAL,
    sentence: 'Sign-up is manual: until then sign-ins are 404 connection_not_found.',
    why_conformant: 'Manual sign-up: 404 account_not_found or connection_not_found.',
    apply: (partner) => around(partner, 'signIn', (next, body) => {
      try {
        return next(body);
      } catch (problem) {
        throw problem.reason === 'account_not_found' ? connectionNotFound() : problem;
      }
    }),
  },
  {
    name: 'user-id-must-match-within-cloud',
    sentence: 'Within a cloud one e-mail address has one databricks_user_id; a first connect that contradicts this is 400.',
    why_conformant: 'databricks_user_id is unique within a cloud, and a user has one e-mail address; Databricks never says otherwise.',
    apply(partner) {
      const ids = new Map();
      refuseWhen(partner, 'connect', (body) => {
        const key = `${partner.userKey(body.user_info.email)} ${body.cloud_provider}`;
        const known = ids.get(key) ?? body.user_info.databricks_user_id;
        ids.set(key, known);
        return known !== body.user_info.databricks_user_id;
      });
    },
  },
];
