import { Annotations, type CustomResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  Distribution,
  type ErrorResponse,
  HttpVersion,
  type IOrigin,
  KeyValueStore,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { pageDigest } from '../verification/verify-release';
import { AccessLogs } from './access-logs';
import { CachePolicies } from './cache-policies';
import { clientRelease } from './client-release';
import { ClientUpload } from './client-upload';
import { EdgeFunctions } from './edge-functions';
import { CACHED_ERRORS, ERROR_FOLDER, ERROR_PAGE, ERROR_PAGE_NAME, GATEWAY_ERRORS } from './error-page';
import { ReleasePointer } from './release-pointer';
import { ResponseHeaders } from './response-headers';
import {
  type ClientDomainOptions,
  type StaticClientProps,
  staticClientProblems,
} from './static-client-props';

const PRIVATE: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
};

/**
 * A built client on a CDN, where one key decides which release users see.
 *
 * Defines a private bucket with the files of all releases, a distribution in front of it and of the server,
 * the functions that find a release's files, the store that names the current release, the uploads, the
 * pointer, and in us-east-1 the access logs.
 */
export class StaticClient extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** Address of the client, without a slash at its end. */
  readonly url: string;
  readonly keyValueStore: KeyValueStore;
  readonly functions: EdgeFunctions;
  readonly cachePolicies: CachePolicies;
  readonly responseHeaders: ResponseHeaders;
  /** Value of the key `release` that makes users see this release. */
  readonly pointerValue: string;
  /** SHA-256 of the page that users get at `/`, in hex. */
  readonly pageDigest: string;
  /** The uploads that come before the pointer moves. */
  readonly upload: Construct;
  /** Moves the pointer: what users must not see before, this has to depend on. */
  readonly release: CustomResource;
  /** Refreshes the fallback folder: has to depend on the release's verification. */
  readonly fallback: Construct;
  /** @default none outside us-east-1 */
  readonly accessLogs?: AccessLogs;

  constructor(scope: Construct, id: string, props: StaticClientProps) {
    super(scope, id);
    const problems = staticClientProblems(props);
    if (problems.length > 0) throw new ConstructError(this, problems);
    const release = clientRelease(props);
    if (release.problems.length > 0) throw new ConstructError(this, release.problems);
    for (const warning of release.warnings) Annotations.of(this).addWarningV2('framework53:client', warning);

    const { name, environmentName, domain, errorPage } = props;
    const removalPolicy =
      props.removalPolicy ??
      (environmentName === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);

    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    this.keyValueStore = new KeyValueStore(this, 'KeyValueStore', {
      keyValueStoreName: name,
      comment: 'The client release that users see',
    });
    this.functions = new EdgeFunctions(this, 'Functions', { name, keyValueStore: this.keyValueStore });
    this.cachePolicies = new CachePolicies(this, 'CachePolicies');
    this.responseHeaders = new ResponseHeaders(this, 'ResponseHeaders', props);

    this.distribution = new Distribution(this, 'Distribution', {
      comment: name,
      // A request for the bucket itself would list it; the function never lets one through.
      defaultRootObject: 'index.html',
      ...this.behaviors(props),
      errorResponses: errorResponses(errorPage?.statuses ?? GATEWAY_ERRORS),
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      webAclId: props.webAclArn,
      ...(domain && {
        domainNames: [domain.name],
        certificate: domain.certificate,
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    this.url = `https://${domain?.name ?? this.distribution.distributionDomainName}`;
    if (domain?.zone) this.records(domain);
    else if (!domain) this.warnOfTls();
    this.acknowledgeFindings(props);

    const upload = new ClientUpload(this, 'Upload', {
      bucket: this.bucket,
      source: props.files,
      ...release,
      errorPage: errorPage?.html ?? ERROR_PAGE,
    });
    this.upload = upload.release;
    this.fallback = upload.fallback;
    this.pointerValue = release.pointerValue;
    this.pageDigest = pageDigest(release.pages['index.html'] ?? '');
    this.release = new ReleasePointer(this, 'Release', {
      keyValueStore: this.keyValueStore,
      value: release.pointerValue,
    }).resource;
    // Last of all: a release's headers and error page come before its HTML is seen.
    this.release.node.addDependency(upload.release, this.distribution);
    this.fallback.node.addDependency(this.release);

    const { region } = Stack.of(this);
    if (region === 'us-east-1') {
      this.accessLogs = new AccessLogs(this, 'AccessLogs', {
        name,
        distribution: this.distribution,
      });
    }
  }

  private behaviors(props: StaticClientProps): {
    defaultBehavior: BehaviorOptions;
    additionalBehaviors: Record<string, BehaviorOptions>;
  } {
    const { cachePolicies, functions, responseHeaders } = this;
    // With LIST, a file that is missing is 404; without, 403.
    const files = S3BucketOrigin.withOriginAccessControl(this.bucket, {
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    });
    const client = {
      origin: files,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      functionAssociations: functions.associations,
      compress: true,
    };
    const pages = { cachePolicy: cachePolicies.release, responseHeadersPolicy: responseHeaders.pages };
    const server = (origin: IOrigin): BehaviorOptions => ({
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: cachePolicies.server,
      originRequestPolicy: cachePolicies.serverRequests,
      responseHeadersPolicy: responseHeaders.server,
      compress: true,
    });
    const { serverOrigin, serverPaths = ['/api/*'] } = props;
    return {
      defaultBehavior: { ...client, ...pages },
      additionalBehaviors: {
        ...(serverOrigin && Object.fromEntries(serverPaths.map((path) => [path, server(serverOrigin)]))),
        '/assets/*': {
          ...client,
          cachePolicy: cachePolicies.assets,
          responseHeadersPolicy: responseHeaders.assets,
        },
        [`/${ERROR_FOLDER}/*`]: { ...client, ...pages, functionAssociations: undefined },
      },
    };
  }

  private records({ name, zone }: ClientDomainOptions): void {
    const record = {
      zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', zone as NonNullable<typeof zone>),
      // The dot keeps Route 53 from appending the zone's name.
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(new CloudFrontTarget(this.distribution)),
    };
    new ARecord(this, 'Ipv4', record);
    new AaaaRecord(this, 'Ipv6', record);
  }

  private warnOfTls(): void {
    Annotations.of(this).addWarningV2(
      'framework53:client-tls',
      'Without a domain of its own the distribution accepts TLS 1.0: CloudFront sets a minimum only with a certificate. Name a domain and its certificate before users come.',
    );
  }

  private acknowledgeFindings({ domain, webAclArn }: StaticClientProps): void {
    acknowledge(
      this.bucket,
      'S1',
      'Only CloudFront reads from this bucket, and the access logs of the distribution have every request.',
    );
    const { distribution } = this;
    Validations.of(distribution).acknowledge({
      id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      reason: 'There is a default root object, and no request reaches the bucket without a path.',
    });
    acknowledge(
      distribution,
      'CFR1',
      'The client is for users everywhere; a firewall may restrict countries.',
    );
    acknowledge(
      distribution,
      'CFR3',
      'Requests are logged through CloudWatch Logs (AccessLogs), which this rule does not look for.',
    );
    if (!webAclArn)
      acknowledge(
        distribution,
        'CFR2',
        'No web ACL was given, as in environments that are not for the public.',
      );
    if (!domain)
      acknowledge(
        distribution,
        'CFR4',
        'CloudFront takes no minimum TLS version for its own domain; a warning says so.',
      );
  }
}

/** No error is kept, or an API's would be; gateway errors have a page. */
function errorResponses(paged: readonly number[]): ErrorResponse[] {
  return [...new Set([...CACHED_ERRORS, ...paged])].map((httpStatus) => ({
    httpStatus,
    ttl: Duration.seconds(0),
    ...(paged.includes(httpStatus) && {
      responseHttpStatus: httpStatus,
      responsePagePath: `/${ERROR_FOLDER}/${ERROR_PAGE_NAME}`,
    }),
  }));
}
