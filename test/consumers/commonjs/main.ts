// A project as `cdk init` makes it: every entry by its own name.
import { App, Aspects, Stack, Validations } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { PooledPostgresProps } from 'framework53-cdk';
import { StaticClient, WebFirewall } from 'framework53-cdk/client';
import { ConnectionPooling, PooledPostgres } from 'framework53-cdk/database';
import { Escalation } from 'framework53-cdk/escalation';
import { LogProtection, ProtectedLogGroup } from 'framework53-cdk/logs';
import { Migrations } from 'framework53-cdk/migrations';
import { MonitoringAlarm } from 'framework53-cdk/monitoring';
import { Network } from 'framework53-cdk/network';
import { ReleaseSequence } from 'framework53-cdk/release';
import { ReleaseHistory } from 'framework53-cdk/release-record';
import { ApplicationSecrets } from 'framework53-cdk/secrets';
import { ContainerServer, DeploymentStrategy } from 'framework53-cdk/server';
import { parseChecks } from 'framework53-cdk/verification';

const app = new App();
const stack = new Stack(app, 'Shop', { env: { region: 'us-east-1' } });
const { vpc } = new Network(stack, 'Network');
const options: Omit<PooledPostgresProps, 'vpc'> = {
  name: 'shop',
  defaultDatabaseName: 'shop',
  capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 8 },
};
const database = new PooledPostgres(stack, 'Database', { vpc, ...options });
const { containerSecrets } = new ApplicationSecrets(stack, 'Secrets', {
  name: 'shop',
  variables: { SESSION_SECRET: 'generated' },
});
const image = ContainerImage.fromRegistry('public.ecr.aws/example/shop:1');
const server = new ContainerServer(stack, 'Server', {
  vpc,
  name: 'shop',
  image,
  port: 3000,
  healthPath: '/api/health',
  environment: database.serverEnvironment,
  secrets: { ...database.serverSecrets, ...containerSecrets },
  deployment: {
    strategy: DeploymentStrategy.canary({ stepPercent: 10 }),
    verification: parseChecks([{ path: '/api/health' }]),
  },
});
database.connections.allowDefaultPortFrom(server);
const migrations = new Migrations(stack, 'Migrations', {
  cluster: server.cluster,
  image,
  digest: '1',
  environment: database.migrationEnvironment,
  secrets: database.migrationSecrets,
  securityGroups: [database.migrationSecurityGroup],
});
const client = new StaticClient(stack, 'Client', {
  name: 'shop',
  files: `${__dirname}/../files/`,
  releaseId: '1',
  server: { origin: server.origin() },
  webAclId: new WebFirewall(stack, 'Firewall', { name: 'shop' }).webAclArn,
});
new ReleaseSequence(stack, 'Sequence', { server, migrations, client });
new ProtectedLogGroup(stack, 'Logs');
Aspects.of(stack).add(new LogProtection());
Validations.of(app).addPlugins(new AwsSolutionsChecks());
for (const entry of [Escalation, ReleaseHistory, MonitoringAlarm, ConnectionPooling])
  if (typeof entry !== 'function') throw new Error('an export is missing');
app.synth();
