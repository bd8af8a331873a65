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
  /** Checks that the server must pass before the client moves. At most 8,000 characters of JSON. */
  readonly checks: readonly Check[];
}

/** Verification of a client through its CDN. */
export interface ClientVerificationOptions {
  /** Text that changes with each release of the client, such as `StaticClient.pointerValue`. */
  readonly release: string;
  /**
   * SHA-256 of the page at `/`, in hexadecimal digits, such as `StaticClient.pageDigest`. The CDN must serve this
   * page, and every file of the page's own origin that the page refers to.
   * @default - any page, for a server that renders the page for each request
   */
  readonly pageDigest?: string;
  /** Checks that the whole release must pass after the client has moved. At most 8,000 characters of JSON. */
  readonly checks: readonly Check[];
}

/** Properties of `ReleaseVerification`. Pass the server, the client, or both. */
export interface ReleaseVerificationProps {
  /**
   * URL at which the release is verified, such as `https://d111111abcdef8.cloudfront.net`. The distribution's own
   * domain name works at once, whereas DNS records of another domain may take a while.
   */
  readonly url: string;
  /**
   * Verification of the server.
   * @default - the server is not verified separately
   */
  readonly server?: ServerVerificationOptions;
  /**
   * Verification of the client.
   * @default - the client is not verified
   */
  readonly client?: ClientVerificationOptions;
}

/**
 * Verification of a release through its CDN.
 *
 * Defines up to two custom resources, for the server and the client, and their handler. A failed check fails the
 * stack, and CloudFormation rolls the release back. `ReleaseSequence` puts the resources into the order of the
 * release.
 */
export class ReleaseVerification extends Construct {
  /** Custom resource that verifies the server. `ReleaseSequence` puts it between the server and the client's upload. */
  readonly server?: CustomResource;
  /** Custom resource that verifies the client. `ReleaseSequence` puts it after the pointer. */
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
      problems.push("'server' or 'client' must be given, got neither; pass one or both");
    const digest = client?.pageDigest;
    if (digest !== undefined && !Token.isUnresolved(digest) && !/^[0-9a-f]{64}$/.test(digest))
      problems.push(
        `'client.pageDigest' must be a SHA-256 in hexadecimal digits, got '${digest}'; use StaticClient.pageDigest or pageDigest()`,
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
        // A new server also requires a new verification of the client.
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
