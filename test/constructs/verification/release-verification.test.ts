import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  pageDigest,
  ReleaseVerification,
  type ReleaseVerificationProps,
} from '../../../constructs/verification';
import { nagFindings, testStack, unusedAcknowledgements } from '../../support';

const defaults = {
  url: 'https://d1.cloudfront.net',
  server: { release: 'shop:8', checks: [{ path: '/api/health' }] },
  client: {
    release: 'r1-01234567',
    pageDigest: pageDigest('<!doctype html>'),
    checks: [{ path: '/api/health' }, { path: '/about', status: 200 }],
  },
};
function synthesise(props: Partial<ReleaseVerificationProps> = {}) {
  const stack = testStack();
  const verification = new ReleaseVerification(stack, 'Verification', { ...defaults, ...props });
  return { stack, verification, template: Template.fromStack(stack) };
}

describe('ReleaseVerification', () => {
  const { stack, template } = synthesise();
  const [server, client] = Object.entries(template.findResources('Custom::ReleaseVerification')).sort(
    ([a]) => (a.includes('Server') ? -1 : 1),
  );

  test('verifies the server with its checks only', () => {
    expect(server?.[1].Properties).toMatchObject({
      Url: 'https://d1.cloudfront.net',
      Release: 'shop:8',
      Checks: '[{"path":"/api/health"}]',
    });
    expect(server?.[1].Properties).not.toHaveProperty('PageDigest');
  });

  test('verifies the client with all checks and the page of the build', () => {
    expect(client?.[1].Properties).toMatchObject({
      Release: 'r1-01234567 shop:8',
      Checks: JSON.stringify(defaults.client.checks),
      PageDigest: pageDigest('<!doctype html>'),
    });
  });

  test('verifies the client after the server', () => {
    expect(client?.[1].DependsOn).toContain(server?.[0]);
  });

  test('ends within an hour', () => {
    for (const [, { Properties }] of [server!, client!]) expect(Properties.ServiceTimeout).toBe('720');
  });

  test('may describe its own stack, and write its log', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(statements).toContainEqual({
      Action: 'cloudformation:DescribeStacks',
      Effect: 'Allow',
      Resource: { Ref: 'AWS::StackId' },
    });
    expect(statements.flatMap(({ Action }) => Action).filter((action) => !/^logs:/.test(action))).toEqual([
      'cloudformation:DescribeStacks',
    ]);
  });

  test('has no cdk-nag finding without an acknowledgement', () => {
    expect(nagFindings(stack)).toEqual([]);
    expect(unusedAcknowledgements(stack)).toEqual([]);
  });

  test('fails for invalid checks', () => {
    expect(() => synthesise({ server: { release: '1', checks: [{ path: 'api' }] } })).toThrow(
      "check 'api': 'path' must start with '/'",
    );
  });

  test('fails for more checks than fit', () => {
    const checks = Array.from({ length: 200 }, (_, index) => ({ path: `/${'a'.repeat(40)}${index}` }));
    expect(() => synthesise({ client: { ...defaults.client, checks } })).toThrow(
      "'client.checks' must fit into 8000 characters, got",
    );
  });

  test('verifies a server alone, and a client alone', () => {
    const only = (props: Partial<ReleaseVerificationProps>) =>
      Object.keys(synthesise(props).template.findResources('Custom::ReleaseVerification'));
    expect(only({ client: undefined })).toEqual([expect.stringMatching(/^VerificationServer/)]);
    expect(only({ server: undefined })).toEqual([expect.stringMatching(/^VerificationClient/)]);
  });

  test('fails without server and client', () => {
    expect(() => synthesise({ server: undefined, client: undefined })).toThrow(
      "'server' or 'client' must be given, got neither",
    );
  });

  test('fails for an invalid page digest', () => {
    expect(() => synthesise({ client: { ...defaults.client, pageDigest: 'abc' } })).toThrow(
      "'client.pageDigest' must be a SHA-256 in hexadecimal digits, got 'abc'",
    );
  });
});
