import type { Case } from './case';
import type { Draft } from './draft';

const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const ACL = 'AWS::WAFv2::WebACL';
const BUCKET = 'AWS::S3::Bucket';
const TASK = 'AWS::ECS::TaskDefinition';

const server = (draft: Draft) => draft.properties(TASK, 'Server/Task')['ContainerDefinitions'][0];
const distribution = (draft: Draft) => draft.properties(DISTRIBUTION)['DistributionConfig'];

/** Changes of public access and rights. */
export const exposure: readonly Case[] = [
  {
    name: 'the database for everybody',
    verdict: 'danger',
    rules: ['network-ingress'],
    change: (head) =>
      head.add('data', 'Open', {
        Type: INGRESS,
        Properties: {
          GroupId: {
            'Fn::GetAtt': [head.id('AWS::EC2::SecurityGroup', 'Database/DatabaseSecurityGroup'), 'GroupId'],
          },
          IpProtocol: 'tcp',
          FromPort: 5432,
          ToPort: 5432,
          CidrIp: '0.0.0.0/0',
        },
      }),
  },
  {
    name: 'the database for a private network',
    verdict: 'caution',
    rules: ['network-ingress'],
    change: (head) => {
      head.properties('AWS::EC2::SecurityGroup', 'Database/DatabaseSecurityGroup')['SecurityGroupIngress'] = [
        { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/8' },
      ];
    },
  },
  {
    name: 'all ports from CloudFront',
    verdict: 'caution',
    rules: ['network-ingress'],
    change: (head) => {
      const rule = head.properties(INGRESS, 'from {IndirectPeer}:80');
      rule['FromPort'] = 0;
      rule['ToPort'] = 65535;
    },
  },
  {
    name: 'a security group’s rule is written inline',
    verdict: 'clean',
    rules: [],
    change: (head) => {
      const { GroupId: _, ...rule } = head.properties(INGRESS, 'Server/Service/SecurityGroup/from');
      head.remove(INGRESS, 'Server/Service/SecurityGroup/from');
      head.properties('AWS::EC2::SecurityGroup', 'Server/Service/SecurityGroup')['SecurityGroupIngress'] = [
        rule,
      ];
    },
  },
  {
    name: 'the load balancer may call everybody',
    verdict: 'caution',
    rules: ['network-egress'],
    change: (head) => {
      head.properties('AWS::EC2::SecurityGroup', 'Server/LoadBalancer/SecurityGroup')['SecurityGroupEgress'] =
        [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }];
    },
  },
  {
    name: 'an instance of the database is public',
    verdict: 'danger',
    rules: ['public-address'],
    change: (head) => {
      head.properties('AWS::RDS::DBInstance', 'Writer')['PubliclyAccessible'] = true;
    },
  },
  {
    name: 'the load balancer is public',
    verdict: 'danger',
    rules: ['downtime', 'listener-rule', 'public-address'],
    change: (head) => {
      head.properties('AWS::ElasticLoadBalancingV2::LoadBalancer')['Scheme'] = 'internet-facing';
    },
  },
  {
    name: 'tasks have public addresses',
    verdict: 'caution',
    rules: ['public-address'],
    change: (head) => {
      head.properties('AWS::ECS::Service')['NetworkConfiguration']['AwsvpcConfiguration']['AssignPublicIp'] =
        'ENABLED';
    },
  },
  {
    name: 'a private subnet turns public',
    verdict: 'danger',
    rules: ['downtime', 'public-address'],
    change: (head) => {
      const route = head.properties('AWS::EC2::Route', 'privateSubnet1');
      delete route['NatGatewayId'];
      route['GatewayId'] = { Ref: head.id('AWS::EC2::InternetGateway') };
    },
  },
  {
    name: 'the proxy takes connections without TLS',
    verdict: 'danger',
    rules: ['encryption-in-transit'],
    change: (head) => {
      head.properties('AWS::RDS::DBProxy')['RequireTLS'] = false;
    },
  },
  {
    name: 'the database takes connections without TLS',
    verdict: 'danger',
    rules: ['encryption-in-transit'],
    change: (head) => {
      head.properties('AWS::RDS::DBClusterParameterGroup')['Parameters']['rds.force_ssl'] = '0';
    },
  },
  {
    name: 'the server does not verify the database',
    verdict: 'danger',
    rules: ['encryption-in-transit'],
    change: (head) => {
      for (const variable of server(head)['Environment'])
        if (variable['Name'] === 'DATABASE_URL')
          variable['Value'] = JSON.parse(JSON.stringify(variable['Value']).replace('verify-full', 'require'));
    },
  },
  {
    name: 'the server verifies nobody',
    verdict: 'danger',
    rules: ['encryption-in-transit'],
    change: (head) => {
      server(head)['Environment'].push({ Name: 'NODE_TLS_REJECT_UNAUTHORIZED', Value: '0' });
    },
  },
  {
    name: 'pages without TLS',
    verdict: 'danger',
    rules: ['encryption-in-transit'],
    change: (head) => {
      distribution(head)['DefaultCacheBehavior']['ViewerProtocolPolicy'] = 'allow-all';
    },
  },
  {
    name: 'the bucket of the client may be made public',
    verdict: 'danger',
    rules: ['public-access-block'],
    change: (head) => {
      head.properties(BUCKET, 'Client/Bucket')['PublicAccessBlockConfiguration']['BlockPublicPolicy'] = false;
    },
  },
  {
    name: 'the bucket of the client has no public access block',
    verdict: 'danger',
    rules: ['public-access-block'],
    change: (head) => {
      delete head.properties(BUCKET, 'Client/Bucket')['PublicAccessBlockConfiguration'];
    },
  },
  {
    name: 'CloudFront no longer signs its requests',
    verdict: 'danger',
    rules: ['origin-access'],
    change: (head) => {
      head.properties('AWS::CloudFront::OriginAccessControl')['OriginAccessControlConfig'][
        'SigningBehavior'
      ] = 'never';
    },
  },
  {
    name: 'the bucket without origin access control',
    verdict: 'danger',
    rules: ['origin-access'],
    change: (head) => {
      for (const origin of distribution(head)['Origins']) delete origin['OriginAccessControlId'];
    },
  },
  {
    name: 'the firewall is detached',
    verdict: 'danger',
    rules: ['firewall'],
    change: (head) => {
      delete distribution(head)['WebACLId'];
    },
  },
  {
    name: 'the firewall loses a group of rules',
    verdict: 'caution',
    rules: ['firewall'],
    change: (head) => {
      const acl = head.properties(ACL);
      acl['Rules'] = acl['Rules'].filter(({ Name }: { Name: string }) => !Name.includes('KnownBadInputs'));
    },
  },
  {
    name: 'the firewall only counts',
    verdict: 'caution',
    rules: ['firewall'],
    change: (head) => {
      for (const rule of head.properties(ACL)['Rules'])
        if (rule['Name'].includes('KnownBadInputs')) rule['OverrideAction'] = { Count: {} };
    },
  },
  {
    name: 'ten times as many requests from one address',
    verdict: 'caution',
    rules: ['firewall'],
    change: (head) => {
      for (const rule of head.properties(ACL)['Rules'])
        if (rule['Name'] === 'RateLimit') rule['Statement']['RateBasedStatement']['Limit'] = 20_000;
    },
  },
  {
    name: 'a privileged container',
    verdict: 'danger',
    rules: ['container'],
    change: (head) => {
      server(head)['Privileged'] = true;
    },
  },
  {
    name: 'a writable root file system',
    verdict: 'caution',
    rules: ['container'],
    change: (head) => {
      server(head)['ReadonlyRootFilesystem'] = false;
    },
  },
  {
    name: 'a capability of the kernel',
    verdict: 'danger',
    rules: ['container'],
    change: (head) => {
      server(head)['LinuxParameters']['Capabilities'] = { Add: ['SYS_ADMIN'] };
    },
  },
  {
    name: 'a secret in plain text',
    verdict: 'danger',
    rules: ['container'],
    change: (head) => {
      const container = server(head);
      container['Secrets'] = container['Secrets'].filter(
        ({ Name }: { Name: string }) => Name !== 'SESSION_SECRET',
      );
      container['Environment'].push({ Name: 'SESSION_SECRET', Value: 'correct horse battery staple' });
    },
  },
  {
    name: 'shells in production',
    verdict: 'caution',
    rules: ['container'],
    change: (head) => {
      head.properties('AWS::ECS::Service')['EnableExecuteCommand'] = true;
    },
  },
  {
    name: 'an image from elsewhere',
    verdict: 'caution',
    rules: ['container'],
    change: (head) => {
      server(head)['Image'] = 'docker.io/library/shop:latest';
    },
  },
];
