import type { IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems } from '../physical-name';
import { privateSubnetProblems } from '../private-subnets';
import { checkProblems } from '../verification/checks';
import type { ContainerServerProps } from './container-server-props';
import { fargateSizeProblems } from './fargate-sizes';
import { IDLE_SECONDS } from './server-load-balancer';
import { withDefaultScaling } from './server-scaling';
import { shutdownProblems, shutdownTimes } from './shutdown';

/**
 * Checks the properties of a server.
 * @throws ConstructError with every value that AWS would refuse during a deployment
 */
export function validateContainerServer(scope: IConstruct, props: ContainerServerProps): void {
  const { task = {}, deployment = {}, loadBalancer = {} } = props;
  const { strategy, verification } = deployment;
  const problems = [
    ...nameProblems(props.name),
    ...privateSubnetProblems('vpc', props.vpc),
    ...(strategy?.problems() ?? []),
    ...shutdownProblems(shutdownTimes(task.shutdown), IDLE_SECONDS),
    ...checkProblems(verification ?? []),
    ...fargateSizeProblems(task.cpu ?? 512, task.memoryLimitMiB ?? 1024),
  ];
  if (!(props.port >= 1 && props.port <= 65_535))
    problems.push(`'port' must be 1 to 65535, got ${props.port}`);
  const plain = ['PORT', 'SHUTDOWN_TIMEOUT_MS', ...Object.keys(props.environment ?? {})];
  for (const name of Object.keys(props.secrets ?? {}))
    if (plain.includes(name))
      problems.push(
        `'secrets' must not repeat a name from 'environment', which ECS refuses, got ${name}; remove one of them`,
      );
  if (!props.healthPath.startsWith('/'))
    problems.push(`'healthPath' must start with '/', got '${props.healthPath}'`);
  for (const path of task.writablePaths ?? [])
    if (!/^\/[\w./-]+$/.test(path))
      problems.push(`'task.writablePaths' must be absolute paths, got '${path}'`);
  const { minCapacity, maxCapacity } = withDefaultScaling(props.scaling);
  if (!(minCapacity >= 1 && maxCapacity >= minCapacity))
    problems.push(
      `'scaling' must have 1 ≤ minCapacity ≤ maxCapacity, got ${minCapacity} and ${maxCapacity}; equal numbers switch ` +
        'autoscaling off',
    );
  if (loadBalancer.accessLogsBucket?.encryptionKey)
    problems.push(
      "'loadBalancer.accessLogsBucket' must be encrypted by S3 (BucketEncryption.S3_MANAGED), got a bucket with a KMS " +
        'key, which a load balancer cannot write to; use another bucket',
    );
  if (verification && strategy && !strategy.isBlueGreen)
    problems.push(
      "'deployment.verification' is not allowed with DeploymentStrategy.rolling(), which sends users to a new task without " +
        'verification; remove the checks or use DeploymentStrategy.blueGreen()',
    );
  problems.push(...stickinessProblems(props));
  if (problems.length > 0) throw new ConstructError(scope, problems);
}

/** Maximum duration of a load balancer cookie in seconds: 7 days. */
const LONGEST_COOKIE_SECONDS = 604_800;

function stickinessProblems({ deployment, loadBalancer }: ContainerServerProps): string[] {
  const seconds = loadBalancer?.stickinessCookieDuration?.toSeconds({ integral: false });
  if (seconds === undefined) return [];
  const problems: string[] = [];
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_COOKIE_SECONDS))
    problems.push(
      `'loadBalancer.stickinessCookieDuration' must be 1 to ${LONGEST_COOKIE_SECONDS} whole seconds, got ${seconds}`,
    );
  if (deployment?.strategy?.isBlueGreen ?? true)
    problems.push(
      "'loadBalancer.stickinessCookieDuration' needs 'deployment.strategy' DeploymentStrategy.rolling(), got a strategy " +
        'with two target groups; use rolling(), or keep sessions in the database and remove the duration',
    );
  return problems;
}
