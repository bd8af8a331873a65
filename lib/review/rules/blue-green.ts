import type { Comparison, ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { fate } from '../stateful-resources';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { gone, less, more, number, turnedOff, value } from './setting';

const SERVICE = ['AWS::ECS::Service'];
const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];
const fix =
  'Keep the former deployment settings. Reserve faster deployments for emergencies, and start them by hand.';

const SETTINGS: readonly Setting[] = [
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.Strategy',
    absent: 'ROLLING',
    worse: (now, before) => STRATEGIES.indexOf(String(now)) < STRATEGIES.indexOf(String(before)),
    severity: (now) => (now === 'ROLLING' ? 'danger' : 'caution'),
    what: 'Deployment strategy',
    why: 'A bad release reaches more users before it is noticed, and a rollback takes longer.',
    fix,
  },
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.BakeTimeInMinutes',
    absent: 0,
    worse: less,
    severity: 'caution',
    what: 'Bake time: minutes in which the former release stays ready',
    why: 'If a release fails after the bake time, ECS no longer rolls it back automatically.',
    fix,
  },
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.CanaryConfiguration.CanaryPercent',
    worse: more,
    severity: 'caution',
    what: 'Percentage of requests that the new release receives first',
    why: 'A bad release affects more users.',
    fix,
  },
  ...['CanaryConfiguration.CanaryBakeTimeInMinutes', 'LinearConfiguration.StepBakeTimeInMinutes'].map(
    (property): Setting => ({
      types: SERVICE,
      property: `DeploymentConfiguration.${property}`,
      worse: less,
      severity: 'caution',
      what: 'Bake time of each step, in minutes',
      why: 'Alarms have less time to detect a bad release.',
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
      why: 'A failing release stays in production.',
      fix,
    }),
  ),
  ...['Enable', 'Rollback'].map(
    (name): Setting => ({
      types: SERVICE,
      property: `DeploymentConfiguration.DeploymentCircuitBreaker.${name}`,
      worse: turnedOff,
      severity: 'caution',
      what: `Circuit breaker (${name})`,
      why: 'If the tasks never become healthy, the deployment continues for hours.',
      fix,
    }),
  ),
  {
    types: SERVICE,
    property: 'DeploymentConfiguration.MinimumHealthyPercent',
    absent: 100,
    worse: less,
    severity: 'caution',
    what: 'Minimum percentage of running tasks during a deployment',
    why: 'Fewer tasks serve requests during the deployment.',
    fix,
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'Matcher.HttpCode',
    absent: '200',
    worse: (now, before) => String(now).length > String(before).length,
    severity: 'caution',
    what: 'Status codes of a healthy target',
    why: 'A task that answers with an error may count as healthy.',
    fix: 'Keep 200.',
  },
  {
    types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    property: 'HealthCheckPath',
    absent: '/',
    worse: () => true,
    severity: 'caution',
    what: 'Health check path',
    why: 'The new path may check less. CloudFormation also changes the path for the running release. If that release lacks the path, the load balancer removes all of its tasks, and a rollback does not restore the path.',
    fix: 'Release the new path first. Change the health check in a later deployment.',
  },
  {
    types: ['AWS::CodeDeploy::DeploymentGroup'],
    property: 'AutoRollbackConfiguration.Enabled',
    worse: turnedOff,
    severity: 'danger',
    what: 'Rollback of failed deployments',
    why: 'A failing release stays in production.',
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
    why: 'A failing release stays in production, or is detected later.',
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
    why: 'The service detects unhealthy targets later or not at all, or it removes healthy ones.',
    fix: 'Keep the health check. Release a new path before you change the health check to it.',
  },
];

/** Finds deployments that expose more users to a bad release, or keep it in production longer. */
export const blueGreen: Rule = {
  name: 'blue-green',
  severities: ['danger', 'caution'],
  summary:
    'Deployments become less cautious: strategy, bake time, rollback alarms, circuit breaker, health checks, former task definitions.',
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html',
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType }, { path }) =>
    SERVICE.includes(resourceType) && path.startsWith('Properties.DeploymentConfiguration.Alarms.AlarmNames'),
  judge(comparison) {
    return [...comparison.resources.flatMap(forgottenTaskDefinitions), ...alarms(comparison)];
  },
};

/** Finds task definitions whose former revisions are no longer kept for a rollback. */
function forgottenTaskDefinitions(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  if (resourceType !== 'AWS::ECS::TaskDefinition' || !before || !after) return [];
  if (fate(before, 'UpdateReplacePolicy') !== 'Retain' || fate(after, 'UpdateReplacePolicy') === 'Retain')
    return [];
  return [
    observe(change, {
      severity: 'caution',
      property: 'UpdateReplacePolicy',
      what: 'UpdateReplacePolicy of the task definition: Retain → Delete.',
      why: 'With each release, CloudFormation deregisters the former task definition. A rollback then has no target.',
      fix: 'Keep `Retain`; the release history limits how many task definitions are kept.',
      link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html',
    }),
  ];
}

/** Finds rollback alarms that no longer exist, and services that name fewer rollback alarms. */
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
        what: `Rollback alarms of the service no longer exist: ${list(names)}.`,
        why: 'ECS refuses the deployment, or no alarm can roll it back.',
        fix: 'Keep the names of the alarms, or change the alarms and the service together.',
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
        what: `Rollback alarms: ${show(was)} → ${is.length === 0 ? 'none' : show(is)}.`,
        why: `A failure that only ${list(lost)} detects no longer stops a deployment.`,
        fix: 'Keep these alarms: during a deployment they watch both the new and the former release.',
      }),
    ];
  });
  return [...missing, ...fewer];
}

function named(names: unknown): string[] {
  return Array.isArray(names) ? names.map(plain) : [];
}
