import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deployPlan } from '../../lib/approval/deploy-plan';
import { readEvidence, rehearsalEvidence } from '../../lib/approval/evidence';
import { commandLine } from '../support/command-line';
import { ACCOUNT, AwsApi } from './aws-api';
import { deployOptions, parameters, register, reset, session, shop } from './shop';

const aws = new AwsApi();
const { folder: application, remove } = shop();
let out: string;
beforeAll(async () => {
  await aws.start();
});
beforeEach(() => {
  reset(aws);
  // As the trust of the approver's role has it.
  aws.trusts = (role, { userId }, sourceIdentity) =>
    role.endsWith('shop-production-approver') && userId.endsWith(`:${sourceIdentity}@example.com`);
  out = mkdtempSync(join(tmpdir(), 'plan-'));
});
afterAll(async () => {
  await aws.stop();
  remove();
});

const person = (
  name: string,
  id = { alice: 'AROAALICEALICEALICE', bob: 'AROABOBBOBBOBBOB1' }[name] ?? 'AROAMALLORY',
) =>
  aws.actAs(
    `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Dev_1/${name}@example.com`,
    `${id}:${name}@example.com`,
  );
const approve = (...words: string[]) =>
  commandLine('approve', '--env', 'production', '--app', application, ...words);

describe('approve', () => {
  test('shows the plan, and writes the approval under the caller name that IAM verifies', async () => {
    const record = await register(aws, application, out);
    person('alice');
    const {
      code,
      out: said,
      err,
    } = await approve('--plan', out, '--yes', '--expires', '4h', '--reason', 'seen');
    expect([code, err]).toEqual([0, expect.any(String)]);
    expect(said).toMatch(/plan +[0-9a-f]{64}/);
    expect(said).toContain(`verified by`);
    expect(said).toContain('alice approves plan');
    const stored = aws.latest(parameters.approval(record.digest, 'alice'))!;
    expect(stored.LastModifiedUser).toBe(session('approver', 'alice'));
    expect(JSON.parse(stored.Value)).toMatchObject({ plan: record.digest, hours: 4, reason: 'seen' });

    aws.actAs(session('deployer'));
    const { deployment } = await deployPlan(deployOptions(application, aws, out));
    expect(deployment.approvers).toEqual(['alice']);
  });

  test('can revoke an approval', async () => {
    const record = await register(aws, application, out);
    person('alice');
    await approve('--plan', out, '--yes');
    expect((await approve('--plan', record.digest, '--revoke')).code).toBe(0);
    expect(aws.latest(parameters.approval(record.digest, 'alice'))).toBeUndefined();
  });

  test('asks for confirmation, and refuses without a terminal', async () => {
    const record = await register(aws, application, out);
    person('alice');
    expect(await approve('--plan', out)).toMatchObject({
      code: 2,
      err: expect.stringContaining('add --yes'),
    });
    expect(aws.latest(parameters.approval(record.digest, 'alice'))).toBeUndefined();
  });

  test('accepts the recorded author only with --as-recorded', async () => {
    const record = await register(aws, application, out);
    person('alice');
    const digest = record.digest.slice(0, 10);
    expect(await approve('--plan', digest, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be verified here'),
    });
    const { code, out: said } = await approve('--plan', digest, '--yes', '--as-recorded');
    expect([code, said]).toEqual([0, expect.stringContaining('the record of its author')]);
  });

  test.each([
    ['somebody who is not listed', () => person('mallory'), [], 'nobody who may approve'],
    ['somebody as somebody else', () => person('bob'), ['--as', 'alice'], 'cannot assume'],
    ['an unknown name', () => person('bob'), ['--as', 'mallory'], 'no person called mallory'],
    ['the pipeline', () => aws.actAs(session('deployer')), [], 'nobody who may approve'],
  ])('refuses %s', async (_, act, words, reason) => {
    const record = await register(aws, application, out);
    act();
    const { code, err } = await approve('--plan', out, '--yes', ...words);
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(reason);
    expect([...aws.parameters.keys()].filter((name) => name.includes(record.digest))).toHaveLength(1);
  });

  test('refuses a folder that is not the registered plan', async () => {
    await register(aws, application, out);
    appendFileSync(join(out, 'assembly', 'release.template.json'), ' ');
    person('alice');
    expect(await approve('--plan', out, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no plan'),
    });
  });

  test.each([
    [[], 'needs --plan'],
    [['--plan', 'x', '--expires', 'soon', '--yes'], '--expires takes'],
    [['--plan', 'x', '--json'], 'add --yes'],
  ])('reports a usage error for %j', async (words, reason) => {
    expect(await approve(...words)).toMatchObject({ code: 64, err: expect.stringContaining(reason) });
  });
});

describe('deploy', () => {
  test('prints every reason and exits with 2', async () => {
    await register(aws, application, out);
    aws.actAs(session('deployer'));
    const words = ['deploy', '--env', 'production', '--app', application];
    expect(await commandLine(...words, '--plan', out)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/cannot be deployed:\n {2}- 0 of 1 approvals/),
    });
    expect(await commandLine(...words, '--plan', 'nonsense')).toMatchObject({ code: 2 });
    expect(await commandLine(...words)).toMatchObject({ code: 64 });
  });
});

describe('evidence', () => {
  const digest = 'a'.repeat(64);
  const summary = (steps: { name: string; outcome: string }[], faults: string[] = []) => ({
    verdict: 'passed' as const,
    ...{ faults, seconds: 3, steps },
  });

  test('is a rehearsal with its rollback, or with its faults', () => {
    const played = rehearsalEvidence(summary([{ name: 'rollback', outcome: 'done' }]), digest);
    expect(played.evidence.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['rehearsal', 'passed'],
      ['rollback', 'passed'],
    ]);
    expect(rehearsalEvidence(summary([]), digest).evidence[1]).toMatchObject({ verdict: 'failed' });
    expect(rehearsalEvidence(summary([], ['migration-fails']), digest).evidence).toMatchObject([
      { kind: 'faults', summary: expect.stringContaining('migration-fails') },
    ]);
  });

  test('of another plan, or a file without evidence, is refused', async () => {
    const file = join(out, 'report.json');
    const write = (value: object) => appendFileSync(file, JSON.stringify(value));
    write({ planDigest: 'b'.repeat(64), evidence: [{ kind: 'tests', verdict: 'passed', summary: 'x' }] });
    expect(() => readEvidence([file], digest)).toThrow('belongs to another plan');
    expect(readEvidence([file], 'b'.repeat(64))).toMatchObject([{ kind: 'tests', verdict: 'passed' }]);
    write({});
    expect(() => readEvidence([file], digest)).toThrow("has no 'planDigest'");
  });
});
