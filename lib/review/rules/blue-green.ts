import type { Comparison, ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { fate } from '../stateful-resources';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, less, more, number, turnedOff, value } from './setting';

const SERVICE = ['AWS::ECS::Service'];
const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];
const fix = 'Keep the deployment as careful as it was. A faster one is for an emergency, and then by hand.';

const SETTINGS: readonly Setting[] = [
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.Strategy',
    absent: 'ROLLING',
    worse: (now, before) => STRATEGIES.indexOf(String(now)) < STRATEGIES.indexOf(String(before)),
    severity: (now) => (now === 'ROLLING' ? 'danger' : 'caution'),
    what: 'Deployment strategy',
    why: 'A bad release reaches more users before it is noticed, and going back takes longer.',
    fix,
  },
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.BakeTimeInMinutes',
    absent: 0,
    worse: less,
    severity: 'caution',
    what: 'Minutes in which the former release stands by (bake time)',
    why: 'ECS no longer takes back by itself, or at once, a release that fails after that time.',
    fix,
  },
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.CanaryConfiguration.CanaryPercent',
    worse: more,
    severity: 'caution',
    what: 'Share of requests that try the new release first, in percent',
    why: 'More users meet a bad release.',
    fix,
  },
  ...['CanaryConfiguration.CanaryBakeTimeInMinutes', 'LinearConfiguration.StepBakeTimeInMinutes'].map(
    (property): Setting => ({
      types: SERVICE,
      property: `DeploymentConfiguration.${property}`,
      worse: less,
      severity: 'caution',
      what: 'Minutes that a step is watched',
      why: 'Alarms have less time to notice a bad release.',
      fix,
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
      fix,
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
      fix,
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
    fix,
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'Matcher.HttpCode',
    absent: '200',
    worse: (now, before) => String(now).length > String(before).length,
    severity: 'caution',
    what: 'Answers that count as healthy',
    why: 'A task that answers with an error may be taken for a good one.',
    fix: 'Keep 200.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'HealthCheckPath',
    absent: '/',
    worse: () => true,
    severity: 'caution',
    what: 'Path of the health check',
    why: 'The new path may say less. CloudFormation also changes it under the running release, which may not have it: the load balancer then takes out all of its tasks, and a rollback does not set the path back.',
    fix: 'Release the new path first, and switch to it in a deployment of its own.',
  },
  {
    types: ['AWS::CodeDeploy::DeploymentGroup'],
    property: 'AutoRollbackConfiguration.Enabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'Rollback of failed deployments',
    why: 'A release that fails its users stays.',
    fix,
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property:
      /(^|\.)(\w*Rollback\w*(\.\w+)*|AutoRollback\w*(\.\w+)*|DeploymentCircuitBreaker(\.\w+)*|AlarmConfiguration(\.\w+)*|DeploymentPreference(\.\w+)*|Monitors(\.\w+)*|PreTraffic\w*|PostTraffic\w*)$/,
    types: /^AWS::(?!AutoScaling::)/,
    worse: (now, before) => turnedOff(now, before) || gone(now, before),
    severity: 'caution',
    why: 'A release that fails its users stays, or is noticed later.',
    fix,
    link: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html',
  },
  {
    property:
      /(^|\.)(DeploymentConfigName|DeploymentStrategyId|DeploymentPolicy|UpdatePolicy\w*|MinimumHealthy\w*|WaitTime|PauseTime|GrowthFactor|FinalBakeTimeInMinutes|RollingUpdate\w*)(\.|$)/,
    worse: (now, before) =>
      less(now, before) || (number(now) === undefined && String(now) !== String(before)),
    severity: 'caution',
    why: 'A bad release may reach more users before anybody notices.',
    fix,
  },
  {
    property:
      /(^|\.)(HealthCheck\w*(\.\w+)*|HealthyThreshold\w*|UnhealthyThreshold\w*|LivenessProbe\w*|ReadinessProbe\w*)$/,
    types: /^AWS::(?!Route53::|CloudFront::)/,
    worse: (now, before, { path }) =>
      gone(now, before) ||
      turnedOff(now, before) ||
      (/Path$|Protocol$/.test(path) && before !== undefined && String(now) !== String(before)) ||
      (path.endsWith('Type') && String(before) === 'ELB' && String(now) !== 'ELB') ||
      (/Unhealthy|Interval|Timeout/.test(path) ? more(now, before) : less(now, before)),
    severity: 'caution',
    why: 'The service notices later, or no longer, that a task or machine is unhealthy; or it takes good ones out.',
    fix: 'Keep the health check, and release a new path before you switch to it.',
  },
];

/** A bad release reaches more users, or stays longer. */
export const blueGreen: Rule = {
  name: 'blue-green',
  severities: ['danger', 'caution'],
  summary:
    'Deployments get less careful: strategy, bake time, rollback alarms, circuit breaker, health checks, the way back.',
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html',
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType }, { path }) =>
    SERVICE.includes(resourceType) && path.startsWith('Properties.DeploymentConfiguration.Alarms.AlarmNames'),
  judge(comparison) {
    return [...comparison.resources.flatMap(wayBack), ...alarms(comparison)];
  },
};

/** Former task definitions have to stay for a way back. */
function wayBack(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::ECS::TaskDefinition' || !before || !after) return [];
  if (fate(before, 'UpdateReplacePolicy') !== 'Retain' || fate(after, 'UpdateReplacePolicy') === 'Retain')
    return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'UpdateReplacePolicy',
      what: 'UpdateReplacePolicy of the task definition: Retain → Delete.',
      why: 'CloudFormation deregisters the former one with each release: there is nothing to roll back to.',
      fix: 'Keep Retain; the release history bounds how many are kept.',
      link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html',
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
  const now = known(head.stacks);
  const gone = [...known(base.stacks)].filter((name) => !now.has(name));
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
        what: `The service rolls back by alarms that are gone: ${list(names)}.`,
        why: 'ECS refuses the deployment, or nothing rolls it back.',
        fix: 'Keep the alarms under the names the service has, or change both together.',
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
        what: `Alarms that roll a release back: ${show(was)} → ${is.length === 0 ? 'none' : show(is)}.`,
        why: `A failure that ${list(lost)} would notice no longer ends a deployment.`,
        fix: 'Keep them: they see both colours while a release is deployed.',
      }),
    ];
  });
  return [...missing, ...fewer];
}

function named(names: unknown): string[] {
  return Array.isArray(names) ? names.map(plain) : [];
}
