import { edit, type ForeignCase, fresh, pair } from './case';

const everybody = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };

/** Access that others get. */
export const openings: readonly ForeignCase[] = [
  edit(
    'a private API on the edge',
    'danger',
    'ApiGateway::RestApi',
    { EndpointConfiguration: { Types: ['PRIVATE'] } },
    { EndpointConfiguration: { Types: ['EDGE'] } },
  ),
  edit(
    'the policy of an API is gone',
    'danger',
    'ApiGateway::RestApi',
    {
      Policy: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'execute-api:Invoke',
            Resource: '*',
            Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
          },
        ],
      },
    },
    {},
  ),
  edit(
    'a method without authorizer',
    'danger',
    'ApiGateway::Method',
    { AuthorizationType: 'CUSTOM', AuthorizerId: 'a' },
    { AuthorizationType: 'NONE' },
  ),
  edit(
    'a route without token',
    'danger',
    'ApiGatewayV2::Route',
    { AuthorizationType: 'JWT', AuthorizerId: 'a' },
    { AuthorizationType: 'NONE' },
  ),
  edit(
    'a GraphQL API with a key',
    'danger',
    'AppSync::GraphQLApi',
    { AuthenticationType: 'AMAZON_COGNITO_USER_POOLS' },
    { AuthenticationType: 'API_KEY' },
    { Name: 'x' },
  ),
  edit(
    'a GraphQL API also with a key',
    'caution',
    'AppSync::GraphQLApi',
    {},
    { AdditionalAuthenticationProviders: [{ AuthenticationType: 'API_KEY' }] },
    { Name: 'x', AuthenticationType: 'AWS_IAM' },
  ),
  edit(
    'the API of a cluster for everybody',
    'danger',
    'EKS::Cluster',
    { ResourcesVpcConfig: { PublicAccessCidrs: ['203.0.113.0/24'] } },
    { ResourcesVpcConfig: { PublicAccessCidrs: ['0.0.0.0/0'] } },
  ),
  edit(
    'the API of a cluster is public',
    'danger',
    'EKS::Cluster',
    { ResourcesVpcConfig: { EndpointPublicAccess: false } },
    { ResourcesVpcConfig: { EndpointPublicAccess: true } },
  ),
  edit(
    'Kafka without authentication',
    'danger',
    'MSK::Cluster',
    { ClientAuthentication: { Unauthenticated: { Enabled: false } } },
    { ClientAuthentication: { Unauthenticated: { Enabled: true } } },
  ),
  edit(
    'Kafka with public addresses',
    'danger',
    'MSK::Cluster',
    { BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } } } },
    { BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'SERVICE_PROVIDED_EIPS' } } } },
  ),
  fresh('an event bus for everybody', 'danger', 'Events::EventBusPolicy', {
    StatementId: 's',
    Principal: '*',
    Action: 'events:PutEvents',
  }),
  edit(
    'guests in an identity pool',
    'danger',
    'Cognito::IdentityPool',
    { AllowUnauthenticatedIdentities: false },
    { AllowUnauthenticatedIdentities: true },
  ),
  edit(
    'no second factor',
    'danger',
    'Cognito::UserPool',
    { MfaConfiguration: 'ON' },
    { MfaConfiguration: 'OFF' },
  ),
  edit(
    'a second factor by choice',
    'caution',
    'Cognito::UserPool',
    { MfaConfiguration: 'ON' },
    { MfaConfiguration: 'OPTIONAL' },
  ),
  edit(
    'anybody may sign up',
    'danger',
    'Cognito::UserPool',
    { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } },
    { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } },
  ),
  edit(
    'sign-in by password alone',
    'caution',
    'Cognito::UserPoolClient',
    { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] },
    { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'] },
  ),
  edit(
    'another address to come back to',
    'caution',
    'Cognito::UserPoolClient',
    { CallbackURLs: ['https://a.example'] },
    { CallbackURLs: ['https://a.example', 'http://localhost'] },
  ),
  edit(
    'a broker on the internet',
    'danger',
    'AmazonMQ::Broker',
    { PubliclyAccessible: false },
    { PubliclyAccessible: true },
  ),
  edit(
    'a Redshift workgroup on the internet',
    'danger',
    'RedshiftServerless::Workgroup',
    { PubliclyAccessible: false },
    { PubliclyAccessible: true },
    { WorkgroupName: 'w' },
  ),
  edit(
    'a migration machine on the internet',
    'danger',
    'DMS::ReplicationInstance',
    { PubliclyAccessible: false },
    { PubliclyAccessible: true },
  ),
  edit(
    'a notebook with direct internet access',
    'danger',
    'SageMaker::NotebookInstance',
    { DirectInternetAccess: 'Disabled' },
    { DirectInternetAccess: 'Enabled' },
  ),
  edit(
    'Airflow on the internet',
    'danger',
    'MWAA::Environment',
    { WebserverAccessMode: 'PRIVATE_ONLY' },
    { WebserverAccessMode: 'PUBLIC_ONLY' },
    { Name: 'x' },
  ),
  edit(
    'an SFTP server on the internet',
    'danger',
    'Transfer::Server',
    { EndpointType: 'VPC' },
    { EndpointType: 'PUBLIC' },
  ),
  edit(
    'an App Runner service on the internet',
    'danger',
    'AppRunner::Service',
    { NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: false } } },
    { NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: true } } },
  ),
  edit(
    'a collection for the internet',
    'danger',
    'OpenSearchServerless::SecurityPolicy',
    { Policy: '[{"AllowFromPublic":false}]' },
    { Policy: '[{"AllowFromPublic":true}]' },
    { Name: 'n', Type: 'network' },
  ),
  edit(
    'a domain open to everybody',
    'danger',
    'OpenSearchService::Domain',
    {
      AccessPolicies: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:role/app' },
            Action: 'es:*',
            Resource: '*',
          },
        ],
      },
    },
    {
      AccessPolicies: {
        Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'es:*', Resource: '*' }],
      },
    },
  ),
  edit(
    'a domain without fine-grained access',
    'danger',
    'OpenSearchService::Domain',
    { AdvancedSecurityOptions: { Enabled: true } },
    { AdvancedSecurityOptions: { Enabled: false } },
  ),
  edit(
    'a repository of images for everybody',
    'danger',
    'ECR::Repository',
    {},
    { RepositoryPolicyText: everybody },
  ),
  edit(
    'a key for another account',
    'danger',
    'KMS::Key',
    { KeyPolicy: { Statement: [] } },
    {
      KeyPolicy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::444455556666:root' },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    },
  ),
  fresh('a secret for another account', 'danger', 'SecretsManager::ResourcePolicy', {
    SecretId: 's',
    ResourcePolicy: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '444455556666' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
        },
      ],
    },
  }),
  fresh('a queue for everybody', 'danger', 'SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: everybody }),
  fresh('a layer for everybody', 'danger', 'Lambda::LayerVersionPermission', {
    LayerVersionArn: 'a',
    Principal: '*',
    Action: 'lambda:GetLayerVersion',
  }),
  fresh('a service for every account', 'danger', 'EC2::VPCEndpointServicePermissions', {
    ServiceId: 's',
    AllowedPrincipals: ['*'],
  }),
  edit(
    'a service without acceptance',
    'danger',
    'EC2::VPCEndpointService',
    { AcceptanceRequired: true },
    { AcceptanceRequired: false },
  ),
  edit(
    'a share with other organisations',
    'danger',
    'RAM::ResourceShare',
    { AllowExternalPrincipals: false },
    { AllowExternalPrincipals: true },
    { Name: 'n' },
  ),
  fresh('an administrator of a cluster', 'danger', 'EKS::AccessEntry', {
    ClusterName: 'c',
    PrincipalArn: 'p',
    KubernetesGroups: ['system:masters'],
  }),
  edit(
    'everything for a VPN',
    'danger',
    'EC2::ClientVpnAuthorizationRule',
    { AuthorizeAllGroups: false },
    { AuthorizeAllGroups: true },
  ),
  fresh('a network ACL that lets in SSH', 'danger', 'EC2::NetworkAclEntry', {
    CidrBlock: '0.0.0.0/0',
    RuleAction: 'allow',
    PortRange: { From: 22, To: 22 },
  }),
  edit(
    'a cache’s old security group',
    'danger',
    'RDS::DBSecurityGroup',
    {},
    { DBSecurityGroupIngress: [{ CIDRIP: '0.0.0.0/0' }] },
  ),
  edit(
    'a group of addresses for desktops',
    'danger',
    'WorkSpaces::WorkspaceIpGroup',
    { UserRules: [{ IpRule: '203.0.113.0/24' }] },
    { UserRules: [{ IpRule: '0.0.0.0/0' }] },
  ),
  edit(
    'metadata of machines without tokens',
    'caution',
    'EC2::LaunchTemplate',
    { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } },
    { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'optional' } } },
  ),
  edit(
    'machines with public addresses',
    'caution',
    'AutoScaling::LaunchConfiguration',
    { AssociatePublicIpAddress: false },
    { AssociatePublicIpAddress: true },
    { ImageId: 'a', InstanceType: 't' },
  ),
  edit(
    'a bucket without its block',
    'danger',
    'S3::Bucket',
    {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
    {},
  ),
  edit(
    'snapshots may be public',
    'danger',
    'EC2::SnapshotBlockPublicAccess',
    { State: 'block-all-sharing' },
    { State: 'unblocked' },
  ),
  edit(
    'a lattice without authentication',
    'danger',
    'VpcLattice::Service',
    { AuthType: 'AWS_IAM' },
    { AuthType: 'NONE' },
  ),
  edit(
    'pages of every site read a bucket',
    'danger',
    'S3::Bucket',
    {
      CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['https://a.example'], AllowedMethods: ['GET'] }] },
    },
    { CorsConfiguration: { CorsRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] } },
  ),
  edit(
    'the default address of an API again',
    'danger',
    'ApiGatewayV2::Api',
    { DisableExecuteApiEndpoint: true },
    { DisableExecuteApiEndpoint: false },
  ),
  edit(
    'a session of half a day',
    'caution',
    'IAM::Role',
    { MaxSessionDuration: 3600 },
    { MaxSessionDuration: 43200 },
  ),
  edit(
    'a privileged build',
    'danger',
    'CodeBuild::Project',
    { Environment: { PrivilegedMode: false } },
    { Environment: { PrivilegedMode: true } },
  ),
  pair(
    'another account assumes a role',
    'danger',
    {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
    },
    {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::444455556666:root' },
                Action: 'sts:AssumeRole',
              },
            ],
          },
        },
      },
    },
  ),
];
