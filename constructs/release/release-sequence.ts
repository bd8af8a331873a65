import { type CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import type { StaticClient } from '../client/static-client';
import { ConstructError } from '../construct-error';
import type { Migrations } from '../migrations/migrations';
import { addToSequence, orderByHand, type ReleaseRole, sequencesOf } from '../release-parts';
import type { ReleaseRecord } from '../release-record/release-record';
import type { ProvidedSecretsCheck } from '../secrets/provided-secrets-check';
import type { ContainerServer } from '../server/container-server';
import type { ErrorComparison } from '../verification/error-comparison';
import type { ReleaseVerification } from '../verification/release-verification';

/** Parts of one release. All of them must be in the stack of the sequence. */
export interface ReleaseSequenceProps {
  /**
   * Server of the release.
   * @default - the release has no server; pass a `client`
   */
  readonly server?: ContainerServer;
  /**
   * Check that the provided secrets have values. Runs before the migrations and the server.
   * @default - secrets are not checked
   */
  readonly providedSecrets?: ProvidedSecretsCheck;
  /**
   * Database migrations. They run before the server is deployed.
   * @default - no migrations
   */
  readonly migrations?: Migrations;
  /**
   * Client of the release. Users get it after the server.
   * @default - the release has no client; pass a `server`
   */
  readonly client?: StaticClient;
  /**
   * Verification through the CDN: of the server before the upload of the client's files, and of the client after the
   * pointer has moved.
   * @default - no verification through the CDN
   */
  readonly verification?: ReleaseVerification;
  /**
   * Comparison of the server's logged errors with those of the 24 hours before. Runs after users get the client.
   * @default - no comparison of errors
   */
  readonly errorComparison?: ErrorComparison;
  /**
   * Record of the migrations, written before the server is deployed, and of the release, written at the end.
   * @default - the release is not recorded
   */
  readonly record?: ReleaseRecord;
}

/**
 * Order in which CloudFormation deploys the parts of a release, and in which it rolls them back.
 *
 * Takes existing constructs and makes each step depend on the step before it. If the release has a server and a
 * client, defines one custom resource, `StaticClient.pointerRollback`.
 *
 * 1. No rollback alarm is firing, and every provided secret has a value.
 * 2. The migrations run, and the record lists them.
 * 3. The service deploys the new tasks, and ECS confirms that the new tasks are running.
 * 4. The server is verified through the CDN.
 * 5. The client's files are uploaded, and the pointer moves to them. If the server renders pages, the upload comes
 *    before step 3.
 * 6. The client is verified, and the errors of the server are compared.
 * 7. The fallback folder is updated, and the record names the release.
 *
 * If a step fails, the stack fails, and CloudFormation rolls back all parts in the same order. It first moves the
 * pointer back and suspends the rollback alarms. Users therefore get the previous client before the previous server,
 * and alarms caused by the failed release cannot fail the deployment of the previous one.
 *
 * All parts must be in one stack, because CloudFormation rolls back each stack separately. A part may be in several
 * sequences, such as the server of two clients.
 */
export class ReleaseSequence extends Construct {
  /**
   * Allows parts of a release to be in no sequence, because you order them with your own dependencies. Without this
   * call, synthesis fails for such parts.
   */
  static orderByHand(...parts: readonly IConstruct[]): void {
    for (const part of parts) orderByHand(part);
  }

  /** Server of the release. */
  readonly server?: ContainerServer;

  constructor(scope: Construct, id: string, props: ReleaseSequenceProps) {
    super(scope, id);

    this.validate(props);
    this.server = props.server;
    for (const [, part] of givenParts(props)) addToSequence(part, this);
    const steps = stepsOf(props).filter((step) => step.length > 0);
    inOrder(steps);
    if (props.server?.firstRelease) startWith(steps, props.server.service, props.server.firstRelease);

    // A person may have rolled back the server by hand, and the pointer with it. The pointer must then move again even
    // if the client's value is unchanged.
    const { server, client } = props;
    if (server && client)
      (client.release.node.defaultChild as CfnResource).addPropertyOverride(
        'Server',
        Lazy.string({ produce: () => serversOf(client) }),
      );
  }

  private validate(props: ReleaseSequenceProps): void {
    const problems: string[] = [];
    if (!props.server && !props.client)
      problems.push("'server' or 'client' must be given, got neither; a release consists of one or both");
    const stack = Stack.of(this);
    for (const [role, part] of givenParts(props)) {
      if (Stack.of(part) !== stack)
        problems.push(
          `'${role}' must be in the stack of the sequence, '${stack.node.path}', got '${part.node.path}'; CloudFormation ` +
            'rolls back each stack separately, so it would roll back only some parts of a release in several stacks',
        );
    }
    if (problems.length > 0) throw new ConstructError(this, problems);
  }
}

/**
 * Returns the steps of a release in order. The members of one step have no order among themselves.
 *
 * CloudFormation follows the same order during a rollback. A resource that must act before the service is rolled back
 * therefore belongs to a step before the service. The pointer comes before the alarms, because users notice it first.
 */
function stepsOf(props: ReleaseSequenceProps): Step[] {
  const { server, providedSecrets, migrations, client, verification, errorComparison, record } = props;
  return [
    [server && client?.pointerRollback],
    [server?.beforeRelease, providedSecrets],
    [migrations],
    [record?.migrations],
    // Pages that the server renders refer to files of the client.
    [client?.pagesFromServer ? client.upload : undefined],
    [server?.service],
    [server?.afterRelease],
    [verification?.server],
    [client?.pagesFromServer ? undefined : client?.upload],
    [client?.release],
    [verification?.client],
    [errorComparison?.resource],
    [client?.fallback],
    [record?.release],
  ].map((step) => step.filter((member) => member !== undefined));
}

/**
 * Returns the task definitions of the servers that a client follows. The text changes with each release of such a
 * server.
 */
function serversOf(client: StaticClient): string {
  const servers = (sequencesOf(client) as ReleaseSequence[]).map(({ server }) => server);
  return [...new Set(servers.map((server) => server?.taskDefinition.taskDefinitionArn))]
    .filter((arn) => arn !== undefined)
    .join(' ');
}

type Step = readonly (IConstruct & IDependable)[];

/** Makes every member of a step depend on all members of the step before it. */
function inOrder(steps: readonly Step[]): void {
  steps.slice(1).forEach((step, index) => {
    for (const member of step) member.node.addDependency(...steps[index]!);
  });
}

/** Makes a resource wait for the same step as `member`, so that CloudFormation starts both at the same time. */
function startWith(steps: readonly Step[], member: IConstruct, resource: IConstruct): void {
  const step = steps.findIndex((members) => members.some((one) => one === member));
  if (step > 0) resource.node.addDependency(...steps[step - 1]!);
}

function givenParts(props: ReleaseSequenceProps): [ReleaseRole, IConstruct][] {
  return (Object.entries(props) as [ReleaseRole, IConstruct | undefined][]).filter(
    (entry): entry is [ReleaseRole, IConstruct] => entry[1] !== undefined,
  );
}
