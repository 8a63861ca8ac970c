// int64 ids that went through a double, an int32 column or a truthiness test.

import { around, crashWhen, isNormalFirstConnect, refuseWhen } from '../core/seams.mjs';
import { connectionNotFound } from '../core/problem.mjs';

const INT32_MAX = 2n ** 31n - 1n;
const throughDouble = (id) => BigInt(Number(id));

/** Recognises a returning person by a key made from the databricks_user_id instead of by the e-mail address. */
function recogniseByUserId(partner, keyOf) {
  const known = new Map();
  around(partner, 'standing', (next, body) => {
    const standing = next(body);
    const user = standing.user ?? partner.users.get(known.get(keyOf(body)));
    return { user, company: standing.company ?? partner.companies.get(user?.company) };
  });
  around(partner, 'enrol', (next, body, ...rest) => {
    known.set(keyOf(body), partner.userKey(body.user_info.email));
    return next(body, ...rest);
  });
}

export default [
  {
    name: 'workspace-id-rounded-on-replace',
    sentence: 'A first connect replaces the same workspace\'s old connection, but compares workspace ids as doubles: above 2^53 a neighbouring workspace loses its own.',
    clause: 'P600: the first workspace\'s connection still signs in afterwards; workspace_id is int64.',
    origin: 'JavaScript JSON.parse / double precision in a WHERE clause',
    apply(partner) {
      around(partner, 'open', (next, body) => {
        const same = [...partner.connections.values()].filter((old) => !old.demo && !body.demo
          && old.cloud === body.cloud_provider && Number(old.workspace) === Number(body.workspace_id));
        same.forEach((old) => partner.close(old));
        return next(body);
      });
    },
  },
  {
    name: 'user-id-int32-column',
    sentence: 'A first connect whose databricks_user_id does not fit 32 bits ends in a 500.',
    clause: 'databricks_user_id is int64; a first connect must configure a connection.',
    origin: 'Sequelize/ActiveRecord INTEGER column, "value out of range for type integer"',
    apply: (partner) => crashWhen(partner, 'connect', (body) => isNormalFirstConnect(body) && body.user_info.databricks_user_id > INT32_MAX),
  },
  {
    name: 'workspace-id-must-be-safe-integer',
    sentence: 'A connect whose workspace_id is above 2^53-1 is refused with 400.',
    clause: 'workspace_id is int64; ruling 28: ids are any int64 that is not negative.',
    origin: 'Joi/zod number().safe()',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => body.workspace_id > BigInt(Number.MAX_SAFE_INTEGER)),
  },
  {
    name: 'user-id-zero-missing',
    sentence: 'databricks_user_id 0 counts as missing and is refused with 400.',
    clause: 'Ruling 28: Databricks\' ids are any int64 that is not negative, 0 included.',
    origin: 'if (!id) truthiness test',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => !body.user_info.databricks_user_id),
  },
  {
    name: 'delete-workspace-id-zero-missing',
    sentence: 'delete-connection with databricks_organization_id 0 is refused with 400 although connect took workspace 0.',
    clause: 'Ruling 28: ids are any int64 that is not negative, 0 included.',
    origin: 'PHP empty() / JavaScript falsy 0 in one handler',
    apply: (partner) => refuseWhen(partner, 'deleteConnection', (body) => !body.databricks_organization_id),
  },
  {
    name: 'int64-maximum-overflows',
    sentence: 'An id close to 9223372036854775807 rounds up to 2^63 and ends in a 500.',
    clause: 'workspace_id is int64; ruling 28.',
    origin: 'double written back into a BIGINT column: "bigint out of range"',
    apply: (partner) => crashWhen(partner, 'connect', (body) =>
      Number(body.workspace_id) >= 2 ** 63 || Number(body.user_info.databricks_user_id) >= 2 ** 63),
  },
  {
    name: 'workspace-url-compared-with-double',
    sentence: 'The o= parameter of workspace_url is compared with the rounded workspace_id, so exact large ids are refused with 400.',
    clause: 'workspace_url is https://<host>/?o=<workspace_id>, workspace_id int64; all mandatory fields must be accepted.',
    origin: 'consistency check on JSON.parse\'d numbers',
    apply: (partner) => refuseWhen(partner, 'connect', (body) => {
      const stated = /[?&]o=(\d+)/.exec(body.workspace_url)?.[1];
      return stated !== undefined && stated !== String(throughDouble(body.workspace_id));
    }),
  },
  {
    name: 'delete-workspace-id-rounded',
    sentence: 'delete-connection parses databricks_organization_id as a double, so connections of workspaces with large odd ids are never found (404).',
    clause: 'delete-connection acts on that one connection; databricks_organization_id is int64.',
    origin: 'one DTO uses number, the other string',
    apply: (partner) => refuseWhen(partner, 'deleteConnection', (body) =>
      throughDouble(body.databricks_organization_id) !== body.databricks_organization_id, connectionNotFound),
  },
  {
    name: 'same-user-id-in-another-cloud',
    sentence: 'Users are recognised by databricks_user_id without the cloud, so a stranger in another cloud with the same number is called existing.',
    clause: 'databricks_user_id is unique within a cloud; ruling 14: a brand-new user is not existing.',
    origin: 'unique key lacks a part (cloud)',
    apply: (partner) => recogniseByUserId(partner, (body) => `${body.user_info.databricks_user_id}`),
  },
  {
    name: 'user-id-rounded',
    sentence: 'Users are recognised by databricks_user_id as a double, so the owner of a neighbouring large id is called existing.',
    clause: 'databricks_user_id is int64; ruling 14: a brand-new user is not existing.',
    origin: 'JavaScript Map keyed by Number',
    apply: (partner) => recogniseByUserId(partner, (body) => `${Number(body.user_info.databricks_user_id)}@${body.cloud_provider}`),
  },
  {
    name: 'user-id-low-32-bits',
    sentence: 'Users are recognised by the low 32 bits of databricks_user_id, so ids that differ by a multiple of 2^32 are one person.',
    clause: 'databricks_user_id is int64; ruling 14: a brand-new user is not existing.',
    origin: 'C#/Java (int) cast, MySQL UNSIGNED INT wrap-around',
    apply: (partner) => recogniseByUserId(partner, (body) => `${BigInt.asUintN(32, body.user_info.databricks_user_id)}@${body.cloud_provider}`),
  },
  {
    name: 'expire-user-id-int32',
    sentence: 'expire-account answers 500 when databricks_user_id does not fit 32 bits.',
    clause: 'AccountUserInfo: databricks_user_id is int64; expire-account answers 200.',
    origin: 'EF Core int property in one request class',
    apply: (partner) => crashWhen(partner, 'expireAccount', (body) => body.databricks_user_id > INT32_MAX),
  },
];
