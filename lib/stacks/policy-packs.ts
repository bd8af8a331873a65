import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { Settings } from '../../config';
import { policyAcknowledgements } from './policy-acknowledgements';

type PackName = Settings['policyPacks'][number] | 'aws-solutions';

/** Policy packs of cdk-nag. The names of their rules begin with the name of the pack. */
export const POLICY_PACKS = {
  'aws-solutions': { prefix: 'AwsSolutions', create: () => new AwsSolutionsChecks() },
  'nist-800-53-r5': { prefix: 'NIST.800.53.R5', create: () => new NIST80053R5Checks() },
  hipaa: { prefix: 'HIPAA.Security', create: () => new HIPAASecurityChecks() },
  'pci-dss': { prefix: 'PCI.DSS.321', create: () => new PCIDSS321Checks() },
} as const satisfies Record<PackName, unknown>;

/** Packs that were added to each app already. */
const judged = new WeakMap<App, Set<PackName>>();

/**
 * Checks the stacks of an app with AwsSolutions and with the packs that the settings name. Then acknowledges the
 * findings that need no change.
 * @param stacks stacks of an environment by their kind, such as `release`
 */
export function applyPolicyPacks(
  app: App,
  stacks: Readonly<Record<string, Stack | undefined>>,
  { policyPacks }: Settings,
): void {
  const known = judged.get(app) ?? new Set<PackName>();
  judged.set(app, known);
  for (const name of ['aws-solutions', ...policyPacks] as const) {
    if (!known.has(name)) Validations.of(app).addPlugins(POLICY_PACKS[name].create());
    known.add(name);
  }
  for (const pack of new Set(policyPacks)) {
    const { prefix } = POLICY_PACKS[pack];
    for (const { rule, at, reason } of policyAcknowledgements)
      for (const scope of at.flatMap((path) => constructsAt(path, stacks)))
        Validations.of(scope).acknowledge({ id: `${prefix}::${prefix}-${rule}`, reason });
  }
}

/** Returns the constructs at the path of an acknowledgement. */
export function constructsAt(
  path: string,
  stacks: Readonly<Record<string, Stack | undefined>>,
): IConstruct[] {
  if (path === '*') return Object.values(stacks).filter((stack) => stack !== undefined);
  const [kind, ...rest] = path.split('/');
  const found = rest.reduce<IConstruct | undefined>(
    (scope, id) => scope?.node.tryFindChild(id),
    stacks[kind!],
  );
  return found ? [found] : [];
}
