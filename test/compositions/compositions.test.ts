import { Stage } from 'aws-cdk-lib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConstructError } from '../../constructs';
import { compose } from './compose';
import { type Composition, compositions } from './composition';
import { broken } from './invariants';

/** More with `COMPOSITIONS=500 npx vitest run test/compositions`; others with `COMPOSITION_SEED=7`. */
const RUNS = Number(process.env['COMPOSITIONS'] ?? 25);
const SEED = Number(process.env['COMPOSITION_SEED'] ?? 42);

/** Known problems. Remove a problem from this list once it no longer occurs. */
const KNOWN: readonly RegExp[] = [];

// Warnings about the made-up stacks are no news.
beforeAll(() => {
  vi.spyOn(console, 'error').mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** The problems of a composition; none if it synthesises well, or if an error of ours says what to change. */
export function problems(composition: Composition): string[] {
  try {
    const stacks = compose(composition);
    const assembly = Stage.of(stacks[0]!)!.synth();
    const artifacts = stacks.map(({ artifactId }) => assembly.getStackArtifact(artifactId));
    return artifacts.flatMap(({ template, messages }) => [
      ...messages.filter(({ level }) => level === 'error').map(({ entry }) => String(entry.data)),
      ...broken(template, composition),
    ]);
  } catch (error) {
    if (!(error instanceof ConstructError)) return [(error as Error).stack!];
    return /\bgot\b.*[;:]/.test(error.message) ? [] : [`names no way out: ${error.message}`];
  }
}

test('our constructs work in other stacks, or the error says what to change', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(compositions, (composition) => {
      const found = problems(composition).filter((problem) => !KNOWN.some((known) => known.test(problem)));
      expect(found).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test('the helper detects a template that CloudFormation would refuse', () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'orders' } };
  const template = {
    Parameters: { Version: {} },
    Resources: {
      A: {
        Type: 'AWS::SNS::Topic',
        Properties: { TopicName: `orders-${'${Token[AWS.Region.4]}'}` },
        DependsOn: 'B',
      },
      B: {
        Type: 'Custom::B',
        Properties: { Text: { 'Fn::Sub': '${A.TopicName} ${Version} ${AWS::Region} ${Gone}' } },
      },
      C: { ...role, DependsOn: ['None'] },
      D: { ...role, Properties: { RoleName: 'orders', PermissionsBoundary: 'arn' } },
      E: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'x'.repeat(257), Tag: 'orders-undefined' } },
    },
  };
  expect(broken(template, { boundary: true })).toEqual([
    'nothing is called Gone',
    'nothing is called None',
    'resources depend on each other: A B',
    "A: 'orders-${Token[AWS.Region.4]}'",
    "E: 'orders-undefined'",
    `E: '${'x'.repeat(257)}' is longer than 256`,
    "C and D are both AWS::IAM::Role 'orders'",
    'C has no permissions boundary',
  ]);
});
