import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { OriginProtocolPolicy, OriginSslPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { type IVpc, Peer, Port, type SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  ListenerAction,
  ListenerCondition,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { closedSecurityGroup } from './closed-security-group';
import { ManagedPrefixList } from './managed-prefix-list';

/** Encrypts the way from CloudFront to the load balancer. */
export interface ServerTlsOptions {
  /** Certificate of the stack's own region. */
  readonly certificate: ICertificate;
  /** A name the certificate is valid for; CloudFront checks it. */
  readonly domainName: string;
}

export interface ServerLoadBalancerProps {
  readonly vpc: IVpc;
  /** Path that answers 200 when a task can serve. */
  readonly healthPath: string;
  /** Whether there is a second target group and a test listener. */
  readonly twoColours: boolean;
  readonly tls?: ServerTlsOptions;
  /** Longest answer CloudFront waits for. */
  readonly requestTimeout: Duration;
  /** How long a task that leaves finishes the requests it has. */
  readonly deregistrationDelay: Duration;
  readonly deletionProtection: boolean;
  readonly accessLogs?: IBucket;
  readonly accessLogsRemovalPolicy?: RemovalPolicy;
}

/** How long the load balancer keeps a silent connection; the server must keep it longer. */
export const IDLE_SECONDS = 60;
/** CloudFront closes its silent connections first. */
const ORIGIN_KEEP_ALIVE_SECONDS = 30;
/** Where the new release is verified; admits the verification's security group and nobody else. */
export const TEST_PORT = 8080;

/**
 * The private way from CloudFront to a server's tasks.
 *
 * Defines an internal load balancer that admits only CloudFront, a production listener with a rule that
 * ECS weighs, its access logs and, for two colours, the second target group and a test listener.
 */
export class ServerLoadBalancer extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly securityGroup: SecurityGroup;
  readonly blue: ApplicationTargetGroup;
  readonly green?: ApplicationTargetGroup;
  readonly productionListener: ApplicationListener;
  readonly productionRule: ApplicationListenerRule;
  readonly testListener?: ApplicationListener;
  readonly testRule?: ApplicationListenerRule;
  readonly origin: VpcOrigin;

  constructor(scope: Construct, id: string, props: ServerLoadBalancerProps) {
    super(scope, id);

    const productionPort = props.tls ? 443 : 80;
    this.securityGroup = closedSecurityGroup(
      this,
      props.vpc,
      'Load balancer: from CloudFront, and from the verification of a new release',
    );
    const cloudFront = new ManagedPrefixList(this, 'CloudFront', {
      prefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
    });
    this.securityGroup.addIngressRule(
      Peer.prefixList(cloudFront.prefixListId),
      Port.tcp(productionPort),
      'CloudFront',
    );
    this.loadBalancer = new ApplicationLoadBalancer(this, 'Resource', {
      vpc: props.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      internetFacing: false,
      securityGroup: this.securityGroup,
      deletionProtection: props.deletionProtection,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
      idleTimeout: Duration.seconds(IDLE_SECONDS),
    });
    const accessLogs = props.accessLogs ?? this.accessLogsBucket(props.accessLogsRemovalPolicy);
    this.logAccess(accessLogs);
    // Deleted before its bucket is emptied, or it would write into it again.
    this.loadBalancer.node.addDependency(accessLogs);

    this.blue = this.targetGroup('Blue', props);
    if (props.twoColours) this.green = this.targetGroup('Green', props);
    this.productionListener = new ApplicationListener(this, 'Production', {
      loadBalancer: this.loadBalancer,
      port: productionPort,
      open: false,
      ...(props.tls
        ? {
            protocol: ApplicationProtocol.HTTPS,
            certificates: [props.tls.certificate],
            sslPolicy: SslPolicy.RECOMMENDED_TLS,
          }
        : { protocol: ApplicationProtocol.HTTP }),
      defaultAction: ListenerAction.fixedResponse(404),
    });
    this.productionRule = this.rule('ProductionRule', this.productionListener);
    if (props.twoColours) {
      // Not encrypted: only the verification, in the same network, ever connects.
      this.testListener = new ApplicationListener(this, 'Test', {
        loadBalancer: this.loadBalancer,
        port: TEST_PORT,
        protocol: ApplicationProtocol.HTTP,
        open: false,
        defaultAction: ListenerAction.fixedResponse(404),
      });
      this.testRule = this.rule('TestRule', this.testListener);
    }

    this.origin = VpcOrigin.withApplicationLoadBalancer(this.loadBalancer, {
      protocolPolicy: props.tls ? OriginProtocolPolicy.HTTPS_ONLY : OriginProtocolPolicy.HTTP_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      domainName: props.tls?.domainName,
      readTimeout: props.requestTimeout,
      keepaliveTimeout: Duration.seconds(ORIGIN_KEEP_ALIVE_SECONDS),
    });
  }

  /** Lets the holders of a security group reach the test listener. */
  allowTestFrom(group: SecurityGroup): void {
    this.securityGroup.addIngressRule(group, Port.tcp(TEST_PORT), 'Verification of a new release');
    group.addEgressRule(this.securityGroup, Port.tcp(TEST_PORT), 'Test listener');
  }

  /**
   * One rule for everything, forward-only. ECS moves the weights; what stands here is where they start,
   * and must not change with a release, or CloudFormation would put the weights back while green is live.
   */
  private rule(id: string, listener: ApplicationListener): ApplicationListenerRule {
    return new ApplicationListenerRule(this, id, {
      listener,
      priority: 1,
      conditions: [ListenerCondition.pathPatterns(['*'])],
      action: this.green
        ? ListenerAction.weightedForward([
            { targetGroup: this.blue, weight: 1 },
            { targetGroup: this.green, weight: 0 },
          ])
        : ListenerAction.forward([this.blue]),
    });
  }

  private targetGroup(id: string, props: ServerLoadBalancerProps): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, id, {
      vpc: props.vpc,
      // ECS registers each task with the container's own port. A port that followed it would replace the
      // groups with a release that changes it, and the rules with them.
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      deregistrationDelay: props.deregistrationDelay,
      healthCheck: {
        path: props.healthPath,
        healthyHttpCodes: '200',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
  }

  /**
   * Sends access logs to a bucket. The CDK's `logAccessLogs` looks an account up by the stack's region, which a stack
   * without `env` does not know; the service principal is right in every region.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  private logAccess(bucket: IBucket): void {
    this.loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    this.loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
      }),
    );
  }

  private accessLogsBucket(removalPolicy = RemovalPolicy.RETAIN): Bucket {
    const isDeleted = removalPolicy === RemovalPolicy.DESTROY;
    const bucket = new Bucket(this, 'AccessLogs', {
      // The load balancer can write to no bucket with a key of KMS.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      // With files in it, a bucket cannot be deleted.
      removalPolicy: isDeleted ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      autoDeleteObjects: isDeleted,
    });
    acknowledge(bucket, 'S1', 'This bucket holds access logs itself.');
    return bucket;
  }
}
