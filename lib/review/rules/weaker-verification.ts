import type { ResourceChange } from '../change';
import { list, plain } from '../show';
import { type Observation, observe, type Rule, type Setting } from './rule';
import { items, less, more, value } from './setting';

const fix = 'Keep every check of a release, both before and after users reach it.';

const SETTINGS: readonly Setting[] = [
  {
    types: ['Custom::QuietRollbackAlarms'],
    property: 'WhenFiring',
    worse: (now, before) => before === 'refuse' && now !== 'refuse',
    severity: 'caution',
    what: 'Deployment while a rollback alarm fires',
    why: 'ECS starts the deployment and immediately rolls it back, or new faults are mistaken for old ones.',
    fix: 'Keep refuse.',
  },
  ...['Tolerated', 'Times'].map(
    (property): Setting => ({
      types: ['Custom::ErrorComparison'],
      property,
      worse: more,
      severity: 'caution',
      what: `Additional errors that a release may have (${property})`,
      why: 'A worse release stays in production.',
      fix,
    }),
  ),
  {
    types: ['Custom::ErrorComparison'],
    property: 'Minutes',
    worse: less,
    severity: 'caution',
    what: 'Minutes in which errors are compared',
    why: 'Later errors do not count.',
    fix,
  },
];

/** Finds deployments that verify a release less. */
export const weakerVerification: Rule = {
  name: 'weaker-verification',
  severities: ['danger', 'caution'],
  summary:
    'A release is verified less: the lifecycle hook before users reach it, its checks, the checks of the live release, the comparison of errors, the check for firing alarms.',
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html',
  coversResources: true,
  settings: SETTINGS,
  // Every release changes values of these resources. Removed properties and dependencies are reported.
  judges: ({ resourceType }, { path, after }) =>
    (resourceType in GUARDS && after !== undefined) ||
    (resourceType === 'AWS::ECS::Service' &&
      path.startsWith('Properties.DeploymentConfiguration.LifecycleHooks')),
  judge: ({ resources }) =>
    resources.flatMap((change) => [...hooks(change), ...liveChecks(change), ...guards(change)]),
};

/** Finds removed checks of the live release. */
function liveChecks(change: ResourceChange): Observation[] {
  if (change.resourceType !== 'Custom::ReleaseVerification' || !change.before || !change.after) return [];
  const of = ({ Properties }: NonNullable<ResourceChange['before']>) => asked(Properties?.['Checks']);
  const [was, is] = [of(change.before), of(change.after)];
  return lostChecks(
    change,
    'Properties.Checks',
    was.filter((check) => !is.includes(check)),
  );
}

function asked(checks: unknown): string[] {
  try {
    return (JSON.parse(String(checks)) as unknown[]).map(plain);
  } catch {
    return [];
  }
}

function lostChecks(change: ResourceChange, property: string, lost: readonly string[]): Observation[] {
  if (lost.length === 0) return [];
  return [
    observe(change, {
      severity: 'caution',
      property,
      what: `Checks removed: ${list(lost)}.`,
      why: 'A release that would fail these checks reaches users.',
      fix: 'Keep the checks. If a response has changed, update the check.',
    }),
  ];
}

function hooks(change: ResourceChange): Observation[] {
  if (change.resourceType !== 'AWS::ECS::Service' || !change.before || !change.after) return [];
  const of = (resource: ResourceChange['before']) => [
    ...items(value(resource!.Properties, 'DeploymentConfiguration.LifecycleHooks')).values(),
  ];
  const property = 'Properties.DeploymentConfiguration.LifecycleHooks';
  const stages = (hook: unknown) => ([value(hook, 'LifecycleStages') ?? []].flat() as unknown[]).map(String);
  const now = of(change.after);
  const lost = [...new Set(of(change.before).flatMap(stages))].filter(
    (stage) => !now.some((hook) => stages(hook).includes(stage)),
  );
  const checks = (hook: unknown) => [...items(value(hook, 'HookDetails.checks')).values()].map(plain);
  const fewer = of(change.before)
    .flatMap(checks)
    .filter((check) => lost.length === 0 && !now.flatMap(checks).includes(check));
  return [
    ...(lost.length > 0
      ? [
          observe(change, {
            severity: 'danger',
            property,
            what: `The lifecycle hook at ${lost.join(', ')} is removed.`,
            why: 'The release reaches users unverified.',
            fix: 'Keep the hook that verifies the release on the test listener.',
          }),
        ]
      : []),
    ...lostChecks(change, property, fewer),
  ];
}

const GUARDS: Readonly<Record<string, string>> = {
  'Custom::QuietRollbackAlarms': 'The check that no rollback alarm fires before a deployment',
  'Custom::RunningRelease': 'The check that the deployed release is running',
  'Custom::ReleaseVerification': 'The verification of the release in production',
  'Custom::ErrorComparison': 'The comparison of a release’s errors with those of the former release',
  'Custom::ProvidedSecretsCheck': 'The check that every secret has a value before the server starts',
  'Custom::Migrations': 'The run of migrations before the server',
  'Custom::ReleaseRecord': 'The record of the release, which a rollback needs',
};

function guards(change: ResourceChange): Observation[] {
  const guard = GUARDS[change.resourceType];
  if (change.kind !== 'removed' || !guard) return [];
  return [
    observe(change, {
      severity: 'caution',
      what: `${guard} is removed.`,
      why: 'A deployment may succeed although the release is bad.',
      fix,
    }),
  ];
}
