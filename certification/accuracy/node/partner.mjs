// node partner.mjs --port 0 [--defect NAME | --style NAME] [--config FILE]
// node partner.mjs --list
// Credentials: BASIC_USER and BASIC_PASSWORD. Prints one line when it listens, and leaves when its stdin closes.

import { parseArgs } from 'node:util';
import { Partner } from './core/partner.mjs';
import { start } from './core/server.mjs';
import { DEFAULT_CONFIG, readConfig, withOverrides } from './core/config.mjs';
import { DEFECTS } from './defects.mjs';
import { STYLES } from './styles.mjs';

function catalogue() {
  return {
    config: DEFAULT_CONFIG,
    defects: DEFECTS.map(({ name, family, sentence, clause, level = 'must', config = {}, origin }) =>
      ({ name, family, sentence, clause, level, config, origin })),
    styles: STYLES.map(({ name, family, sentence, why_conformant, config = {} }) =>
      ({ name, family, sentence, why_conformant, config })),
  };
}

function findEntry({ defect, style }) {
  if (defect === undefined && style === undefined) return undefined;
  const entry = defect === undefined ? STYLES.find(({ name }) => name === style) : DEFECTS.find(({ name }) => name === defect);
  if (!entry) throw new Error(`there is no ${defect === undefined ? `style ${style}` : `defect ${defect}`}; see --list`);
  return entry;
}

async function serve(options) {
  const { BASIC_USER: user, BASIC_PASSWORD: password } = process.env;
  if (user === undefined || password === undefined) throw new Error('BASIC_USER and BASIC_PASSWORD must be set');
  const entry = findEntry(options);
  const partner = new Partner(options.config ? readConfig(options.config) : withOverrides(entry?.config), { user, password });
  entry?.apply(partner);
  await start(partner, Number(options.port));
  console.log(`ready at http://127.0.0.1:${partner.port}`);
  process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
}

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' }, defect: { type: 'string' }, style: { type: 'string' },
    config: { type: 'string' }, list: { type: 'boolean', default: false },
  },
});

try {
  if (options.list) console.log(JSON.stringify(catalogue(), null, 1));
  else await serve(options);
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
