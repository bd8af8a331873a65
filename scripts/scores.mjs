// Measures the present scores of the review, the lint and the policy packs, counts the hostile inputs, and writes the
// numbers into docs/quality.md: `node scripts/scores.mjs`. Takes some minutes.
import { basename } from 'node:path';
import { run, write } from './measure.mjs';

const FILES = [
  'test/review/foreign.test.ts',
  'test/migration-lint/oracle.test.ts',
  'test/stacks/policy-packs.test.ts',
  'test/hostile',
];
const { testResults } = run(FILES, {});
const resultsOf = (path) => testResults.filter(({ name }) => name.includes(path));
const measuredIn = (path) =>
  resultsOf(path)
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ title, meta }) => (meta?.measured ? [{ title, ...meta.measured }] : []));

const reviewed = measuredIn('foreign.test.ts').map(({ title, ...score }) => ({
  what: title.replace(/^in (stacks of other people, )?/, '').replace(/: each .*$/, ''),
  ...score,
}));
const sum = (key) => reviewed.reduce((total, score) => total + score[key], 0);
const REVIEW = ['rows', 'to find', 'right', 'missed', 'false alarms'];
write(
  'review',
  `| rows of | ${REVIEW.join(' | ')} |
|---|${REVIEW.map(() => '---:').join('|')}|
${reviewed.map((score) => `| ${score.what} | ${REVIEW.map((key) => score[key]).join(' | ')} |`).join('\n')}
| **all** | ${REVIEW.map((key) => sum(key).toLocaleString('en')).join(' | ')} |
`,
);

const [lint] = measuredIn('oracle.test.ts');
write(
  'lint',
  `| Statements | Same as PostgreSQL | Lint stricter | Lint missed |
|---:|---:|---:|---:|
| ${lint.statements} | ${lint.same} (${((lint.same / lint.statements) * 100).toFixed(1)} %) | ${lint.stricter} | ${lint.missed} |
`,
);

const [{ title: _, ...packs }] = measuredIn('policy-packs.test.ts');
write(
  'policies',
  `| Pack | Findings in an environment with every option, each acknowledged with a reason | Without a reason |
|---|---:|---:|
${Object.entries(packs)
  .map(([pack, findings]) => `| ${pack} | ${findings} | 0 |`)
  .join('\n')}
`,
);

/** Readers of hostile inputs, by the file of their tests. */
const READERS = {
  configuration: 'configuration',
  application: 'folder of an application',
  migrations: 'migrations',
  assemblies: 'cloud assembly: review, deployment and rehearsal together',
  answers: 'answers of a release, alarms, requests to acknowledge',
  events: 'events of CloudFormation, for each handler of a custom resource',
  records:
    'parameters of plans, approvals, locks and releases; rules; traces; evidence; names that are shown',
  aws: 'answers that do not come from AWS; lists without an end',
  'odd-files': 'links, pipes, devices, folders and huge files in plans and in the place of files of people',
  'change-sets': 'change sets of CloudFormation',
  canaries: 'secrets in files, variables and settings: outputs of all commands',
};
const hostile = new Map(
  resultsOf('test/hostile/').map(({ name, assertionResults }) => [
    basename(name, '.test.ts'),
    assertionResults.length,
  ]),
);
const unknown = [...hostile.keys()].filter((name) => !(name in READERS));
if (unknown.length > 0) throw new Error(`scripts/scores.mjs: name the readers of ${unknown.join(', ')}`);
write(
  'hostile',
  `| Reader | Tests |
|---|---:|
${Object.entries(READERS)
  .map(([name, reader]) => `| ${reader} | ${hostile.get(name)} |`)
  .join('\n')}
`,
);
