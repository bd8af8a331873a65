import type { IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';
import { nameProblems } from '../physical-name';
import { privateSubnetProblems } from '../private-subnets';
import { checkProblems } from '../verification/checks';
import type { ContainerServerProps } from './container-server-props';
import type { DeploymentStrategy } from './deployment-strategy';
import { fargateSizeProblem } from './fargate-sizes';
import { IDLE_SECONDS } from './server-load-balancer';
import type { TaskCount } from './server-scaling';
import { shutdownProblems, shutdownTimes } from './shutdown';

/** Refuses what AWS would refuse in the middle of a deployment, or accept and never do; names every miss at once. */
export function validateContainerServer(
  scope: IConstruct,
  props: ContainerServerProps,
  deployment: DeploymentStrategy,
  tasks: TaskCount,
): void {
  const { cpu = 512, memoryLimitMiB = 1024 } = props;
  const problems = [
    ...nameProblems(props.name),
    ...privateSubnetProblems('vpc', props.vpc),
    ...deployment.problems(),
    ...shutdownProblems(shutdownTimes(props.shutdown), IDLE_SECONDS),
    ...checkProblems(props.verification ?? []),
  ];
  const size = fargateSizeProblem(cpu, memoryLimitMiB);
  if (size) problems.push(size);
  if (!(props.port >= 1 && props.port <= 65_535))
    problems.push(`'port' must be 1 to 65535, got ${props.port}`);
  if (!props.healthPath.startsWith('/'))
    problems.push(`'healthPath' must start with '/', got '${props.healthPath}'`);
  for (const path of props.writablePaths ?? [])
    if (!/^\/[\w./-]+$/.test(path)) problems.push(`'writablePaths' must be absolute paths, got '${path}'`);
  if (!(tasks.minimum >= 1 && tasks.maximum >= tasks.minimum))
    problems.push(`'tasks' must have 1 ≤ minimum ≤ maximum, got ${tasks.minimum} and ${tasks.maximum}`);
  if (props.accessLogs?.encryptionKey)
    problems.push(
      "'accessLogs' must be a bucket encrypted by S3 (BucketEncryption.S3_MANAGED), got one with a KMS key, to which a " +
        'load balancer cannot write; give another bucket',
    );
  if (props.verification && !deployment.isBlueGreen)
    problems.push(
      "'verification' needs a deployment with two colours: DeploymentStrategy.rolling() sends users to a new task " +
        'at once; leave it out or choose DeploymentStrategy.blueGreen()',
    );
  if (problems.length > 0) throw new ConstructError(scope, problems);
}
