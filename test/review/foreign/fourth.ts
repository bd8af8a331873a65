import { rows } from './case';

/** A fourth round of changes of other people, one resource each, half of them harmless. */
export const fourthRows = rows(`
danger | RAM::ResourceShare | {AllowExternalPrincipals: false} | {AllowExternalPrincipals: true} | {Name: s}
danger | RAM::ResourceShare | {Principals: ['111122223333']} | {Principals: ['111122223333', '444455556666']} | {Name: s}
clean | RAM::ResourceShare | {Principals: ['111122223333', '444455556666']} | {Principals: ['444455556666', '111122223333']} | {Name: s}
danger | Lambda::Url | {Cors: {AllowOrigins: ['https://a.example']}} | {Cors: {AllowOrigins: ['https://a.example', 'http://*']}} | {AuthType: AWS_IAM, TargetFunctionArn: f}
caution | Lambda::Function | {Handler: app.main} | {Handler: app.other} | {Runtime: python3.12}
clean | Lambda::Function | {MemorySize: 512, Timeout: 10} | {MemorySize: 1024, Timeout: 30} | {Runtime: python3.12}
clean | Lambda::Function | {Runtime: nodejs20.x} | {Runtime: nodejs22.x} | {Handler: i.h}
clean | Lambda::Function | {Code: {S3Bucket: cdk-assets, S3Key: 1a2b.zip}} | {Code: {S3Bucket: cdk-assets, S3Key: 3c4d.zip}} | {Runtime: nodejs22.x}
caution | Lambda::Alias | {RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: '8', FunctionWeight: 0.05}]}} | {RoutingConfig: {AdditionalVersionWeights: [{FunctionVersion: '8', FunctionWeight: 0.6}]}} | {Name: live, FunctionName: f, FunctionVersion: '7'}
clean | Lambda::EventSourceMapping | {BatchSize: 10} | {BatchSize: 10, FunctionResponseTypes: [ReportBatchItemFailures]} | {FunctionName: f, EventSourceArn: q}
caution | Lambda::EventSourceMapping | {FilterCriteria: {Filters: [{Pattern: '{"body":{"type":["order"]}}'}]}} | {FilterCriteria: {Filters: [{Pattern: '{"body":{"type":["refund"]}}'}]}} | {FunctionName: f, EventSourceArn: q}
caution | SQS::Queue | {VisibilityTimeout: 300} | {VisibilityTimeout: 10} | {QueueName: q}
clean | SQS::Queue | {VisibilityTimeout: 300} | {VisibilityTimeout: 300, KmsMasterKeyId: alias/aws/sqs} | {QueueName: q}
caution | SNS::Subscription | {Endpoint: 'https://a.example/hook'} | {Endpoint: 'https://b.example/hook'} | {Protocol: https, TopicArn: t}
caution | SNS::Subscription | {FilterPolicy: {type: [order, refund]}} | {FilterPolicy: {type: [order]}} | {Protocol: sqs, TopicArn: t, Endpoint: q}
clean | SNS::Topic | {DisplayName: Orders} | {DisplayName: Shop orders} | {TopicName: t}
caution | Events::Rule | {EventPattern: {source: [shop.orders], detail-type: [Placed]}} | {EventPattern: {source: [shop.orders], detail-type: [Cancelled]}} | {State: ENABLED}
caution | Events::Rule | {Targets: [{Id: a, Arn: {Ref: QueueA}}]} | {Targets: [{Id: a, Arn: {Ref: QueueB}}]} | {State: ENABLED, ScheduleExpression: rate(1 hour)}
clean | Events::Rule | {Targets: [{Id: a, Arn: q}]} | {Targets: [{Id: a, Arn: q}, {Id: b, Arn: audit}]} | {State: ENABLED, ScheduleExpression: rate(1 hour)}
caution | Scheduler::Schedule | {ScheduleExpressionTimezone: Europe/Zurich} | {ScheduleExpressionTimezone: America/New_York} | {ScheduleExpression: cron(0 8 * * ? *), FlexibleTimeWindow: {Mode: 'OFF'}}
caution | Pipes::Pipe | {Target: {Ref: A}} | {Target: {Ref: B}} | {Source: s, RoleArn: r}
clean | Pipes::Pipe | {Description: a} | {Description: b} | {Source: s, Target: t, RoleArn: r}
caution | StepFunctions::StateMachine | {RoleArn: 'arn:aws:iam::111122223333:role/a'} | {RoleArn: 'arn:aws:iam::111122223333:role/b'} | {StateMachineName: s}
clean | StepFunctions::StateMachine | {TracingConfiguration: {Enabled: false}} | {TracingConfiguration: {Enabled: true}} | {RoleArn: r}
caution | DynamoDB::Table | {ContributorInsightsSpecification: {Enabled: true}} | {ContributorInsightsSpecification: {Enabled: false}} | {TableName: t}
clean | DynamoDB::Table | {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: false}} | {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}} | {TableName: t}
caution | DynamoDB::Table | {StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}} | {StreamSpecification: {StreamViewType: KEYS_ONLY}} | {TableName: t}
clean | DynamoDB::Table | {TableClass: STANDARD} | {TableClass: STANDARD, DeletionProtectionEnabled: true} | {TableName: t}
caution | S3::Bucket | {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: a}]}} | {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectRemoved:*', Function: a}]}} | {BucketName: b}
clean | S3::Bucket | {LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}}]}} | {LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, AbortIncompleteMultipartUpload: {DaysAfterInitiation: 3}}]}} | {BucketName: b}
caution | S3::Bucket | {OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}} | {OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}} | {BucketName: b}
danger | S3::AccessPoint | {VpcConfiguration: {VpcId: vpc-1}} | {} | {Bucket: b, Name: a}
clean | S3::StorageLens | {StorageLensConfiguration: {Id: a, IsEnabled: false}} | {StorageLensConfiguration: {Id: a, IsEnabled: true}}
caution | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Restrictions: {GeoRestriction: {RestrictionType: whitelist, Locations: [CH, DE]}}}} | {DistributionConfig: {Enabled: true, Restrictions: {GeoRestriction: {RestrictionType: none}}}}
caution | CloudFront::CachePolicy | {CachePolicyConfig: {Name: a, DefaultTTL: 0, ParametersInCacheKeyAndForwardedToOrigin: {HeadersConfig: {HeaderBehavior: whitelist, Headers: [Authorization]}}}} | {CachePolicyConfig: {Name: a, DefaultTTL: 0, ParametersInCacheKeyAndForwardedToOrigin: {HeadersConfig: {HeaderBehavior: none}}}}
clean | CloudFront::ResponseHeadersPolicy | {ResponseHeadersPolicyConfig: {Name: a}} | {ResponseHeadersPolicyConfig: {Name: a, SecurityHeadersConfig: {ContentTypeOptions: {Override: true}}}}
danger | ApiGatewayV2::Api | {DisableExecuteApiEndpoint: true} | {DisableExecuteApiEndpoint: false} | {Name: a, ProtocolType: HTTP}
caution | ApiGatewayV2::Integration | {IntegrationUri: {'Fn::GetAtt': [A, Arn]}} | {IntegrationUri: {'Fn::GetAtt': [B, Arn]}} | {ApiId: a, IntegrationType: AWS_PROXY}
clean | ApiGatewayV2::Stage | {DefaultRouteSettings: {DetailedMetricsEnabled: false}} | {DefaultRouteSettings: {DetailedMetricsEnabled: true}} | {ApiId: a, StageName: $default}
clean | ApiGateway::RestApi | {Description: a} | {Description: shop} | {Name: a}
caution | ApiGateway::GatewayResponse | {ResponseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'https://shop.example'"}} | {ResponseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}} | {RestApiId: a, ResponseType: DEFAULT_4XX}
caution | AppSync::Resolver | {RequestMappingTemplate: '{"version":"2018-05-29","operation":"GetItem","owner":"$ctx.identity.sub"}'} | {RequestMappingTemplate: '{"version":"2018-05-29","operation":"GetItem"}'} | {ApiId: a, TypeName: Query, FieldName: order}
clean | AppSync::GraphQLApi | {XrayEnabled: false} | {XrayEnabled: true} | {Name: a, AuthenticationType: AWS_IAM}
danger | Cognito::UserPool | {UsernameConfiguration: {CaseSensitive: false}} | {UsernameConfiguration: {CaseSensitive: true}} | {UserPoolName: u}
caution | Cognito::UserPoolGroup | {RoleArn: 'arn:aws:iam::111122223333:role/reader'} | {RoleArn: 'arn:aws:iam::111122223333:role/writer'} | {UserPoolId: u, GroupName: g}
clean | Cognito::UserPoolGroup | {Description: a} | {Description: b} | {UserPoolId: u, GroupName: g}
caution | Cognito::UserPoolResourceServer | {Scopes: [{ScopeName: read, ScopeDescription: r}]} | {Scopes: [{ScopeName: read, ScopeDescription: r}, {ScopeName: write, ScopeDescription: w}]} | {UserPoolId: u, Identifier: i, Name: n}
danger | EC2::VPCEndpointService | {AcceptanceRequired: true} | {AcceptanceRequired: false} | {NetworkLoadBalancerArns: [n]}
caution | EC2::VPCEndpoint | {PrivateDnsEnabled: true} | {PrivateDnsEnabled: false} | {VpcEndpointType: Interface, VpcId: v, ServiceName: s}
clean | EC2::VPC | {EnableDnsSupport: true} | {EnableDnsSupport: true, EnableDnsHostnames: true} | {CidrBlock: 10.0.0.0/16}
danger | EC2::ClientVpnAuthorizationRule | {AccessGroupId: engineers} | {AuthorizeAllGroups: true} | {ClientVpnEndpointId: e, TargetNetworkCidr: 10.0.0.0/16}
caution | EC2::ClientVpnEndpoint | {SplitTunnel: true} | {SplitTunnel: false} | {ClientCidrBlock: 10.1.0.0/22, ServerCertificateArn: c}
caution | EC2::DHCPOptions | {DomainNameServers: [10.0.0.2]} | {DomainNameServers: [8.8.8.8]}
caution | EC2::FlowLog | {MaxAggregationInterval: 600} | {MaxAggregationInterval: 60} | {ResourceId: v, ResourceType: VPC, TrafficType: ALL}
caution | EC2::FlowLog | {TrafficType: ALL} | {TrafficType: ACCEPT} | {ResourceId: v, ResourceType: VPC}
clean | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/24}]} | {GroupDescription: g}
caution | EC2::TransitGateway | {DefaultRouteTablePropagation: disable} | {DefaultRouteTablePropagation: enable}
clean | ECS::Cluster | {ClusterSettings: [{Name: containerInsights, Value: disabled}]} | {ClusterSettings: [{Name: containerInsights, Value: enabled}]}
caution | ECS::Service | {ServiceConnectConfiguration: {Enabled: true, Namespace: a}} | {ServiceConnectConfiguration: {Enabled: true, Namespace: b}} | {TaskDefinition: t, Cluster: c}
clean | ECS::Service | {DesiredCount: 2} | {DesiredCount: 4} | {TaskDefinition: t, Cluster: c}
caution | ECS::TaskDefinition | {TaskRoleArn: {Ref: A}} | {TaskRoleArn: {Ref: B}} | {Family: f}
clean | ECR::Repository | {ImageScanningConfiguration: {ScanOnPush: false}} | {ImageScanningConfiguration: {ScanOnPush: true}} | {RepositoryName: r}
caution | ECR::PullThroughCacheRule | {UpstreamRegistryUrl: registry-1.docker.io} | {UpstreamRegistryUrl: quay.io} | {EcrRepositoryPrefix: p}
danger | EKS::AccessEntry | {AccessPolicies: [{PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy', AccessScope: {Type: cluster}}]} | {AccessPolicies: [{PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy', AccessScope: {Type: cluster}}]} | {ClusterName: c, PrincipalArn: p}
danger | EKS::Nodegroup | {RemoteAccess: {Ec2SshKey: k, SourceSecurityGroups: [sg-1]}} | {RemoteAccess: {Ec2SshKey: k}} | {ClusterName: c, NodeRole: r, Subnets: [s]}
clean | EKS::Nodegroup | {ScalingConfig: {MinSize: 2, MaxSize: 4, DesiredSize: 2}} | {ScalingConfig: {MinSize: 2, MaxSize: 8, DesiredSize: 2}} | {ClusterName: c, NodeRole: r, Subnets: [s]}
clean | EKS::Cluster | {Logging: {ClusterLogging: {EnabledTypes: [{Type: api}]}}} | {Logging: {ClusterLogging: {EnabledTypes: [{Type: api}, {Type: audit}]}}} | {Name: c, RoleArn: r}
danger | RDS::DBInstance | {EnableIAMDatabaseAuthentication: true} | {EnableIAMDatabaseAuthentication: false} | {Engine: postgres}
clean | RDS::DBInstance | {BackupRetentionPeriod: 7} | {BackupRetentionPeriod: 14} | {Engine: postgres}
clean | RDS::DBCluster | {EnablePerformanceInsights: false} | {EnablePerformanceInsights: true} | {Engine: aurora-postgresql}
danger | RDS::DBProxy | {RequireTLS: true} | {RequireTLS: false} | {DBProxyName: p, EngineFamily: POSTGRESQL}
caution | RDS::DBProxy | {Auth: [{IAMAuth: DISABLED, SecretArn: a}]} | {Auth: [{IAMAuth: DISABLED, SecretArn: b}]} | {DBProxyName: p, EngineFamily: POSTGRESQL}
caution | ElastiCache::User | {AccessString: 'on ~app:* +@read'} | {AccessString: 'on ~* +@all'} | {UserId: u, UserName: n, Engine: redis}
clean | ElastiCache::ReplicationGroup | {SnapshotRetentionLimit: 1} | {SnapshotRetentionLimit: 7} | {ReplicationGroupDescription: d}
caution | MemoryDB::User | {AccessString: 'on ~app:* +@read'} | {AccessString: 'on ~* +@all'} | {UserName: n}
danger | OpenSearchServerless::SecurityPolicy | {Policy: '[{"Rules":[{"ResourceType":"collection","Resource":["collection/a"]}],"AllowFromPublic":false,"SourceVPCEs":["vpce-1"]}]'} | {Policy: '[{"Rules":[{"ResourceType":"collection","Resource":["collection/a"]}],"AllowFromPublic":true}]'} | {Name: n, Type: network}
clean | OpenSearchServerless::Collection | {Description: a} | {Description: b} | {Name: n, Type: SEARCH}
caution | Redshift::Cluster | {EnhancedVpcRouting: true} | {EnhancedVpcRouting: false} | {NodeType: ra3.xlplus}
clean | Redshift::Cluster | {AutomatedSnapshotRetentionPeriod: 1} | {AutomatedSnapshotRetentionPeriod: 14} | {NodeType: ra3.xlplus}
caution | Kinesis::Stream | {RetentionPeriodHours: 168} | {RetentionPeriodHours: 24} | {Name: s}
clean | Kinesis::Stream | {ShardCount: 2} | {ShardCount: 4} | {Name: s}
caution | KinesisFirehose::DeliveryStream | {HttpEndpointDestinationConfiguration: {EndpointConfiguration: {Url: 'https://a.example'}}} | {HttpEndpointDestinationConfiguration: {EndpointConfiguration: {Url: 'https://b.example'}}} | {DeliveryStreamType: DirectPut}
clean | KinesisFirehose::DeliveryStream | {S3DestinationConfiguration: {BucketARN: b, RoleARN: r, BufferingHints: {IntervalInSeconds: 300}}} | {S3DestinationConfiguration: {BucketARN: b, RoleARN: r, BufferingHints: {IntervalInSeconds: 60}}} | {DeliveryStreamType: DirectPut}
danger | MSK::Cluster | {ClientAuthentication: {Unauthenticated: {Enabled: false}, Sasl: {Iam: {Enabled: true}}}} | {ClientAuthentication: {Unauthenticated: {Enabled: true}, Sasl: {Iam: {Enabled: true}}}} | {ClusterName: c}
clean | MSK::Cluster | {OpenMonitoring: {Prometheus: {JmxExporter: {EnabledInBroker: false}}}} | {OpenMonitoring: {Prometheus: {JmxExporter: {EnabledInBroker: true}}}} | {ClusterName: c}
caution | AmazonMQ::Broker | {AutoMinorVersionUpgrade: true, Logs: {General: true, Audit: true}} | {AutoMinorVersionUpgrade: true, Logs: {General: true, Audit: false}} | {BrokerName: b, EngineType: ACTIVEMQ}
clean | AmazonMQ::Broker | {Logs: {General: false}} | {Logs: {General: true}} | {BrokerName: b, EngineType: ACTIVEMQ}
caution | Glue::Job | {Role: 'arn:aws:iam::111122223333:role/a'} | {Role: 'arn:aws:iam::111122223333:role/admin'} | {Command: {Name: glueetl, ScriptLocation: s}}
clean | Glue::Job | {NumberOfWorkers: 2} | {NumberOfWorkers: 10} | {Role: r, Command: {Name: glueetl, ScriptLocation: s}}
caution | Glue::Crawler | {Targets: {S3Targets: [{Path: 's3://a/orders/'}]}} | {Targets: {S3Targets: [{Path: 's3://a/'}]}} | {Role: r}
caution | Athena::WorkGroup | {WorkGroupConfiguration: {ResultConfiguration: {OutputLocation: 's3://results/a/'}}} | {WorkGroupConfiguration: {ResultConfiguration: {OutputLocation: 's3://public/a/'}}} | {Name: w}
clean | Athena::WorkGroup | {WorkGroupConfiguration: {PublishCloudWatchMetricsEnabled: false}} | {WorkGroupConfiguration: {PublishCloudWatchMetricsEnabled: true}} | {Name: w}
caution | LakeFormation::DataLakeSettings | {AllowExternalDataFiltering: false} | {AllowExternalDataFiltering: true}
caution | QuickSight::Folder | {Permissions: [{Principal: a, Actions: ['quicksight:DescribeFolder']}]} | {Permissions: [{Principal: a, Actions: ['quicksight:DescribeFolder', 'quicksight:DeleteFolder']}]} | {AwsAccountId: '1', FolderId: f}
clean | QuickSight::Analysis | {Name: sales} | {Name: sales 2026} | {AwsAccountId: '1', AnalysisId: a}
caution | Logs::SubscriptionFilter | {DestinationArn: 'arn:aws:lambda:eu-west-1:111122223333:function:a'} | {DestinationArn: 'arn:aws:lambda:eu-west-1:444455556666:function:b'} | {LogGroupName: g, FilterPattern: ''}
clean | Logs::LogGroup | {RetentionInDays: 30} | {RetentionInDays: 90} | {LogGroupName: g}
clean | CloudWatch::Alarm | {AlarmDescription: a} | {AlarmDescription: see the runbook} | {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, Threshold: 1}
caution | CloudWatch::Alarm | {Threshold: 5} | {Threshold: 500} | {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: Errors, Namespace: AWS/Lambda}
clean | CloudWatch::Alarm | {AlarmActions: [a]} | {AlarmActions: [a, b]} | {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, Threshold: 1}
caution | Synthetics::Canary | {RunConfig: {EnvironmentVariables: {TARGET_HOST: shop.example}}} | {RunConfig: {EnvironmentVariables: {TARGET_HOST: staging.example}}} | {Name: c}
clean | Synthetics::Canary | {SuccessRetentionPeriod: 7} | {SuccessRetentionPeriod: 31} | {Name: c}
caution | SES::ReceiptRule | {Rule: {Enabled: true, ScanEnabled: true, Recipients: [a.example]}} | {Rule: {Enabled: true, ScanEnabled: false, Recipients: [a.example]}} | {RuleSetName: r}
danger | SES::ConfigurationSet | {DeliveryOptions: {TlsPolicy: REQUIRE}} | {DeliveryOptions: {TlsPolicy: OPTIONAL}} | {Name: c}
clean | SES::ConfigurationSet | {ReputationOptions: {ReputationMetricsEnabled: false}} | {ReputationOptions: {ReputationMetricsEnabled: true}} | {Name: c}
caution | Transfer::User | {HomeDirectory: /inbox/partner} | {HomeDirectory: /} | {ServerId: s, Role: r, UserName: u}
clean | Transfer::Server | {LoggingRole: a, StructuredLogDestinations: []} | {LoggingRole: a, StructuredLogDestinations: [l]} | {Protocols: [SFTP]}
caution | CodeBuild::Project | {Source: {Type: GITHUB, Location: 'https://github.com/acme/shop'}} | {Source: {Type: GITHUB, Location: 'https://github.com/other/shop'}} | {ServiceRole: r}
clean | CodeBuild::Project | {Environment: {ComputeType: BUILD_GENERAL1_SMALL}} | {Environment: {ComputeType: BUILD_GENERAL1_LARGE}} | {ServiceRole: r}
clean | CodeBuild::Project | {TimeoutInMinutes: 30} | {TimeoutInMinutes: 60} | {ServiceRole: r}
caution | SSM::Association | {Parameters: {commands: [yum update -y]}} | {Parameters: {commands: [curl -o x x.example]}} | {Name: AWS-RunShellScript}
caution | SSM::Document | {Content: {schemaVersion: '1.0', inputs: {s3EncryptionEnabled: true, runAsEnabled: false}}} | {Content: {schemaVersion: '1.0', inputs: {s3EncryptionEnabled: false, runAsEnabled: false}}} | {DocumentType: Session}
clean | SSM::Parameter | {Description: a} | {Description: b} | {Type: String, Value: v}
caution | SecretsManager::RotationSchedule | {RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:a'} | {RotationLambdaARN: 'arn:aws:lambda:eu-west-1:111122223333:function:b'} | {SecretId: s}
clean | SecretsManager::RotationSchedule | {RotationRules: {AutomaticallyAfterDays: 60}} | {RotationRules: {AutomaticallyAfterDays: 30}} | {SecretId: s}
clean | KMS::Key | {EnableKeyRotation: false} | {EnableKeyRotation: true} | {KeyPolicy: {}}
clean | KMS::Key | {PendingWindowInDays: 7} | {PendingWindowInDays: 30} | {KeyPolicy: {}}
caution | Backup::BackupSelection | {BackupSelection: {SelectionName: s, IamRoleArn: r, Resources: [a, b]}} | {BackupSelection: {SelectionName: s, IamRoleArn: r, Resources: [a]}} | {BackupPlanId: p}
danger | SageMaker::NotebookInstance | {RootAccess: Disabled} | {RootAccess: Enabled} | {InstanceType: ml.t3.medium, RoleArn: r}
caution | SageMaker::Endpoint | {EndpointConfigName: a} | {EndpointConfigName: b} | {EndpointName: e}
clean | SageMaker::NotebookInstance | {VolumeSizeInGB: 20} | {VolumeSizeInGB: 50} | {InstanceType: ml.t3.medium, RoleArn: r}
caution | Bedrock::Agent | {Instruction: Answer questions about orders and refuse all others politely.} | {Instruction: Answer all questions.} | {AgentName: a}
caution | Bedrock::Guardrail | {TopicPolicyConfig: {TopicsConfig: [{Name: legal, Type: DENY, Definition: d}]}} | {TopicPolicyConfig: {TopicsConfig: []}} | {Name: g}
clean | Bedrock::Agent | {IdleSessionTTLInSeconds: 600, Description: a} | {IdleSessionTTLInSeconds: 600, Description: b} | {AgentName: a}
caution | VpcLattice::Rule | {Action: {Forward: {TargetGroups: [{TargetGroupIdentifier: a, Weight: 90}, {TargetGroupIdentifier: b, Weight: 10}]}}} | {Action: {Forward: {TargetGroups: [{TargetGroupIdentifier: a, Weight: 10}, {TargetGroupIdentifier: b, Weight: 90}]}}} | {Priority: 1}
clean | VpcLattice::ServiceNetwork | {AuthType: NONE} | {AuthType: AWS_IAM} | {Name: n}
caution | GlobalAccelerator::EndpointGroup | {TrafficDialPercentage: 100} | {TrafficDialPercentage: 20} | {ListenerArn: l, EndpointGroupRegion: eu-west-1}
caution | Route53::RecordSet | {AliasTarget: {DNSName: a.example, HostedZoneId: z}} | {AliasTarget: {DNSName: b.example, HostedZoneId: z}} | {Name: n, Type: A}
clean | Route53::HostedZone | {HostedZoneConfig: {Comment: a}} | {HostedZoneConfig: {Comment: b}} | {Name: a.example}
caution | Route53Resolver::ResolverRule | {TargetIps: [{Ip: 10.0.0.2}]} | {TargetIps: [{Ip: 203.0.113.9}]} | {RuleType: FORWARD, DomainName: corp.example}
caution | WAFv2::IPSet | {Addresses: [203.0.113.0/24]} | {Addresses: [203.0.113.0/24, 0.0.0.0/1]} | {Scope: REGIONAL, IPAddressVersion: IPV4, Name: allow-list}
clean | WAFv2::WebACL | {Description: a} | {Description: b} | {Scope: REGIONAL, DefaultAction: {Allow: {}}, Rules: [], Name: w}
caution | NetworkFirewall::RuleGroup | {RuleGroup: {RulesSource: {RulesSourceList: {GeneratedRulesType: ALLOWLIST, Targets: [.acme.example], TargetTypes: [TLS_SNI]}}}} | {RuleGroup: {RulesSource: {RulesSourceList: {GeneratedRulesType: ALLOWLIST, Targets: [.acme.example, .pastebin.example], TargetTypes: [TLS_SNI]}}}} | {Type: STATEFUL, Capacity: 10, RuleGroupName: r}
caution | GuardDuty::IPSet | {Location: 's3://a/trusted.txt'} | {Location: 's3://b/trusted.txt'} | {DetectorId: d, Format: TXT, Activate: true}
clean | GuardDuty::Detector | {FindingPublishingFrequency: SIX_HOURS} | {FindingPublishingFrequency: FIFTEEN_MINUTES} | {Enable: true}
danger | IoT::Policy | {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'iot:Publish', Resource: 'arn:aws:iot:eu-west-1:111122223333:topic/a'}]}} | {PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'iot:*', Resource: '*'}]}} | {PolicyName: p}
caution | IoT::TopicRule | {TopicRulePayload: {Sql: "SELECT * FROM 'a/+'", Actions: [{Lambda: {FunctionArn: f}}]}} | {TopicRulePayload: {Sql: "SELECT * FROM 'b/+'", Actions: [{Lambda: {FunctionArn: f}}]}} | {RuleName: r}
caution | IoT::ThingType | {ThingTypeProperties: {ThingTypeDescription: a}} | {ThingTypeProperties: {ThingTypeDescription: b}} | {ThingTypeName: t}
danger | EFS::FileSystem | {FileSystemPolicy: {Statement: [{Effect: Deny, Principal: {AWS: '*'}, Action: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}]}} | {} | {Encrypted: true}
clean | EFS::FileSystem | {BackupPolicy: {Status: DISABLED}} | {BackupPolicy: {Status: ENABLED}} | {Encrypted: true}
caution | EFS::AccessPoint | {PosixUser: {Uid: '1000', Gid: '1000'}} | {PosixUser: {Uid: '0', Gid: '0'}} | {FileSystemId: f}
clean | DataSync::Task | {Options: {LogLevel: BASIC}} | {Options: {LogLevel: TRANSFER}} | {SourceLocationArn: s, DestinationLocationArn: d}
caution | Connect::Instance | {Attributes: {InboundCalls: true, OutboundCalls: false}} | {Attributes: {InboundCalls: true, OutboundCalls: true}} | {IdentityManagementType: SAML}
caution | MediaPackage::Channel | {IngressAccessLogs: {LogGroupName: a}} | {} | {Id: c}
clean | MediaConvert::Queue | {Description: a} | {Description: b} | {Name: q}
clean | Batch::ComputeEnvironment | {ComputeResources: {MaxvCpus: 16, Type: FARGATE, Subnets: [s]}} | {ComputeResources: {MaxvCpus: 64, Type: FARGATE, Subnets: [s]}} | {Type: MANAGED}
caution | Batch::JobQueue | {ComputeEnvironmentOrder: [{Order: 1, ComputeEnvironment: a}]} | {ComputeEnvironmentOrder: [{Order: 1, ComputeEnvironment: b}]} | {Priority: 1}
clean | AutoScaling::AutoScalingGroup | {MaxSize: '4'} | {MaxSize: '10'} | {MinSize: '2'}
clean | AppConfig::Environment | {Description: a} | {Description: b} | {ApplicationId: a, Name: e}
caution | ServiceCatalog::PortfolioPrincipalAssociation | {PrincipalARN: 'arn:aws:iam::111122223333:role/a'} | {PrincipalARN: 'arn:aws:iam:::role/*'} | {PortfolioId: p, PrincipalType: IAM}
caution | SSO::PermissionSet | {SessionDuration: PT1H} | {SessionDuration: PT12H} | {InstanceArn: i, Name: n}
clean | SSO::PermissionSet | {SessionDuration: PT8H} | {SessionDuration: PT1H} | {InstanceArn: i, Name: n}
caution | FIS::ExperimentTemplate | {StopConditions: [{Source: aws:cloudwatch:alarm, Value: a}]} | {StopConditions: [{Source: none}]} | {Description: d, RoleArn: r}
clean | Budgets::Budget | {Budget: {BudgetType: COST, TimeUnit: MONTHLY, BudgetLimit: {Amount: 1000, Unit: USD}}} | {Budget: {BudgetType: COST, TimeUnit: MONTHLY, BudgetLimit: {Amount: 800, Unit: USD}}}
clean | Evidently::Feature | {Description: a} | {Description: b} | {Name: f, Project: p}
caution | Evidently::Feature | {DefaultVariation: 'off'} | {DefaultVariation: beta} | {Name: f, Project: p}
caution | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: a, Environment: [{Name: ORDERS_TABLE, Value: orders}]}]} | {ContainerDefinitions: [{Name: web, Image: a, Environment: [{Name: ORDERS_TABLE, Value: other}]}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: a, Environment: [{Name: LOG_FORMAT, Value: text}]}]} | {ContainerDefinitions: [{Name: web, Image: a, Environment: [{Name: LOG_FORMAT, Value: json}]}]} | {Family: f}
caution | Batch::SchedulingPolicy | {FairsharePolicy: {ShareDistribution: [{ShareIdentifier: a, WeightFactor: 0.1}]}} | {FairsharePolicy: {ShareDistribution: [{ShareIdentifier: a, WeightFactor: 1}]}} | {Name: n}
caution | AppConfig::Deployment | {EnvironmentId: {Ref: Test}} | {EnvironmentId: {Ref: Live}} | {ApplicationId: a}
clean | ElasticBeanstalk::Environment | {OptionSettings: [{Namespace: 'aws:elasticbeanstalk:cloudwatch:logs', OptionName: StreamLogs, Value: disabled}]} | {OptionSettings: [{Namespace: 'aws:elasticbeanstalk:cloudwatch:logs', OptionName: StreamLogs, Value: enabled}]} | {ApplicationName: a}
`);
