import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeliveryPolicy } from '../../constructs/delivery-roles';
import { deployPlan } from '../../lib/approval/deploy-plan';
import { digestOfRecord, type PlanRecord } from '../../lib/approval/plan-record';
import { ACCOUNT, AwsApi } from './aws-api';
import { approve, deployOptions, parameters, policy, register, reset, session, shop } from './shop';

const aws = new AwsApi();
const { folder: application, remove } = shop();
const root = mkdtempSync(join(tmpdir(), 'refusals-'));
let record: PlanRecord;
let planned: string;
let registered: {
  parameters: unknown;
  stacks: unknown;
  changeSets: unknown;
  objects: unknown;
  images: unknown;
};

beforeAll(async () => {
  await aws.start();
  reset(aws);
  planned = join(root, 'plan');
  record = await register(aws, application, planned);
  registered = structuredClone(state());
});
afterAll(async () => {
  await aws.stop();
  remove();
  rmSync(root, { recursive: true });
});

const state = () => ({
  parameters: [...aws.parameters],
  stacks: [...aws.stacks],
  changeSets: [...aws.changeSets],
  objects: [...aws.objects],
  images: [...aws.images],
});
/** The account as it was after the plan was registered. */
function again(rules: Partial<DeliveryPolicy> = {}): void {
  reset(aws);
  for (const [kind, entries] of Object.entries(structuredClone(registered)))
    for (const [key, value] of entries as [string, never][]) aws[kind as 'images'].set(key, value);
  aws.put(parameters.policy, JSON.stringify({ ...policy, ...rules }), 'arn:aws:iam::1:user/admin');
}

let attempts = 0;
/** Tries to deploy, and holds that it is refused before anything changes; returns the reasons. */
async function refused(plan = planned, changes = {}): Promise<string> {
  attempts += 1;
  aws.actAs(session('deployer'));
  const error = await deployPlan({ ...deployOptions(application, aws, plan), ...changes }).then(
    () => new Error('it was deployed'),
    (reason: Error) => reason,
  );
  expect([error.name, error.message]).not.toContain('it was deployed');
  expect(aws.calls.filter((call) => call.includes('ExecuteChangeSet'))).toEqual([]);
  expect([...aws.parameters.keys()].filter((name) => name.startsWith(parameters.deployments))).toEqual([]);
  expect([...aws.stacks.values()].map(({ status }) => status)).not.toContain('CREATE_COMPLETE');
  return error.message;
}

test('a registered and approved plan is deployed (the baseline of the refusals below)', async () => {
  again();
  approve(aws, record);
  aws.actAs(session('deployer'));
  const { deployment } = await deployPlan(deployOptions(application, aws, planned));
  expect(deployment.state).toBe('succeeded');
});

