import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { EnvironmentName, Settings } from '../../config';
import { StaticClient } from '../../constructs/client';
import { type ClientContents, clientRevision } from '../../constructs/client/client-release';
import { Migrations } from '../../constructs/migrations';
import { RealUserMonitoring } from '../../constructs/monitoring';
import { ReleaseSequence } from '../../constructs/release';
import { ReleaseRecord } from '../../constructs/release-record';
import { ProvidedSecretsCheck } from '../../constructs/secrets';
import { ContainerServer } from '../../constructs/server';
import { ErrorComparison, ReleaseVerification } from '../../constructs/verification';
import type { Release } from '../application/release';
import type { LintedFile } from '../migration-lint';
import { serverVariables } from '../prepare/server-environment';
import { type SmokeChecks, smokeChecks } from '../releases/smoke-checks';
import { carryRelease } from './carry-release';
import type { DataStack } from './data-stack';
import { Edge } from './edge';
import { environmentBanner } from './environment-banner';
import { EnvironmentStack } from './environment-stack';
import {
  deploymentStrategy,
  errorPage,
  loadBalancerOptions,
  permissionsPolicy,
  policyOf,
  settingsDigest,
} from './release-settings';

/** Properties of the stack of a release. */
export interface ReleaseStackProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  /** Environment to deploy the release to. */
  readonly environment: EnvironmentName;
  /** Settings of the environment. */
  readonly settings: Settings;
  /** Description of the release. */
  readonly release: Release;
  /** Folder of the built release. */
  readonly directory: string;
  /** Migrations of the release, with their findings. */
  readonly migrations: readonly LintedFile[];
  /** Network, database and secrets of the environment. */
  readonly data: DataStack;
  /**
   * Firewall and certificate of the client.
   * @default - this stack defines them, and must be in us-east-1
   */
  readonly edge?: Edge;
}

