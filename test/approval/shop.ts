import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliveryParameters, type DeliveryPolicy } from '../../constructs/delivery-roles';
import type { Approval } from '../../lib/approval/approval-record';
import { EnvironmentDelivery } from '../../lib/approval/environment-delivery';
import { registerPlan, type WrittenPlan } from '../../lib/approval/make-plan';
import { digestOfRecord, type PlanRecord } from '../../lib/approval/plan-record';
import { digestOfPlan } from '../../lib/review/plan-digest';
import { EMPTY_PLAN } from '../../lib/review/read-plan';
import { review } from '../../lib/review/review';
import { applicationFolder } from '../support/application-folder';
import { ACCOUNT, type AwsApi } from './aws-api';

export const parameters = new DeliveryParameters('shop-production');
export const session = (role: string, name = 'anything') =>
  `arn:aws:sts::${ACCOUNT}:assumed-role/shop-production-${role}/${name}`;

export const policy: DeliveryPolicy = {
  formatVersion: 1,
  account: ACCOUNT,
  approvals: 1,
  fourEyes: true,
  approvalHours: 24,
  people: [
    { name: 'alice', emails: ['alice@example.com'], may: ['approve'] },
    { name: 'bob', emails: ['bob@example.com'], may: ['plan', 'approve', 'deploy'] },
    { name: 'carol', may: ['plan'] },
  ],
  freeze: [],
  evidence: ['review'],
  overrides: ['freeze', 'approval'],
};

/** Creates an application `shop` with its production environment in the account. */
export function shop(more = '') {
  return applicationFolder({
    'framework53.config.ts': `export default { production: {
      account: '${ACCOUNT}', region: 'eu-west-1',
      delivery: { approvals: 1, people: [
        { name: 'alice', userId: 'AROAALICEALICEALICE:alice@example.com', may: ['approve'] },
        { name: 'bob', userId: 'AROABOBBOBBOBBOB1:bob@example.com', may: ['plan', 'approve', 'deploy'] },
      ] },
      ${more}
    } }`,
  });
}

const HASH = 'a'.repeat(64);
const IMAGE = 'b'.repeat(64);

/** An assembly of two stacks with a file and an image, as `framework53 plan` writes one. */
export function writeAssembly(directory: string, release = 'one'): string {
  const assembly = join(directory, 'assembly');
  const bucket = 'cdk-hnb659fds-assets-${AWS::AccountId}-eu-west-1';
  const files: Record<string, unknown> = {
    'manifest.json': {
      version: '55.0.0',
      artifacts: {
        ...Object.fromEntries(
          ['data', 'release'].flatMap((part) => [
            [
              `shop-production-${part}.assets`,
              { type: 'cdk:asset-manifest', properties: { file: `${part}.assets.json` } },
            ],
            [
              `shop-production-${part}`,
              {
                type: 'aws:cloudformation:stack',
                environment: `aws://${ACCOUNT}/eu-west-1`,
                properties: { templateFile: `${part}.template.json`, terminationProtection: part === 'data' },
                dependencies: [
                  `shop-production-${part}.assets`,
                  ...(part === 'release' ? ['shop-production-data'] : []),
                ],
              },
            ],
          ]),
        ),
      },
    },
    'data.template.json': { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
    'data.assets.json': { version: '55.0.0', files: {}, dockerImages: {} },
    'release.template.json': {
      Resources: {
        Server: { Type: 'AWS::ECS::TaskDefinition', Properties: { Release: release, Image: IMAGE } },
        Handler: {
          Type: 'AWS::Lambda::Function',
          Properties: { Code: { S3Bucket: { 'Fn::Sub': bucket }, S3Key: `${HASH}.zip` } },
        },
      },
    },
    'release.assets.json': {
      version: '55.0.0',
      files: {
        [HASH]: {
          source: { path: `asset.${HASH}`, packaging: 'zip' },
          destinations: { here: { bucketName: bucket, objectKey: `${HASH}.zip`, region: 'eu-west-1' } },
        },
      },
      dockerImages: {
        [IMAGE]: {
          source: { directory: `asset.${IMAGE}` },
          destinations: {
            here: { repositoryName: 'images-${AWS::AccountId}', imageTag: IMAGE, region: 'eu-west-1' },
          },
        },
      },
    },
    [`asset.${HASH}/index.js`]: `exports.release = '${release}';`,
    [`asset.${IMAGE}/Dockerfile`]: 'FROM scratch\n',
    [`asset.${IMAGE}/dist/index.js`]: `console.log('${release}');`,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(assembly, name, '..'), { recursive: true });
    writeFileSync(join(assembly, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return assembly;
}

/** A written plan, as if it had been synthesised. */
export function written(directory: string, release = 'one'): WrittenPlan {
  const assembly = writeAssembly(directory, release);
  const digest = digestOfPlan(assembly);
  return {
    directory,
    digest,
    releaseId: `release-${release}`,
    review: review(
      { label: 'a', plan: EMPTY_PLAN },
      { label: 'b', plan: EMPTY_PLAN },
      { environment: 'production' },
    ),
    evidence: [{ kind: 'review', plan: digest, verdict: 'passed', summary: 'clean', report: 'c'.repeat(64) }],
  };
}

export const deployOptions = (application: string, aws: AwsApi, plan: string) => ({
  environment: 'production',
  application,
  plan,
  overrides: [],
  progress: () => {},
  cdk: aws.cdk,
  pollMs: 1,
});

/** Registers a plan as the pipeline. */
export async function register(
  aws: AwsApi,
  application: string,
  directory: string,
  release = 'one',
): Promise<PlanRecord> {
  aws.images.set(IMAGE, `sha256:${'d'.repeat(64)}`);
  aws.actAs(session('planner'));
  const selection = { environment: 'production', application };
  const delivery = await EnvironmentDelivery.open(selection, 'plan', 1);
  return registerPlan(written(directory, release), delivery, {
    ...selection,
    out: directory,
    evidence: [],
    progress: () => {},
    cdk: aws.cdk,
    pollMs: 1,
  });
}

/** Writes an approval directly, with a given approver. */
export function approve(
  aws: AwsApi,
  record: PlanRecord,
  {
    approver = 'alice',
    writer = session('approver'),
    digest = record.digest,
    ...changes
  }: Partial<Approval> & {
    approver?: string;
    writer?: string;
    digest?: string;
  } = {},
): void {
  const approval: Approval = {
    formatVersion: 1,
    name: record.name,
    plan: record.digest,
    record: digestOfRecord(record),
    hours: 24,
    ...changes,
  };
  aws.put(parameters.approval(digest, approver), JSON.stringify(approval), writer);
}

/** Forgets everything but the rules. */
export function reset(aws: AwsApi, rules: Partial<DeliveryPolicy> = {}): void {
  for (const kept of [
    aws.parameters,
    aws.stacks,
    aws.changeSets,
    aws.images,
    aws.objects,
    aws.refuse,
    aws.outcome,
  ])
    kept.clear();
  aws.skew = 0;
  aws.fault = () => undefined;
  aws.after = () => {};
  aws.calls.length = 0;
  aws.put(parameters.policy, JSON.stringify({ ...policy, ...rules }), 'arn:aws:iam::1:user/admin');
}
