import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { loadSettings, type Settings } from '../../config';
import { testEnvironment } from '../support/environment';

const { client } = loadSettings('production', __dirname);
const name = 'shop.example.com';
const zone = { id: 'Z0123456789', name: 'example.com' };
const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';

function environment(region: string, domain: Settings['client']['domain']) {
  const { environment } = testEnvironment('production', {
    region,
    settings: { client: { ...client, domain } },
  });
  const release = Template.fromStack(environment.release);
  const edge = environment.edge ? Template.fromStack(environment.edge) : release;
  const [distribution] = Object.values(release.findResources('AWS::CloudFront::Distribution'));
  return { release, edge, config: distribution!['Properties'].DistributionConfig };
}

describe.each(['us-east-1', 'eu-west-1'])('a domain of an environment in %s', (region) => {
  test('with a hosted zone gets a certificate and DNS records', () => {
    const { release, edge, config } = environment(region, { name, zone });
    edge.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: name,
      DomainValidationOptions: [{ DomainName: name, HostedZoneId: zone.id }],
    });
    for (const Type of ['A', 'AAAA'])
      release.hasResourceProperties('AWS::Route53::RecordSet', {
        Type,
        Name: `${name}.`,
        HostedZoneId: zone.id,
      });
    expect(config.Aliases).toEqual([name]);
  });

  test('with a certificate and a hosted zone gets DNS records only', () => {
    const { release, edge, config } = environment(region, { name, zone, certificateArn: ARN });
    edge.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    release.resourceCountIs('AWS::Route53::RecordSet', 2);
    expect(config.ViewerCertificate.AcmCertificateArn).toBe(ARN);
  });

  test('with a certificate only gets neither', () => {
    const { release, config } = environment(region, { name, certificateArn: ARN });
    release.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(config.ViewerCertificate.AcmCertificateArn).toBe(ARN);
  });
});
