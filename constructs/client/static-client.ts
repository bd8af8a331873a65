import {
  Annotations,
  type CustomResource,
  Duration,
  RemovalPolicy,
  Stack,
  Token,
  Validations,
} from 'aws-cdk-lib';
import {
  Distribution,
  type ErrorResponse,
  HttpVersion,
  KeyValueStore,
  SecurityPolicyProtocol,
} from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { ConstructError } from '../construct-error';
import { physicalName } from '../physical-name';
import { declareReleasePart } from '../release-parts';
import { pageDigest } from '../verification/verify-release';
import { AccessLogs } from './access-logs';
import { CachePolicies } from './cache-policies';
import { ALL_PATHS, clientBehaviors } from './client-behaviors';
import { clientRelease } from './client-release';
import { ClientUpload } from './client-upload';
import { EdgeFunctions } from './edge-functions';
import { CACHED_ERRORS, ERROR_FOLDER, ERROR_PAGE, ERROR_PAGE_NAME, GATEWAY_ERRORS } from './error-page';
import { ReleasePointer } from './release-pointer';
import { ResponseHeaders } from './response-headers';
import { type StaticClientProps, staticClientProblems } from './static-client-props';

const PRIVATE: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
};

/**
 * A built client on CloudFront. One key of a key value store names the release that users get.
 *
 * Defines a private bucket with the files of all releases, a distribution for the client and the server, and the
 * CloudFront functions that find a release's files. Also defines the key value store with the pointer to the current
 * release, the uploads, and, in us-east-1, the access logs.
 */
export class StaticClient extends Construct {
  /** Bucket with the files of all releases. */
  readonly bucket: Bucket;
  /** Distribution of the client and the server. */
  readonly distribution: Distribution;
  /** URL of the client, without a trailing slash. */
  readonly url: string;
  /** Key value store whose key `release` names the current release. */
  readonly keyValueStore: KeyValueStore;
  /** CloudFront functions of the client's paths. */
  readonly functions: EdgeFunctions;
  /** Cache policies of the distribution. You can use them for your own behaviors. */
  readonly cachePolicies: CachePolicies;
  /** Response headers policies of the distribution. You can use them for your own behaviors. */
  readonly responseHeaders: ResponseHeaders;
  /** Value of the key `release` that makes CloudFront serve this release. */
  readonly pointerValue: string;
  /** SHA-256 of the page at `/`, in hexadecimal digits; undefined if the server renders that page. */
  readonly pageDigest?: string;
  /**
   * True if the server renders pages that refer to files of the client. `ReleaseSequence` then uploads the files
   * before it deploys the server.
   */
  readonly pagesFromServer: boolean;
  /**
   * Uploads that must end before the pointer moves. Add dependencies from it to resources that must exist before users
   * get the client.
   */
  readonly upload: Construct;
  /** Custom resource that moves the pointer. Add a dependency on it from resources that must wait for the release. */
  readonly release: CustomResource;
  /** Uploads to the fallback folder. Make it depend on the verification of the release. */
  readonly fallback: Construct;
  /** Access log of the distribution; absent unless the stack's region is known to be us-east-1. */
  readonly accessLogs?: AccessLogs;
  private readonly pointer: ReleasePointer;

