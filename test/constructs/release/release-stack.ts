import { join } from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { StaticClient } from '../../../constructs/client';
import { Migrations } from '../../../constructs/migrations';
import { ReleaseRecord } from '../../../constructs/release-record';
import { ProvidedSecretsCheck } from '../../../constructs/secrets';
import { ContainerServer } from '../../../constructs/server';
import { ErrorComparison, ReleaseVerification } from '../../../constructs/verification';

const files = join(__dirname, '..', '..', 'fixtures', 'client');
const image = ContainerImage.fromRegistry('shop:1');
const checks = [{ path: '/api/health' }];

export function addServer(stack: Stack, id = 'Server'): ContainerServer {
  return new ContainerServer(stack, id, {
    vpc: Vpc.fromVpcAttributes(stack, `${id}Vpc`, {
      vpcId: 'vpc-1',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
    }),
    name: id.toLowerCase(),
    image,
    port: 3000,
    healthPath: '/api/health',
  });
}

export function addClient(
  stack: Stack,
  server?: ContainerServer,
  id = 'Client',
  paths?: readonly string[],
): StaticClient {
  return new StaticClient(stack, id, {
    name: id.toLowerCase(),
    files,
    releaseId: '1',
    server: server && { origin: server.origin(), paths },
  });
}

export function addMigrations(stack: Stack, { cluster }: ContainerServer): Migrations {
  return new Migrations(stack, 'Migrations', {
    cluster,
    image,
    digest: '1',
  });
}

export function addSecretsCheck(stack: Stack): ProvidedSecretsCheck {
  return new ProvidedSecretsCheck(stack, 'ProvidedSecrets', {
    secrets: [Secret.fromSecretNameV2(stack, 'Key', 'shop/KEY')],
    releaseId: '1',
    remedy: 'set {name}',
  });
}

export function addVerification(
  stack: Stack,
  server: ContainerServer,
  client: StaticClient,
): ReleaseVerification {
  return new ReleaseVerification(stack, 'Verification', {
    url: client.url,
    server: { release: server.taskDefinition.taskDefinitionArn, checks },
    client: { release: client.pointerValue, pageDigest: client.pageDigest, checks },
  });
}

export function addErrorComparison(stack: Stack, server: ContainerServer): ErrorComparison {
  return new ErrorComparison(stack, 'ErrorComparison', {
    logGroup: server.logGroup,
    streamPrefix: 'shop',
    release: server.taskDefinition.taskDefinitionArn,
    period: Duration.minutes(5),
  });
}

export function addRecord(stack: Stack, server: ContainerServer, client: StaticClient): ReleaseRecord {
  return new ReleaseRecord(stack, 'Record', {
    name: 'shop',
    releaseId: '1',
    server,
    client,
    healthPath: '/api/health',
    checks,
    serverChecks: checks,
    migrations: { kind: 'journal', digest: '1', applied: [] },
  });
}

/** Every part of a release, in one stack. */
export function addRelease(stack: Stack) {
  const server = addServer(stack);
  const client = addClient(stack, server);
  return {
    server,
    providedSecrets: addSecretsCheck(stack),
    migrations: addMigrations(stack, server),
    client,
    verification: addVerification(stack, server, client),
    errorComparison: addErrorComparison(stack, server),
    record: addRecord(stack, server, client),
  };
}

/** Returns the errors that the constructs below would report at synthesis, without synthesising. */
export function synthesisErrors(scope: IConstruct): string[] {
  return scope.node.root.node
    .findAll()
    .flatMap((construct) => construct.node.validate().map((error) => `[${construct.node.path}] ${error}`));
}
