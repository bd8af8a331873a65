import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ApplicationSecrets,
  ConnectionPooling,
  ContainerServer,
  DeploymentStrategy,
  ErrorComparison,
  Migrations,
  PooledPostgres,
  ProvidedSecretsCheck,
  ReleaseRecord,
  ReleaseSequence,
  type ReleaseSequenceProps,
  ReleaseVerification,
  StaticClient,
  type StaticClientProps,
  WebFirewall,
} from '../../constructs';
import { DatabaseToolTask } from '../../constructs/database';
import { RealUserMonitoring } from '../../constructs/monitoring';
import { addAlarmActions, addMonitoring } from './compose-operations';
import type { Composition, Server } from './composition';
import { ACCOUNT, type Surroundings, surroundings } from './surroundings';

const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`;
const CHECKS = [{ path: '/api/health' }];

const files = mkdtempSync(join(tmpdir(), 'composition-'));
process.once('exit', () => rmSync(files, { recursive: true, force: true }));
mkdirSync(join(files, 'assets'));
writeFileSync(join(files, 'index.html'), '<!doctype html><title>Orders</title>\n');
writeFileSync(join(files, 'assets/index-BX3k9d2a.js'), 'export {};\n');

/** Puts a composition into the stacks of another team, and returns those. */
export function compose(composition: Composition): readonly Stack[] {
  const given = surroundings(composition);
  const team = new Team(given, composition);
  team.build();
  return given.stacks;
}

/** The constructs of a composition, as each needs the ones before it. */
export class Team {
  readonly stack: Stack;
  readonly servers = new Map<string, ContainerServer>();
  private readonly secretsChecks = new Map<string, ProvidedSecretsCheck>();
  database?: PooledPostgres;
  client?: StaticClient;
  private readonly image = ContainerImage.fromRegistry('public.ecr.aws/docker/library/node:24');
  private migrations?: Migrations;
  /** The name of constructs that can derive one. */
  private readonly name?: string;

  constructor(
    private readonly given: Surroundings,
    private readonly composition: Composition,
  ) {
    this.stack = given.stack;
    this.name = composition.named ? 'orders' : undefined;
  }

  build(): void {
    this.addDatabase();
    for (const server of this.composition.servers) this.addServer(server);
    this.addMigrations();
    this.addClient();
    this.addSequences(this.composition.release);
    if (this.composition.monitoring) addMonitoring(this);
    addAlarmActions(this.stack, this.given.key, this.composition.alarms);
  }

  private addDatabase(): void {
    const { database } = this.composition;
    if (!database) return;
    const { networkStack, vpc, key } = this.given;
    const scope = this.composition.elsewhere === 'network and database' ? networkStack : this.stack;
    this.database = new PooledPostgres(scope, 'Database', {
      vpc,
      name: this.name,
      defaultDatabaseName: 'orders',
      capacity: {
        serverless: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 8 },
        paused: { serverlessV2MinCapacity: 0, serverlessV2MaxCapacity: 2 },
        instances: { instanceType: new InstanceType('r8g.large') },
      }[database.capacity],
      pooling: database.pooling ? ConnectionPooling.rdsProxy() : ConnectionPooling.none(),
      rotation: database.rotation ? { service: { clusterName: 'orders', serviceName: 'orders' } } : undefined,
      restore: database.restore ? { snapshotIdentifier: 'orders-before-the-flood' } : undefined,
      encryptionKey: key,
    });
    if (database.tool) new DatabaseToolTask(scope, 'Tool', { database: this.database });
  }

  private addServer(options: Server): void {
    const { stack, image, database } = this;
    const { vpc, key } = this.given;
    const { name } = options;
    const cluster = [...this.servers.values()][0]?.cluster ?? this.given.cluster;
    const secrets = options.secrets
      ? new ApplicationSecrets(stack, `Secrets-${name}`, {
          name,
          variables: { SESSION_SECRET: 'generated', STRIPE_KEY: 'provided' },
          encryptionKey: key,
        })
      : undefined;
    const server = new ContainerServer(stack, `Server-${name}`, {
      vpc,
      name,
      image,
      cluster,
      port: 3000,
      healthPath: '/api/health',
      environment: database?.serverEnvironment,
      secrets: { ...database?.serverSecrets, ...secrets?.containerSecrets },
      task: { cpu: options.cpu, memoryLimitMiB: 2048 },
      deployment: {
        strategy: {
          'blue-green': () => DeploymentStrategy.blueGreen(),
          canary: () => DeploymentStrategy.canary({ stepPercent: 10 }),
          linear: () => DeploymentStrategy.linear(),
          rolling: () => DeploymentStrategy.rolling(),
        }[options.deployment](),
        redeployOnSecretChange: secrets?.provided,
      },
      loadBalancer: {
        tls: options.tls
          ? {
              certificate: Certificate.fromCertificateArn(stack, `Certificate-${name}`, CERTIFICATE),
              domainName: 'orders.example.com',
            }
          : undefined,
        accessLogsBucket:
          options.accessLogs === 'imported'
            ? Bucket.fromBucketName(stack, `AccessLogs-${name}`, 'platform-access-logs')
            : undefined,
      },
    });
    this.servers.set(name, server);
    database?.connections.allowDefaultPortFrom(server);
    if (secrets)
      this.secretsChecks.set(
        name,
        new ProvidedSecretsCheck(stack, `SecretsCheck-${name}`, {
          secrets: secrets.provided,
          releaseId: '1',
          remedy: 'set {name}',
        }),
      );
  }

  private addMigrations(): void {
    const { database, stack, image } = this;
    const [server] = this.servers.values();
    if (!this.composition.migrations || !database || !server) return;
    this.migrations = new Migrations(stack, 'Migrations', {
      cluster: server.cluster,
      image,
      digest: '1',
      environment: database.migrationEnvironment,
      secrets: database.migrationSecrets,
      securityGroups: [database.migrationSecurityGroup],
    });
  }

  private addClient(): void {
    const { client } = this.composition;
    if (!client) return;
    const { stack } = this;
    const [server] = client.withServer ? this.servers.values() : [];
    const name = 'orders';
    const users = client.realUsers
      ? new RealUserMonitoring(stack, 'RealUsers', {
          name,
          domains: ['orders.example.com'],
          release: '1',
          samplePercent: 10,
        })
      : undefined;
    this.client = new StaticClient(stack, 'Client', {
      name: this.name,
      files,
      releaseId: '1',
      server: server && { origin: server.origin() },
      pages: users && { headScript: users.headScript, headers: users.pageHeaders },
      webAclId: client.firewall
        ? new WebFirewall(stack, 'Firewall', { name: this.name }).webAclArn
        : undefined,
      domain: client.domain === 'none' ? undefined : this.domainOf(client.domain),
    });
  }

  private domainOf(domain: 'certificate' | 'certificate and zone'): StaticClientProps['domain'] {
    const { stack } = this;
    return {
      domainName: 'orders.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE),
      hostedZone:
        domain === 'certificate and zone'
          ? HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
              hostedZoneId: 'Z0123456789ABCDEFGHIJ',
              zoneName: 'example.com',
            })
          : undefined,
    };
  }

  /** One sequence for each server; the first has the client, too. */
  private addSequences(whole: boolean): void {
    const { stack, client, migrations } = this;
    for (const [name, server] of this.servers) {
      const isFirst = this.servers.keys().next().value === name;
      new ReleaseSequence(stack, `Sequence-${name}`, {
        server,
        providedSecrets: this.secretsChecks.get(name),
        migrations,
        client: isFirst ? client : undefined,
        ...(isFirst && client && whole ? this.verified(server, client) : {}),
      });
    }
  }

  private verified(
    server: ContainerServer,
    client: StaticClient,
  ): Pick<ReleaseSequenceProps, 'verification' | 'errorComparison' | 'record'> {
    const { stack } = this;
    const release = server.taskDefinition.taskDefinitionArn;
    const verification = new ReleaseVerification(stack, 'Verification', {
      url: client.url,
      server: { release, checks: CHECKS },
      client: { release: client.pointerValue, pageDigest: client.pageDigest, checks: CHECKS },
    });
    const errorComparison = new ErrorComparison(stack, 'ErrorComparison', {
      logGroup: server.logGroup,
      streamPrefix: 'server',
      release,
      period: Duration.minutes(10),
    });
    const record = new ReleaseRecord(stack, 'Record', {
      name: this.name,
      releaseId: '1',
      server,
      client,
      healthPath: '/api/health',
      checks: CHECKS,
      serverChecks: CHECKS,
      migrations: { kind: 'journal', digest: '1', applied: [], restorePoint: this.migrations?.restorePoint },
    });
    return { verification, errorComparison, record };
  }
}
