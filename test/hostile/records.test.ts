import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { deserialize } from '../../constructs/release-record/entry';
import { judgeApprovals } from '../../lib/approval/approval-record';
import { holderOf } from '../../lib/approval/deployment-lock';
import { deploymentSchema } from '../../lib/approval/deployment-record';
import { readEvidence } from '../../lib/approval/evidence';
import { openWindows } from '../../lib/approval/freeze';
import type { StoredVersion } from '../../lib/approval/parameter-store';
import { type PlanRecord, parsePlan, parseWith } from '../../lib/approval/plan-record';
import { policyOf } from '../../lib/approval/policy';
import { markdownText } from '../../lib/check/format';
import { printable } from '../../lib/findings/printable';
import { readTrace } from '../../lib/rehearsal/replay';
import { parameters, policy, session } from '../approval/shop';
import { commandLine } from '../support/command-line';

// Parameters of the Parameter Store and files of a plan, as another program could have written them.

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEX = 'a'.repeat(64);
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const long = 'x'.repeat(1_000_000);

/** Texts that are no record of any kind. */
const NONSENSE: readonly string[] = [
  '',
  'null',
  '5',
  '[]',
  '"x"',
  '{',
  '{"formatVersion":1}',
  '{"__proto__":{"formatVersion":1,"kind":"release"}}',
  '{"constructor":{"prototype":{"polluted":1}},"formatVersion":1}',
  deep(100_000),
  `[${'['.repeat(100_000)}`,
  JSON.stringify({ formatVersion: 1, [long]: long }),
];

const schema = { kind: 'journal', digest: 'd', count: 1, newest: ['0000_a'] };
const release = {
  ...{ formatVersion: 1, kind: 'release', releaseId: 'r', image: 'i', taskDefinition: 't', pointer: 'p' },
  ...{ keyValueStore: 'k', url: 'https://x', healthPath: '/h', schema },
};
const plan: PlanRecord = {
  ...{ formatVersion: 1, id: 'b'.repeat(32), name: 'shop-production', digest: HEX, account: '1'.repeat(12) },
  ...{ region: 'eu-west-1', releaseId: 'r', author: { name: 'ci', session: 's' }, commitAuthors: [] },
  review: { verdict: 'clean', findings: 0, cost: { before: 1, after: 1 }, migrations: [] },
  ...{ stacks: [{ name: 'a', region: 'eu-west-1', template: HEX }], images: [], evidence: [] },
};

describe('an invalid parameter is ignored:', () => {
  const wrong = (base: object, changes: readonly object[]) =>
    changes.map((change) => JSON.stringify({ ...base, ...change }));

  test('release records', () => {
    expect(deserialize(JSON.stringify(release))).toBeDefined();
    const changes = [
      { kind: 'constructor' },
      { releaseId: 5 },
      { url: null },
      { schema: null },
      { schema: { ...schema, newest: [5] } },
      { schema: { ...schema, newest: '0000_a' } },
      { checks: [null] },
      { checks: { length: 1 } },
      { plan: { digest: 'x', author: 'y', approvers: 'z' } },
      { restorePoint: [] },
    ];
    for (const text of [...NONSENSE, ...wrong(release, changes)]) expect(deserialize(text)).toBeUndefined();
  });

  test('plans', () => {
    expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
    const changes = [
      { revision: { commit: '--upload-pack=touch /tmp/x', clean: true } },
      { revision: { commit: 'HEAD', clean: true } },
      { digest: '../../etc/passwd' },
      { id: '../x' },
      { stacks: [] },
      { evidence: [null] },
      { commitAuthors: Array(21).fill('a@b.co') },
      { further: 1 },
    ];
    for (const text of [...NONSENSE, ...wrong(plan, changes)]) expect(parsePlan(text)).toBeUndefined();
  });

  test('deployments', () => {
    const deployment = {
      ...{
        formatVersion: 1,
        id: 'x',
        plan: HEX,
        record: HEX,
        releaseId: 'r',
        state: 'started',
        author: 'ci',
      },
      ...{ approvers: [], deployer: 'd', overrides: [], made: {} },
    };
    expect(parseWith(deploymentSchema, JSON.stringify(deployment))).toBeDefined();
    const changes = [{ state: 'done' }, { commit: '--all' }, { made: [] }, { overrides: [{ what: 'all' }] }];
    for (const text of [...NONSENSE, ...wrong(deployment, changes)])
      expect(parseWith(deploymentSchema, text)).toBeUndefined();
  });

  test('approvals', () => {
    const stored = (value: string, name = parameters.approval(HEX, 'alice')): StoredVersion => ({
      ...{ name, value, version: 1, at: new Date(), writer: session('approver') },
    });
    const registered = { record: plan, stored: stored('', 'x/ci'), authors: ['ci'] };
    const judged = judgeApprovals(
      registered,
      [...NONSENSE.map((value) => stored(value)), stored('{}', '__proto__'), stored('{}', '')],
      policy,
      new Date(),
    );
    expect(judged.counted).toEqual([]);
    expect(judged.dismissed).toHaveLength(NONSENSE.length + 2);
    for (const line of judged.dismissed) expect(line).toMatch(/^the approval of .* can read$/);
  });

  test('locks', () => {
    const history = NONSENSE.map((value, index) => ({
      ...{ name: 'lock', value, version: index, at: new Date(), writer: 'x' },
    }));
    expect(holderOf(history, new Date())).toBeUndefined();
  });
});

