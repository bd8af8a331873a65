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

/** The parts of one release. All of them are in the stack of the sequence. */
export interface ReleaseSequenceProps {
  /**
   * Server of the release.
   * @default - the release has no server; give a `client`
   */
  readonly server?: ContainerServer;
  /**
   * Check that people have set the secrets, before the migrations and the server.
   * @default - secrets are not checked
   */
  readonly providedSecrets?: ProvidedSecretsCheck;
  /**
   * Migrations of the database, before the server.
   * @default - no migrations
   */
  readonly migrations?: Migrations;
  /**
   * Client of the release, after the server.
   * @default - the release has no client; give a `server`
   */
  readonly client?: StaticClient;
  /**
   * Verification of the server, before the client's files are uploaded, and of the client, after its pointer moved.
   * @default - nothing is verified through the CDN
   */
  readonly verification?: ReleaseVerification;
  /**
   * Comparison of the errors that the server logs, once users have the client.
   * @default - errors are not compared
   */
  readonly errorComparison?: ErrorComparison;
  /**
   * Record of the migrations, before the server, and of the release, after everything else.
   * @default - the release is not recorded
   */
  readonly record?: ReleaseRecord;
}

/**
 * The order in which one release reaches its users, and in which CloudFormation takes the release back.
 *
 * Takes constructs that exist and makes each step depend on the step before it. If the release has a server and a
 * client, defines one custom resource, `StaticClient.wayBack`.
 *
 * 1. No rollback alarm is firing, and every provided secret has a value.
 * 2. The migrations run, and the record names them.
 * 3. The service deploys the new tasks, and ECS confirms that they are the ones that run.
 * 4. The server is verified through the CDN.
 * 5. The client's files are uploaded, and the pointer moves to them. If the server makes pages, the files are uploaded
 *    before step 3.
 * 6. The client is verified, and the errors of the server are compared.
 * 7. The fallback folder is refreshed, and the record names the release.
 *
 * A step that fails fails the stack, and CloudFormation takes every part back, in the same order. The first step moves the
 * pointer back and suspends the rollback alarms, so the former client comes before the former server, and the release that
 * is left cannot fail the deployment of the former one. CloudFormation takes one stack back at a time, so all parts are in
 * one stack. A part may be in several sequences, such as the server of two clients.
 */
export class ReleaseSequence extends Construct {
  /**
   * Lets the team order parts of a release itself, with dependencies of its own. Synthesis no longer fails for parts
   * that are in no sequence.
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
    for (const [, part] of given(props)) addToSequence(part, this);
    const steps = stepsOf(props).filter((step) => step.length > 0);
    inOrder(steps);
    if (props.server?.firstRelease) beside(steps, props.server.service, props.server.firstRelease);

    // The pointer must move again when people took the server back by hand and the client's value stayed the same.
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
    for (const [role, part] of given(props)) {
      if (Stack.of(part) !== stack)
        problems.push(
          `'${role}' must be in the stack of the sequence, '${stack.node.path}', got '${part.node.path}'; CloudFormation ` +
            'takes one stack back at a time, so a release in several stacks would be taken back in part',
        );
    }
    if (problems.length > 0) throw new ConstructError(this, problems);
  }
}

/**
 * Returns the steps of a release in their order; the members of one step have no order.
 *
 * CloudFormation follows the same order on the way back. A resource that must act before the service is taken back
 * belongs to a step before the service. The pointer comes before the alarms: it is what users notice first.
 */
function stepsOf(props: ReleaseSequenceProps): Step[] {
  const { server, providedSecrets, migrations, client, verification, errorComparison, record } = props;
  return [
    [server && client?.wayBack],
    [server?.beforeRelease, providedSecrets],
    [migrations],
    [record?.migrations],
    // Pages that the server makes name files of the client.
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

/** Names the servers that a client follows, for a property that changes with each of their releases. */
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

/** Makes a resource wait for all that a member of a step waits for, so that both begin at the same time. */
function beside(steps: readonly Step[], member: IConstruct, resource: IConstruct): void {
  const step = steps.findIndex((members) => members.some((one) => one === member));
  if (step > 0) resource.node.addDependency(...steps[step - 1]!);
}

function given(props: ReleaseSequenceProps): [ReleaseRole, IConstruct][] {
  return (Object.entries(props) as [ReleaseRole, IConstruct | undefined][]).filter(
    (entry): entry is [ReleaseRole, IConstruct] => entry[1] !== undefined,
  );
}
