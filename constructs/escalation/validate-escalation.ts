import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems } from '../physical-name';
import type { EscalationProps } from './escalation-props';
import { planProblems, weeklyTimeProblems } from './plan-problems';

/** Throws if a plan or setting could leave people without notice. */
export function validateEscalation(scope: Construct, props: EscalationProps): void {
  const { name, plan, webhookUrl, testPage } = props;
  const problems = [
    ...nameProblems(name),
    ...[
      ...planProblems(plan, webhookUrl !== undefined),
      ...(testPage ? weeklyTimeProblems(testPage, ['testPage']) : []),
    ].map(({ path, allowed }) => `'${path.join('.')}' must be ${allowed}`),
  ];
  if (plan.tiers.length === 0) problems.push("'tiers' must have at least one tier, got none");
  if (webhookUrl !== undefined && !Token.isUnresolved(webhookUrl) && !isHttps(webhookUrl))
    problems.push(`'webhookUrl' must be an https URL, got '${webhookUrl}'`);
  if (problems.length > 0) throw new ConstructError(scope, problems);
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
