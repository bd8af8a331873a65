import type { ResourceChange } from '../change';

/** Types whose replacement or removal users notice, and how. */
const SERVING: Readonly<Record<string, string>> = {
  'AWS::CloudFront::Distribution':
    'its address changes, DNS has to follow, and until then nobody reaches the application.',
  'AWS::CloudFront::VpcOrigin': 'requests fail until the distribution everywhere knows the new origin.',
  'AWS::ElasticLoadBalancingV2::LoadBalancer':
    'its address changes, and requests fail until everything that names it has followed.',
  'AWS::ElasticLoadBalancingV2::Listener': 'requests to its port fail in between.',
  'AWS::ElasticLoadBalancingV2::TargetGroup':
    'the service has to be attached anew, and ECS no longer knows which colour is live.',
  'AWS::ECS::Service': 'its tasks stop, and the server is down until the new ones are healthy.',
  'AWS::ECS::Cluster': 'every service in it is replaced, and the server is down meanwhile.',
  'AWS::RDS::DBInstance': 'connections break; without another instance the database is down meanwhile.',
  'AWS::RDS::DBProxy': 'its endpoint changes, and running tasks lose their database.',
  'AWS::EC2::VPC': 'everything in it is replaced.',
  'AWS::EC2::Subnet': 'everything in it is moved, with broken connections.',
  'AWS::EC2::NatGateway':
    'outgoing connections break, and their address changes for those who allow-list it.',
  'AWS::EC2::EIP': 'the address changes for those who allow-list it.',
  'AWS::EC2::InternetGateway': 'the VPC has no way in or out meanwhile.',
  'AWS::Route53::HostedZone': 'its name servers change, and the domain stops resolving.',
  'AWS::Route53::RecordSet': 'the name does not resolve in between.',
  'AWS::CertificateManager::Certificate': 'it has to be validated anew before it can be used.',
  'AWS::Cognito::UserPoolClient':
    'its id changes, and sign-in fails until the application knows the new one.',
  'AWS::ApiGateway::RestApi': 'its address changes.',
  'AWS::ApiGatewayV2::Api': 'its address changes.',
};

/** How users notice that a resource is made anew or taken away; undefined when they do not. */
export function servesUsers({ resourceType }: Pick<ResourceChange, 'resourceType'>): string | undefined {
  return SERVING[resourceType];
}
