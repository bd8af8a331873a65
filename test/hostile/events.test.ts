import { LambdaClient } from '@aws-sdk/client-lambda';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { handler as releasePointer } from '../../constructs/client/release-pointer.lambda';
import { handler as databaseRoles } from '../../constructs/database/database-roles.lambda';
import { handler as serviceLinkedRoles } from '../../constructs/handler/service-linked-roles.lambda';
import { handler as migrationRun } from '../../constructs/migrations/migration-run.lambda';
import { handler as firstCanaryRun } from '../../constructs/monitoring/first-canary-run.lambda';
import { handler as releaseRecord } from '../../constructs/release-record/release-record.lambda';
import { handler as providedSecrets } from '../../constructs/secrets/provided-secrets-check.lambda';
import { handler as firstRelease } from '../../constructs/server/first-release.lambda';
import { handler as managedPrefixList } from '../../constructs/server/managed-prefix-list.lambda';
import { handler as runningRelease } from '../../constructs/server/running-release.lambda';
import { handler as errorComparison } from '../../constructs/verification/error-comparison.lambda';
import { handler as releaseVerification } from '../../constructs/verification/release-verification.lambda';
import { mockClient } from '../support/mock-client';

const HANDLERS = {
  ...{ releasePointer, databaseRoles, serviceLinkedRoles, migrationRun, firstCanaryRun, releaseRecord },
  ...{
    providedSecrets,
    firstRelease,
    managedPrefixList,
    runningRelease,
    errorComparison,
    releaseVerification,
  },
};

/** Most bytes of a response that CloudFormation accepts. */
const LONGEST = 4096;

const long = 'ü\n'.repeat(100_000);
const names = [
  'Name',
  'Service',
  'Cluster',
  'Secrets',
  'Schema',
  'Checks',
  'Services',
  'Url',
  'Store',
  'Canary',
];
const PROPERTIES: readonly unknown[] = [
  undefined,
  null,
  'text',
  [],
  {},
  JSON.parse('{"__proto__":{"Name":"x"},"constructor":{"prototype":{"polluted":1}}}'),
  Object.fromEntries(names.map((name) => [name, long])),
  Object.fromEntries(names.map((name) => [name, { a: [null] }])),
];

const lambda = mockClient(LambdaClient);
const sent: { body: string; answer: { Status: string; Reason?: string } }[] = [];
beforeAll(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
  // Nothing answers there, as in a network that was shut in by mistake.
  const variables = {
    ...{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '1' },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' },
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    sent.push({ body, answer: JSON.parse(body) });
    return { ok: true, status: 200 };
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe.each(Object.entries(HANDLERS))('%s answers CloudFormation once, or goes on', (_, handler) => {
  test.each(['Create', 'Update', 'Delete'])('an event %s, whatever its properties', async (RequestType) => {
    for (const ResourceProperties of PROPERTIES) {
      sent.length = 0;
      lambda.reset();
      const event = {
        ...{ RequestType, ResourceProperties, OldResourceProperties: ResourceProperties },
        ...{ PhysicalResourceId: 'x', LogicalResourceId: 'x', RequestId: 'r', StackId: 'arn:stack' },
        ResponseURL: 'https://example.com/answer',
      };
      await handler(
        event as unknown as CloudFormationCustomResourceEvent,
        { getRemainingTimeInMillis: () => 5_100, invokedFunctionArn: 'arn:f' } as Context,
      );
      // A handler that cannot reach AWS hands its work to its next invocation, within the time of the resource.
      expect(sent.length + lambda.calls().length).toBe(1);
      if (sent.length === 0) continue;
      const [{ body, answer }] = sent as [(typeof sent)[number]];
      expect(['SUCCESS', 'FAILED']).toContain(answer.Status);
      expect(Buffer.byteLength(body)).toBeLessThan(LONGEST);
      if (answer.Status === 'FAILED') expect(answer.Reason).toBeTruthy();
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
