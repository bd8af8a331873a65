import { CustomResource, Duration, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { HandlerFunction } from '../handler/handler-function';
import { declareReleasePart } from '../release-parts';
import { LONGEST_RELEASE_CHECKS } from './check-limits';
import { type Check, checkProblems } from './checks';
import { ANY_PAGE, type ReleaseVerificationProperties } from './release-verification.properties';

/** Verification of a server through its CDN. */
export interface ServerVerificationOptions {
  /** Text that changes with each release of the server, such as the ARN of its task definition. */
  readonly release: string;
  /** Checks that the server passes before the client moves. At most 8,000 characters of JSON. */
  readonly checks: readonly Check[];
}

/** Verification of a client through its CDN. */
export interface ClientVerificationOptions {
  /** Text that changes with each release of the client, such as `StaticClient.pointerValue`. */
  readonly release: string;
  /**
   * SHA-256 of the page at `/`, in hex, such as `StaticClient.pageDigest`. The CDN serves this page, and every file of the
   * page's own origin that the page names.
   * @default - any page, for a server that makes a page for each request
   */
  readonly pageDigest?: string;
  /** Checks that the whole release passes once the client has moved. At most 8,000 characters of JSON. */
  readonly checks: readonly Check[];
}

/** Properties of the verification of a release. Give the server, the client, or both. */
export interface ReleaseVerificationProps {
  /**
   * Address at which the release is verified, such as `https://d111111abcdef8.cloudfront.net`. The distribution's own name
   * is known at once, but the DNS records of a domain may take a while.
   */
  readonly url: string;
  /**
   * Verification of the server.
   * @default - the server is not verified by itself
   */
  readonly server?: ServerVerificationOptions;
  /**
   * Verification of the client.
   * @default - the client is not verified
   */
  readonly client?: ClientVerificationOptions;
}

/**
 * The verification of a release through its CDN.
 *
 * Defines up to two custom resources and their handler: one for the server, one for the client. A check that fails fails
 * the stack, and CloudFormation takes the release back. `ReleaseSequence` puts the resources into the order of the release.
 */
export class ReleaseVerification extends Construct {
  /** Verifies the server. `ReleaseSequence` puts it between the server and the client's upload. */
  readonly server?: CustomResource;
  /** Verifies the client. `ReleaseSequence` puts it after the pointer. */
  readonly client?: CustomResource;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleaseVerificationProps,
  ) {
    super(scope, id);
    const { server, client } = props;
    const problems = [...checksProblems('server', server), ...checksProblems('client', client)];
    if (!server && !client)
      problems.push("'server' or 'client' must be given, got neither; give one or both");
    const digest = client?.pageDigest;
    if (digest !== undefined && !Token.isUnresolved(digest) && !/^[0-9a-f]{64}$/.test(digest))
      problems.push(
        `'client.pageDigest' must be a SHA-256 in hex, got '${digest}'; use StaticClient.pageDigest or pageDigest()`,
      );
    if (problems.length > 0) throw new ConstructError(this, problems);

    const handler = new HandlerFunction(this, 'Handler', {
      bundle: 'release-verification',
      description: 'Verifies a release through its CDN',
      timeout: Duration.minutes(10),
    });
    handler.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [Stack.of(this).stackId],
      }),
    );
    if (server)
      this.server = this.verification('Server', handler, {
        Release: server.release,
        Checks: JSON.stringify(server.checks),
      });
    if (client)
      this.client = this.verification('Client', handler, {
        // A new server needs a verification of the client, too.
        Release: [client.release, ...(server ? [server.release] : [])].join(' '),
        Checks: JSON.stringify(client.checks),
        PageDigest: digest ?? ANY_PAGE,
      });
    if (this.client && this.server) this.client.node.addDependency(this.server);
    declareReleasePart(this, 'verification');
  }

  private verification(
    id: string,
    handler: HandlerFunction,
    properties: Omit<ReleaseVerificationProperties, 'ServiceToken' | 'Url'>,
  ): CustomResource {
    const resource = new CustomResource(this, id, {
      serviceToken: handler.function.functionArn,
      serviceTimeout: Duration.minutes(12),
      resourceType: 'Custom::ReleaseVerification',
      properties: { Url: this.props.url, ...properties },
    });
    resource.node.addDependency(handler);
    return resource;
  }
}

function checksProblems(prop: string, options: ServerVerificationOptions | undefined): string[] {
  if (!options) return [];
  const length = JSON.stringify(options.checks).length;
  return [
    ...checkProblems(options.checks),
    ...(length > LONGEST_RELEASE_CHECKS
      ? [`'${prop}.checks' must fit into ${LONGEST_RELEASE_CHECKS} characters, got ${length}; leave some out`]
      : []),
  ];
}
