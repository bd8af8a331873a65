import {
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { customResource } from '../handler/custom-resource';
import { stackStatus } from '../handler/stack-status';
import { type Check, parseChecks } from '../verification/checks';
import { planInFlight } from './approved-plan';
import type { Entry, ReleaseEntry, Schema } from './entry';
import { ReleaseHistory } from './release-history';
import {
  MIGRATIONS_RECORD,
  type MigrationsRecordProperties,
  type ReleaseRecordProperties,
} from './release-record.properties';

const ssm = new SSMClient({});
const ecs = new ECSClient({});

/** Stack statuses in which CloudFormation sends requests. A request in any other status is late. */
const IN_PROGRESS = /^(CREATE|UPDATE|IMPORT)(_ROLLBACK)?_IN_PROGRESS$|^ROLLBACK_IN_PROGRESS$/;

type Properties = MigrationsRecordProperties & Partial<ReleaseRecordProperties>;

/**
 * Records a release or its migrations. A repeated or late request adds nothing. When the stack rolls back, the handler
 * records the previous release as current again. It then records no migrations, because they stay applied.
 */
export const handler = customResource(async (event) => {
  const properties = event.ResourceProperties as Properties;
  const history = new ReleaseHistory(properties.Name, ssm);
  if (event.RequestType === 'Delete') {
    if (properties.OnDelete === 'delete') await history.clear();
    return undefined;
  }
  // If the stack status is unknown, record a new release; the properties describe the live release in any case.
  const status = await stackStatus(event.StackId).catch((error: unknown) => {
    log('warn', `the status of the stack cannot be read: ${error}`);
    return 'UPDATE_IN_PROGRESS';
  });
  const rollingBack = status.includes('ROLLBACK');
  try {
    const ignored = await reasonToIgnore(event, status, history);
    if (ignored) {
      log('info', `nothing recorded: ${ignored}`);
      return undefined;
    }
    const entry = await entryOf(event, rollingBack);
    const added = await history.add(event.RequestId, entry);
    log('info', added ? `recorded ${entry.kind} of ${entry.releaseId}` : 'this request was already recorded');
  } catch (error) {
    // A failure would leave the stack in UPDATE_ROLLBACK_FAILED.
    if (!rollingBack) throw error;
    log('error', `the stack rollback could not be recorded: ${error}`);
  }
  await history.prune().catch((error: unknown) => log('warn', `old entries were not deleted: ${error}`));
  return undefined;
});

async function reasonToIgnore(
  event: CloudFormationCustomResourceEvent,
  status: string,
  history: ReleaseHistory,
): Promise<string | undefined> {
  const { ReleaseId } = event.ResourceProperties as Properties;
  if (!IN_PROGRESS.test(status)) return `the stack status is ${status}, so the request is late`;
  if (!status.includes('ROLLBACK')) return undefined;
  if (event.ResourceType === MIGRATIONS_RECORD) return 'a rollback leaves the schema unchanged';
  const known = (await history.read()).some(
    ({ kind, releaseId }) => kind !== 'migrations' && releaseId === ReleaseId,
  );
  return known ? undefined : `a rollback cannot lead to ${ReleaseId}, which was never recorded`;
}

async function entryOf(event: CloudFormationCustomResourceEvent, rollingBack: boolean): Promise<Entry> {
  const properties = event.ResourceProperties as Properties;
  const common = {
    releaseId: properties.ReleaseId,
    schema: JSON.parse(properties.Schema) as Schema,
    ...(properties.RestorePoint && { restorePoint: properties.RestorePoint }),
  };
  if (event.ResourceType === MIGRATIONS_RECORD) return { kind: 'migrations', ...common };
  const release = event.ResourceProperties as ReleaseRecordProperties;
  const imageDigest = await digestOf(release).catch((error: unknown) => {
    log('warn', `the digest of the image is unknown: ${error}`);
    return undefined;
  });
  const plan = rollingBack ? undefined : await approvedPlan(release.Name);
  return {
    kind: rollingBack ? 'returned' : 'release',
    ...common,
    ...(plan && { plan }),
    image: release.Image,
    ...(imageDigest && { imageDigest }),
    taskDefinition: release.TaskDefinition,
    pointer: release.Pointer,
    keyValueStore: release.Store,
    url: release.Url,
    ...(release.PageDigest && { pageDigest: release.PageDigest }),
    healthPath: release.HealthPath,
    ...checksOf('checks', release.Checks),
    ...checksOf('serverChecks', release.ServerChecks),
  } satisfies ReleaseEntry;
}

async function approvedPlan(name: string): Promise<ReleaseEntry['plan']> {
  return planInFlight(name, ssm).catch((error: Error) => {
    if (error.name !== 'ParameterNotFound') log('warn', `the plan is unknown: ${error}`);
    return undefined;
  });
}

function checksOf(key: 'checks' | 'serverChecks', json: string | undefined): Record<string, Check[]> {
  return json === undefined ? {} : { [key]: parseChecks(json) };
}

/** Returns the digest of the image that ECS deployed, or undefined if ECS does not report it. */
async function digestOf({
  Cluster,
  Service,
  TaskDefinition,
}: ReleaseRecordProperties): Promise<string | undefined> {
  const { serviceDeployments = [] } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster: Cluster, service: Service, maxResults: 20 }),
  );
  const [latest] = [...serviceDeployments].sort(
    (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
  );
  if (!latest?.targetServiceRevisionArn) return undefined;
  const { serviceRevisions = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [latest.targetServiceRevisionArn] }),
  );
  const [revision] = serviceRevisions;
  if (revision?.taskDefinition !== TaskDefinition) return undefined;
  return revision.containerImages?.find(({ containerName }) => containerName === 'server')?.imageDigest;
}

function log(level: 'info' | 'warn' | 'error', message: string): void {
  console[level](JSON.stringify({ level, message }));
}
