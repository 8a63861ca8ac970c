// node selftest.mjs
// The correct partner goes through the contract's main flows; every style goes through them too; every defect starts,
// answers, and differs from the correct partner somewhere along a long walk.

import assert from 'node:assert/strict';
import test from 'node:test';
import { spawn } from 'node:child_process';
import { withOverrides } from './core/config.mjs';
import { DEFECTS } from './defects.mjs';
import { STYLES } from './styles.mjs';
import { withPartner } from './selftest/client.mjs';
import { mainFlows } from './selftest/flows.mjs';
import { trace } from './selftest/trace.mjs';

const PARALLEL = 10;

/** Runs `work` on all items, a few at a time. */
async function eachOf(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

const baseTraces = new Map();
const baseTrace = (config) => {
  const key = JSON.stringify(config);
  if (!baseTraces.has(key)) baseTraces.set(key, withPartner(undefined, config, trace));
  return baseTraces.get(key);
};

test('the command line starts, says where, and leaves with its stdin', async () => {
  const child = spawn(process.execPath, ['partner.mjs', '--port', '0', '--style', 'connect-201'], {
    cwd: import.meta.dirname, env: { ...process.env, BASIC_USER: 'u', BASIC_PASSWORD: 'p' }, stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await new Promise((resolve) => { child.stdout.once('data', (data) => resolve(String(data).split('\n'))); });
  assert.match(line, /^ready at http:\/\/127\.0\.0\.1:\d+$/);
  const left = new Promise((resolve) => { child.once('exit', resolve); });
  child.stdin.end();
  assert.equal(await left, 0);
});

test('the correct partner, in every config of the catalogue', async () => {
  const configs = new Map([...DEFECTS, ...STYLES].map(({ config = {} }) => [JSON.stringify(config), config]));
  await eachOf(configs.values(), (config) => withPartner(undefined, withOverrides(config), mainFlows));
});

test('names are unique, and enough of them', () => {
  const names = [...DEFECTS, ...STYLES].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(DEFECTS.length >= 90 && STYLES.length >= 45);
});

test('two walks of the correct partner agree', async () => {
  const config = withOverrides();
  assert.deepEqual(await withPartner(undefined, config, trace), await baseTrace(config));
});

const stylesPass = async () => {
  const faults = [];
  await eachOf(STYLES, (style) => withPartner(style, withOverrides(style.config), mainFlows)
    .catch((error) => faults.push(`${style.name}: ${error.message}`)));
  assert.deepEqual(faults, []);
};

const defectsShow = async () => {
  const faults = [];
  await eachOf(DEFECTS, async (defect) => {
    const config = withOverrides(defect.config);
    const right = await baseTrace(config);
    const differs = (scenario, lines) => lines.some((line, index) => line !== right[scenario][index]);
    const seen = await withPartner(defect, config, (client) => trace(client, { family: defect.family, isEnough: differs }));
    if (!Object.entries(seen).some(([scenario, lines]) => differs(scenario, lines))) faults.push(defect.name);
  });
  assert.deepEqual(faults, []);
};

// Both at once: some entries are slow on purpose, and their waiting costs nothing.
test('the catalogue', { concurrency: true }, (context) => Promise.all([
  context.test('every style passes the main flows', stylesPass),
  context.test('every defect answers, and shows', defectsShow),
]));
