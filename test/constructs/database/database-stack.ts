import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PooledPostgres, type PooledPostgresProps } from '../../../constructs/database';
import { testStack } from '../../support';

/** A network with the subnet groups that constructs expect. */
export function testVpc(stack: Stack): IVpc {
  return new Vpc(stack, 'Vpc', {
    natGateways: 1,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'public', subnetType: SubnetType.PUBLIC },
      { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
  });
}

/** A database with its network and `props`. */
export function testDatabase(
  props: Partial<PooledPostgresProps> | ((stack: Stack) => Partial<PooledPostgresProps>) = {},
): { stack: Stack; database: PooledPostgres; template: () => Template } {
  const stack = testStack();
  const database = new PooledPostgres(stack, 'Database', {
    vpc: testVpc(stack),
    name: 'guestbook-test',
    defaultDatabaseName: 'guestbook',
    capacity: { serverlessV2MinCapacity: 1, serverlessV2MaxCapacity: 4 },
    ...(typeof props === 'function' ? props(stack) : props),
  });
  return { stack, database, template: () => Template.fromStack(stack) };
}

/** Properties of the only resource of `type`. */
// biome-ignore lint/suspicious/noExplicitAny: templates have no type
export function only(template: Template, type: string): any {
  const found = Object.values(template.findResources(type));
  if (found.length !== 1) throw new Error(`expected one ${type}, got ${found.length}`);
  return found[0]!['Properties'];
}
