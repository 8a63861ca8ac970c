// The demo flag: always the new-trial flow, and no side effects on real users.

import { around, changeAnswer, isFirstConnect, isSignIn, refuseWhen } from '../core/seams.mjs';
import { connectionNotFound } from '../core/problem.mjs';

const ALWAYS_NEW = 'demo true: always create_trial, new, new, a fresh connection, however often the same user, account or workspace comes back.';
const VALID_SIGN_IN = 'P700: after the demo connect, a valid sign-in.';

const changeDemo = (partner, change) => around(partner, 'demoConnect', (next, body) => {
  const earlier = [...partner.connections.values()].filter((one) => one.demo);
  const reply = next(body);
  change(reply.json, body, earlier);
  return reply;
});

export default [
  {
    name: 'demo-repeated-is-existing',
    sentence: 'The second demo of the same user says user_status existing.',
    clause: ALWAYS_NEW,
    origin: 'user table not cleared between demos',
    apply: (partner) => changeDemo(partner, (json, body, earlier) => {
      if (earlier.some((one) => one.owner === partner.userKey(body.user_info.email))) json.user_status = 'existing';
    }),
  },
  {
    name: 'demo-of-colleague-is-active',
    sentence: 'The demo of a second user of the company says account_status active.',
    clause: ALWAYS_NEW,
    origin: 'demo switch in the user query only',
    apply: (partner) => changeDemo(partner, (json, body, earlier) => {
      const company = partner.companyKey(body.user_info.email);
      if (earlier.some((one) => one.company === company && one.owner !== partner.userKey(body.user_info.email))) json.account_status = 'active';
    }),
  },
  {
    name: 'demo-in-used-workspace-signs-in',
    sentence: 'A demo in a workspace that had one before gets redirect_value sign_in.',
    clause: ALWAYS_NEW,
    origin: 'page chosen by workspace',
    apply: (partner) => changeDemo(partner, (json, body, earlier) => {
      if (earlier.some((one) => one.workspace === body.workspace_id)) json.redirect_value = 'sign_in';
    }),
  },
  {
    name: 'demo-of-real-user-is-existing',
    sentence: 'A demo by a user who has a real connection says existing and active.',
    clause: ALWAYS_NEW,
    origin: 'demo flag read on creation only',
    apply: (partner) => changeDemo(partner, (json, body) => {
      if (partner.standing(body).user) Object.assign(json, { user_status: 'existing', account_status: 'active' });
    }),
  },
  {
    name: 'demo-reuses-connection',
    sentence: 'The second demo of the same user in the same workspace returns the first one\'s connection_id.',
    clause: ALWAYS_NEW,
    origin: 'findOrCreate',
    apply: (partner) => changeDemo(partner, (json, body, earlier) => {
      const same = earlier.find((one) => one.workspace === body.workspace_id && one.owner === partner.userKey(body.user_info.email));
      if (same) json.connection_id = same.id;
    }),
  },
  {
    name: 'demo-wipes-real-account',
    sentence: 'A demo resets the user: his real connections are gone.',
    clause: 'Table "What connect means": true and the connection → sign the user in; a demo is a fresh connection, no deletion.',
    origin: 'demo implemented as "reset, then sign up"',
    apply: (partner) => changeDemo(partner, (_json, body) => {
      const key = partner.userKey(body.user_info.email);
      const real = [...partner.connections.values()].filter((one) => !one.demo && one.owner === key);
      real.forEach((one) => partner.close(one));
      partner.users.delete(key);
    }),
  },
  {
    name: 'demo-sign-in-connects-again',
    sentence: 'A sign-in with demo true runs the first-connect flow and configures another connection.',
    clause: `${VALID_SIGN_IN} Ruling 10: configured_resources false.`,
    origin: 'demo branch in front of the established branch',
    apply: (partner) => around(partner, 'connect', (next, body) => (body.demo && isSignIn(body) ? partner.demoConnect(body) : next(body))),
  },
  {
    name: 'demo-user-unknown-at-sign-in',
    config: { new_user_action: 'not_found' },
    sentence: 'A demo does not remember its user, whose sign-in is then 404 account_not_found.',
    clause: VALID_SIGN_IN,
    origin: 'demo user kept in a rolled-back transaction',
    apply: (partner) => { partner.visit = () => {}; },
  },
  {
    name: 'demo-sticks-to-next-request',
    sentence: 'After a demo, the next first connect without demo, whosever it is, also says new, new, create_trial.',
    clause: 'Scenario table: existing user, existing account → existing, active, sign_in.',
    origin: 'module-level flag, singleton service with state',
    apply(partner) {
      let demoMode = false;
      changeAnswer(partner, 'connect', (json, body) => {
        if (!isFirstConnect(body)) return;
        if (demoMode && !body.demo) Object.assign(json, { user_status: 'new', account_status: 'new', redirect_value: 'create_trial' });
        demoMode = body.demo;
      });
    },
  },
  {
    name: 'demo-blocks-real-connect',
    sentence: 'After a demo in a workspace, a normal first connect of the same user there keeps no resources.',
    clause: 'Table "What connect means": false and a connection already → configure a new, separate one; connection_id is required with configured_resources.',
    origin: 'demo row satisfies the "already connected" check',
    apply: (partner) => around(partner, 'firstConnect', (next, body) => {
      const demo = [...partner.connections.values()].some((one) =>
        one.demo && one.workspace === body.workspace_id && one.owner === partner.userKey(body.user_info.email));
      const reply = next(body);
      if (demo) {
        partner.connections.delete(reply.json.connection_id);
        delete reply.json.connection_id;
        reply.json.configured_resources = false;
      }
      return reply;
    }),
  },
  {
    name: 'demo-connection-cannot-be-deleted',
    sentence: 'delete-connection of a demo\'s connection is 404.',
    clause: 'delete-connection acts on that one connection; 404 is for unknown or already deleted ids.',
    origin: 'default scope hides demo rows',
    apply: (partner) => refuseWhen(partner, 'deleteConnection', (body) =>
      partner.connections.get(body.connection_id)?.demo === true, connectionNotFound),
  },
];
