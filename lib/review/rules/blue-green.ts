import type { Comparison, ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { fate } from '../stateful-resources';
import { type Observation, observe, type Rule } from './rule';
import { judgeSettings, less, more, type Setting, turnedOff, value } from './setting';

const SERVICE = ['AWS::ECS::Service'];
const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];
const advice =
  'Keep the deployment as careful as it was; a faster one is for an emergency, and then by hand.';

const SETTINGS: readonly Setting[] = [
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.Strategy',
    absent: 'ROLLING',
    worse: (now, before) => STRATEGIES.indexOf(String(now)) < STRATEGIES.indexOf(String(before)),
    severity: (now) => (now === 'ROLLING' ? 'danger' : 'caution'),
    what: 'Deployment strategy',
    why: 'A bad release reaches more users before it is noticed, and going back takes longer.',
    advice,
  },
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.BakeTimeInMinutes',
    absent: 0,
    worse: less,
    severity: 'caution',
    what: 'Minutes in which the former release stands by (bake time)',
    why: 'What goes wrong after that is no longer taken back by itself, or at once.',
    advice,
  },
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.CanaryConfiguration.CanaryPercent',
    worse: more,
    severity: 'caution',
    what: 'Share of requests that try the new release first, in percent',
    why: 'More users meet a bad release.',
    advice,
  },
  ...['CanaryConfiguration.CanaryBakeTimeInMinutes', 'LinearConfiguration.StepBakeTimeInMinutes'].map(
    (property): Setting => ({
      types: SERVICE,
      property: `DeploymentConfiguration.${property}`,
      worse: less,
      severity: 'caution',
      what: 'Minutes that a step is watched',
      why: 'Alarms have less time to notice a bad release.',
      advice,
    }),
  ),
  ...['Alarms.Enable', 'Alarms.Rollback'].map(
    (property): Setting => ({
      types: SERVICE,
      property: `DeploymentConfiguration.${property}`,
      worse: turnedOff,
      severity: 'danger',
      what: 'Rollback by alarms',
      why: 'A release that fails its users stays.',
      advice,
    }),
  ),
  ...['Enable', 'Rollback'].map(
    (name): Setting => ({
      types: SERVICE,
      property: `DeploymentConfiguration.DeploymentCircuitBreaker.${name}`,
      worse: turnedOff,
      severity: 'caution',
      what: `The circuit breaker (${name})`,
      why: 'A deployment whose tasks never become healthy goes on for hours.',
      advice,
    }),
  ),
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.MinimumHealthyPercent',
    absent: 100,
    worse: less,
    severity: 'caution',
    what: 'Share of tasks that go on running during a deployment, in percent',
    why: 'Fewer tasks take the requests meanwhile.',
    advice,
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'Matcher.HttpCode',
    absent: '200',
    worse: (now, before) => String(now).length > String(before).length,
    severity: 'caution',
    what: 'Answers that count as healthy',
    why: 'A task that answers with an error may be taken for a good one.',
    advice: 'Keep 200.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'HealthCheckPath',
    absent: '/',
    worse: () => true,
    severity: 'caution',
    what: 'What is asked whether a task is healthy',
    why: 'The new path may say less. And CloudFormation changes it under the running release, which may not have it: all of its tasks are then taken out; a rollback does not set it back.',
    advice: 'Release the new path first, and switch to it in a deployment of its own.',
  },
  {
    types: ['AWS::CodeDeploy::DeploymentGroup'],
    property: 'AutoRollbackConfiguration.Enabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'Rollback of failed deployments',
    why: 'A release that fails its users stays.',
    advice,
  },
];

/** A bad release reaches more users, or stays longer. */
export const blueGreen: Rule = {
  name: 'blue-green',
  severities: ['danger', 'caution'],
  summary:
    'Deployments get less careful: strategy, bake time, rollback alarms, circuit breaker, health checks, the way back.',
  judge(comparison) {
    return [
      ...judgeSettings(comparison, SETTINGS),
      ...comparison.resources.flatMap(wayBack),
      ...alarms(comparison),
    ];
  },
};

/** Former task definitions have to stay, or there is nothing to go back to. */
function wayBack(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::ECS::TaskDefinition' || !before || !after) return [];
  if (fate(before, 'UpdateReplacePolicy') !== 'Retain' || fate(after, 'UpdateReplacePolicy') === 'Retain')
    return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'UpdateReplacePolicy',
      message:
        'UpdateReplacePolicy of the task definition: Retain → Delete. CloudFormation deregisters the former one with each release: there is nothing to roll back to.',
      advice: 'Keep Retain; the release history bounds how many are kept.',
    }),
  ];
}

/** Rollback alarms that a service no longer names, or names without there being one. */
function alarms({ resources, base, head }: Comparison): Observation[] {
  const property = 'DeploymentConfiguration.Alarms.AlarmNames';
  const known = (stacks: typeof head.stacks) =>
    new Set(
      stacks.flatMap(({ template }) =>
        Object.values(template.Resources ?? {}).flatMap(({ Properties }) => {
          const name = Properties?.['AlarmName'];
          return typeof name === 'string' ? [name] : [];
        }),
      ),
    );
  const gone = [...known(base.stacks)].filter((name) => !known(head.stacks).has(name));
  const services = head.stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => SERVICE.includes(Type))
      .map(([id, service]) => ({ stack, id, service })),
  );
  const missing = services.flatMap(({ stack, id, service }) => {
    const names = named(value(service.Properties, property)).filter((name) => gone.includes(name));
    if (names.length === 0) return [];
    const path = stack.constructPaths[id] ?? `${stack.name}/${id}`;
    return observe(
      { stack: stack.name, logicalId: id, resourceType: service.Type, path },
      {
        severity: 'danger',
        property: `Properties.${property}`,
        message: `The service rolls back by alarms that are gone: ${list(names)}. ECS refuses the deployment, or nothing rolls it back.`,
        advice: 'Keep the alarms under the names the service has, or change both together.',
      },
    );
  });
  const fewer = resources.flatMap((change): Observation[] => {
    if (!SERVICE.includes(change.resourceType) || !change.before || !change.after) return [];
    const [was, is] = [change.before, change.after].map(({ Properties }) =>
      named(value(Properties, property)),
    ) as [string[], string[]];
    const lost = was.filter((name) => !is.includes(name));
    if (lost.length === 0 || is.length >= was.length) return [];
    return [
      observe(change, {
        severity: is.length === 0 ? 'danger' : 'caution',
        property: `Properties.${property}`,
        message: `Alarms that roll a release back: ${show(was)} → ${is.length === 0 ? 'none' : show(is)}. What ${list(lost)} noticed no longer ends a deployment.`,
        advice: 'Keep them: they see both colours while a release is deployed.',
      }),
    ];
  });
  return [...missing, ...fewer];
}

function named(names: unknown): string[] {
  return Array.isArray(names) ? names.map(plain) : [];
}
