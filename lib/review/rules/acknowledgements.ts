import type { PlannedStack, Resource } from '../plan';
import { list } from '../show';
import { type Observation, observe, observeStack, type Remark, type Rule } from './rule';

/** Finds findings of a policy pack that the author newly acknowledges or suppresses. */
export const acknowledgements: Rule = {
  name: 'acknowledgements',
  severities: ['caution', 'note'],
  summary:
    'A finding of a policy pack (cdk-nag) is newly acknowledged or suppressed; the message shows the reason.',
  link: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/patterns/check-aws-cdk-applications-or-cloudformation-templates-for-best-practices-by-using-cdk-nag-rule-packs.html',
  judge({ base, head }) {
    return head.stacks.flatMap((stack) => {
      const former = base.stacks.find(({ name }) => name === stack.name);
      // A deployed template does not contain its acknowledgements, so every one of a new stack would look new.
      if (!former) return [];
      return [...acknowledged(former, stack), ...suppressed(former, stack)];
    });
  },
};

function acknowledged(former: PlannedStack, stack: PlannedStack): Observation[] {
  if (!former.acknowledgements) return [];
  const known = former.acknowledgements;
  const paths = new Map(Object.entries(stack.constructPaths).map(([logicalId, path]) => [path, logicalId]));
  const earlier = new Set(Object.values(former.constructPaths).flatMap(ancestors));
  return Object.entries(stack.acknowledgements ?? {}).flatMap(([path, findings]): Observation[] => {
    const logicalId = paths.get(path) ?? '';
    const resourceType = stack.template.Resources?.[logicalId]?.Type ?? '';
    const subject = { stack: stack.name, logicalId, resourceType, path };
    const news = Object.entries(findings).filter(([finding]) => known[path]?.[finding] === undefined);
    if (news.length === 0) return [];
    if (earlier.has(path))
      return news.map(([finding, reason]) => observe(subject, said(finding, reason, true)));
    // A new construct brings its acknowledgements with it: one finding covers all of them.
    const [ids, reasons] = [news.map(([id]) => id), [...new Set(news.map(([, reason]) => reason))]];
    return [observe(subject, said(list(ids), list(reasons), false))];
  });
}

/** Returns the path of a construct and the paths of all its ancestors. */
function ancestors(path: string): string[] {
  return path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
}

/**
 * Prefix of findings of the CDK's own template validation. New CDK versions add acknowledgements of these themselves.
 */
const FORM = /^CloudFormation-Validate::/;

function said(finding: string, reason: string, isOld: boolean): Remark {
  const text = reason.replace(/\.$/, '') || 'no reason is given';
  if (FORM.test(finding))
    return {
      severity: 'note',
      what: `${finding} is acknowledged: ${text}.`,
      why: 'The finding is about the form of the template, not about security.',
      fix: 'No action is needed.',
    };
  return {
    severity: isOld ? 'caution' : 'note',
    what: `${finding} is acknowledged: ${text}.`,
    why: 'From this change on, the policy is no longer enforced there.',
    fix: 'Check that the reason is true and names the safeguard that applies instead. Otherwise, fix the finding.',
  };
}

interface Suppression {
  readonly id?: string;
  readonly reason?: string;
}

/** Finds suppressions in a resource's metadata, as older versions of cdk-nag and cfn-guard write them. */
function suppressed(former: PlannedStack, stack: PlannedStack): Observation[] {
  const whole = news(former.template as Partial<Resource>, stack.template as Partial<Resource>).map(
    ({ id, reason }) => observeStack(stack.name, said(String(id), reason ?? '', true)),
  );
  const single = Object.entries(stack.template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    const before = former.template.Resources?.[logicalId];
    const path = stack.constructPaths[logicalId] ?? `${stack.name}/${logicalId}`;
    return news(before, resource).map(({ id, reason }) =>
      observe(
        { stack: stack.name, logicalId, resourceType: resource.Type, path },
        said(String(id), reason ?? '', before !== undefined),
      ),
    );
  });
  return [...whole, ...single];
}

function news(before: Partial<Resource> | undefined, after: Partial<Resource>): Suppression[] {
  const of = ({ Metadata = {} }: Partial<Resource>): Suppression[] => {
    const nag = (Metadata['cdk_nag'] as { rules_to_suppress?: Suppression[] } | undefined)?.rules_to_suppress;
    const guard = (Metadata['guard'] as { SuppressedRules?: string[] } | undefined)?.SuppressedRules;
    return [...(nag ?? []), ...(guard ?? []).map((id) => ({ id }))];
  };
  const known = new Set(of(before ?? {}).map(({ id }) => id));
  return of(after).filter(({ id }) => !known.has(id));
}
