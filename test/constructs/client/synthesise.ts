import { Template } from 'aws-cdk-lib/assertions';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { StaticClient, type StaticClientProps } from '../../../constructs/client';
import { testStack } from '../../support';
import { FIXTURE } from './folder';

export const BASE = { name: 'guestbook-production', files: FIXTURE, releaseId: '0123456789abcdef' };
export const withServer = () => ({
  server: { origin: new HttpOrigin('server.example.com'), paths: ['/api/*', '/auth/*'] },
});

export function synthesise(props: Partial<StaticClientProps> = {}, region: string | undefined = 'us-east-1') {
  const stack = testStack('Test', { env: { region } });
  const client = new StaticClient(stack, 'Client', { ...BASE, ...props });
  return { stack, client, template: Template.fromStack(stack) };
}

/** For tests that only read. */
export const plain = synthesise();
export const served = synthesise({ ...withServer(), environmentName: 'staging', environmentHeader: true });

export function distribution(template: Template) {
  return Object.values(template.findResources('AWS::CloudFront::Distribution'))[0]!['Properties']
    .DistributionConfig;
}

export function behavior(template: Template, path: string) {
  const { CacheBehaviors } = distribution(template);
  return CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === path);
}

export function resource(template: Template, reference: { Ref: string }) {
  return template.toJSON()['Resources'][reference.Ref].Properties;
}
