import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { EnvironmentName, Settings } from '../../config';
import { type ContentSecurityPolicyOptions, StaticClient } from '../../constructs/client';
import { clientRevision } from '../../constructs/client/client-release';
import { Migrations } from '../../constructs/migrations';
import { RealUserMonitoring } from '../../constructs/monitoring';
import { ReleaseSequence } from '../../constructs/release';
import { ReleaseRecord } from '../../constructs/release-record';
import { ProvidedSecretsCheck } from '../../constructs/secrets';
import { ContainerServer, DeploymentStrategy } from '../../constructs/server';
import { ErrorComparison, ReleaseVerification } from '../../constructs/verification';
import type { Release } from '../application/release';
import type { LintedFile } from '../migration-lint';
import { serverVariables } from '../prepare/server-environment';
import { type SmokeChecks, smokeChecks } from '../releases/smoke-checks';
import { carryWarnings } from './carry-warnings';
import type { DataStack } from './data-stack';
import { Edge } from './edge';
import { EnvironmentStack } from './environment-stack';

export interface ReleaseStackProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly settings: Settings;
  readonly release: Release;
  /** Where the release was built. */
  readonly directory: string;
  /** The migrations it carries, judged. */
  readonly migrations: readonly LintedFile[];
  readonly data: DataStack;
  /** @default made here, for a release that is in us-east-1 itself */
  readonly edge?: Edge;
}

/** One release of the application, in the order it comes to its users: migrations, server, client (§8.2). */
export class ReleaseStack extends EnvironmentStack {
  readonly server: ContainerServer;
  readonly client: StaticClient;
  /** As another stack may refer to it. */
  readonly distributionId: string;
  /** What the release promises, and where it is asked. */
  readonly checks: SmokeChecks;
  /** Names the release with its client's settings; each log stream of the server starts with it. */
  readonly revision: string;

