import { join } from 'node:path';
import { Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { StaticClient, WebFirewall } from 'framework53-cdk/client';
import { Migrations } from 'framework53-cdk/migrations';
import { EdgeAlarms, MonitoringAlarm, ServerHealth } from 'framework53-cdk/monitoring';
import { ReleaseSequence } from 'framework53-cdk/release';
import { containerSecret } from 'framework53-cdk/secrets';
import { ContainerServer, DeploymentStrategy } from 'framework53-cdk/server';
import { ReleaseVerification } from 'framework53-cdk/verification';

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const name = 'orders';
const checks = [{ path: '/api/health' }];

/** A server and a client from this package, next to an existing network, cluster, database and domain. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    // Resources that the team already has.
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      privateSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1b2c3d4e5f60718'],
    });
    const cluster = Cluster.fromClusterAttributes(this, 'Cluster', { clusterName: 'platform', vpc });
    const accessLogsBucket = Bucket.fromBucketName(this, 'Logs', 'platform-load-balancer-logs');
    const topic = Topic.fromTopicArn(this, 'Topic', `arn:aws:sns:us-east-1:123456789012:orders-alarms`);
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      zoneName: 'example.com',
    });
    const certificate = Certificate.fromCertificateArn(
      this,
      'Certificate',
      'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    );
    const image = ContainerImage.fromRegistry(`${REGISTRY}/orders:42`);

    // An existing database: its security group, its address, and a secret with `username` and `password`.
    const database = SecurityGroup.fromSecurityGroupId(this, 'Database', 'sg-0a1b2c3d4e5f60718');
    const login = Secret.fromSecretNameV2(this, 'Login', 'platform/orders-database');
    const access = {
      environment: {
        DATABASE_URL: 'postgresql://orders.cluster-c0ffee.us-east-1.rds.amazonaws.com:5432/orders',
      },
      secrets: {
        PGUSER: containerSecret(login, 'username'),
        PGPASSWORD: containerSecret(login, 'password'),
      },
    };

    // Resources of the release.
    const migrations = new Migrations(this, 'Migrations', { cluster, image, digest: '42', ...access });
    const server = new ContainerServer(this, 'Server', {
      vpc,
      cluster,
      name,
      image,
      port: 3000,
      healthPath: '/api/health',
      ...access,
      deployment: { strategy: DeploymentStrategy.canary({ stepPercent: 10 }), verification: checks },
      loadBalancer: { accessLogsBucket },
    });
    database.connections.allowFrom(migrations, Port.tcp(5432), 'Migrations of orders');
    database.connections.allowFrom(server, Port.tcp(5432), 'Server of orders');

    const client = new StaticClient(this, 'Client', {
      name,
      files: join(__dirname, '..', 'client'),
      releaseId: '42',
      server: { origin: server.origin() },
      domain: { domainName: 'orders.example.com', certificate, hostedZone: zone },
      webAclId: new WebFirewall(this, 'Firewall', { name }).webAclArn,
    });
    const verification = new ReleaseVerification(this, 'Verification', {
      url: client.url,
      server: { release: server.taskDefinition.taskDefinitionArn, checks },
      client: { release: client.pointerValue, pageDigest: client.pageDigest, checks },
    });
    new ReleaseSequence(this, 'Sequence', { migrations, server, client, verification });

    new ServerHealth(this, 'ServerHealth', { name, server, releaseStack: this.stackName });
    new EdgeAlarms(this, 'Edge', { name, distributionId: client.distribution.distributionId });
    const action = new SnsAction(topic);
    for (const { alarm, summary } of MonitoringAlarm.in(this))
      if (summary.severity !== 'part') alarm.addAlarmAction(action);
  }
}