  constructor(scope: Construct, id: string, props: StaticClientProps) {
    super(scope, id);
    const problems = staticClientProblems(props);
    if (problems.length > 0) throw new ConstructError(this, problems);
    const release = clientRelease(props);
    if (release.problems.length > 0) throw new ConstructError(this, release.problems);
    for (const warning of release.warnings) Annotations.of(this).addWarningV2('framework53:client', warning);

    const name = physicalName(this, props.name);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    this.keyValueStore = new KeyValueStore(this, 'KeyValueStore', {
      keyValueStoreName: name,
      comment: 'The client release that users see',
    });
    this.functions = new EdgeFunctions(this, 'Functions', {
      name,
      keyValueStore: this.keyValueStore,
      cors: props.server?.cors,
    });
    this.cachePolicies = new CachePolicies(this, 'CachePolicies');
    this.responseHeaders = new ResponseHeaders(this, 'ResponseHeaders', {
      environment: props.environmentHeader ? props.environmentName : undefined,
      pageHeaders: props.pages?.headers,
      cors: props.server?.cors,
      frameAncestors: props.server?.frameAncestors,
      pagesFromServer: props.server?.paths?.includes(ALL_PATHS),
    });

    const { domain } = props;
    this.distribution = new Distribution(this, 'Distribution', {
      comment: name,
      ...clientBehaviors(this, props.server),
      errorResponses: errorResponses(props.errorPage?.statuses ?? GATEWAY_ERRORS),
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      webAclId: props.webAclId,
      ...(domain && {
        domainNames: [domain.domainName],
        certificate: domain.certificate,
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    this.url = `https://${domain?.domainName ?? this.distribution.distributionDomainName}`;
    if (domain?.hostedZone) this.records(domain.domainName, domain.hostedZone);
    else if (!domain) this.warnOfTls();
    this.acknowledgeFindings(props);

    this.pointerValue = release.pointerValue;
    const isAll = props.server?.paths?.includes(ALL_PATHS) ?? false;
    this.pagesFromServer = isAll || (props.server?.rendersPages ?? false);
    if (!isAll) this.pageDigest = pageDigest(release.pages['index.html'] ?? '');
    const upload = new ClientUpload(this, 'Upload', {
      bucket: this.bucket,
      source: props.files,
      ...release,
      errorPage: props.errorPage?.html ?? ERROR_PAGE,
    });
    this.upload = upload.release;
    this.fallback = upload.fallback;
    this.pointer = new ReleasePointer(this, 'Release', {
      keyValueStore: this.keyValueStore,
      value: release.pointerValue,
    });
    this.release = this.pointer.resource;
    // The pointer moves last: the release's headers and error page must exist before its HTML, and the bucket policy
    // must allow the distribution to read the bucket.
    this.release.node.addDependency(upload.release, this.distribution, this.bucket.policy!);
    this.fallback.node.addDependency(this.release);
    this.accessLogs = this.logAccess(name);
    declareReleasePart(this, 'client', props.server?.origin);
  }

  /**
   * Custom resource that moves the pointer back at the beginning of a stack rollback. It is defined on first use. Make
   * the server depend on it, so that users never have the new client with the previous server. `ReleaseSequence` does
   * this.
   */
  get pointerRollback(): CustomResource {
    return this.pointer.rollback;
  }

  /** Defines the access logs if the stack is in us-east-1, and warns if the stack's region is unknown. */
  private logAccess(name: string): AccessLogs | undefined {
    const { region } = Stack.of(this);
    if (region === 'us-east-1')
      return new AccessLogs(this, 'AccessLogs', { name, distribution: this.distribution });
    if (Token.isUnresolved(region))
      Annotations.of(this).addWarningV2(
        'framework53:client-access-logs',
        "Access logs are off, because CloudFront delivers them in us-east-1 only and the region of the stack is not known at synth. Set 'env.region' of the stack, or define AccessLogs in a stack in us-east-1.",
      );
    return undefined;
  }

  private records(domainName: string, zone: IHostedZone): void {
    const record = {
      zone,
      // The trailing dot keeps Route 53 from appending the zone name.
      recordName: `${domainName}.`,
      target: RecordTarget.fromAlias(new CloudFrontTarget(this.distribution)),
    };
    new ARecord(this, 'Ipv4', record);
    new AaaaRecord(this, 'Ipv6', record);
  }

  private warnOfTls(): void {
    Annotations.of(this).addWarningV2(
      'framework53:client-tls',
      "The distribution accepts TLS 1.0, because CloudFront enforces a minimum version only for a domain with a certificate. Set 'domain' before you have real users.",
    );
  }

  private acknowledgeFindings({ domain, webAclId }: StaticClientProps): void {
    acknowledge(
      this.bucket,
      'S1',
      'Only CloudFront reads this bucket, and the access logs of the distribution record every request.',
    );
    const { distribution } = this;
    Validations.of(distribution).acknowledge({
      id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
      reason:
        'The distribution has a default root object, and its functions never forward a request without a path to the bucket.',
    });
    acknowledge(
      distribution,
      'CFR1',
      'The client serves users in all countries; a firewall can restrict countries.',
    );
    acknowledge(
      distribution,
      'CFR3',
      'AccessLogs delivers the access log to CloudWatch Logs, which this rule does not check.',
    );
    if (!webAclId)
      acknowledge(
        distribution,
        'CFR2',
        'The props set no web ACL, which suits environments that are not public.',
      );
    if (!domain)
      acknowledge(
        distribution,
        'CFR4',
        'CloudFront sets no minimum TLS version for its own domain name; a warning tells the user.',
      );
  }
}

/** Keeps CloudFront from caching error responses, and sets the page for gateway errors. */
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