/** One release of the application, in the order of `ReleaseSequence`: migrations, server, client (§8.2). */
export class ReleaseStack extends EnvironmentStack {
  /** Server of the release. */
  readonly server: ContainerServer;
  /** Client of the release. */
  readonly client: StaticClient;
  /** Id of the distribution, as a reference that other stacks may use. */
  readonly distributionId: string;
  /** Checks that the release must pass, grouped by the place where they run. */
  readonly checks: SmokeChecks;
  /** Name of the release, with a digest of its settings. The names of the server's log streams begin with it. */
  readonly revision: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleaseStackProps,
  ) {
    const { name, settings, release, data } = props;
    super(scope, id, {
      region: settings.region,
      description: `${name}: migrations, server and client`,
      settings,
      key: data.encryptionKey,
    });
    const arm = settings.server.architecture === 'arm64';
    const container = {
      image: ContainerImage.fromAsset(join(props.directory, 'image'), {
        platform: arm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      }),
      cpuArchitecture: arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    };
    const contents = this.contents();
    this.revision = clientRevision(contents);
    this.checks = smokeChecks(settings.verification.checks, release.server);
    this.server = this.addServer(container);
    const providedSecrets = this.addProvidedSecrets();
    const migrations = this.addMigrations(container);
    this.client = this.addClient(contents);
    const distribution = this.client.distribution.node.defaultChild as CfnDistribution;
    this.distributionId = distribution.ref;
    new ReleaseSequence(this, 'Sequence', {
      server: this.server,
      providedSecrets,
      migrations,
      client: this.client,
      verification: this.addVerification(),
      errorComparison: this.addErrorComparison(),
      record: this.addRecord(migrations),
    });

    new CfnOutput(this, 'Url', { value: this.client.url, description: 'Where people use the application' });
    new CfnOutput(this, 'ReleaseId', { value: release.releaseId });
    carryRelease(this, release);
  }

  private get removalPolicy(): RemovalPolicy {
    return this.props.settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
  }

  /** Returns the contents that determine the client's revision. */
  private contents(): ClientContents {
    const { name, settings, release, directory, environment } = this.props;
    const { domain, contentSecurityPolicy } = settings.client;
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
    return {
      files: join(directory, 'client'),
      releaseId: release.releaseId,
      environmentName: environment,
      pages: {
        contentSecurityPolicy: policyOf(
          contentSecurityPolicy,
          release.client.contentSecurityPolicySources,
          users?.contentSecurityPolicySources,
        ),
        headScript: users?.headScript ?? environmentBanner(environment, release.client),
        headers: { 'Permissions-Policy': permissionsPolicy(settings.client), ...users?.pageHeaders },
      },
    };
  }

  private addServer({ image, cpuArchitecture }: ReleaseContainer): ContainerServer {
    const { name, settings, release, data } = this.props;
    const { server } = settings;
    return new ContainerServer(this, 'Server', {
      vpc: data.network.vpc,
      name,
      image,
      port: release.server.port,
      healthPath: release.server.healthPath,
      environment: {
        // Both change with each release or change of settings, so the server is always deployed with the client.
        // Otherwise, CloudFormation would skip an unchanged server, even if you rolled it back by hand.
        RELEASE_ID: release.releaseId,
        RELEASE_SETTINGS: settingsDigest(settings),
        ...Object.fromEntries(serverVariables(this.props).map(({ name, value }) => [name, value])),
        ...data.database.serverEnvironment,
      },
      secrets: { ...data.secrets.containerSecrets, ...data.database.serverSecrets },
      task: {
        cpu: server.cpu,
        memoryLimitMiB: server.memory,
        cpuArchitecture,
        command: release.server.command,
        writablePaths: release.server.writableFolders,
        securityGroups: [data.database.clientSecurityGroup],
        enableExecuteCommand: server.shell,
        // The log stream of each line tells the release that wrote the line.
        logStreamPrefix: this.revision,
        shutdown: {
          requestTimeout: Duration.seconds(server.requestTimeout),
          deregistrationDelay: Duration.seconds(server.deregistrationDelay),
          stopTimeout: Duration.seconds(server.stopTimeout),
        },
      },
      scaling: { minCapacity: server.minimumTasks, maxCapacity: server.maximumTasks },
      deployment: {
        strategy: deploymentStrategy(settings),
        verification: server.deployment === 'rolling' ? undefined : this.checks.server,
        rollback: { whenFiring: server.deployDespiteAlarms ? 'warn' : 'refuse' },
        redeployOnSecretChange: data.secrets.provided,
      },
      loadBalancer: loadBalancerOptions(settings, this.removalPolicy),
    });
  }

  private addClient(contents: ClientContents): StaticClient {
    const { name, settings, release, environment } = this.props;
    const { domain, corsOrigins } = settings.client;
    const edge = this.props.edge ?? new Edge(this, 'Edge', this.props);
    return new StaticClient(this, 'Client', {
      ...contents,
      environmentHeader: environment !== 'production',
      name,
      server: {
        origin: this.server.origin(),
        paths: release.server.paths,
        rendersPages: release.server.rendersPages,
        cors: { allowedOrigins: corsOrigins },
        frameAncestors: settings.server.frameAncestors,
      },
      errorPage: errorPage(settings.client, contents.files),
      webAclId: edge.firewall.webAclArn,
      domain: domain &&
        edge.certificate && {
          domainName: domain.name,
          certificate: edge.certificate,
          hostedZone: edge.hostedZone,
        },
      removalPolicy: this.removalPolicy,
    });
  }

  private addProvidedSecrets(): ProvidedSecretsCheck | undefined {
    const { data, release, environment } = this.props;
    const { provided } = data.secrets;
    if (provided.length === 0) return undefined;
    return new ProvidedSecretsCheck(this, 'ProvidedSecrets', {
      secrets: provided,
      releaseId: release.releaseId,
      remedy: `framework53 secrets set {name} --env ${environment}`,
    });
  }

  private addMigrations(container: ReleaseContainer): Migrations | undefined {
    const { data, settings, release } = this.props;
    if (release.migrations.kind === 'none') return undefined;
    return new Migrations(this, 'Migrations', {
      cluster: this.server.cluster,
      ...container,
      digest: release.migrations.digest,
      environment: data.database.migrationEnvironment,
      secrets: data.database.migrationSecrets,
      securityGroups: [data.database.migrationSecurityGroup],
      snapshot: settings.database.snapshotBeforeMigrations
        ? { clusterIdentifier: data.clusterIdentifier }
        : undefined,
    });
  }

  /** Address for the verification, on CloudFront's own domain. The DNS records of a domain may not have spread yet. */
  private get ownUrl(): string {
    return `https://${this.client.distribution.distributionDomainName}`;
  }

  private addVerification(): ReleaseVerification {
    const { client, server, checks } = this;
    return new ReleaseVerification(this, 'Verification', {
      url: this.ownUrl,
      server: { release: server.taskDefinition.taskDefinitionArn, checks: checks.serverThroughCdn },
      client: { release: client.pointerValue, pageDigest: client.pageDigest, checks: checks.all },
    });
  }

  private addErrorComparison(): ErrorComparison | undefined {
    const { compareErrorsMinutes, toleratedErrors } = this.props.settings.verification;
    if (compareErrorsMinutes === 0) return undefined;
    return new ErrorComparison(this, 'ErrorComparison', {
      logGroup: this.server.logGroup,
      streamPrefix: this.revision,
      release: this.server.taskDefinition.taskDefinitionArn,
      period: Duration.minutes(compareErrorsMinutes),
      tolerated: toleratedErrors,
    });
  }

  private addRecord(run: Migrations | undefined): ReleaseRecord {
    const { name, release, migrations } = this.props;
    return new ReleaseRecord(this, 'Record', {
      name,
      releaseId: release.releaseId,
      server: this.server,
      client: this.client,
      url: this.ownUrl,
      healthPath: release.server.healthPath,
      checks: this.checks.all,
      serverChecks: this.checks.server,
      migrations: {
        ...release.migrations,
        applied: migrations.map(({ tag, contracts }) => ({ tag, contracts })),
        restorePoint: run?.restorePoint,
      },
      removalPolicy: this.removalPolicy,
    });
  }
}

/** Container image of the release and its architecture, for the server and the migrations. */
interface ReleaseContainer {
  readonly image: ContainerImage;
  readonly cpuArchitecture: CpuArchitecture;
}
