import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { DatabaseToolTask, type DatabaseToolTaskProps } from '../../../constructs/database';
import { nagFindings } from '../../support';
import { only, testDatabase } from './database-stack';

function tool(props: Partial<DatabaseToolTaskProps> = {}) {
  const { stack, database } = testDatabase();
  const task = new DatabaseToolTask(stack, 'Tool', {
    name: 'guestbook-test',
    database,
    ...props,
  });
  return { stack, task, template: Template.fromStack(stack) };
}
const { stack, task, template } = tool();
const containerOf = (of: Template, family: string) =>
  Object.values(
    of.findResources('AWS::ECS::TaskDefinition', { Properties: { Family: `guestbook-test-${family}` } }),
  )[0]!.Properties.ContainerDefinitions[0];
const container = containerOf(template, 'database-tool');
const operator = containerOf(template, 'database-operator');

test('logs the operator in to the writer', () => {
  const host = operator.Environment.find(({ Name }: { Name: string }) => Name === 'PGHOST').Value;
  expect(host['Fn::GetAtt'][1]).toBe('Endpoint.Address');
  expect(JSON.stringify(operator.Secrets)).toContain('OperatorSecretArn');
  expect(stack.resolve(task.operatorStartCommand)).not.toEqual(stack.resolve(task.startCommand));
});

describe('before a session can start', () => {
  const run = (programs: readonly string[]) => {
    const bin = mkdtempSync(join(tmpdir(), 'tool-'));
    const add = (name: string, text: string) =>
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    for (const name of programs)
      add(
        name,
        name === 'apk'
          ? `[ "$4" = util-linux-misc ] && echo '#!/bin/sh' > ${bin}/script && /bin/chmod +x ${bin}/script`
          : 'true',
      );
    const { status } = spawnSync('/bin/sh', ['-c', container.Command[0]], { env: { PATH: bin } });
    rmSync(bin, { recursive: true });
    return status;
  };
  test.each([
    ['goes on with an image that has script and cat', ['script', 'cat', 'wget', 'sleep'], 0],
    ['installs script on Alpine', ['apk', 'cat', 'wget', 'sleep'], 0],
    ['ends where script cannot be had', ['cat', 'wget', 'sleep'], 127],
    ['ends without cat', ['script', 'wget', 'sleep'], 127],
  ])('%s', (_, programs, status) => expect(run(programs)).toBe(status));
});

test('logs in as the reader, with credentials from its secret', () => {
  const secrets = Object.fromEntries(
    container.Secrets.map(({ Name, ValueFrom }: { Name: string; ValueFrom: unknown }) => [Name, ValueFrom]),
  );
  expect(Object.keys(secrets)).toEqual(['PGUSER', 'PGPASSWORD']);
  expect(JSON.stringify(secrets)).toContain('ReaderSecretArn');
});
test('reads from a reader if there is one, over verified TLS', () => {
  const environment = Object.fromEntries(
    container.Environment.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value]),
  );
  expect(environment).toMatchObject({ PGDATABASE: 'guestbook', PGSSLMODE: 'verify-full' });
  expect(environment.PGHOST['Fn::GetAtt'][1]).toBe('ReadEndpoint.Address');
  expect(container.Command[0]).toContain(
    `-O ${environment.PGSSLROOTCERT} https://truststore.pki.rds.amazonaws.com/`,
  );
});
test('creates no log group without protection and retention', () => {
  expect(only(template, 'AWS::ECS::Cluster').ClusterSettings).toEqual([
    { Name: 'containerInsights', Value: 'disabled' },
  ]);
});
test('stops after an hour, or after the configured time', () => {
  expect(container.Command[0]).toMatch(/exec sleep 3600$/);
  const { template } = tool({ lifetime: Duration.minutes(5) });
  expect(containerOf(template, 'database-tool').Command[0]).toMatch(/sleep 300$/);
});
test('accepts no inbound connections', () => {
  expect(container.PortMappings).toBeUndefined();
  const groups = template.findResources('AWS::EC2::SecurityGroupIngress');
  expect(Object.values(groups).map(({ Properties }) => Properties.CidrIp)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
test('can reach the database and HTTPS only', () => {
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { Description: 'people to the database' });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'guestbook-test: people who read the database',
    SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: Port.HTTPS.canInlineRule ? 443 : 443 })],
  });
});
test('records sessions in a protected log group', () => {
  const cluster = only(template, 'AWS::ECS::Cluster');
  const configuration = cluster.Configuration.ExecuteCommandConfiguration;
  expect(configuration.Logging).toBe('OVERRIDE');
  const group =
    template.findResources('AWS::Logs::LogGroup')[configuration.LogConfiguration.CloudWatchLogGroupName.Ref];
  expect(group!['Properties']).toHaveProperty('DataProtectionPolicy');
});
test('has an output with the start command', () => {
  const command = JSON.stringify(stack.resolve(task.startCommand));
  expect(command).toContain('aws ecs run-task --enable-execute-command');
  expect(command).toContain('securityGroups=[');
  template.hasOutput('*', { Value: stack.resolve(task.startCommand) });
});
test('cdk-nag finds nothing', () => {
  expect(nagFindings(stack).filter((finding) => finding.includes('Tool'))).toEqual([]);
});
