import type { Severity } from './finding';

/** The effect on users when a resource is removed or replaced. */
export interface Serving {
  /** A sentence about the effect on users. */
  readonly why: string;
  /** Severity if CloudFormation deletes the resource. */
  readonly removed: Severity;
  /** Severity if CloudFormation replaces the resource. */
  readonly replaced: Severity;
}

type Row = readonly [removed: Severity, replaced: Severity, why: string, types: string];

/**
 * Resource types that carry requests, messages and permissions, in every service. Types are written without `AWS::`.
 */
const ROWS: readonly Row[] = [
  [
    'danger',
    'danger',
    'Its address disappears. Requests fail until everything uses the new address.',
    `CloudFront::Distribution CloudFront::StreamingDistribution CloudFront::DistributionTenant
    CloudFront::ConnectionGroup ElasticLoadBalancingV2::LoadBalancer ElasticLoadBalancing::LoadBalancer
    ApiGateway::RestApi ApiGateway::DomainName ApiGateway::DomainNameV2 ApiGatewayV2::Api ApiGatewayV2::DomainName
    Serverless::Api Serverless::HttpApi AppSync::GraphQLApi AppSync::Api AppSync::DomainName AppRunner::Service
    Amplify::Branch Amplify::Domain Lambda::Url GlobalAccelerator::Accelerator Lightsail::LoadBalancer
    Lightsail::Container Lightsail::Distribution Lightsail::StaticIp VpcLattice::Service ElasticBeanstalk::Environment
    ECS::ExpressGatewayService IoT::DomainConfiguration IVS::Channel MediaPackage::OriginEndpoint
    MediaPackageV2::OriginEndpoint MediaPackage::Channel MediaLive::Channel MediaLive::Input
    MediaTailor::PlaybackConfiguration RDS::DBProxy RDS::DBProxyEndpoint RedshiftServerless::Workgroup
    Redshift::EndpointAccess S3::AccessPoint S3::MultiRegionAccessPoint S3ObjectLambda::AccessPoint
    DocDB::DBInstance Neptune::DBInstance OSIS::Pipeline Grafana::Workspace SageMaker::Endpoint Transfer::WebApp
    BedrockAgentCore::Gateway BedrockAgentCore::RuntimeEndpoint CloudFront::VpcOrigin EventsV2::EventBus
    Route53GlobalResolver::GlobalResolver EC2::ClientVpnEndpoint EC2::VerifiedAccessEndpoint`,
  ],
  [
    'danger',
    'danger',
    'The name servers of the domain change, and the domain stops resolving.',
    'Route53::HostedZone Route53::DelegationSet Lightsail::Domain ServiceDiscovery::PrivateDnsNamespace ServiceDiscovery::PublicDnsNamespace ServiceDiscovery::HttpNamespace',
  ],
  [
    'danger',
    'caution',
    'The name does not resolve meanwhile.',
    `Route53::RecordSet Route53::RecordSetGroup Route53::TrafficPolicyInstance ServiceDiscovery::Service
    ServiceDiscovery::Instance Route53Resolver::ResolverRule Route53Resolver::ResolverRuleAssociation
    Route53Resolver::ResolverEndpoint`,
  ],
  [
    'danger',
    'caution',
    'Requests through it fail meanwhile.',
    `ElasticLoadBalancingV2::Listener ElasticLoadBalancingV2::TargetGroup ApiGateway::Stage ApiGateway::Resource
    ApiGateway::Method ApiGateway::BasePathMapping ApiGateway::BasePathMappingV2 ApiGateway::VpcLink
    ApiGatewayV2::Stage ApiGatewayV2::Route ApiGatewayV2::Integration ApiGatewayV2::ApiMapping ApiGatewayV2::VpcLink
    ApiGatewayV2::RoutingRule AppSync::DataSource AppSync::Resolver AppSync::FunctionConfiguration
    AppSync::GraphQLSchema AppSync::ChannelNamespace AppSync::DomainNameApiAssociation AppSync::SourceApiAssociation
    GlobalAccelerator::Listener GlobalAccelerator::EndpointGroup VpcLattice::Listener VpcLattice::Rule
    VpcLattice::TargetGroup VpcLattice::ServiceNetworkServiceAssociation VpcLattice::ServiceNetworkVpcAssociation
    AppMesh::VirtualNode AppMesh::VirtualService AppMesh::VirtualRouter AppMesh::Route AppMesh::VirtualGateway
    AppMesh::GatewayRoute CloudFront::Function CloudFront::CachePolicy CloudFront::OriginRequestPolicy
    CloudFront::CloudFrontOriginAccessIdentity CloudFront::KeyGroup RDS::DBProxyTargetGroup
    AppRunner::VpcConnector AppRunner::VpcIngressConnection RefactorSpaces::Route RefactorSpaces::Service
    ElasticLoadBalancingV2::ListenerCertificate Route53RecoveryControl::RoutingControl`,
  ],
  [
    'danger',
    'danger',
    'Its tasks, pods or instances stop. Their work waits until new ones run.',
    `ECS::Service ECS::Cluster ECS::TaskSet ECS::PrimaryTaskSet ECS::CapacityProvider ECS::Daemon EKS::Nodegroup
    EKS::FargateProfile EKS::Addon AutoScaling::AutoScalingGroup EC2::EC2Fleet EC2::SpotFleet
    ElasticBeanstalk::Application Batch::ComputeEnvironment Batch::JobQueue EMRServerless::Application
    EMR::InstanceGroupConfig EMR::InstanceFleetConfig GameLift::Fleet GameLift::ContainerFleet
    KinesisAnalyticsV2::Application KinesisAnalytics::Application KafkaConnect::Connector DMS::ReplicationInstance
    DMS::ReplicationTask DMS::ReplicationConfig MSK::Replicator SageMaker::InferenceComponent SageMaker::Cluster
    AppStream::Fleet PCS::ComputeNodeGroup BedrockAgentCore::Runtime Bedrock::Agent Bedrock::AgentAlias
    Deadline::Fleet OpsWorks::Layer OpsWorks::Stack Kendra::DataSource`,
  ],
  [
    'danger',
    'caution',
    'Its callers get an error, and its work is not done.',
    `Lambda::Function Lambda::Alias Serverless::Function Serverless::StateMachine StepFunctions::StateMachine
    StepFunctions::StateMachineAlias StepFunctions::Activity Glue::Job Glue::Workflow CodeBuild::Project
    CodePipeline::Pipeline MWAAServerless::Workflow Bedrock::Flow Bedrock::FlowAlias Bedrock::Guardrail
    Lex::BotAlias`,
  ],
  [
    'danger',
    'danger',
    'Everything in it is replaced or disconnected.',
    'EC2::VPC EC2::Subnet EC2::TransitGateway NetworkManager::CoreNetwork VpcLattice::ServiceNetwork AppMesh::Mesh',
  ],
  ['danger', 'danger', 'CloudFormation deletes every resource of the nested stack.', 'CloudFormation::Stack'],
  [
    'danger',
    'danger',
    'The network has no inbound or outbound connection meanwhile.',
    `EC2::InternetGateway EC2::VPCGatewayAttachment EC2::VPNGateway EC2::EgressOnlyInternetGateway
    EC2::VPNConnection EC2::CustomerGateway EC2::TransitGatewayAttachment EC2::TransitGatewayVpcAttachment
    EC2::TransitGatewayPeeringAttachment EC2::VPCPeeringConnection EC2::CarrierGateway DirectConnect::Connection
    DirectConnect::DirectConnectGateway DirectConnect::DirectConnectGatewayAssociation
    DirectConnect::PrivateVirtualInterface DirectConnect::PublicVirtualInterface
    DirectConnect::TransitVirtualInterface NetworkManager::VpcAttachment NetworkFirewall::Firewall
    NetworkManager::SiteToSiteVpnAttachment NetworkManager::TransitGatewayPeering`,
  ],
  [
    'danger',
    'caution',
    'Packets on this route are dropped meanwhile.',
    `EC2::Route EC2::RouteTable EC2::SubnetRouteTableAssociation EC2::GatewayRouteTableAssociation
    EC2::TransitGatewayRoute EC2::TransitGatewayRouteTable EC2::TransitGatewayRouteTableAssociation
    EC2::TransitGatewayRouteTablePropagation EC2::VPNConnectionRoute EC2::VPNGatewayRoutePropagation
    EC2::ClientVpnRoute EC2::ClientVpnTargetNetworkAssociation EC2::ClientVpnAuthorizationRule EC2::VPCEndpoint
    EC2::VPCEndpointService EC2::NetworkInterface EC2::NetworkInterfaceAttachment EC2::NetworkAclEntry
    EC2::SubnetNetworkAclAssociation EC2::NetworkAcl EFS::MountTarget S3Files::MountTarget EC2::VolumeAttachment
    EC2::VPCDHCPOptionsAssociation EC2::VPCCidrBlock EC2::SubnetCidrBlock OpenSearchServerless::VpcEndpoint
    MSK::VpcConnection EC2::PrefixList EC2::SecurityGroupVpcAssociation`,
  ],
  [
    'danger',
    'caution',
    'Connections that the security group allows are refused meanwhile.',
    `EC2::SecurityGroup ElastiCache::SecurityGroupIngress RDS::DBSecurityGroupIngress
    Redshift::ClusterSecurityGroupIngress`,
  ],
  [
    'danger',
    'caution',
    'Outbound connections break. Their source address changes, which matters for allow lists.',
    'EC2::NatGateway EC2::EIP EC2::EIPAssociation',
  ],
  [
    'danger',
    'caution',
    'TLS connections with this certificate fail until another one is in use.',
    'CertificateManager::Certificate Lightsail::Certificate ACMPCA::Certificate AmazonMQ::ConfigurationAssociation',
  ],
  [
    'danger',
    'danger',
    'Its id changes. Sign-in fails until the application uses the new id.',
    `Cognito::UserPoolClient Cognito::UserPoolDomain Cognito::UserPoolIdentityProvider
    Cognito::UserPoolResourceServer IAM::OIDCProvider IAM::SAMLProvider ApiGateway::Authorizer
    ApiGatewayV2::Authorizer EKS::IdentityProviderConfig VerifiedPermissions::IdentitySource SSO::Application
    Cognito::IdentityPoolRoleAttachment IoT::Authorizer`,
  ],
  [
    'danger',
    'caution',
    'Principals that get permissions through it are refused meanwhile.',
    `IAM::Role IAM::InstanceProfile IAM::ManagedPolicy EKS::AccessEntry EKS::PodIdentityAssociation
    SSO::Assignment SSO::PermissionSet LakeFormation::Permissions LakeFormation::PrincipalPermissions
    RolesAnywhere::Profile S3::AccessGrant RAM::ResourceShare IoT::PolicyPrincipalAttachment KMS::Alias
    OpenSearchServerless::AccessPolicy OpenSearchServerless::SecurityPolicy Organizations::Policy
    VerifiedPermissions::Policy EFS::AccessPoint IoT::Policy`,
  ],
  [
    'danger',
    'caution',
    'Its database connections break. Without another instance, the database is down meanwhile.',
    'RDS::DBInstance',
  ],
  [
    'danger',
    'caution',
    'Mail through it is lost or refused.',
    'SES::EmailIdentity SES::ConfigurationSet SES::ReceiptRuleSet SES::ReceiptRule SES::MailManagerIngressPoint SES::MailManagerRuleSet SES::MailManagerRelay',
  ],
];

const SERVING: ReadonlyMap<string, Serving> = new Map(
  ROWS.flatMap(([removed, replaced, why, types]) =>
    types.split(/\s+/).map((type): [string, Serving] => [`AWS::${type}`, { why, removed, replaced }]),
  ),
);

/** Returns the effect on users when a resource of a type is removed or replaced, or undefined if it is unknown. */
export function servingOf(type: string): Serving | undefined {
  return SERVING.get(type);
}

/** All types that serve users. */
export function servingTypes(): string[] {
  return [...SERVING.keys()];
}
