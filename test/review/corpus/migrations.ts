import type { Case } from './case';
import type { Draft } from './draft';

const first = {
  file: '0000_first.sql',
  tag: '0000_first',
  pending: false,
  contracts: false,
  contractedBy: [],
};
const why = 'The server in use reads it and fails as soon as it is gone.';
const fix = ['deploy a server that does without it', 'drop it with a later release'];

const carries = (draft: Draft, ...reports: readonly object[]): void => {
  const report = Object.assign({ formatVersion: 1, files: [first], findings: [], allowed: [] }, ...reports);
  Object.assign(draft.stack('release'), { migrations: report });
};

const file = { file: '0001_next.sql', tag: '0001_next', pending: true };
const drop = {
  rule: 'drop-column',
  severity: 'danger',
  place: { file: file.file, line: 3 },
  statement: 'ALTER TABLE posts DROP COLUMN body',
  objects: ['posts.body'],
  what: 'posts.body: ALTER TABLE posts DROP COLUMN body',
  why,
  fix,
  link: 'https://www.postgresql.org/docs/17/sql-altertable.html',
};
const index = {
  ...drop,
  rule: 'create-index',
  severity: 'caution',
  place: { file: file.file, line: 5 },
  statement: 'CREATE INDEX ON posts (author)',
  what: 'posts: CREATE INDEX ON posts (author)',
  why: 'Nobody can write to the table meanwhile.',
};

/** Changes of the schema by a release. */
export const migrations: readonly Case[] = [
  {
    name: 'a migration drops a column',
    verdict: 'danger',
    rules: ['migrations'],
    given: carries,
    change: (head) =>
      carries(head, {
        files: [first, { ...file, contracts: true, contractedBy: ['drop-column'] }],
        findings: [drop],
      }),
  },
  {
    name: 'a migration drops a column, with leave',
    verdict: 'caution',
    rules: ['migrations'],
    given: carries,
    change: (head) =>
      carries(head, {
        files: [first, { ...file, contracts: true, contractedBy: ['drop-column'] }],
        allowed: [{ ...drop, reason: 'nothing has read it since March' }],
      }),
  },
  {
    name: 'a migration locks a table',
    verdict: 'caution',
    rules: ['migrations'],
    given: carries,
    change: (head) =>
      carries(head, { files: [first, { ...file, contracts: false, contractedBy: [] }], findings: [index] }),
  },
  {
    name: 'a migration adds a table',
    verdict: 'clean',
    rules: ['migrations'],
    given: carries,
    change: (head) => carries(head, { files: [first, { ...file, contracts: false, contractedBy: [] }] }),
  },
];
