// The fields of a Connection: wrong types, missing or superfluous ones, in one situation each.

import { aroundOperation, changeAnswer, isFirstConnect, isNormalFirstConnect, isSignIn } from '../core/seams.mjs';

const VALID_NEW = 'A valid new connection: configured_resources true, connection_id non-empty.';
const ID_RULE = 'connection_id: false and configured_resources true → required; false and false → omitted.';

const onReconnect = (change) => (partner) => changeAnswer(partner, 'connect', (json, body) => {
  if (isNormalFirstConnect(body) && json.user_status === 'existing') change(json);
});
const onColleague = (change) => (partner) => changeAnswer(partner, 'connect', (json, body) => {
  if (isFirstConnect(body) && json.user_status === 'new' && json.account_status === 'active') change(json);
});

export default [
  {
    name: 'id-missing-on-reconnect',
    sentence: 'When an existing user connects again, connection_id is missing although configured_resources is true.',
    clause: `${VALID_NEW} ${ID_RULE}`,
    origin: 'RETURNING gives no row for ON CONFLICT DO NOTHING',
    apply: onReconnect((json) => { delete json.connection_id; }),
  },
  {
    name: 'id-though-not-configured',
    sentence: 'When an existing user connects again, configured_resources is false but there is a connection_id.',
    clause: ID_RULE,
    origin: '"nothing to do" branch shares the serializer',
    apply: onReconnect((json) => { json.configured_resources = false; }),
  },
  {
    name: 'reconnect-keeps-nothing',
    sentence: 'When an existing user connects again, the partner keeps no resources (configured_resources false, no connection_id).',
    clause: 'Table "What connect means": false and a connection already → configure a new, separate one; P400.',
    origin: '"already connected" short cut',
    apply: (partner) => aroundOperation(partner, 'connect', async (next, body) => {
      const again = isNormalFirstConnect(body) && [...partner.connections.values()].some((one) => !one.demo
        && one.owner === partner.userKey(body.user_info.email) && one.workspace === body.workspace_id && one.cloud === body.cloud_provider);
      const reply = await next();
      if (again) {
        partner.connections.delete(reply.json.connection_id);
        delete reply.json.connection_id;
        reply.json.configured_resources = false;
      }
      return reply;
    }),
  },
  {
    name: 'id-is-number',
    sentence: 'connection_id is a JSON number; requests with its digits as a string work.',
    clause: 'connection_id: non-empty string.',
    origin: 'auto-increment key serialised as it is',
    apply(partner) {
      let last = 70000;
      partner.newConnectionId = () => String(last += 1);
      changeAnswer(partner, 'connect', (json) => { if (json.connection_id) json.connection_id = Number(json.connection_id); });
    },
  },
  {
    name: 'configured-as-text-for-colleague',
    sentence: 'For a new user of a known company configured_resources is the string "true" or "false".',
    clause: 'configured_resources: boolean.',
    origin: 'value from a text column or template',
    apply: onColleague((json) => { json.configured_resources = String(json.configured_resources); }),
  },
  {
    name: 'redirect-value-signin',
    sentence: 'For a new user of a known company redirect_value is "signin".',
    clause: 'redirect_value: create_trial | purchase_product | sign_in | contact_admin | not_applicable.',
    origin: 'typing error in one enum constant',
    apply: onColleague((json) => { json.redirect_value = 'signin'; }),
  },
  {
    name: 'user-status-missing-for-colleague',
    sentence: 'For a new user of a known company user_status is missing.',
    clause: 'Connection: user_status is required.',
    origin: 'undefined dropped by JSON.stringify',
    apply: onColleague((json) => { delete json.user_status; }),
  },
  {
    name: 'account-status-null-on-sign-in',
    sentence: 'Sign-ins carry account_status null.',
    clause: 'Connection: account_status is required; ruling 6 is about optional fields only.',
    origin: 'lazy relation not loaded',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body) => { if (isSignIn(body)) json.account_status = null; }),
  },
  {
    name: 'camel-case-on-gcp',
    sentence: 'Users from gcp get the answer with camelCase field names.',
    clause: 'Connection: field names are snake_case (redirect_uri, …).',
    origin: 'second code path without the naming strategy',
    apply: (partner) => aroundOperation(partner, 'connect', async (next, body) => {
      const reply = await next();
      if (body.cloud_provider !== 'gcp') return reply;
      const camel = (name) => name.replace(/_(.)/g, (_match, letter) => letter.toUpperCase());
      return { ...reply, json: Object.fromEntries(Object.entries(reply.json).map(([name, value]) => [camel(name), value])) };
    }),
  },
  {
    name: 'reconnect-202',
    sentence: 'When an existing user connects again the status is 202.',
    clause: 'connect: 200 or 201.',
    origin: 'provisioning moved to a queue',
    apply: (partner) => changeAnswer(partner, 'connect', (json, body, reply) => {
      if (isNormalFirstConnect(body) && json.user_status === 'existing') reply.status = 202;
    }),
  },
  {
    name: 'account-looked-up-by-workspace',
    sentence: 'A brand-new user and company in a workspace that another company uses already is called active.',
    clause: 'Ruling 14: for a brand-new user and company active is a failure; ruling 27: companies of quite different domains are not one.',
    origin: 'tenant found by workspace id',
    apply: (partner) => aroundOperation(partner, 'connect', async (next, body) => {
      const used = [...partner.connections.values()].some((one) => !one.demo && one.workspace === body.workspace_id);
      const reply = await next();
      if (isNormalFirstConnect(body) && used && reply.json.account_status === 'new') {
        Object.assign(reply.json, { account_status: 'active', redirect_value: 'sign_in' });
      }
      return reply;
    }),
  },
];