describe('a folder that changed after its registration', () => {
  const files = () =>
    readdirSync(join(planned, 'assembly'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(planned.length + 1));
  const copy = () => {
    const folder = mkdtempSync(join(root, 'copy-'));
    cpSync(planned, folder, { recursive: true });
    return folder;
  };

  test('is refused for each byte, file and reference', async () => {
    const ways: [string, (folder: string, file: string) => void][] = [
      ['a byte more', (folder, file) => appendFileSync(join(folder, file), ' ')],
      ['an empty file', (folder, file) => writeFileSync(join(folder, file), '')],
      ['no such file', (folder, file) => rmSync(join(folder, file))],
      ['another file beside it', (folder, file) => writeFileSync(join(folder, `${file}.more`), 'x')],
    ];
    for (const file of files())
      for (const [what, change] of ways) {
        const inAsset = file.includes('asset.');
        // Files that nothing refers to are not deployed; a manifest is read, not compared byte by byte.
        if (what === 'another file beside it' && !inAsset) continue;
        if (what === 'a byte more' && file.endsWith('manifest.json')) continue;
        again();
        approve(aws, record);
        const folder = copy();
        change(folder, file);
        expect([file, what, await refused(folder)]).toEqual([
          file,
          what,
          expect.stringMatching(/digest|cannot|malformed|no plan|has no/),
        ]);
      }
  });

  test('is refused for each field of the manifest', async () => {
    const manifest = JSON.parse(readFileSync(join(planned, 'assembly', 'manifest.json'), 'utf8'));
    for (const [id, { properties }] of Object.entries<{ properties: Record<string, unknown> }>(
      manifest.artifacts,
    ))
      for (const change of [
        ...Object.keys(properties).map((key) => ({ properties: { ...properties, [key]: undefined } })),
        { properties: { ...properties, parameters: { BootstrapVersion: '/evil' } } },
        { properties: { ...properties, assumeRoleArn: 'arn:aws:iam::999999999999:role/evil' } },
        { properties: { ...properties, stackTemplateAssetObjectUrl: 's3://evil/template.json' } },
        { properties: { ...properties, tags: { evil: 'yes' } } },
        { properties: { ...properties, notificationArns: ['arn:aws:sns:::evil'] } },
        { environment: 'aws://999999999999/eu-west-1' },
        { dependencies: [] },
      ]) {
        again();
        approve(aws, record);
        const folder = copy();
        const changed = structuredClone(manifest);
        Object.assign(changed.artifacts[id], change);
        if (JSON.stringify(changed) === JSON.stringify(manifest)) continue;
        writeFileSync(join(folder, 'assembly', 'manifest.json'), JSON.stringify(changed));
        await refused(folder);
      }
  });

  test('is refused even if its plan.json claims to be the plan', async () => {
    again();
    approve(aws, record);
    const folder = copy();
    appendFileSync(join(folder, 'assembly', 'release.template.json'), '\n');
    expect(await refused(folder)).toContain('a file has changed since');
  });
});

describe('a registration', () => {
  const path = () => parameters.plan(record.digest, 'pipeline');
  const change = (changes: object, writer = session('planner')) =>
    aws.put(path(), JSON.stringify({ ...record, ...changes }), writer);

  test('that changed after its approval is not approved, whichever field changed', async () => {
    const [data, release] = record.stacks as [(typeof record.stacks)[0], (typeof record.stacks)[0]];
    const changes: object[] = [
      { id: 'e'.repeat(32) },
      { name: 'shop-staging' },
      { digest: 'e'.repeat(64) },
      { account: '999999999999' },
      { region: 'us-east-1' },
      { releaseId: 'other' },
      { author: { name: 'carol', session: 'x' } },
      { commitAuthors: ['mallory@example.com'] },
      { review: { ...record.review, verdict: 'caution' } },
      { stacks: [data] },
      { stacks: [release, data] },
      { stacks: [data, { ...release, template: 'e'.repeat(64) }] },
      { stacks: [data, { ...release, changeSet: data.changeSet }] },
      { stacks: [data, { ...release, changeSet: 'none' }] },
      { stacks: [data, { ...release, files: undefined }] },
      { stacks: [data, { ...release, base: 'e'.repeat(64) }] },
      { stacks: [data, { ...release, region: 'us-east-1' }] },
      { images: [] },
      { images: [{ ...record.images[0], digest: `sha256:${'e'.repeat(64)}` }] },
      { evidence: [] },
      { evidence: [{ ...record.evidence[0], report: 'e'.repeat(64) }] },
      { formatVersion: 2 },
      { more: true },
    ];
    for (const one of changes) {
      again();
      approve(aws, record);
      change(one);
      await refused(planned);
      again();
      approve(aws, record);
      change(one);
      await refused(record.digest);
    }
  });

  test('by a session of another role is refused if two persons are required', async () => {
    for (const writer of [
      'arn:aws:iam::123456789012:user/alice',
      `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/shop-production-planner`,
      'arn:aws:sts::999999999999:assumed-role/shop-production-planner/x',
      session('approver'),
    ]) {
      again();
      change({}, writer);
      approve(aws, record);
      expect(await refused()).toContain('so an approver may have made it');
    }
  });

  test('under another name than its content states is refused', async () => {
    again();
    const own = JSON.stringify({ ...record, author: { name: 'bob', session: 'x' } });
    aws.parameters.delete(path());
    aws.put(parameters.plan(record.digest, 'carol'), own, session('planner'));
    approve(aws, JSON.parse(own));
    expect(await refused()).toContain('the plan names bob');
  });

  test('that was deployed is not deployed again', async () => {
    again();
    approve(aws, record);
    aws.put(
      parameters.deployment(record.id),
      JSON.stringify({
        ...{ formatVersion: 1, id: record.id, plan: record.digest, record: digestOfRecord(record) },
        ...{
          releaseId: 'x',
          state: 'succeeded',
          author: 'x',
          approvers: [],
          deployer: 'x',
          overrides: [],
          made: {},
        },
      }),
      session('deployer'),
    );
    aws.actAs(session('deployer'));
    await expect(deployPlan(deployOptions(application, aws, planned))).rejects.toThrow(
      'has already been deployed',
    );
    attempts += 1;
  });
});

describe('an approval', () => {
  test.each([
    ['of nobody', () => {}, '0 of 1 approvals'],
    ['of somebody who may not', () => approve(aws, record, { approver: 'carol' }), 'nobody who may approve'],
    ['of somebody unknown', () => approve(aws, record, { approver: 'mallory' }), 'nobody who may approve'],
    ['of the pipeline', () => approve(aws, record, { approver: 'pipeline' }), 'nobody who may approve'],
    ['written by the planner', () => approve(aws, record, { writer: session('planner') }), 'not by the role'],
    [
      'written by the deployer',
      () => approve(aws, record, { writer: session('deployer', 'alice') }),
      'not by the role',
    ],
    [
      'written through CloudFormation',
      () =>
        approve(aws, record, {
          writer: `arn:aws:sts::${ACCOUNT}:assumed-role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1/AWSCloudFormation`,
        }),
      'not by the role',
    ],
    [
      'of a role of that name in another account',
      () =>
        approve(aws, record, {
          writer: 'arn:aws:sts::999999999999:assumed-role/shop-production-approver/alice',
        }),
      'not by the role',
    ],
    [
      'of an IAM user of that name',
      () => approve(aws, record, { writer: `arn:aws:iam::${ACCOUNT}:user/shop-production-approver` }),
      'not by the role',
    ],
    [
      'of another environment’s role',
      () =>
        approve(aws, record, { writer: `arn:aws:sts::${ACCOUNT}:assumed-role/shop-staging-approver/alice` }),
      'not by the role',
    ],
    [
      'in a session that is called like the role',
      () =>
        approve(aws, record, { writer: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/shop-production-approver` }),
      'not by the role',
    ],
    ['for another environment', () => approve(aws, record, { name: 'shop-staging' }), 'is for shop-staging'],
    ['for another plan', () => approve(aws, record, { plan: 'e'.repeat(64) }), 'is for another plan'],
    [
      'for another registration',
      () => approve(aws, record, { record: 'e'.repeat(64) }),
      'earlier registration',
    ],
    ['for no time', () => approve(aws, record, { hours: 0 }), 'not an approval that this version can read'],
    ['for less than no time', () => approve(aws, record, { hours: -5 }), 'can read'],
    ['of another form', () => approve(aws, record, { formatVersion: 2 as 1 }), 'can read'],
    ['with more than it should say', () => approve(aws, record, { admin: true } as object), 'can read'],
  ])('%s does not count', async (_, give, reason) => {
    again();
    give();
    expect(await refused()).toContain(reason);
  });

  test("under another person's name does not count: the name must directly follow the digest", async () => {
    again();
    approve(aws, record, { approver: 'bob/alice' });
    expect(await refused()).toContain('0 of 1 approvals');
  });

  test('expires by the clock of AWS', async () => {
    for (const [hours, allowed, passed] of [
      [1, 24, 1.01],
      [1000, 2, 2.01],
    ] as const) {
      again({ approvalHours: allowed });
      approve(aws, record, { hours });
      aws.skew = passed * 3_600_000;
      expect(await refused()).toContain('expired');
    }
  });

  test('does not last longer if the clock of this machine is slow', async () => {
    const real = Date.now;
    again();
    approve(aws, record, { hours: 1 });
    aws.skew = 2 * 3_600_000;
    try {
      Date.now = () => real() - 6 * 3_600_000;
      aws.now = () => real() + aws.skew;
      expect(await refused()).toContain('expired');
    } finally {
      Date.now = real;
      aws.now = AwsApi.prototype.now;
    }
  });

  test('from before the registration does not count', async () => {
    again();
    // Further back than this file takes.
    aws.skew = -3_600_000;
    approve(aws, record);
    aws.skew = 0;
    expect(await refused()).toMatch(/older than the registration/);
  });

  test('by an author of the plan does not count', async () => {
    again();
    const own = { ...record, author: { name: 'bob', session: 'x' } };
    aws.put(parameters.plan(record.digest, 'bob'), JSON.stringify(own), session('planner'));
    approve(aws, own, { approver: 'bob' });
    expect(await refused(record.digest)).toContain('comes from an author of the plan');
    // Nor if the pipeline has registered the same plan since.
    again();
    aws.put(parameters.plan(record.digest, 'bob'), JSON.stringify(own), session('planner'));
    aws.skew = 1_000;
    aws.put(parameters.plan(record.digest, 'pipeline'), JSON.stringify(record), session('planner'));
    approve(aws, record, { approver: 'bob' });
    expect(await refused(record.digest)).toContain('comes from an author of the plan');
  });

  test('by the author of its commits does not count, in upper or lower case', async () => {
    again();
    const own = { ...record, commitAuthors: ['Alice@Example.com'] };
    aws.put(parameters.plan(record.digest, 'pipeline'), JSON.stringify(own), session('planner'));
    approve(aws, own);
    expect(await refused(record.digest)).toContain('comes from the author of its commits');
  });

  test('counts once for each person', async () => {
    again({ approvals: 2 });
    for (let times = 0; times < 3; times += 1) approve(aws, record);
    expect(await refused()).toContain('1 of 2 approvals');
    again({ approvals: 2 });
    approve(aws, record);
    approve(aws, record, { approver: 'bob' });
    aws.actAs(session('deployer'));
    const { deployment } = await deployPlan(deployOptions(application, aws, planned));
    expect(deployment.approvers.sort()).toEqual(['alice', 'bob']);
  });
});

describe('changes in CloudFormation and the registries', () => {
  const approved = () => {
    again();
    approve(aws, record);
  };
  const changeSetOf = (part: string) =>
    [...aws.changeSets.values()].find(({ stack }) => stack === `shop-production-${part}`)!;

  test.each([
    [
      'another template in the change set',
      () => Object.assign(changeSetOf('release'), { template: '{"Resources":{}}' }),
      'another template',
    ],
    [
      'another change set of that name',
      () => {
        const found = changeSetOf('release');
        aws.changeSets.delete(found.id);
        aws.changeSets.set(`${found.id}x`, { ...found, id: `${found.id}x` });
      },
      'is deleted',
    ],
    ['no change set', () => aws.changeSets.clear(), 'is deleted'],
    [
      'an obsolete change set',
      () => Object.assign(changeSetOf('release'), { execution: 'OBSOLETE' }),
      'obsolete',
    ],
    [
      'another image under the tag',
      () => aws.images.set('b'.repeat(64), `sha256:${'f'.repeat(64)}`),
      'the image',
    ],
    ['no image', () => aws.images.clear(), 'missing in the registry'],
    [
      'an overwritten file',
      () => aws.objects.set(`${'a'.repeat(64)}.zip`, 'another'),
      'has been overwritten',
    ],
    ['no file', () => aws.objects.clear(), 'has been overwritten'],
    [
      'a stack that somebody deployed since',
      () =>
        Object.assign(aws.stackOf('shop-production-data')!, { status: 'UPDATE_COMPLETE', template: '{}' }),
      'deployed by another process since',
    ],
    [
      'a stack that is being updated',
      () =>
        Object.assign(aws.stackOf('shop-production-data')!, { status: 'UPDATE_IN_PROGRESS', template: '{}' }),
      'another deployment is in progress',
    ],
    [
      'a stack that failed',
      () =>
        Object.assign(aws.stackOf('shop-production-data')!, {
          status: 'UPDATE_ROLLBACK_FAILED',
          template: '{}',
        }),
      'repair the stack first',
    ],
  ])('%s: refused', async (_, change, reason) => {
    for (const plan of [planned, record.digest]) {
      approved();
      change();
      expect(await refused(plan)).toContain(reason);
    }
  });
});

describe('the delivery rules', () => {
  test('come from the account, not from the folder that is deployed', async () => {
    const lax = shop('delivery: { approvals: 0, evidence: [], people: [] }');
    again();
    aws.actAs(session('deployer'));
    await expect(deployPlan(deployOptions(lax.folder, aws, planned))).rejects.toThrow('0 of 1 approvals');
    attempts += 1;
    lax.remove();
  });

  test('are required for every plan that needs approval', async () => {
    again();
    aws.parameters.delete(parameters.policy);
    approve(aws, record);
    expect(await refused()).toContain('deploy the roles');
    again();
    aws.put(parameters.policy, '{}', 'x');
    expect(await refused()).toContain('cannot be read');
  });

  test.each(['rehearsal', 'tests', 'check', 'rollback', 'faults'] as const)(
    'require evidence: %s',
    async (kind) => {
      again({ evidence: ['review', kind] });
      approve(aws, record);
      expect(await refused()).toContain(`there is no report of kind ${kind}`);
      for (const changes of [{ plan: 'e'.repeat(64) }, { verdict: 'failed' }]) {
        again({ evidence: ['review', kind] });
        const own = {
          ...record,
          evidence: [...record.evidence, { ...record.evidence[0], kind, ...changes }],
        } as PlanRecord;
        aws.put(parameters.plan(record.digest, 'pipeline'), JSON.stringify(own), session('planner'));
        approve(aws, own);
        expect(await refused()).toContain(`the report of kind ${kind}`);
      }
    },
  );

  const always = {
    name: 'always',
    from: '2020-01-01T00:00',
    until: '2099-01-01T00:00',
    timeZone: 'Europe/Berlin',
  };
  test('have freeze windows, which a permitted override opens with a reason', async () => {
    again({ freeze: [always] });
    approve(aws, record);
    expect(await refused()).toContain('deployments are frozen: always');
    again({ freeze: [always], overrides: [] });
    approve(aws, record);
    const overrides = [{ what: 'freeze', reason: 'mends an outage' }];
    expect(await refused(planned, { overrides })).toContain('do not allow overriding freeze');
    again({ freeze: [always] });
    approve(aws, record);
    aws.actAs(session('deployer'));
    const { deployment } = await deployPlan({
      ...deployOptions(application, aws, planned),
      overrides,
    } as never);
    expect(deployment.overrides).toEqual(overrides);
  });

  test('an override of the approval is recorded, other overrides are not', async () => {
    const overrides = [{ what: 'approval', reason: 'nobody can be reached' }];
    again({ overrides: ['freeze'] });
    expect(await refused(planned, { overrides })).toContain('do not allow overriding approval');
    again({ freeze: [always] });
    expect(await refused(planned, { overrides })).toContain('always');
    again();
    aws.actAs(session('deployer'));
    const { deployment } = await deployPlan({
      ...deployOptions(application, aws, planned),
      overrides,
    } as never);
    expect(deployment).toMatchObject({ approvers: [], overrides });
  });

  test('credentials of another account are refused before any read', async () => {
    again();
    approve(aws, record);
    aws.actAs('arn:aws:sts::999999999999:assumed-role/shop-production-deployer/x');
    await expect(deployPlan(deployOptions(application, aws, planned))).rejects.toThrow(
      'credentials belong to another account',
    );
    attempts += 1;
    expect(aws.calls.filter((call) => !call.includes('GetCallerIdentity'))).toEqual([]);
  });
});

test('this file made at least a hundred attempts', () => {
  expect(attempts).toBeGreaterThan(150);
});
