import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { beforeEach, describe, expect, test } from 'vitest';
import { changeSetFindings } from '../../lib/review/change-set';
import type { Template } from '../../lib/review/plan';
import { htmlReport } from '../../lib/review/report/html';
import { markdownReport } from '../../lib/review/report/markdown';
import { textReport } from '../../lib/review/report/text';
import { review } from '../../lib/review/review';
import { mockClient } from '../support/mock-client';

describe('a change set of CloudFormation', () => {
  const HOSTILE = 'a\u001b]0;t\u0007\n::add-mask::x\n<img src=x>`@team [x](javascript:y) \u202e';
  const cloudFormation = mockClient(CloudFormationClient);
  const side = (more: object) => {
    const template = {
      Resources: {
        Db: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql', ...more } },
      },
    } as Template;
    const stack = { name: 'shop', region: 'eu-west-1', template, constructPaths: {} };
    return { label: 'x', plan: { planDigest: '0'.repeat(64), stacks: [stack] } };
  };
  const sides = { base: side({}), head: side({ BackupRetentionPeriod: 30 }) };
  const ask = () => changeSetFindings({ ...sides, progress: () => undefined, pollSeconds: 0 });
  const answers = (answer: object) => cloudFormation.on(DescribeChangeSetCommand).resolves(answer as never);
  const changes = (Changes: readonly object[], more: object = {}) =>
    answers({
      Status: 'CREATE_COMPLETE',
      Changes: Changes.map((ResourceChange) => ({ ResourceChange })),
      ...more,
    });

  beforeEach(() => {
    cloudFormation.reset();
    cloudFormation.on(DescribeStacksCommand).resolves({});
    cloudFormation.on(CreateChangeSetCommand).resolves({});
    cloudFormation.on(DeleteChangeSetCommand).resolves({});
  });

  test('whose pages never end is refused and deleted', async () => {
    changes([], { NextToken: 'a' });
    await expect(ask()).rejects.toThrow(/does not come to the end/);
    expect(cloudFormation.calls().at(-1)!.args[0]).toBeInstanceOf(DeleteChangeSetCommand);
  });

  test('with an unknown status is a danger; its reason is shortened', async () => {
    for (const [answer, told] of [
      [{}, /refuses the change set: its status is without a status\.$/],
      [{ Status: 'SHELVED' }, /its status is SHELVED\.$/],
      [{ Status: 'FAILED', StatusReason: 'x'.repeat(1_000_000) }, /^.{900,1100}$/],
    ] as const) {
      answers(answer);
      expect(await ask()).toEqual([
        expect.objectContaining({ severity: 'danger', what: expect.stringMatching(told) }),
      ]);
    }
  });

  test('with unknown actions and values is no clean review', async () => {
    const names = { LogicalResourceId: 'Db', ResourceType: 'AWS::RDS::DBCluster' };
    for (const change of [
      { ...names, Action: 'Dynamic' },
      { ...names, Action: 'Shelve' },
      { ...names, Action: 'Modify', Replacement: 'Perhaps' },
      names,
      {},
      { LogicalResourceId: '__proto__', Action: 'constructor', ResourceType: 'toString' },
    ]) {
      changes([change]);
      const [finding] = await ask();
      expect(finding).toMatchObject({
        severity: 'caution',
        what: expect.stringMatching(/^CloudFormation reports/),
      });
    }
  });

  test('of thousands of changes with hostile names gives reports that show them as text', async () => {
    changes(
      Array.from({ length: 5_000 }, (_, n) => ({
        ...{ LogicalResourceId: `${n}${HOSTILE}`, ResourceType: HOSTILE, Action: 'Remove' },
        Details: [{ Target: { Name: HOSTILE } }, { Target: null }, {}],
      })),
    );
    const findings = await ask();
    expect(findings).toHaveLength(5_001);
    const result = review(sides.base, sides.head, { findings });
    expect(markdownReport(result).length).toBeLessThan(66_000);
    const withoutCode = markdownReport(result).replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(withoutCode).not.toMatch(/<img|@team|\[x\]\(/);
    expect(htmlReport(result)).not.toMatch(/<img src=x>/);
    for (const text of [markdownReport(result), textReport(result, { colour: false })])
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]|^\s*::add-mask::/mu);
  });
});
