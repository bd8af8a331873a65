import { ServiceError } from '../core/aws-api';
import type { Network, Party } from '../core/network';
import type { TaskDefinition } from './task-definition';

/**
 * Requires a way from a task's network to all that ECS fetches through it: the image, secrets, and the log.
 * Throws a `ServiceError` with the missing part of the network.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
export function requireWayOut(
  network: Network,
  { logicalId, container }: TaskDefinition,
  party: Party,
): void {
  const { secrets, log } = container;
  const needs: Readonly<Record<string, string>> = {
    'ecr.api': 'pull the image',
    'ecr.dkr': 'pull the image',
    s3: "pull the image's layers",
    ...(Object.values(secrets).some((from) => from.includes(':secretsmanager:')) && {
      secretsmanager: 'pull secrets',
    }),
    ...(Object.values(secrets).some((from) => from.includes(':ssm:')) && { ssm: 'pull secrets' }),
    ...(log.group && { logs: 'write its log' }),
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
