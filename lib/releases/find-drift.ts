import {
  currentSchema,
  type EnvironmentState,
  migrationCount,
  type RecordedRelease,
  releases,
  shortRevision,
} from './environment-state';
import { migrationsSince } from './migrations-since';

/** Returns the contradictions between server, client, schema, stack and record, one sentence each. */
export function findDrift(state: EnvironmentState): string[] {
  const { history, server, pointer, stack, registered } = state;
  const known = releases(history);
  const [current] = known;
  if (!current)
    return [
      stack.status === undefined
        ? `nothing is deployed: there is no stack ${stack.name} in ${state.region}`
        : 'no release is recorded; the next deployment records its release',
    ];
  const drift: string[] = [];
  const ofServer = known.find(({ taskDefinition }) => taskDefinition === server?.taskDefinition);
  const ofClient = known.find((entry) => entry.pointer === pointer);

  if (!server) drift.push(`there is no service ${state.name}`);
  else if (server.taskDefinition !== current.taskDefinition && !server.deployment)
    drift.push(
      `the server runs ${shortRevision(server.taskDefinition)}${of(ofServer)}, the record says ${shortRevision(current.taskDefinition)} of ${current.releaseId}`,
    );
  if (server && !server.alarms) drift.push('the rollback alarms of the service are switched off');
  if (pointer !== current.pointer)
    drift.push(
      `users get ${pointer === undefined ? 'no known client' : `the client ${pointer}`}${of(ofClient)}, the record says ${current.pointer}`,
    );
  if (!registered.has(current.taskDefinition))
    drift.push(
      `${shortRevision(current.taskDefinition)} is no longer registered, so it cannot be deployed again`,
    );

  const schema = currentSchema(history);
  if (schema && schema.digest !== current.schema.digest) {
    const since = migrationsSince(current.schema, schema);
    const many = since === undefined ? 'migrations' : migrationCount(since.length);
    drift.push(
      `the schema is that of ${schema.releaseId}; it includes ${many} that ${current.releaseId} does not contain`,
    );
  }
  if (stack.releaseId !== undefined && stack.releaseId !== current.releaseId)
    drift.push(
      `the stack is at ${stack.releaseId}, users have ${current.releaseId}; if the next deployment fails, CloudFormation rolls back to ${stack.releaseId}`,
    );
  return drift;
}

const of = (release: RecordedRelease | undefined): string => (release ? ` of ${release.releaseId}` : '');