  constructor(scope: Construct, id: string, props: ReleaseStackProps) {
    const { name, settings, release, data } = props;
    super(scope, id, {
      region: settings.region,
      description: `${name}: migrations, server and client`,
      settings,
      key: data.encryptionKey,
    });
    const arm = settings.server.architecture === 'arm64';
    const architecture = arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64;
    const image = ContainerImage.fromAsset(join(props.directory, 'image'), {
      platform: arm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    });

    const { domain, contentSecurityPolicy, corsOrigins } = settings.client;
    const { rumPercent } = settings.monitoring;
    const users =
      rumPercent > 0
        ? new RealUserMonitoring(this, 'RealUsers', {
            name,
            domains: [domain?.name ?? '*.cloudfront.net'],
            release: release.releaseId,
            samplePercent: rumPercent,
          })
        : undefined;
    const contents = {
      files: join(props.directory, 'client'),
      releaseId: release.releaseId,
      environmentName: props.environment,
      pages: {
        contentSecurityPolicy: withSources(contentSecurityPolicy, users?.contentSecurityPolicySources),
        headScript: users?.headScript,
        headers: users?.pageHeaders,
      },
    };
    this.revision = clientRevision(contents);

    const checks = smokeChecks(settings.verification.checks, release.server);
    this.checks = checks;
    this.server = new ContainerServer(this, 'Server', {
      vpc: data.network.vpc,
      name,
      image,
      cpuArchitecture: architecture,
      port: release.server.port,
      healthPath: release.server.healthPath,
      command: release.server.command,
      environment: {
        // Server and client come and go together: a release of either, or with other settings, is a deployment
        // of both. CloudFormation would leave behind what it does not see change and people have taken back.
        RELEASE_ID: release.releaseId,
        RELEASE_SETTINGS: settingsDigest(settings),
        ...Object.fromEntries(serverVariables(props).map(({ name, value }) => [name, value])),
        ...data.database.serverEnvironment,
      },
      secrets: { ...data.secrets.containerSecrets, ...data.database.serverSecrets },
      writablePaths: release.server.writableFolders,
      securityGroups: [data.database.clientSecurityGroup],
      cpu: settings.server.cpu,
      memoryLimitMiB: settings.server.memory,
      tasks: { minimum: settings.server.minimumTasks, maximum: settings.server.maximumTasks },
      deployment: deployment(settings),
      verification: settings.server.deployment === 'rolling' ? undefined : checks.server,
      rollback: { whenFiring: settings.server.deployDespiteAlarms ? 'warn' : 'refuse' },
      shutdown: {
        deregistrationDelay: Duration.seconds(settings.server.deregistrationDelay),
        stopTimeout: Duration.seconds(settings.server.stopTimeout),
      },
      redeployOnSecretChange: data.secrets.provided,
      enableExecuteCommand: settings.server.shell,
      // It holds no data, and would keep a first release that failed from being taken back and tried again.
      deletionProtection: false,
      accessLogsRemovalPolicy: settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      // So that each line of the log says which release wrote it.
      logStreamPrefix: this.revision,
    });
    const providedSecrets = this.providedSecrets(props);
    const migrations = this.migrations(props, image, architecture);

    const edge = props.edge ?? new Edge(this, 'Edge', props);
    this.client = new StaticClient(this, 'Client', {
      ...contents,
      environmentHeader: props.environment !== 'production',
      name,
      server: {
        origin: this.server.origin(),
        paths: release.server.paths,
        cors: { allowedOrigins: corsOrigins },
      },
      webAclId: edge.firewall.webAclArn,
      domain: domain &&
        edge.certificate && {
          domainName: domain.name,
          certificate: edge.certificate,
          hostedZone: edge.hostedZone,
        },
      removalPolicy: settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const distribution = this.client.distribution.node.defaultChild as CfnDistribution;
    this.distributionId = distribution.ref;
    new ReleaseSequence(this, 'Sequence', {
      server: this.server,
      providedSecrets,
      migrations,
      client: this.client,
      verification: this.verification(props, checks),
      errorComparison: this.errorComparison(props),
      record: this.record(props, checks, migrations),
    });

    new CfnOutput(this, 'Url', { value: this.client.url, description: 'Where people use the application' });
    new CfnOutput(this, 'ReleaseId', { value: release.releaseId });
    carryWarnings(this, release);
  }

  private providedSecrets(props: ReleaseStackProps): ProvidedSecretsCheck | undefined {
    const { data, release, environment } = props;
    const { provided } = data.secrets;
    if (provided.length === 0) return undefined;
    return new ProvidedSecretsCheck(this, 'ProvidedSecrets', {
      secrets: provided,
      releaseId: release.releaseId,
      remedy: `framework53 secrets set {name} --env ${environment}`,
    });
  }

  private migrations(
    { data, settings, release }: ReleaseStackProps,
    image: ContainerImage,
    architecture: CpuArchitecture,
  ): Migrations | undefined {
    if (release.migrations.kind === 'none') return undefined;
    return new Migrations(this, 'Migrations', {
      cluster: this.server.cluster,
      image,
      architecture,
      digest: release.migrations.digest,
      environment: data.database.migrationEnvironment,
      secrets: data.database.migrationSecrets,
      securityGroups: [data.database.migrationSecurityGroup],
      snapshot: settings.database.snapshotBeforeMigrations
        ? { clusterIdentifier: data.clusterIdentifier }
        : undefined,
    });
  }

  /** The address that a release is verified at. A domain's DNS records may not be known everywhere yet. */
  private get ownUrl(): string {
    return `https://${this.client.distribution.distributionDomainName}`;
  }

  private verification({ directory }: ReleaseStackProps, checks: SmokeChecks): ReleaseVerification {
    return new ReleaseVerification(this, 'Verification', {
      url: this.ownUrl,
      checks: checks.all,
      serverRelease: this.server.taskDefinition.taskDefinitionArn,
      clientRelease: this.client.pointerValue,
      pageDigest: this.client.pageDigest,
      serverChecks: checks.serverThroughCdn,
      files: join(directory, 'client'),
    });
  }

  private errorComparison({ settings }: ReleaseStackProps): ErrorComparison | undefined {
    const { compareErrorsMinutes, toleratedErrors } = settings.verification;
    if (compareErrorsMinutes === 0) return undefined;
    return new ErrorComparison(this, 'ErrorComparison', {
      logGroup: this.server.logGroup,
      streamPrefix: this.revision,
      release: this.server.taskDefinition.taskDefinitionArn,
      period: Duration.minutes(compareErrorsMinutes),
      tolerated: toleratedErrors,
    });
  }

  private record(
    { name, release, settings, migrations }: ReleaseStackProps,
    checks: SmokeChecks,
    run: Migrations | undefined,
  ): ReleaseRecord {
    return new ReleaseRecord(this, 'Record', {
      name,
      releaseId: release.releaseId,
      taskDefinition: this.server.taskDefinition,
      keyValueStore: this.client.keyValueStore,
      pointerValue: this.client.pointerValue,
      url: this.ownUrl,
      pageDigest: this.client.pageDigest,
      healthPath: release.server.healthPath,
      checks: checks.all,
      serverChecks: checks.server,
      migrations: {
        ...release.migrations,
        applied: migrations.map(({ tag, contracts }) => ({ tag, contracts })),
        restorePoint: run?.restorePoint,
      },
      removalPolicy: settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}

/** Tells the settings of a release from others. */
function settingsDigest({ client, server, verification }: Settings): string {
  return createHash('sha256')
    .update(JSON.stringify({ client, server, verification }))
    .digest('hex')
    .slice(0, 8);
}

/** A policy that lets in what monitoring needs, too. */
function withSources(
  policy: Settings['client']['contentSecurityPolicy'],
  more: Readonly<Record<string, readonly string[]>> = {},
): ContentSecurityPolicyOptions {
  const sources = Object.fromEntries(
    [...Object.keys(policy.sources), ...Object.keys(more)].map((directive) => [
      directive,
      [...(policy.sources[directive] ?? []), ...(more[directive] ?? [])],
    ]),
  );
  return { ...policy, sources };
}

function deployment({ server }: Settings): DeploymentStrategy {
  const options = { bakeTime: Duration.minutes(server.bakeMinutes) };
  switch (server.deployment) {
    case 'rolling':
      return DeploymentStrategy.rolling();
    case 'canary':
      return DeploymentStrategy.canary(options);
    case 'linear':
      return DeploymentStrategy.linear(options);
    case 'blue-green':
      return DeploymentStrategy.blueGreen(options);
  }
}
