import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Network } from '../../../constructs/network';
import { ContainerServer, type ContainerServerProps } from '../../../constructs/server';
import { testStack } from '../../support';

/** A stack with a region and a server. `props` override the defaults of the tests. */
export function serverStack(props: Partial<ContainerServerProps> = {}): {
  stack: Stack;
  server: ContainerServer;
} {
  const stack = testStack('Test', { env: { region: 'eu-central-1' } });
  return { stack, server: addServer(stack, props) };
}

export function addServer(stack: Stack, props: Partial<ContainerServerProps>): ContainerServer {
  return new ContainerServer(stack, 'Server', {
    vpc: new Network(stack, 'Network').vpc,
    name: 'guestbook-test',
    image: ContainerImage.fromRegistry('guestbook:1'),
    port: 3000,
    healthPath: '/api/health',
    ...props,
  });
}

/** The same, as CloudFormation sees it. */
export function serverTemplate(props: Partial<ContainerServerProps> = {}): Template {
  return Template.fromStack(serverStack(props).stack);
}

/** Properties of the only resource of a type. */
// biome-ignore lint/suspicious/noExplicitAny: properties of any resource
export function only(template: Template, type: string): any {
  const found = Object.values(template.findResources(type));
  if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
  return found[0]?.Properties;
}
