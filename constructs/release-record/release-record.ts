import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { StaticClient } from '../client/static-client';
import { ConstructError } from '../construct-error';
import { DeliveryParameters } from '../delivery-parameters';
import { HandlerFunction } from '../handler/handler-function';
import { nameProblems, physicalName } from '../physical-name';
import { declareReleasePart } from '../release-parts';
import type { ContainerServer } from '../server/container-server';
import { type Check, checkProblems } from '../verification/checks';
import { type AppliedMigration, historyPath, recordedChecks, type Schema, schemaOf } from './entry';
import {
  MIGRATIONS_RECORD,
  type MigrationsRecordProperties,
  RELEASE_RECORD,
  type ReleaseRecordProperties,
} from './release-record.properties';

/** Properties of `ReleaseRecord`. */
export interface ReleaseRecordProps {
  /**
   * Name of the history: 1 to 40 lower-case letters, digits and single hyphens. The entries are parameters below
   * `/framework53/<name>/releases`.
   * @default - derived from the name of the stack and the path of the construct
   */
  readonly name?: string;
  /** Id of the release. */
  readonly releaseId: string;
  /** Server of the release. */
  readonly server: ContainerServer;
  /** Client of the release. */
  readonly client: StaticClient;
  /**
   * URL at which the release is verified.
   * @default - the URL of the client
   */
  readonly url?: string;
  /** Path that returns 200 if a task can serve requests, such as `/api/health`. */
  readonly healthPath: string;
  /** Checks that the release passes through its CDN. */
  readonly checks: readonly Check[];
  /** Checks that the server passes without the CDN. */
  readonly serverChecks: readonly Check[];
  /**
   * Migrations of the release.
   * @default - the release has no migrations
   */
  readonly migrations?: RecordedMigrations;
  /**
   * Removal policy of the entries, for the removal of the record from the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Migrations of a release, for its record. */
export interface RecordedMigrations {
  /** Kind of migrations: a drizzle journal, one baseline of the schema, or none. */
  readonly kind: Schema['kind'];
  /** Digest of all migrations, which changes with each change of a migration. */
  readonly digest: string;
  /** All migrations, in the order in which they are applied. */
  readonly applied: readonly AppliedMigration[];
  /**
   * Restore point: the time just before the first statement, in ISO 8601, or the identifier of a snapshot, such as
   * `Migrations.restorePoint`.
   * @default - no restore point
   */
  readonly restorePoint?: string;
}

/**
 * Record of a release, with the information that a rollback to it needs.
 *
 * Defines two custom resources and their handler. The handler writes one parameter after the migrations, and one after
 * the verification of the release. It keeps the newest 40 entries.
 */
export class ReleaseRecord extends Construct {
  /**
   * Custom resource that records the migrations; undefined without migrations. `ReleaseSequence` puts it before the
   * server.
   */
  readonly migrations?: CustomResource;
  /** Custom resource that records the release. `ReleaseSequence` puts it last. */
  readonly release: CustomResource;
  private readonly handler: HandlerFunction;

  constructor(scope: Construct, id: string, props: ReleaseRecordProps) {
    super(scope, id);
    const { server, client, migrations = { kind: 'none', digest: '', applied: [] } } = props;
    const problems = [
      ...nameProblems(props.name),
      ...checkProblems([...props.checks, ...props.serverChecks]),
    ];
    if (problems.length > 0) throw new ConstructError(this, problems);

    const name = physicalName(this, props.name);
    this.handler = this.historyHandler(name, server);
    const common: Omit<MigrationsRecordProperties, 'ServiceToken'> = {
      Name: name,
      ReleaseId: props.releaseId,
      Schema: JSON.stringify(schemaOf(migrations.kind, migrations.digest, migrations.applied)),
      ...(migrations.restorePoint && { RestorePoint: migrations.restorePoint }),
    };
    if (migrations.kind !== 'none') this.migrations = this.record('Migrations', MIGRATIONS_RECORD, common);
    const checks = recordedChecks(props.checks);
    const serverChecks = checks && recordedChecks(props.serverChecks);
    const release: Omit<ReleaseRecordProperties, 'ServiceToken'> = {
      ...common,
      Cluster: server.clusterName,
      Service: server.serviceName,
      Image: server.taskDefinition.defaultContainer?.imageName ?? '',
      TaskDefinition: server.taskDefinition.taskDefinitionArn,
      Pointer: client.pointerValue,
      Store: client.keyValueStore.keyValueStoreArn,
      Url: props.url ?? client.url,
      ...(client.pageDigest && { PageDigest: client.pageDigest }),
      HealthPath: props.healthPath,
      ...(checks && { Checks: JSON.stringify(checks) }),
      ...(serverChecks && { ServerChecks: JSON.stringify(serverChecks) }),
      OnDelete: props.removalPolicy === RemovalPolicy.DESTROY ? 'delete' : 'retain',
    };
    this.release = this.record('Release', RELEASE_RECORD, release);
    if (this.migrations) this.release.node.addDependency(this.migrations);
    declareReleasePart(this, 'record');
  }

  private record(id: string, resourceType: string, properties: object): CustomResource {
    const resource = new CustomResource(this, id, {
      serviceToken: this.handler.function.functionArn,
      serviceTimeout: Duration.minutes(3),
      resourceType,
      properties,
    });
    resource.node.addDependency(this.handler);
    return resource;
  }

  private historyHandler(name: string, { clusterName, serviceName }: ContainerServer): HandlerFunction {
    const stack = Stack.of(this);
    const folder = stack.formatArn({ service: 'ssm', resource: `parameter${historyPath(name)}` });
    const lock = stack.formatArn({
      service: 'ssm',
      resource: `parameter${new DeliveryParameters(name).lock}`,
    });
    const service = `${clusterName}/${serviceName}`;
    const services = stack.formatArn({ service: 'ecs', resource: 'service', resourceName: service });
    const revisions = stack.formatArn({
      service: 'ecs',
      resource: 'service-revision',
      resourceName: `${service}/*`,
    });
    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'release-record',
      description: 'Records releases in the Parameter Store',
      timeout: Duration.minutes(2),
    });
    for (const [actions, resources] of [
      [['ssm:GetParametersByPath'], [folder]],
      [['ssm:GetParameter'], [lock]],
      [['ssm:PutParameter', 'ssm:DeleteParameters'], [`${folder}/*`]],
      [['cloudformation:DescribeStacks'], [stack.stackId]],
      [['ecs:ListServiceDeployments'], [services]],
      [['ecs:DescribeServiceRevisions'], [revisions]],
    ] as const)
      handler.function.addToRolePolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources] }),
      );
    acknowledge(handler, `IAM5[Resource::${folder}/*]`, 'The entries of exactly this history.');
    acknowledge(
      handler,
      `IAM5[Resource::${revisions}]`,
      'ECS chooses the ids of revisions; these are the revisions of this one service.',
    );
    return handler;
  }
}
