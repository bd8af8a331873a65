import { rows } from './case';

/** Changes of what serves users, and of networks. */
export const servingRows = rows(`
danger | ACMPCA::CertificateAuthority | {RevocationConfiguration: {CrlConfiguration: {Enabled: true}}} | {RevocationConfiguration: {CrlConfiguration: {Enabled: false}}} | {Type: ROOT}
caution | AccessAnalyzer::Analyzer | {Type: ACCOUNT} | -
danger | ApiGateway::Authorizer | {ProviderARNs: [a], Type: COGNITO_USER_POOLS} | -
caution | ApiGateway::Authorizer | {AuthorizerResultTtlInSeconds: 0} | {AuthorizerResultTtlInSeconds: 3600} | {Type: TOKEN}
danger | ApiGateway::BasePathMapping | {BasePath: v1} | -
caution | ApiGateway::GatewayResponse | {StatusCode: '403'} | -
caution | ApiGateway::Method | {ApiKeyRequired: true} | {ApiKeyRequired: false} | {AuthorizationType: NONE, HttpMethod: GET}
caution | ApiGateway::Method | {RequestValidatorId: v} | {} | {AuthorizationType: AWS_IAM, HttpMethod: POST}
caution | ApiGateway::Method | {Integration: {TimeoutInMillis: 29000, Uri: u}} | {Integration: {TimeoutInMillis: 29000, Uri: w}} | {AuthorizationType: AWS_IAM, HttpMethod: POST}
caution | ApiGateway::Method | {AuthorizationScopes: [orders/write]} | {} | {AuthorizationType: COGNITO_USER_POOLS, HttpMethod: POST}
caution | ApiGateway::Model | {Schema: {}} | - | {RestApiId: r}
caution | ApiGateway::RequestValidator | {ValidateRequestBody: true} | {ValidateRequestBody: false} | {RestApiId: r}
danger | ApiGateway::RestApi | {Name: a} | -
caution | ApiGateway::RestApi | {MinimumCompressionSize: 0, ApiKeySourceType: AUTHORIZER} | {MinimumCompressionSize: 0, ApiKeySourceType: HEADER}
danger | ApiGateway::RestApi | {Policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*', Condition: {IpAddress: {'aws:SourceIp': [203.0.113.0/24]}}}]}} | {Policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}}
danger | ApiGateway::RestApi | {DisableExecuteApiEndpoint: true} | {}
caution | ApiGateway::Stage | {MethodSettings: [{HttpMethod: '*', ResourcePath: /*, LoggingLevel: INFO}]} | {MethodSettings: [{HttpMethod: '*', ResourcePath: /*, LoggingLevel: 'OFF'}]}
caution | ApiGateway::Stage | {TracingEnabled: true} | {TracingEnabled: false}
caution | ApiGateway::Stage | {CacheClusterEnabled: true} | {CacheClusterEnabled: false}
caution | ApiGateway::Stage | {StageName: prod} | {StageName: v2}
caution | ApiGateway::Stage | {MethodSettings: [{HttpMethod: '*', ResourcePath: /*, CacheDataEncrypted: true}]} | {MethodSettings: [{HttpMethod: '*', ResourcePath: /*, CacheDataEncrypted: false}]}
caution | ApiGateway::Stage | {AccessLogSetting: {DestinationArn: a}} | {}
caution | ApiGateway::Stage | {ClientCertificateId: c} | {}
caution | ApiGateway::Stage | {CanarySetting: {PercentTraffic: 10}} | {}
caution | ApiGateway::UsagePlan | {Throttle: {RateLimit: 100, BurstLimit: 50}} | {}
caution | ApiGateway::UsagePlan | {Throttle: {RateLimit: 100, BurstLimit: 50}} | {Throttle: {RateLimit: 10000, BurstLimit: 5000}}
danger | ApiGatewayV2::Api | {CorsConfiguration: {AllowOrigins: ['https://a.example'], AllowCredentials: true}} | {CorsConfiguration: {AllowOrigins: ['*']}} | {Name: n, ProtocolType: HTTP}
caution | ApiGatewayV2::Authorizer | {JwtConfiguration: {Audience: [a], Issuer: i}} | {JwtConfiguration: {Audience: [a, b], Issuer: i}} | {AuthorizerType: JWT}
caution | ApiGatewayV2::DomainName | {DomainNameConfigurations: [{SecurityPolicy: TLS_1_2}]} | {DomainNameConfigurations: [{SecurityPolicy: TLS_1_0}]} | {DomainName: d}
danger | ApiGatewayV2::DomainName | {MutualTlsAuthentication: {TruststoreUri: s}} | {} | {DomainName: d}
caution | ApiGatewayV2::Integration | {IntegrationUri: a} | {IntegrationUri: b} | {ApiId: x, IntegrationType: HTTP_PROXY}
danger | ApiGatewayV2::Route | {RouteKey: GET /orders, AuthorizationType: AWS_IAM, ApiId: a} | -
caution | ApiGatewayV2::Stage | {DefaultRouteSettings: {ThrottlingRateLimit: 100}} | {} | {StageName: $default, ApiId: a}
caution | ApiGatewayV2::Stage | {AutoDeploy: true} | {AutoDeploy: false} | {StageName: $default, ApiId: a}
caution | AppRunner::Service | {HealthCheckConfiguration: {Protocol: HTTP, Path: /health}} | {} | {ServiceName: s}
caution | AppSync::ApiCache | {AtRestEncryptionEnabled: true} | {AtRestEncryptionEnabled: false} | {Type: SMALL}
caution | AppSync::ApiKey | {Expires: 1700000000} | {Expires: 1900000000} | {ApiId: a}
caution | AppSync::GraphQLApi | {LogConfig: {FieldLogLevel: ERROR}} | {} | {Name: n, AuthenticationType: AWS_IAM}
caution | AppSync::GraphQLApi | {IntrospectionConfig: DISABLED} | {IntrospectionConfig: ENABLED} | {Name: n, AuthenticationType: AWS_IAM}
caution | AppSync::GraphQLApi | {QueryDepthLimit: 10} | {QueryDepthLimit: 0} | {Name: n, AuthenticationType: AWS_IAM}
danger | AppSync::GraphQLApi | {Visibility: PRIVATE} | {Visibility: GLOBAL} | {Name: n, AuthenticationType: AWS_IAM}
caution | AppSync::GraphQLApi | {XrayEnabled: true} | {XrayEnabled: false} | {Name: n, AuthenticationType: AWS_IAM}
danger | AppSync::GraphQLApi | {AuthenticationType: AWS_IAM} | {AuthenticationType: API_KEY} | {Name: n}
danger | AppSync::GraphQLSchema | {Definition: 'type Query { a: String b: String }'} | - | {ApiId: a}
caution | ApplicationAutoScaling::ScalableTarget | {MinCapacity: 2, MaxCapacity: 10} | {MinCapacity: 2, MaxCapacity: 2}
caution | AutoScaling::AutoScalingGroup | {HealthCheckType: ELB} | {HealthCheckType: EC2} | {MinSize: '2', MaxSize: '4'}
caution | AutoScaling::AutoScalingGroup | {MinSize: '2'} | {MinSize: '1'} | {MaxSize: '4'}
danger | AutoScaling::AutoScalingGroup | {MinSize: '2', MaxSize: '4'} | {MinSize: '0', MaxSize: '0'}
danger | AutoScaling::AutoScalingGroup | {TargetGroupARNs: [t]} | {} | {MinSize: '2', MaxSize: '4'}
caution | AutoScaling::AutoScalingGroup | {LifecycleHookSpecificationList: [{LifecycleHookName: h, LifecycleTransition: x}]} | {} | {MinSize: '2', MaxSize: '4'}
caution | AutoScaling::AutoScalingGroup | {LaunchTemplate: {LaunchTemplateId: {Ref: A}, Version: '1'}} | {LaunchTemplate: {LaunchTemplateId: {Ref: B}, Version: '1'}} | {MinSize: '1', MaxSize: '2'}
caution | AutoScaling::AutoScalingGroup | {VPCZoneIdentifier: [a, b, c]} | {VPCZoneIdentifier: [a]} | {MinSize: '1', MaxSize: '2'}
caution | AutoScaling::AutoScalingGroup | {NewInstancesProtectedFromScaleIn: true} | {NewInstancesProtectedFromScaleIn: false} | {MinSize: '1', MaxSize: '2'}
danger | AutoScaling::AutoScalingGroup | {MixedInstancesPolicy: {InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 100}}} | {MixedInstancesPolicy: {InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 0}}} | {MinSize: '1', MaxSize: '2'}
caution | AutoScaling::ScalingPolicy | {AutoScalingGroupName: a} | -
caution | AutoScaling::ScheduledAction | {MinSize: 10} | {MinSize: 1} | {AutoScalingGroupName: a}
caution | AutoScaling::WarmPool | {AutoScalingGroupName: a} | -
caution | Batch::ComputeEnvironment | {ComputeResources: {MaxvCpus: 256, Type: FARGATE}} | {ComputeResources: {MaxvCpus: 4, Type: FARGATE}} | {Type: MANAGED}
caution | Batch::JobDefinition | {RetryStrategy: {Attempts: 3}} | {RetryStrategy: {Attempts: 1}} | {Type: container}
danger | Batch::JobDefinition | {ContainerProperties: {Image: i, Privileged: false}} | {ContainerProperties: {Image: i, Privileged: true}} | {Type: container}
danger | Batch::JobQueue | {State: ENABLED} | {State: DISABLED} | {Priority: 1}
danger | CertificateManager::Certificate | {DomainName: a} | -
caution | CertificateManager::Certificate | {SubjectAlternativeNames: [a, b]} | {SubjectAlternativeNames: [a]} | {DomainName: a}
caution | CertificateManager::Certificate | {DomainName: a.example, SubjectAlternativeNames: [b.example]} | {DomainName: a.example, SubjectAlternativeNames: [c.example]}
caution | CloudFront::CachePolicy | {CachePolicyConfig: {Name: n, ParametersInCacheKeyAndForwardedToOrigin: {CookiesConfig: {CookieBehavior: all}}}} | {CachePolicyConfig: {Name: n, ParametersInCacheKeyAndForwardedToOrigin: {CookiesConfig: {CookieBehavior: none}}}}
caution | CloudFront::CachePolicy | {CachePolicyConfig: {Name: n, DefaultTTL: 86400}} | {CachePolicyConfig: {Name: n, DefaultTTL: 0}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true}} | {DistributionConfig: {Enabled: false}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Aliases: [a.example, b.example]}} | {DistributionConfig: {Enabled: true, Aliases: [a.example]}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, ViewerCertificate: {MinimumProtocolVersion: TLSv1.2_2021, AcmCertificateArn: a}}} | {DistributionConfig: {Enabled: true, ViewerCertificate: {MinimumProtocolVersion: TLSv1, AcmCertificateArn: a}}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ViewerProtocolPolicy: redirect-to-https}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ViewerProtocolPolicy: allow-all}}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {TrustedKeyGroups: [k]}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {}}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Logging: {Bucket: b}}} | {DistributionConfig: {Enabled: true}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Restrictions: {GeoRestriction: {RestrictionType: whitelist, Locations: [DE]}}}} | {DistributionConfig: {Enabled: true}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, CustomErrorResponses: [{ErrorCode: 404, ResponsePagePath: /index.html, ResponseCode: 200}]}} | {DistributionConfig: {Enabled: true}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ResponseHeadersPolicyId: a}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {}}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: a.example}]}} | {DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: b.example}]}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true, WebACLId: w}} | {DistributionConfig: {Enabled: true}}
danger | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: b.s3.amazonaws.com, OriginAccessControlId: c}]}} | {DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: b.s3.amazonaws.com}]}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, ViewerCertificate: {AcmCertificateArn: c, SslSupportMethod: sni-only}}} | {DistributionConfig: {Enabled: true, ViewerCertificate: {CloudFrontDefaultCertificate: true}}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {FunctionAssociations: [{EventType: viewer-request, FunctionARN: f}]}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {}}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: a}]}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {}}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, OriginGroups: {Quantity: 1, Items: [{Id: g}]}}} | {DistributionConfig: {Enabled: true}}
danger | CloudFront::OriginAccessControl | {OriginAccessControlConfig: {SigningBehavior: always}} | {OriginAccessControlConfig: {SigningBehavior: never}}
caution | CloudFront::ResponseHeadersPolicy | {ResponseHeadersPolicyConfig: {Name: n, SecurityHeadersConfig: {StrictTransportSecurity: {AccessControlMaxAgeSec: 63072000, Override: true}}}} | {ResponseHeadersPolicyConfig: {Name: n, SecurityHeadersConfig: {}}}
caution | CloudTrail::Trail | {IsLogging: true} | {IsLogging: false} | {S3BucketName: b}
caution | CloudTrail::Trail | {S3BucketName: b} | -
caution | CloudTrail::Trail | {KMSKeyId: k} | {} | {S3BucketName: b, IsLogging: true}
caution | CloudTrail::Trail | {EventSelectors: [{IncludeManagementEvents: true}]} | {EventSelectors: [{IncludeManagementEvents: false}]} | {S3BucketName: b, IsLogging: true}
caution | CloudTrail::Trail | {CloudWatchLogsLogGroupArn: l} | {} | {S3BucketName: b, IsLogging: true}
caution | CloudWatch::Alarm | {AlarmName: a, Threshold: 5} | -
caution | CloudWatch::Alarm | {Threshold: 5} | {Threshold: 500} | {ComparisonOperator: GreaterThanThreshold, MetricName: Errors}
danger | CloudWatch::Alarm | {AlarmActions: [t]} | {AlarmActions: []} | {ComparisonOperator: GreaterThanThreshold, MetricName: Errors, Threshold: 1}
caution | CloudWatch::Alarm | {TreatMissingData: breaching} | {TreatMissingData: notBreaching} | {ComparisonOperator: LessThanThreshold, MetricName: HealthyHostCount, Threshold: 1}
caution | CloudWatch::Alarm | {EvaluationPeriods: 1} | {EvaluationPeriods: 10} | {ComparisonOperator: GreaterThanThreshold, MetricName: Errors, Threshold: 1}
caution | CloudWatch::Alarm | {MetricName: Errors} | {MetricName: Invocations} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1}
caution | CloudWatch::CompositeAlarm | {AlarmRule: 'ALARM(a) OR ALARM(b)'} | {AlarmRule: 'ALARM(a) AND ALARM(b)'}
caution | Cognito::ManagedLoginBranding | {} | - | {UserPoolId: p}
caution | Cognito::UserPool | {EmailConfiguration: {EmailSendingAccount: DEVELOPER, SourceArn: s}} | {EmailConfiguration: {EmailSendingAccount: COGNITO_DEFAULT}}
caution | Cognito::UserPoolClient | {SupportedIdentityProviders: [COGNITO]} | {SupportedIdentityProviders: [COGNITO, Google]}
caution | Cognito::UserPoolClient | {ReadAttributes: [email]} | {ReadAttributes: [email], WriteAttributes: [email, 'custom:role']}
caution | Cognito::UserPoolGroup | {RoleArn: {Ref: Reader}} | {RoleArn: {Ref: Admin}} | {GroupName: g}
caution | Cognito::UserPoolIdentityProvider | {ProviderDetails: {client_id: a, authorize_scopes: openid}} | {ProviderDetails: {client_id: b, authorize_scopes: openid}} | {ProviderName: Google, ProviderType: Google}
caution | Config::ConfigurationRecorder | {RecordingGroup: {AllSupported: true, IncludeGlobalResourceTypes: true}} | {RecordingGroup: {AllSupported: false}} | {RoleARN: r}
danger | DSQL::Cluster | {DeletionProtectionEnabled: true} | {DeletionProtectionEnabled: false}
danger | DocDB::DBCluster | {DBClusterIdentifier: a} | {DBClusterIdentifier: b} | {StorageEncrypted: true}
caution | DocDB::DBCluster | {EnableCloudwatchLogsExports: [audit]} | {} | {StorageEncrypted: true}
danger | DocDB::DBInstance | {DBInstanceClass: db.r5.large} | -
danger | DynamoDB::GlobalTable | {Replicas: [{Region: eu-west-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}]} | {Replicas: [{Region: eu-west-1}]}
danger | DynamoDB::Table | {TableName: t} | -
caution | DynamoDB::Table | {BillingMode: PAY_PER_REQUEST} | {BillingMode: PROVISIONED, ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}}
danger | EC2::ClientVpnEndpoint | {SplitTunnel: true, AuthenticationOptions: [{Type: certificate-authentication}]} | -
caution | EC2::DHCPOptions | {DomainNameServers: [AmazonProvidedDNS]} | {DomainNameServers: [192.0.2.1]}
danger | EC2::EIP | {Domain: vpc} | -
caution | EC2::FlowLog | {ResourceId: v, TrafficType: ALL} | -
caution | EC2::FlowLog | {TrafficType: ALL} | {TrafficType: REJECT} | {ResourceId: v}
danger | EC2::Instance | {ImageId: ami-1, UserData: a} | -
caution | EC2::Instance | {Monitoring: true} | {Monitoring: false} | {ImageId: a}
danger | EC2::Instance | {BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {Encrypted: true}}]} | {BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {Encrypted: false}}]} | {ImageId: a}
caution | EC2::Instance | {UserData: a} | {UserData: b} | {ImageId: a}
caution | EC2::Instance | {IamInstanceProfile: a} | {IamInstanceProfile: b} | {ImageId: a}
danger | EC2::Instance | {PrivateIpAddress: 10.0.0.5} | {PrivateIpAddress: 10.0.0.6} | {ImageId: a}
caution | EC2::Instance | {SecurityGroupIds: [a]} | {SecurityGroupIds: [b]} | {ImageId: a}
caution | EC2::Instance | {SourceDestCheck: true} | {SourceDestCheck: false} | {ImageId: a}
danger | EC2::Instance | {KeyName: a} | {KeyName: b} | {ImageId: a}
danger | EC2::InternetGateway | {} | -
danger | EC2::NatGateway | {SubnetId: s} | -
caution | EC2::NetworkAclEntry | {RuleAction: deny, CidrBlock: 192.0.2.0/24, RuleNumber: 1} | {RuleAction: allow, CidrBlock: 192.0.2.0/24, RuleNumber: 1} | {NetworkAclId: n, Protocol: 6}
danger | EC2::PrefixList | {Entries: [{Cidr: 10.0.0.0/8}]} | {Entries: [{Cidr: 0.0.0.0/0}]} | {AddressFamily: IPv4, MaxEntries: 5, PrefixListName: p}
danger | EC2::Route | {DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: n, RouteTableId: r} | {DestinationCidrBlock: 0.0.0.0/0, GatewayId: i, RouteTableId: r}
danger | EC2::SecurityGroup | {SecurityGroupIngress: []} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]} | {GroupDescription: g}
danger | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]} | {GroupDescription: g}
danger | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv6: '2001:db8::/32'}]} | {SecurityGroupIngress: [{IpProtocol: '-1', CidrIpv6: '::/0'}]} | {GroupDescription: g}
caution | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/24}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 10.0.0.0/8}]} | {GroupDescription: g}
caution | EC2::SecurityGroup | {GroupDescription: a} | {GroupDescription: b}
danger | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: a}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3389, ToPort: 3389, CidrIp: 0.0.0.0/0}, {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: a}]} | {GroupDescription: g}
danger | EC2::SecurityGroupIngress | - | {GroupId: g, IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 0.0.0.0/0}
danger | EC2::SecurityGroupIngress | {GroupId: g, IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: a} | -
danger | EC2::Subnet | {CidrBlock: 10.0.0.0/24} | {CidrBlock: 10.0.1.0/24}
caution | EC2::Subnet | {MapPublicIpOnLaunch: false} | {MapPublicIpOnLaunch: true}
caution | EC2::SubnetRouteTableAssociation | {RouteTableId: {Ref: Private}} | {RouteTableId: {Ref: Public}} | {SubnetId: s}
danger | EC2::TransitGatewayRoute | {DestinationCidrBlock: 10.0.0.0/8} | -
caution | EC2::VPC | {EnableDnsHostnames: true} | {EnableDnsHostnames: false} | {CidrBlock: 10.0.0.0/16}
danger | EC2::VPC | {EnableDnsSupport: true} | {EnableDnsSupport: false} | {CidrBlock: 10.0.0.0/16}
danger | EC2::VPCEndpoint | {VpcEndpointType: Interface, ServiceName: s} | -
caution | EC2::VPCEndpoint | {PrivateDnsEnabled: true} | {PrivateDnsEnabled: false} | {ServiceName: s}
caution | EC2::VPCEndpoint | {PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:root'}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}} | {} | {ServiceName: s}
danger | EC2::VPNConnection | {VpnTunnelOptionsSpecifications: [{PreSharedKey: '{{resolve:secretsmanager:x}}'}]} | {} | {Type: ipsec.1}
danger | ECS::Cluster | {ClusterName: a} | {ClusterName: b}
caution | ECS::Cluster | {Configuration: {ExecuteCommandConfiguration: {Logging: OVERRIDE}}} | {Configuration: {ExecuteCommandConfiguration: {Logging: NONE}}}
danger | ECS::Service | {ServiceName: a} | {ServiceName: b}
caution | ECS::Service | {NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: DISABLED, Subnets: [a]}}} | {NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: ENABLED, Subnets: [a]}}}
caution | ECS::Service | {DeploymentConfiguration: {DeploymentCircuitBreaker: {Enable: true, Rollback: true}}} | {DeploymentConfiguration: {DeploymentCircuitBreaker: {Enable: false, Rollback: false}}}
caution | ECS::Service | {DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 200}} | {DeploymentConfiguration: {MinimumHealthyPercent: 0, MaximumPercent: 200}}
danger | ECS::Service | {LoadBalancers: [{ContainerName: web, ContainerPort: 80, TargetGroupArn: t}]} | {}
caution | ECS::Service | {DesiredCount: 4} | {DesiredCount: 1}
danger | ECS::Service | {LaunchType: FARGATE} | {LaunchType: EC2}
caution | ECS::Service | {NetworkConfiguration: {AwsvpcConfiguration: {SecurityGroups: [a], Subnets: [s]}}} | {NetworkConfiguration: {AwsvpcConfiguration: {SecurityGroups: [b], Subnets: [s]}}}
caution | ECS::Service | {AvailabilityZoneRebalancing: ENABLED} | {AvailabilityZoneRebalancing: DISABLED}
caution | ECS::Service | {ServiceRegistries: [{RegistryArn: r}]} | {}
danger | ECS::Service | {SchedulingStrategy: REPLICA} | {SchedulingStrategy: DAEMON}
danger | ECS::Service | {ServiceConnectConfiguration: {Enabled: true}} | {ServiceConnectConfiguration: {Enabled: false}}
caution | ECS::Service | {PlatformVersion: LATEST} | {PlatformVersion: 1.3.0}
danger | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, Privileged: false}]} | {ContainerDefinitions: [{Name: web, Image: i, Privileged: true}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, HealthCheck: {Command: [CMD, curl]}}]} | {ContainerDefinitions: [{Name: web, Image: i}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, LogConfiguration: {LogDriver: awslogs}}]} | {ContainerDefinitions: [{Name: web, Image: i}]} | {Family: f}
danger | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, Secrets: [{Name: DB, ValueFrom: s}]}]} | {ContainerDefinitions: [{Name: web, Image: i, Environment: [{Name: DB, Value: plain}]}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, ReadonlyRootFilesystem: true}]} | {ContainerDefinitions: [{Name: web, Image: i, ReadonlyRootFilesystem: false}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, User: '1000'}]} | {ContainerDefinitions: [{Name: web, Image: i, User: root}]} | {Family: f}
caution | ECS::TaskDefinition | {Cpu: '1024', Memory: '2048'} | {Cpu: '256', Memory: '512'} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, StopTimeout: 60}]} | {ContainerDefinitions: [{Name: web, Image: i, StopTimeout: 2}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i}, {Name: xray, Image: x}]} | {ContainerDefinitions: [{Name: web, Image: i}]} | {Family: f}
caution | ECS::TaskDefinition | {TaskRoleArn: a} | {TaskRoleArn: b} | {Family: f}
danger | ECS::TaskDefinition | {Volumes: [{Name: v, EFSVolumeConfiguration: {FilesystemId: f, TransitEncryption: ENABLED}}]} | {Volumes: [{Name: v, EFSVolumeConfiguration: {FilesystemId: f, TransitEncryption: DISABLED}}]} | {Family: f}
danger | ECS::TaskDefinition | {NetworkMode: awsvpc} | {NetworkMode: host} | {Family: f}
danger | ECS::TaskDefinition | {PidMode: task} | {PidMode: host} | {Family: f}
danger | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i}]} | {ContainerDefinitions: [{Name: w, Image: i, LinuxParameters: {Capabilities: {Add: [SYS_ADMIN]}}}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: 'nginx:1.25'}]} | {ContainerDefinitions: [{Name: w, Image: 'nginx:latest'}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, Essential: true}]} | {ContainerDefinitions: [{Name: w, Image: i, Essential: false}]} | {Family: f}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, MountPoints: [{SourceVolume: v, ContainerPath: /data}]}]} | {ContainerDefinitions: [{Name: w, Image: i}]} | {Family: f}
caution | EFS::AccessPoint | {FileSystemId: f, PosixUser: {Uid: '1000', Gid: '1000'}} | {FileSystemId: f, PosixUser: {Uid: '0', Gid: '0'}}
danger | EFS::FileSystem | {} | {FileSystemPolicy: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: '*', Resource: '*'}]}} | {Encrypted: true}
danger | EFS::FileSystem | {BackupPolicy: {Status: ENABLED}} | {} | {Encrypted: true}
danger | EKS::AccessEntry | {AccessPolicies: []} | {AccessPolicies: [{PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy', AccessScope: {Type: cluster}}]} | {ClusterName: c, PrincipalArn: p}
caution | EKS::Addon | {AddonVersion: v1} | {AddonVersion: v2} | {AddonName: vpc-cni, ClusterName: c}
danger | EKS::Cluster | {RoleArn: a} | {RoleArn: b} | {Name: c}
danger | EKS::Cluster | {ResourcesVpcConfig: {SubnetIds: [a, b]}} | {ResourcesVpcConfig: {SubnetIds: [a, c]}} | {Name: c}
caution | EKS::Cluster | {AccessConfig: {AuthenticationMode: API}} | {AccessConfig: {AuthenticationMode: API_AND_CONFIG_MAP}} | {Name: c}
caution | EKS::Cluster | {Logging: {ClusterLogging: {EnabledTypes: [{Type: audit}]}}} | {} | {Name: c}
caution | EKS::Cluster | {UpgradePolicy: {SupportType: EXTENDED}} | {UpgradePolicy: {SupportType: STANDARD}} | {Name: c}
danger | EKS::Cluster | {DeletionProtection: true} | {DeletionProtection: false} | {Name: c}
danger | EKS::FargateProfile | {FargateProfileName: f} | -
danger | EKS::Nodegroup | {ScalingConfig: {MinSize: 2, DesiredSize: 2, MaxSize: 4}} | {ScalingConfig: {MinSize: 0, DesiredSize: 0, MaxSize: 4}} | {ClusterName: c}
caution | EKS::PodIdentityAssociation | {RoleArn: {'Fn::GetAtt': [A, Arn]}} | {RoleArn: {'Fn::GetAtt': [B, Arn]}} | {ClusterName: c}
danger | ElastiCache::ReplicationGroup | {TransitEncryptionMode: required} | {TransitEncryptionMode: preferred} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
caution | ElastiCache::ReplicationGroup | {UserGroupIds: [u]} | {} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
caution | ElastiCache::ReplicationGroup | {LogDeliveryConfigurations: [{LogType: slow-log}]} | {} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
danger | ElastiCache::ServerlessCache | {SnapshotRetentionLimit: 7} | {SnapshotRetentionLimit: 0} | {Engine: redis, ServerlessCacheName: s}
caution | ElastiCache::ServerlessCache | {CacheUsageLimits: {DataStorage: {Maximum: 100, Unit: GB}}} | {CacheUsageLimits: {DataStorage: {Maximum: 5, Unit: GB}}} | {Engine: redis, ServerlessCacheName: s}
danger | ElastiCache::User | {NoPasswordRequired: false} | {NoPasswordRequired: true} | {Engine: redis, UserId: u, UserName: n}
caution | ElastiCache::User | {AccessString: 'on ~app:* +get'} | {AccessString: 'on ~* +@all'} | {Engine: redis, UserId: u, UserName: n}
caution | ElasticBeanstalk::Environment | {OptionSettings: [{Namespace: aws:autoscaling:asg, OptionName: MinSize, Value: '2'}]} | {OptionSettings: [{Namespace: aws:autoscaling:asg, OptionName: MinSize, Value: '1'}]} | {ApplicationName: a}
danger | ElasticLoadBalancing::LoadBalancer | {Listeners: [{LoadBalancerPort: '443', Protocol: HTTPS}]} | {Listeners: [{LoadBalancerPort: '80', Protocol: HTTP}]}
danger | ElasticLoadBalancingV2::Listener | {Protocol: HTTPS, Port: 443} | -
caution | ElasticLoadBalancingV2::Listener | {SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06} | {SslPolicy: ELBSecurityPolicy-2016-08} | {Port: 443, Protocol: HTTPS}
danger | ElasticLoadBalancingV2::Listener | {DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, StatusCode: HTTP_301}}]} | {DefaultActions: [{Type: forward, TargetGroupArn: t}]} | {Port: 80, Protocol: HTTP}
danger | ElasticLoadBalancingV2::Listener | {DefaultActions: [{Type: authenticate-oidc, Order: 1}, {Type: forward, Order: 2, TargetGroupArn: t}]} | {DefaultActions: [{Type: forward, Order: 1, TargetGroupArn: t}]} | {Port: 443, Protocol: HTTPS}
caution | ElasticLoadBalancingV2::Listener | {Certificates: [{CertificateArn: a}]} | {Certificates: [{CertificateArn: b}]} | {Port: 443, Protocol: HTTPS}
danger | ElasticLoadBalancingV2::Listener | {MutualAuthentication: {Mode: verify}} | {MutualAuthentication: {Mode: 'off'}} | {Port: 443, Protocol: HTTPS}
caution | ElasticLoadBalancingV2::Listener | {DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: '403'}}]} | {DefaultActions: [{Type: forward, TargetGroupArn: t}]} | {Port: 443, Protocol: HTTPS}
caution | ElasticLoadBalancingV2::ListenerRule | {Priority: 1, ListenerArn: l} | -
danger | ElasticLoadBalancingV2::ListenerRule | {Actions: [{Type: authenticate-cognito}, {Type: forward, TargetGroupArn: t}]} | {Actions: [{Type: forward, TargetGroupArn: t}]} | {Priority: 1}
caution | ElasticLoadBalancingV2::ListenerRule | {Conditions: [{Field: path-pattern, Values: [/api/*]}]} | {Conditions: [{Field: path-pattern, Values: [/v2/*]}]} | {Priority: 1}
caution | ElasticLoadBalancingV2::ListenerRule | {Priority: 1} | {Priority: 100} | {ListenerArn: l}
caution | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'true'}]} | {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'false'}]}
caution | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: routing.http.drop_invalid_header_fields.enabled, Value: 'true'}]} | {LoadBalancerAttributes: [{Key: routing.http.drop_invalid_header_fields.enabled, Value: 'false'}]}
caution | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: idle_timeout.timeout_seconds, Value: '300'}]} | {LoadBalancerAttributes: [{Key: idle_timeout.timeout_seconds, Value: '5'}]}
danger | ElasticLoadBalancingV2::LoadBalancer | {Name: a} | {Name: b}
caution | ElasticLoadBalancingV2::LoadBalancer | {SecurityGroups: [a]} | {SecurityGroups: [b]} | {Scheme: internal}
caution | ElasticLoadBalancingV2::LoadBalancer | {Subnets: [a, b, c]} | {Subnets: [a, b]} | {Scheme: internal}
caution | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: load_balancing.cross_zone.enabled, Value: 'true'}]} | {LoadBalancerAttributes: [{Key: load_balancing.cross_zone.enabled, Value: 'false'}]}
caution | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: routing.http.desync_mitigation_mode, Value: strictest}]} | {LoadBalancerAttributes: [{Key: routing.http.desync_mitigation_mode, Value: monitor}]}
caution | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: waf.fail_open.enabled, Value: 'false'}]} | {LoadBalancerAttributes: [{Key: waf.fail_open.enabled, Value: 'true'}]}
caution | ElasticLoadBalancingV2::TargetGroup | {HealthCheckPath: /healthz} | {HealthCheckPath: /}
caution | ElasticLoadBalancingV2::TargetGroup | {HealthCheckEnabled: true} | {HealthCheckEnabled: false}
caution | ElasticLoadBalancingV2::TargetGroup | {Matcher: {HttpCode: '200'}} | {Matcher: {HttpCode: 200-499}}
caution | ElasticLoadBalancingV2::TargetGroup | {TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: '300'}]} | {TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: '0'}]}
caution | ElasticLoadBalancingV2::TargetGroup | {TargetGroupAttributes: [{Key: stickiness.enabled, Value: 'true'}]} | {TargetGroupAttributes: [{Key: stickiness.enabled, Value: 'false'}]}
caution | ElasticLoadBalancingV2::TargetGroup | {HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2} | {HealthCheckIntervalSeconds: 300, UnhealthyThresholdCount: 10}
caution | ElasticLoadBalancingV2::TargetGroup | {Targets: [{Id: a}, {Id: b}]} | {Targets: [{Id: a}]}
caution | Events::Archive | {RetentionDays: 365} | {RetentionDays: 7} | {SourceArn: b}
danger | Events::EventBusPolicy | - | {StatementId: x, Statement: {Effect: Allow, Principal: '*', Action: 'events:PutEvents', Resource: '*'}}
caution | Events::Rule | {ScheduleExpression: rate(1 hour), State: ENABLED} | -
caution | Events::Rule | {ScheduleExpression: rate(1 hour)} | {ScheduleExpression: rate(30 days)}
caution | Events::Rule | {Targets: [{Id: a, Arn: x, DeadLetterConfig: {Arn: q}}]} | {Targets: [{Id: a, Arn: x}]} | {ScheduleExpression: rate(1 hour)}
caution | Events::Rule | {Targets: [{Id: a, Arn: x}, {Id: b, Arn: y}]} | {Targets: [{Id: a, Arn: x}]} | {ScheduleExpression: rate(1 hour)}
caution | GlobalAccelerator::EndpointGroup | {TrafficDialPercentage: 100} | {TrafficDialPercentage: 0} | {ListenerArn: l}
caution | GuardDuty::Detector | {Enable: true, Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}]} | {Enable: true, Features: [{Name: S3_DATA_EVENTS, Status: DISABLED}]}
caution | Inspector::AssessmentTarget | {} | -
danger | KMS::ReplicaKey | {Enabled: true} | {Enabled: false} | {PrimaryKeyArn: p, KeyPolicy: {}}
danger | Kinesis::ResourcePolicy | - | {ResourceArn: r, ResourcePolicy: {Statement: [{Effect: Allow, Principal: {AWS: '444455556666'}, Action: 'kinesis:*', Resource: '*'}]}}
caution | Kinesis::Stream | {StreamModeDetails: {StreamMode: ON_DEMAND}} | {StreamModeDetails: {StreamMode: PROVISIONED}, ShardCount: 1}
caution | Lambda::Alias | {ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}} | {} | {FunctionName: f, FunctionVersion: '1', Name: live}
caution | Lambda::CodeSigningConfig | {CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}} | {CodeSigningPolicies: {UntrustedArtifactOnDeployment: Warn}}
caution | Lambda::EventInvokeConfig | {MaximumRetryAttempts: 2} | {MaximumRetryAttempts: 0} | {FunctionName: f, Qualifier: $LATEST}
caution | Lambda::EventInvokeConfig | {DestinationConfig: {OnFailure: {Destination: q}}} | {} | {FunctionName: f, Qualifier: $LATEST}
caution | Lambda::EventSourceMapping | {Enabled: true} | {Enabled: false} | {FunctionName: f, EventSourceArn: q}
caution | Lambda::EventSourceMapping | {FunctionName: f, EventSourceArn: q} | -
caution | Lambda::EventSourceMapping | {FilterCriteria: {Filters: []}} | {FilterCriteria: {Filters: [{Pattern: '{"a":[1]}'}]}} | {FunctionName: f, EventSourceArn: q}
caution | Lambda::EventSourceMapping | {FunctionResponseTypes: [ReportBatchItemFailures]} | {} | {FunctionName: f, EventSourceArn: q}
caution | Lambda::EventSourceMapping | {StartingPosition: TRIM_HORIZON} | {StartingPosition: LATEST} | {FunctionName: f, EventSourceArn: q}
danger | Lambda::Function | {FunctionName: a} | -
caution | Lambda::Function | {Timeout: 30} | {Timeout: 1}
caution | Lambda::Function | {ReservedConcurrentExecutions: 100} | {ReservedConcurrentExecutions: 5}
danger | Lambda::Function | {ReservedConcurrentExecutions: 100} | {ReservedConcurrentExecutions: 0}
caution | Lambda::Function | {KmsKeyArn: k} | {}
danger | Lambda::Function | {Environment: {Variables: {A: b}}} | {Environment: {Variables: {A: b, DB_PASSWORD: hunter2}}}
caution | Lambda::Function | {Runtime: nodejs20.x} | {Runtime: nodejs14.x}
caution | Lambda::Function | {Role: a} | {Role: b}
caution | Lambda::Function | {PackageType: Zip} | {PackageType: Image}
caution | Lambda::Function | {FileSystemConfigs: [{Arn: a, LocalMountPath: /mnt/x}]} | {}
caution | Lambda::Function | {Layers: [security-agent]} | {}
caution | Lambda::Function | {SnapStart: {ApplyOn: PublishedVersions}} | {SnapStart: {ApplyOn: None}}
caution | Lambda::Function | {EphemeralStorage: {Size: 10240}} | {EphemeralStorage: {Size: 512}}
caution | Lambda::Function | {CodeSigningConfigArn: c} | {}
caution | Lambda::Function | {VpcConfig: {SubnetIds: [a, b], SecurityGroupIds: [g]}} | {VpcConfig: {SubnetIds: [a, b], SecurityGroupIds: [h]}}
caution | Lambda::Function | {Environment: {Variables: {TABLE: a, MODE: b}}} | {Environment: {Variables: {MODE: b}}}
danger | Lambda::Permission | {FunctionName: f, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceAccount: '111122223333'} | {FunctionName: f, Action: lambda:InvokeFunction, Principal: '*'}
danger | Lambda::Permission | - | {FunctionName: f, Action: lambda:InvokeFunctionUrl, Principal: '*', FunctionUrlAuthType: NONE}
danger | Lambda::Permission | - | {FunctionName: f, Action: lambda:InvokeFunction, Principal: '444455556666'}
caution | Lambda::Permission | {FunctionName: f, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com, SourceArn: a} | {FunctionName: f, Action: lambda:InvokeFunction, Principal: s3.amazonaws.com}
danger | Lambda::Url | - | {AuthType: NONE, TargetFunctionArn: f}
danger | Lambda::Url | {AuthType: AWS_IAM, TargetFunctionArn: f} | {AuthType: NONE, TargetFunctionArn: f}
danger | Lambda::Url | {AuthType: AWS_IAM, Cors: {AllowOrigins: ['https://a.example']}, TargetFunctionArn: f} | {AuthType: AWS_IAM, Cors: {AllowOrigins: ['*']}, TargetFunctionArn: f}
caution | Logs::LogGroup | {RetentionInDays: 365} | {RetentionInDays: 1}
caution | Logs::LogGroup | {KmsKeyId: k} | {}
caution | Logs::MetricFilter | {FilterPattern: ERROR, LogGroupName: l} | -
caution | Logs::MetricFilter | {FilterPattern: ERROR} | {FilterPattern: FATAL} | {LogGroupName: l}
caution | Logs::SubscriptionFilter | {LogGroupName: l, DestinationArn: d} | -
caution | Logs::SubscriptionFilter | {DestinationArn: d} | {DestinationArn: e} | {LogGroupName: l}
danger | MSK::Cluster | {BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: DISABLED}}}} | {BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: SERVICE_PROVIDED_EIPS}}}}
danger | MSK::Cluster | {EncryptionInfo: {EncryptionInTransit: {InCluster: true, ClientBroker: TLS}}} | {EncryptionInfo: {EncryptionInTransit: {InCluster: false, ClientBroker: TLS}}}
caution | MSK::Cluster | {LoggingInfo: {BrokerLogs: {CloudWatchLogs: {Enabled: true, LogGroup: l}}}} | {LoggingInfo: {BrokerLogs: {CloudWatchLogs: {Enabled: false}}}}
danger | MSK::ClusterPolicy | - | {ClusterArn: c, Policy: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'kafka:*', Resource: '*'}]}}
caution | MSK::Configuration | {ServerProperties: 'min.insync.replicas=2'} | {ServerProperties: 'min.insync.replicas=1'} | {Name: n}
danger | Neptune::DBCluster | {BackupRetentionPeriod: 14} | {BackupRetentionPeriod: 1} | {StorageEncrypted: true}
danger | NeptuneGraph::Graph | {PublicConnectivity: false} | {PublicConnectivity: true} | {ProvisionedMemory: 16}
danger | NeptuneGraph::Graph | {DeletionProtection: true} | {DeletionProtection: false} | {ProvisionedMemory: 16}
danger | OpenSearchServerless::Collection | {StandbyReplicas: ENABLED} | {StandbyReplicas: DISABLED} | {Name: n}
caution | OpenSearchService::Domain | {SnapshotOptions: {AutomatedSnapshotStartHour: 3}} | {}
danger | OpenSearchService::Domain | {AdvancedSecurityOptions: {Enabled: true, AnonymousAuthEnabled: false}} | {AdvancedSecurityOptions: {Enabled: true, AnonymousAuthEnabled: true}}
danger | OpenSearchService::Domain | {CognitoOptions: {Enabled: true}} | {CognitoOptions: {Enabled: false}}
caution | Pipes::Pipe | {DesiredState: RUNNING} | {DesiredState: STOPPED} | {Source: s, Target: t, RoleArn: r}
danger | RDS::DBCluster | {} | {PubliclyAccessible: true} | {StorageEncrypted: true}
danger | RDS::DBCluster | {StorageEncrypted: false} | {StorageEncrypted: true}
danger | RDS::DBInstance | {MasterUserPassword: '{{resolve:secretsmanager:x}}'} | {MasterUserPassword: Sup3rSecret!} | {Engine: mysql}
danger | RDS::DBInstance | {Engine: mysql} | {Engine: postgres}
danger | RDS::DBInstance | {KmsKeyId: a} | {KmsKeyId: b} | {Engine: mysql, StorageEncrypted: true}
caution | RDS::DBInstance | {CACertificateIdentifier: rds-ca-rsa2048-g1} | {CACertificateIdentifier: rds-ca-2019} | {Engine: mysql}
caution | RDS::DBInstance | {Iops: 3000} | {Iops: 1000} | {Engine: mysql}
caution | RDS::DBInstance | {VPCSecurityGroups: [a, b]} | {VPCSecurityGroups: [c]} | {Engine: mysql}
caution | RDS::DBInstance | {DBParameterGroupName: {Ref: A}} | {DBParameterGroupName: {Ref: B}} | {Engine: mysql}
danger | RDS::DBSubnetGroup | {SubnetIds: [{Ref: PrivateA}, {Ref: PrivateB}]} | {SubnetIds: [{Ref: PublicA}, {Ref: PublicB}]} | {DBSubnetGroupDescription: d}
caution | RDS::EventSubscription | {Enabled: true, SnsTopicArn: t} | -
danger | RDS::GlobalCluster | {GlobalClusterIdentifier: a} | -
danger | Redshift::Cluster | {ClusterIdentifier: a} | {ClusterIdentifier: b} | {Encrypted: true}
caution | RedshiftServerless::Namespace | {LogExports: [useractivitylog, userlog]} | {LogExports: []} | {NamespaceName: n}
caution | RedshiftServerless::Workgroup | {BaseCapacity: 128} | {BaseCapacity: 8} | {WorkgroupName: w}
caution | RedshiftServerless::Workgroup | {ConfigParameters: [{ParameterKey: require_ssl, ParameterValue: 'true'}]} | {ConfigParameters: [{ParameterKey: require_ssl, ParameterValue: 'false'}]} | {WorkgroupName: w}
caution | Route53::DNSSEC | {HostedZoneId: z} | -
caution | Route53::HealthCheck | {HealthCheckConfig: {Type: HTTPS, FailureThreshold: 3}} | {HealthCheckConfig: {Type: HTTPS, FailureThreshold: 3, Disabled: true}}
danger | Route53::HostedZone | {Name: example.com} | -
danger | Route53::HostedZone | {Name: example.com} | {Name: example.org}
caution | Route53::HostedZone | {QueryLoggingConfig: {CloudWatchLogsLogGroupArn: l}} | {} | {Name: e}
caution | Route53::HostedZone | {VPCs: [{VPCId: a}, {VPCId: b}]} | {VPCs: [{VPCId: a}]} | {Name: e}
caution | Route53::RecordSet | {TTL: '300'} | {TTL: '86400'} | {Name: a, Type: A, ResourceRecords: [192.0.2.1]}
caution | Route53::RecordSet | {Name: a.example, Type: A} | {Name: b.example, Type: A}
caution | Route53::RecordSet | {AliasTarget: {DNSName: a, HostedZoneId: z}} | {AliasTarget: {DNSName: b, HostedZoneId: z}} | {Name: n, Type: A}
caution | Route53::RecordSet | {Type: A, Weight: 100} | {Type: A, Weight: 0} | {Name: n}
caution | Route53::RecordSetGroup | {RecordSets: [{Name: a, Type: A}, {Name: b, Type: MX}]} | {RecordSets: [{Name: a, Type: A}]}
danger | Route53RecoveryControl::RoutingControl | {Name: n} | -
danger | Route53Resolver::FirewallRuleGroupAssociation | {FirewallRuleGroupId: f} | -
danger | S3::AccessPoint | {Policy: {}} | {Policy: {Statement: [{Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*'}]}} | {Bucket: b}
danger | S3::Bucket | {ObjectLockEnabled: true} | {ObjectLockEnabled: false}
danger | S3::Bucket | {OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}} | {OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}, AccessControl: PublicReadWrite}
caution | S3::Bucket | {LifecycleConfiguration: {Rules: [{Id: v, Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 90}}]}} | {LifecycleConfiguration: {Rules: [{Id: v, Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 1}}]}}
caution | S3::Bucket | {WebsiteConfiguration: {IndexDocument: index.html}} | {}
danger | S3::Bucket | {InventoryConfigurations: [{Id: a, Enabled: true}]} | {}
caution | SNS::Topic | {TopicName: a, FifoTopic: false} | {TopicName: a.fifo, FifoTopic: true}
caution | SNS::Topic | {TracingConfig: Active} | {}
caution | SNS::Topic | {ArchivePolicy: {MessageRetentionPeriod: 30}} | {}
caution | SQS::Queue | {RedriveAllowPolicy: {redrivePermission: byQueue}} | {RedriveAllowPolicy: {redrivePermission: allowAll}}
danger | SQS::QueueInlinePolicy | - | {Queue: q, PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:*', Resource: '*'}]}}
caution | Scheduler::Schedule | {State: ENABLED} | {State: DISABLED} | {ScheduleExpression: rate(1 hour)}
caution | Scheduler::Schedule | {ScheduleExpression: rate(5 minutes)} | {ScheduleExpression: rate(1 day)}
caution | Scheduler::Schedule | {Target: {Arn: a, RetryPolicy: {MaximumRetryAttempts: 10}}} | {Target: {Arn: a, RetryPolicy: {MaximumRetryAttempts: 0}}} | {ScheduleExpression: rate(5 minutes)}
caution | SecretsManager::ResourcePolicy | {SecretId: s, ResourcePolicy: {Statement: [{Effect: Deny, Principal: '*', Action: 'secretsmanager:DeleteSecret', Resource: '*'}]}} | -
caution | SecurityHub::Hub | {EnableDefaultStandards: true} | -
danger | ServiceDiscovery::PrivateDnsNamespace | {Name: a.local} | {Name: b.local} | {Vpc: v}
danger | Shield::Protection | {Name: n, ResourceArn: r} | -
caution | StepFunctions::StateMachine | {TracingConfiguration: {Enabled: true}} | {TracingConfiguration: {Enabled: false}} | {RoleArn: r}
danger | StepFunctions::StateMachine | {StateMachineName: a} | -
caution | StepFunctions::StateMachine | {EncryptionConfiguration: {Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k}} | {EncryptionConfiguration: {Type: AWS_OWNED_KEY}} | {RoleArn: r}
caution | Synthetics::Canary | {Name: c} | -
caution | Synthetics::Canary | {Schedule: {Expression: rate(1 minute)}} | {Schedule: {Expression: rate(1 hour)}} | {Name: c, StartCanaryAfterCreation: true}
caution | Synthetics::Canary | {StartCanaryAfterCreation: true} | {StartCanaryAfterCreation: false} | {Name: c}
caution | WAFv2::IPSet | {Addresses: [192.0.2.0/24]} | {Addresses: []} | {Scope: REGIONAL, IPAddressVersion: IPV4}
caution | WAFv2::LoggingConfiguration | {ResourceArn: w} | -
danger | WAFv2::WebACL | {DefaultAction: {Block: {}}} | {DefaultAction: {Allow: {}}} | {Scope: REGIONAL}
caution | WAFv2::WebACL | {Rules: [{Name: r, Priority: 1, OverrideAction: {None: {}}}]} | {Rules: [{Name: r, Priority: 1, OverrideAction: {Count: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
caution | WAFv2::WebACL | {Rules: [{Name: a, Statement: {RateBasedStatement: {Limit: 1000}}, Action: {Block: {}}}]} | {Rules: [{Name: a, Statement: {RateBasedStatement: {Limit: 100000}}, Action: {Block: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
caution | WAFv2::WebACL | {Rules: [{Name: a, Action: {Block: {}}}, {Name: b, Action: {Block: {}}}]} | {Rules: [{Name: a, Action: {Block: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
caution | WAFv2::WebACL | {Rules: [{Name: a, Priority: 1, Action: {Block: {}}}]} | {Rules: [{Name: a, Priority: 1, Action: {Block: {}}}, {Name: allowAll, Priority: 0, Action: {Allow: {}}, Statement: {ByteMatchStatement: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
danger | WAFv2::WebACLAssociation | {ResourceArn: r, WebACLArn: w} | -
`);
