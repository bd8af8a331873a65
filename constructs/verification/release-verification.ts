import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { HandlerFunction } from '../handler/handler-function';
import { declareReleasePart } from '../release-parts';
import { type Check, checkProblems } from './checks';
import type { ReleaseVerificationProperties } from './release-verification.properties';
import { pageDigest } from './verify-release';

export interface ReleaseVerificationProps {
  /**
   * Where the release is verified, such as `https://d111111abcdef8.cloudfront.net`: the distribution's own
   * name is there from the start, a domain's records may take a while.
   */
  readonly url: string;
  /** Changes with each release of the server, such as the ARN of its task definition. */
  readonly serverRelease: string;
  /** Changes with each release of the client, such as the value of the pointer to it. */
  readonly clientRelease: string;
  /** What the server must answer, once it runs and before the client moves. */
  readonly serverChecks: readonly Check[];
  /** What must be answered once the client has moved. */
  readonly checks: readonly Check[];
  /** Absolute path of the built client, with `index.html` in it: users must get this page and its assets. */
  readonly files: string;
  /**
   * SHA-256 of the page, in hex, where users do not get it as it was built: a `StaticClient`'s `pageDigest`.
   * @default that of the built `index.html`
   */
  readonly pageDigest?: string;
}

/** What CloudFormation and the handler take at the most. */
const LONGEST_CHECKS = 8_000;

/**
 * Verifies a release the way users come to it: through its CDN.
 *
 * Defines two custom resources and their handler: after the server, and after the client. A check that
 * fails fails the stack, whose rollback brings the former release back.
 */
export class ReleaseVerification extends Construct {
  /** Has to depend on the server; the client has to depend on it. */
  readonly server: CustomResource;
  /** Has to depend on what moves the client; what needs a verified release has to depend on it. */
  readonly client: CustomResource;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleaseVerificationProps,
  ) {
    super(scope, id);
    const problems = checkProblems([...props.serverChecks, ...props.checks]);
    const length = JSON.stringify(props.checks).length;
    if (length > LONGEST_CHECKS)
      problems.push(`'checks' must fit into ${LONGEST_CHECKS} characters, got ${length}; leave some out`);
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
    const { serverRelease, clientRelease } = props;
    this.server = this.verification('Server', handler, {
      Release: serverRelease,
      Checks: JSON.stringify(props.serverChecks),
    });
    this.client = this.verification('Client', handler, {
      // The client is of no use without its server, whichever of them is new.
      Release: `${clientRelease} ${serverRelease}`,
      Checks: JSON.stringify(props.checks),
      PageDigest: props.pageDigest ?? pageDigestOf(this, props.files),
    });
    this.client.node.addDependency(this.server);
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

function pageDigestOf(scope: Construct, files: string): string {
  const page = join(files, 'index.html');
  try {
    return pageDigest(readFileSync(page));
  } catch {
    throw new ConstructError(
      scope,
      `'files' must be a built client, got '${files}', which has no index.html`,
    );
  }
}
