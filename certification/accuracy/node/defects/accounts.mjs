// delete-account: which domains, how much of them, and what is left over.

import { around, aroundOperation, domainOf, refuseWhen } from '../core/seams.mjs';
import { accountNotFound, badRequest, connectionNotFound, generalError } from '../core/problem.mjs';

const ONLY_TEST = 'delete-account acts only on the test domains and answers 400 bad_request for any other domain.';
const ALL_OF_IT = 'delete-account removes all users and connections of that domain; ruling 17: the named workspace\'s own are gone.';
const OTHERS = 'Ruling 17: other domains are never touched.';

const alsoAccept = (partner, operation, accepts) => around(partner, 'isTestDomain', (next, domain, asking) =>
  next(domain, asking) || (asking === operation && accepts(domain)));

const erasing = (partner, wrapper) => around(partner, 'eraseAccount', wrapper);

export default [
  {
    name: 'delete-account-suffix-without-dot',
    sentence: 'delete-account accepts domains that only end like a test domain, such as evil-databricks-test.com.',
    clause: ONLY_TEST,
    origin: 'endsWith without the dot',
    apply: (partner) => alsoAccept(partner, 'deleteAccount', (domain) => /databricks-(test|demo)\.com$/.test(domain)),
  },
  {
    name: 'delete-account-contains-test-domain',
    sentence: 'delete-account accepts domains that contain a test domain, such as databricks-test.com.acme.example.',
    clause: ONLY_TEST,
    origin: 'includes() / SQL LIKE %…%',
    apply: (partner) => alsoAccept(partner, 'deleteAccount', (domain) => /databricks-(test|demo)\.com/.test(domain)),
  },
  {
    name: 'delete-account-unescaped-dot',
    sentence: 'delete-account takes the dot as any character, so databricks-testxcom (or databricks-test-com) is accepted.',
    clause: ONLY_TEST,
    origin: 'regex with an unescaped dot',
    apply: (partner) => alsoAccept(partner, 'deleteAccount', (domain) => /^databricks-(test|demo).com$/.test(domain)),
  },
  {
    name: 'delete-account-acts-on-any-domain',
    sentence: 'delete-account deletes accounts of any domain.',
    clause: ONLY_TEST,
    origin: 'guard behind an environment flag that is off',
    apply: (partner) => alsoAccept(partner, 'deleteAccount', () => true),
  },
  {
    name: 'delete-account-demo-domain-refused',
    sentence: 'delete-account refuses databricks-demo.com with 400.',
    clause: 'delete-account acts on the test domains databricks-test.com and databricks-demo.com.',
    origin: 'constant instead of a list',
    apply: (partner) => refuseWhen(partner, 'deleteAccount', (body) => /databricks-demo\.com$/i.test(body.domain)),
  },
  {
    name: 'expire-account-demo-domain-refused',
    sentence: 'expire-account refuses users of databricks-demo.com with 400.',
    clause: 'expire-account acts on the test domains databricks-test.com and databricks-demo.com.',
    origin: 'constant instead of a list',
    apply: (partner) => refuseWhen(partner, 'expireAccount', (body) => /databricks-demo\.com$/i.test(body.email)),
  },
  {
    name: 'delete-account-real-domain-404',
    sentence: 'delete-account of a domain that is no test domain answers 404 account_not_found.',
    clause: ONLY_TEST,
    origin: 'query with the domain filter in WHERE: no row',
    apply: (partner) => around(partner, 'deleteAccount', (next, body) => {
      if (!partner.isTestDomain(body.domain.toLowerCase(), 'deleteAccount')) throw accountNotFound();
      return next(body);
    }),
  },
  {
    name: 'delete-account-refusal-deletes',
    sentence: 'delete-account of a real domain answers 400, but the connections of the named workspace are gone.',
    clause: `${ONLY_TEST} P405: the connection still works.`,
    origin: 'before-hook runs ahead of the validation, no rollback',
    apply: (partner) => around(partner, 'deleteAccount', (next, body) => {
      if (!partner.isTestDomain(body.domain.toLowerCase(), 'deleteAccount')) {
        const hit = [...partner.connections.values()].filter((one) =>
          one.workspace === body.databricks_organization_id && one.company === body.domain.toLowerCase());
        hit.forEach((one) => partner.close(one));
      }
      return next(body);
    }),
  },
  {
    name: 'delete-account-keeps-users',
    sentence: 'delete-account removes the connections but not the users, so the next first connect says existing.',
    clause: ALL_OF_IT,
    origin: 'foreign key the wrong way round',
    apply: (partner) => erasing(partner, (_next, _domain, _users, connections) => connections.forEach((one) => partner.close(one))),
  },
  {
    name: 'delete-account-keeps-company',
    sentence: 'delete-account removes users and connections but not the company, so the next first connect says account_status active.',
    clause: 'Scenario table: new user, new account → new, new, create_trial; delete-account deletes the account.',
    origin: 'accounts table forgotten',
    apply: (partner) => erasing(partner, (next, domain, ...rest) => {
      const company = partner.companies.get(domain);
      next(domain, ...rest);
      if (company) partner.companies.set(domain, company);
    }),
  },
  {
    name: 'delete-account-keeps-connections',
    sentence: 'delete-account removes the users but not the connections, which go on signing in.',
    clause: `${ALL_OF_IT} P404: sign-in is 404 connection_not_found.`,
    origin: 'cascade configured in the ORM, delete done in SQL',
    apply: (partner) => erasing(partner, (next, domain, users, _connections, body) => next(domain, users, [], body)),
  },
  {
    name: 'delete-account-only-first-connection',
    sentence: 'delete-account removes only the oldest of the domain\'s connections; a colleague\'s in the same workspace still signs in.',
    clause: ALL_OF_IT,
    origin: 'findFirst / LIMIT 1',
    apply: (partner) => erasing(partner, (next, domain, users, connections, body) => next(domain, users, connections.slice(0, 1), body)),
  },
  {
    name: 'delete-account-crashes-on-several',
    sentence: 'delete-account is a 500 when the domain has more than one connection.',
    clause: ALL_OF_IT,
    origin: 'NonUniqueResultException, SingleOrDefault()',
    apply: (partner) => erasing(partner, (next, domain, users, connections, body) => {
      if (connections.length > 1) throw generalError('query did not return a unique result');
      return next(domain, users, connections, body);
    }),
  },
  {
    name: 'delete-account-takes-the-workspace',
    sentence: 'delete-account also removes other domains\' connections in the named workspace.',
    clause: OTHERS,
    origin: 'delete by workspace instead of by owner',
    apply: (partner) => erasing(partner, (next, domain, users, connections, body) => {
      const neighbours = [...partner.connections.values()].filter((one) =>
        one.workspace === body.databricks_organization_id && one.cloud === body.cloud_provider);
      return next(domain, users, [...new Set([...connections, ...neighbours])], body);
    }),
  },
  {
    name: 'delete-account-takes-subdomains',
    sentence: 'delete-account of databricks-test.com also removes users and connections of its subdomains\' companies.',
    clause: OTHERS,
    origin: 'LIKE \'%\' || domain',
    apply: (partner) => erasing(partner, (next, domain, users, connections, body) => {
      const below = [...partner.users].filter(([, user]) => domainOf(user.email).endsWith(`.${domain}`));
      const theirs = [...partner.connections.values()].filter((one) => one.company.endsWith(`.${domain}`));
      return next(domain, [...users, ...below.map(([key]) => key)], [...connections, ...theirs], body);
    }),
  },
  {
    name: 'delete-account-takes-both-test-domains',
    sentence: 'delete-account of one test domain also empties the other test domain.',
    clause: OTHERS,
    origin: 'clean-up script: delete everything marked is_test',
    apply: (partner) => erasing(partner, (next, domain, users, connections, body) => {
      const isTest = (other) => partner.isTestDomain(other, 'deleteAccount');
      const testers = [...partner.users].filter(([, user]) => isTest(domainOf(user.email)));
      const theirs = [...partner.connections.values()].filter((one) => isTest(one.company));
      return next(domain, [...users, ...testers.map(([key]) => key)], [...connections, ...theirs], body);
    }),
  },
  {
    name: 'delete-account-then-colleague-crashes',
    sentence: 'After delete-account a sign-in with the old connection id is a 500 instead of 404.',
    clause: 'P404: sign-in after delete-account is 404 connection_not_found.',
    origin: 'dangling row in a cache: account is null',
    apply(partner) {
      const dangling = new Set();
      erasing(partner, (next, domain, users, connections, body) => {
        connections.forEach((one) => dangling.add(one.id));
        return next(domain, users, connections, body);
      });
      around(partner, 'signIn', (next, body) => {
        if (dangling.has(body.connection_id)) throw generalError('account is null');
        return next(body);
      });
    },
  },
  {
    name: 'delete-account-blocks-the-domain',
    sentence: 'After delete-account the domain\'s first connects are refused with 404 account_not_found.',
    clause: 'P403: first connect, delete-account, first connect → valid new connection.',
    origin: 'tombstone for GDPR erasure',
    apply(partner) {
      const erased = new Set();
      erasing(partner, (next, domain, ...rest) => {
        erased.add(domain);
        return next(domain, ...rest);
      });
      refuseWhen(partner, 'connect', (body) =>
        !body.user_info.is_connection_established && erased.has(domainOf(body.user_info.email)), accountNotFound);
    },
  },
  {
    name: 'delete-account-body-not-read',
    sentence: 'delete-account does not read the body of a DELETE request and answers 400 to every call.',
    clause: 'delete account: DELETE with a JSON body, 200.',
    origin: 'koa-body, older body parsers and proxies drop DELETE bodies',
    apply: (partner) => aroundOperation(partner, 'deleteAccount', () => { throw badRequest('domain is missing'); }),
  },
  {
    name: 'delete-account-wrong-workspace-404',
    sentence: 'delete-account works only when it names the workspace in which the domain connected first; for its other workspaces it is 404.',
    clause: ALL_OF_IT,
    origin: 'account row stores the first workspace',
    apply(partner) {
      const firstWorkspace = new Map();
      around(partner, 'open', (next, body) => {
        const connection = next(body);
        if (!firstWorkspace.has(connection.company)) firstWorkspace.set(connection.company, connection.workspace);
        return connection;
      });
      erasing(partner, (next, domain, users, connections, body) => {
        if (firstWorkspace.has(domain) && firstWorkspace.get(domain) !== body.databricks_organization_id) throw connectionNotFound();
        firstWorkspace.delete(domain);
        return next(domain, users, connections, body);
      });
    },
  },
];
