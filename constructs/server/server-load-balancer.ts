import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  CfnVpcOrigin,
  type IOrigin,
  type OriginBindConfig,
  type OriginBindOptions,
  OriginProtocolPolicy,
  OriginSslPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
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
import { leaveUntagged } from '../untagged';
import { closedSecurityGroup } from './closed-security-group';
import { ManagedPrefixList } from './managed-prefix-list';

/** TLS between CloudFront and the load balancer. */
export interface ServerTlsOptions {
  /** ACM certificate in the region of the stack. */
  readonly certificate: ICertificate;
  /** Domain name of the certificate. CloudFront validates the certificate against this name. */
  readonly domainName: string;
}

/** Options of the load balancer of a server. */
export interface ServerLoadBalancerOptions {
  /**
   * TLS between CloudFront and the load balancer.
   * @default - HTTP; the traffic stays inside the VPC
   */
  readonly tls?: ServerTlsOptions;
  /**
   * True to protect the load balancer from deletion.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * Bucket for the access logs. It must use encryption by S3 (SSE-S3). If you import the bucket, its policy must allow
   * `logdelivery.elasticloadbalancing.amazonaws.com` to put objects.
   * @default - a new bucket, which keeps the logs for 90 days
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly accessLogsBucket?: IBucket;
  /**
   * Removal policy of the access log bucket that the construct creates. With `RemovalPolicy.DESTROY`, the bucket is
   * emptied and deleted with the stack.
   * @default RemovalPolicy.RETAIN
   */
  readonly accessLogsRemovalPolicy?: RemovalPolicy;
  /**
   * Duration of sticky sessions, from 1 second to 7 days. The load balancer sends a visitor to the same task by means
   * of a cookie, and each response renews the cookie. Use it for servers that keep sessions in memory.
   *
   * Sticky sessions need `DeploymentStrategy.rolling()`. A rule with two target groups must also bind each visitor to
   * one group, so visitors would stay on the release that a deployment replaces.
   * @default - no sticky sessions
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html
   */
  readonly stickinessCookieDuration?: Duration;
}

export interface ServerLoadBalancerProps extends ServerLoadBalancerOptions {
  readonly vpc: IVpc;
  /** Path that returns 200 when a task can serve requests. */
  readonly healthPath: string;
  /** True to define a second target group and a test listener. */
  readonly isBlueGreen: boolean;
  /** Time that CloudFront waits for a response. */
  readonly requestTimeout: Duration;
  /** Time that a task keeps its open requests after it leaves its target group. */
  readonly deregistrationDelay: Duration;
}

/** Idle timeout of the load balancer in seconds. The server must keep idle connections open for longer. */
export const IDLE_SECONDS = 60;
/**
 * Idle timeout of CloudFront's connections in seconds. CloudFront closes a connection before the load balancer does.
 */
const ORIGIN_KEEP_ALIVE_SECONDS = 30;
/** Port of the test listener. Only the security group of the verification may reach it. */
export const TEST_PORT = 8080;

/**
 * Private path from CloudFront to the tasks of a server.
 *
 * Defines an internal load balancer that accepts traffic from CloudFront only, and its access logs. ECS changes the
 * weights of the production listener's rule. For blue/green deployments, it also defines a second target group and a
 * test listener.
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
  readonly origin: IOrigin;

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
      deletionProtection: props.deletionProtection ?? true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.DEFENSIVE,
      idleTimeout: Duration.seconds(IDLE_SECONDS),
    });
    const accessLogs = props.accessLogsBucket ?? this.ownAccessLogsBucket(props.accessLogsRemovalPolicy);
    this.logAccess(accessLogs);
    // CloudFormation must delete the load balancer before it empties the bucket. Otherwise new logs would arrive.
    this.loadBalancer.node.addDependency(accessLogs);

    this.blue = this.targetGroup('Blue', props);
    if (props.isBlueGreen) this.green = this.targetGroup('Green', props);
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
    // The rules of the security group must exist before ECS deploys. Otherwise a verification through CloudFront fails.
    this.productionRule.node.addDependency(this.securityGroup);
    if (props.isBlueGreen) {
      // The test listener uses plain HTTP, because only the verification in the same VPC connects to it.
      this.testListener = new ApplicationListener(this, 'Test', {
        loadBalancer: this.loadBalancer,
        port: TEST_PORT,
        protocol: ApplicationProtocol.HTTP,
        open: false,
        defaultAction: ListenerAction.fixedResponse(404),
      });
      this.testRule = this.rule('TestRule', this.testListener);
    }

    const origin = VpcOrigin.withApplicationLoadBalancer(this.loadBalancer, {
      protocolPolicy: props.tls ? OriginProtocolPolicy.HTTPS_ONLY : OriginProtocolPolicy.HTTP_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      domainName: props.tls?.domainName,
      readTimeout: props.requestTimeout,
      keepaliveTimeout: Duration.seconds(ORIGIN_KEEP_ALIVE_SECONDS),
    });
    this.origin = { bind: (distribution, options) => bindUntagged(origin, distribution, options) };
  }

  /** All target groups of the server. */
  get targetGroups(): readonly ApplicationTargetGroup[] {
    return this.green ? [this.blue, this.green] : [this.blue];
  }

  /** Allows a security group to reach the test listener. */
  allowTestFrom(group: SecurityGroup): void {
    this.securityGroup.addIngressRule(group, Port.tcp(TEST_PORT), 'Verification of a new release');
    group.addEgressRule(this.securityGroup, Port.tcp(TEST_PORT), 'Test listener');
  }

  /**
   * Defines a rule that forwards all requests. The template contains the initial weights; ECS changes them later. A
   * release must not change the rule, because CloudFormation would reset the weights while the green target group
   * serves users.
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
      // ECS registers each task with the container's port. If this port followed the container's, a release that
      // changes the port would replace the target groups and the rules.
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      deregistrationDelay: props.deregistrationDelay,
      stickinessCookieDuration: props.stickinessCookieDuration,
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
   * Sends access logs to a bucket. The CDK's `logAccessLogs` needs the region of the stack to find an account, and a
   * stack without `env` has none. The service principal works in every region.
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

  private ownAccessLogsBucket(removalPolicy = RemovalPolicy.RETAIN): Bucket {
    const isDeleted = removalPolicy === RemovalPolicy.DESTROY;
    const bucket = new Bucket(this, 'AccessLogs', {
      // An Application Load Balancer cannot write to a bucket with a KMS key.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      // S3 can delete only an empty bucket.
      removalPolicy: isDeleted ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      autoDeleteObjects: isDeleted,
    });
    acknowledge(bucket, 'S1', 'This bucket itself holds access logs.');
    return bucket;
  }
}

/**
 * Binds a VPC origin to a distribution, without tags. CloudFront refuses every update of a VPC origin in use, even of
 * its tags.
 * @see https://github.com/aws/aws-cdk/issues/35765
 */
function bindUntagged(
  origin: VpcOrigin,
  distribution: Construct,
  options: OriginBindOptions,
): OriginBindConfig {
  const config = origin.bind(distribution, options);
  for (const child of distribution.node.findAll())
    if (child instanceof CfnVpcOrigin)
      leaveUntagged(child, 'CloudFront refuses to change tags of a VPC origin that is in use');
  return config;
}
