import { expect, test } from 'vitest';
import { placeText } from '../../lib/check/finding';
import { check } from './support';

const imports = `import defaults from './default';
import development from './development';
import production from './production';
import staging from './staging';
import test from './test';
const name = process.env.NODE_ENV ?? 'development';
`;
const files = (index: string) => ({
  'config/index.ts': index,
  ...Object.fromEntries(
    ['default', 'development', 'test', 'staging', 'production'].map((each) => [
      `config/${each}.ts`,
      'export default { server: { port: 1 } };',
    ]),
  ),
});
const found = async (index: string) =>
  (await check(files(index))).findings
    .filter(({ rule }) => rule === 'config-service-missing')
    .map(({ line, what }) => `${line} ${what}`);

test.each([
  [
    `${imports}const all = { development, test, staging: development, production };\nexport default { ...defaults, ...all[name] };\nexport const others = staging;`,
    '7 the module selects the file of development for staging',
  ],
  [
    `${imports}const all = { development, production, staging, test };\nexport default name === 'production' ? { ...defaults, ...development } : all[name];`,
    '8 the module selects the file of development for production',
  ],
  [
    `${imports.replace("production from './production'", "production from './test'").replace("test from './test'", "test from './production'")}const all = { development, test, staging, production };\nexport default { ...defaults, ...all[name] };`,
    '7 the module selects the file of test for production',
  ],
  [
    "const development = require('./development');\nconst all = { development, test: require('./test'), staging: require('./staging'), production: development, other: require('./production') };\nmodule.exports = { ...require('./default'), ...all[process.env.NODE_ENV] };",
    '2 the module selects the file of development for production',
  ],
])('config/index selects a file of developers for servers', async (index, text) => {
  expect(await found(index)).toEqual([text]);
});

test.each([
  [
    `${imports}const all = { development, test, staging, production };\nexport default { ...defaults, ...all[name] };`,
  ],
  [
    `${imports}const all = { development, test, staging: { ...development, ...production }, production, other: staging };\nexport default all[name] ?? defaults;`,
  ],
  [
    `${imports}const all = { test, staging: production, other: staging };\nexport default { ...defaults, ...(name === 'production' ? production : name === 'development' ? development : all[name]) };`,
  ],
  [
    `${imports}const isDeveloper = name !== 'production' ? development : production;\nexport default { ...defaults, ...isDeveloper, all: [staging, test] };`,
  ],
])('config/index selects the file of each environment', async (index) => {
  expect(await found(index)).toEqual([]);
});

test.each([
  ["export default { logging: { level: 'debug' } };", ['config/production.ts:1']],
  ["const level = 'trace';\nexport default { log: { logLevel: level } };", ['config/production.ts:2']],
  ["export default { logging: { level: 'info' } };", []],
  ["export default { logging: { level: process.env.LOG_LEVEL ?? 'debug' } };", []],
  ["export default { game: { level: 'debug' } };", []],
])('production may log every detail: %s', async (production, expected) => {
  const { findings } = await check({ ...files(imports), 'config/production.ts': production });
  expect(findings.filter(({ rule }) => rule === 'log-level-detailed').map(placeText)).toEqual(expected);
});
