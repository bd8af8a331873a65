import { ServiceError } from '../core/aws-api';
import type { Network, Party } from '../core/network';
import type { TaskDefinition } from './task-definition';

/** The parts of a task definition that ECS downloads or writes through the task's network. */
interface FetchedTask extends Pick<TaskDefinition, 'logicalId'> {
  readonly container: Pick<TaskDefinition['container'], 'secrets' | 'log'>;
}

/**
 * Requires a network route from a task to everything that ECS needs: the image, the secrets and the log.
 *
 * `isPublic` stands for an image outside private repositories, `isEntered` for a task that people enter with ECS Exec.
 * Throws a `ServiceError` with the missing part of the network.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
export function requireEgress(
  network: Network,
  { logicalId, container: { secrets, log } }: FetchedTask,
  party: Party,
  { isEntered = false, isPublic = false } = {},
): void {
  const needs: Readonly<Record<string, string>> = {
    ...(isPublic
      ? { internet: 'pull the image' }
      : { 'ecr.api': 'pull the image', 'ecr.dkr': 'pull the image', s3: "pull the image's layers" }),
    ...(Object.values(secrets).some((from) => from.includes(':secretsmanager:')) && {
      secretsmanager: 'pull secrets',
    }),
    ...(Object.values(secrets).some((from) => from.includes(':ssm:')) && { ssm: 'pull secrets' }),
    ...(log.group && { logs: 'write its log' }),
    ...(isEntered && { ssmmessages: 'open sessions of ECS Exec' }),
  };
  const refusals = Object.entries(needs).flatMap(([outside, what]) => {
    const reason = network.refusal(party, { outside }, 443);
    return reason === undefined ? [] : [{ what, reason }];
  });
  const [first] = refusals;
  if (first)
    throw new ServiceError(
      'ResourceInitializationError',
      `ResourceInitializationError: a task of ${logicalId} cannot ${first.what}: ${first.reason}`,
    );
}
