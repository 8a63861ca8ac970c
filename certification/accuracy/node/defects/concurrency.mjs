// Different users at once (ruling 20). Each defect needs two requests under way; one after the other all is well.

import { aroundOperation, isFirstConnect, isNormalFirstConnect, sleep, around } from '../core/seams.mjs';
import { generalError } from '../core/problem.mjs';

const AT_ONCE = 'Ruling 20: different users at once must work.';

export default [
  {
    name: 'current-request-in-module-variable',
    sentence: 'The request is kept in a shared variable across an await, so of two connects at once both are done for the later user.',
    clause: AT_ONCE,
    origin: 'singleton service with request state (Spring bean field, NestJS provider)',
    apply(partner) {
      let current;
      around(partner, 'operate', async (next, operation, body, request) => {
        if (operation !== 'connect') return next(operation, body, request);
        current = body;
        await sleep(20);
        return next(operation, current, request);
      });
    },
  },
  {
    name: 'sequence-read-then-written',
    sentence: 'The next id is read, and written back after an await, so two first connects at once get the same connection_id.',
    clause: `${AT_ONCE} Each first connect gets a connection of its own.`,
    origin: 'SELECT MAX(id) + 1, lost update',
    apply(partner) {
      let last = 4200;
      let reserved;
      aroundOperation(partner, 'connect', async (next, body) => {
        if (!isFirstConnect(body)) return next();
        const mine = last + 1;
        await sleep(20);
        last = Math.max(last, mine);
        reserved = mine;
        return next();
      });
      partner.newConnectionId = () => `conn-${reserved}`;
    },
  },
  {
    name: 'one-database-connection',
    sentence: 'A connect that arrives while another one is being served is a 500.',
    clause: AT_ONCE,
    origin: 'SQLITE_BUSY, connection pool of size one without waiting',
    apply(partner) {
      let busy = false;
      aroundOperation(partner, 'connect', async (next) => {
        if (busy) throw generalError('database is locked');
        busy = true;
        await sleep(15);
        try {
          return await next();
        } finally {
          busy = false;
        }
      });
    },
  },
  {
    name: 'company-inserted-twice',
    sentence: 'When two new users of one new company connect first at once, the second gets a 500.',
    clause: AT_ONCE,
    origin: 'check-then-insert against a unique key (Prisma upsert P2002)',
    apply(partner) {
      const inserting = new Set();
      aroundOperation(partner, 'connect', async (next, body) => {
        const company = partner.companyKey(body.user_info.email);
        if (!isNormalFirstConnect(body) || partner.companies.has(company)) return next();
        if (inserting.has(company)) throw generalError('duplicate key value violates unique constraint');
        inserting.add(company);
        await sleep(20);
        inserting.delete(company);
        return next();
      });
    },
  },
  {
    name: 'workspace-locked',
    sentence: 'Two different users\' first connects in one workspace at once: one of them is a 500.',
    clause: AT_ONCE,
    origin: 'deadlock / lock wait timeout, advisory lock without waiting',
    apply(partner) {
      const locked = new Set();
      aroundOperation(partner, 'connect', async (next, body) => {
        const key = `${body.workspace_id} ${body.cloud_provider}`;
        if (!isNormalFirstConnect(body)) return next();
        if (locked.has(key)) throw generalError('deadlock found when trying to get lock');
        locked.add(key);
        await sleep(20);
        locked.delete(key);
        return next();
      });
    },
  },
  {
    name: 'sign-in-while-connecting-fails',
    sentence: 'A sign-in on one connection is a 500 while another user\'s first connect is under way.',
    clause: AT_ONCE,
    origin: 'cache being rebuilt: map cleared, then filled',
    apply(partner) {
      let connecting = 0;
      aroundOperation(partner, 'connect', async (next, body) => {
        if (!isNormalFirstConnect(body)) {
          if (connecting > 0 && !isFirstConnect(body)) throw generalError('cache is empty');
          return next();
        }
        connecting += 1;
        await sleep(25);
        connecting -= 1;
        return next();
      });
    },
  },
  {
    name: 'answers-swapped-in-batch',
    sentence: 'First connects that arrive within 15 ms are handled as a batch and answered in reverse order: users get each other\'s connection ids.',
    clause: AT_ONCE,
    origin: 'DataLoader batch function returns results in the wrong order',
    apply(partner) {
      let batch = [];
      aroundOperation(partner, 'connect', (next, body) => {
        if (!isNormalFirstConnect(body)) return next();
        return new Promise((resolve, reject) => {
          batch.push({ next, resolve, reject });
          if (batch.length > 1) return;
          setTimeout(async () => {
            const members = batch;
            batch = [];
            const replies = [];
            for (const member of members) replies.push(await member.next().catch((error) => error));
            replies.reverse().forEach((reply, index) => (reply instanceof Error ? members[index].reject(reply) : members[index].resolve(reply)));
          }, 15);
        });
      });
    },
  },
  {
    name: 'double-click-crashes',
    level: 'should',
    sentence: 'The same first connect twice at once: the second is a 500.',
    clause: 'Ruling 20: what comes of a double click is advice.',
    origin: 'unique key on the request, no retry',
    apply(partner) {
      const running = new Set();
      aroundOperation(partner, 'connect', async (next, body, request) => {
        const key = request.raw.toString();
        if (!isNormalFirstConnect(body)) return next();
        if (running.has(key)) throw generalError('duplicate key');
        running.add(key);
        await sleep(25);
        running.delete(key);
        return next();
      });
    },
  },
];