test('unreadable delivery rules refuse a deployment', async () => {
  const read = (value: string) =>
    policyOf({ read: async () => value } as never, parameters, {} as never) as Promise<unknown>;
  await expect(read(JSON.stringify(policy))).resolves.toBeDefined();
  const window = {
    name: 'x',
    from: { weekday: 'friday', time: '12:00' },
    until: { weekday: 'monday', time: '09:00' },
  };
  const windows = [
    { ...window, timeZone: 'Nowhere/Land' },
    { ...window, timeZone: 'UTC', from: { weekday: 'Freitag', time: '12:00' } },
    { ...window, timeZone: 'UTC', from: 'soon', until: 'later' },
    { ...window, timeZone: 'UTC', until: '2026-12-24T00:00' },
  ];
  const changes = [
    ...windows.map((one) => ({ freeze: [one] })),
    { approvals: -1 },
    { approvals: 0.5 },
    { approvalHours: 0 },
    { people: { length: 0 } },
    { evidence: ['nothing'] },
  ];
  for (const text of [...NONSENSE, ...changes.map((change) => JSON.stringify({ ...policy, ...change }))])
    await expect(read(text)).rejects.toThrow('the rules cannot be read');
  const open = { ...window, timeZone: 'UTC' } as never;
  await expect(read(JSON.stringify({ ...policy, freeze: [open] }))).resolves.toBeDefined();
  expect(openWindows([open], new Date('2026-11-28T12:00:00Z'))).toHaveLength(1);
});

describe('a file from a person is refused if it is invalid:', () => {
  const file = (content: string, name = 'file.json') => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const calls = [
    { version: 1 },
    { version: 1, resources: {}, calls: [null], connections: [] },
    { version: 1, resources: {}, calls: [], connections: [{ source: {}, target: null, port: 1 }] },
    { version: 1, resources: { 'a/b': null }, calls: [], connections: [] },
    { version: 1, resources: {}, calls: [{ verdict: 'allowed', times: 1, caller: {} }], connections: [] },
  ];

  test.each([...NONSENSE, ...calls.map((call) => JSON.stringify(call))].map((text) => [text]))(
    'a trace %#',
    (text) => {
      const at = file(text);
      expect(() => readTrace(at)).toThrow(/^\S+file\.json is not a trace: [^\n]{1,300}$/);
    },
  );

  test.each(NONSENSE.map((text) => [text]))('evidence %#', (text) => {
    expect(() => readEvidence([file(text)], HEX)).toThrow(/no 'planDigest' and 'evidence'/);
  });

  test('evidence that is not a file', () => {
    expect(() => readEvidence([folder, join(folder, 'none')], HEX)).toThrow(
      /is not a file[\s\S]*is not a file/,
    );
  });
});

describe('names cannot control their display', () => {
  const HOSTILE =
    'a\u001b]0;t\u0007\u001b[8mb\u009b2Jc\u202ed\r\n::set-output name=x::y\n  ::add-mask::z\n##[group]\u2066<img src=x>`@team';

  test('on a terminal and in the log of a workflow', async () => {
    const application = join(folder, HOSTILE.replaceAll('/', '-'));
    mkdirSync(join(application, 'server'), { recursive: true });
    writeFileSync(
      join(application, 'package.json'),
      JSON.stringify({ name: HOSTILE, dependencies: { [HOSTILE]: '1' } }),
    );
    writeFileSync(
      join(application, 'server', `${HOSTILE.slice(0, 40)}.ts`),
      `// framework53-allow ${HOSTILE}`,
    );
    for (const args of [
      ['check'],
      ['build'],
      ['check', '--format', 'md'],
      ['check', '--format', 'json'],
      ['build', '--debug'],
    ]) {
      const { out, err } = await commandLine(...args, '--app', application);
      expect(out + err).toMatch(/\S/);
      expect(out + err).not.toMatch(/(?!\n|\t)[\p{Cc}\p{Bidi_Control}]|^\s*::[\w-]+.*::|##\[/mu);
    }
  });

  test('in Markdown', () => {
    const text = markdownText(`a \`${HOSTILE}\` b ${HOSTILE} www.example.com [x](javascript:y)`);
    expect(text).not.toContain('\n');
    expect(text.replace(/`[^`]*`/g, '')).not.toMatch(/<img|@team|www\.|\[x\]/);
  });

  test('text stays readable, and JSON keeps its meaning', () => {
    expect(printable('a::b\n::/0 and ::1\n - ::x: y\u001b[31;1mred\u001b[0m')).toBe(
      'a::b\n::/0 and ::1\n - ::x: y\u001b[31;1mred\u001b[0m',
    );
    expect(JSON.parse(printable(JSON.stringify({ [HOSTILE]: HOSTILE })))).toEqual({ [HOSTILE]: HOSTILE });
  });

  test('every command prints through one function, which escapes control codes', () => {
    const cli = join(__dirname, '../../cli');
    const direct = readdirSync(cli).filter((name) =>
      /process\.stdout\.write|console\./.test(readFileSync(join(cli, name), 'utf8')),
    );
    expect(direct).toEqual(['command.ts']);
  });
});
