import { rows } from './case';

/** Harmless changes, and harmless variants of dangerous ones. */
export const harmlessRows = rows(`
clean | ApiGateway::Deployment | {Description: a, RestApiId: r} | {Description: b, RestApiId: r}
clean | ApiGateway::DomainName | {SecurityPolicy: TLS_1_0} | {SecurityPolicy: TLS_1_2}
clean | ApiGateway::Method | - | {AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: a, HttpMethod: GET, ResourceId: r, RestApiId: x}
clean | ApiGateway::Method | - | {AuthorizationType: NONE, HttpMethod: OPTIONS, ResourceId: r, RestApiId: x, Integration: {Type: MOCK}}
clean | ApiGateway::Method | {AuthorizationType: NONE} | {AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: a} | {HttpMethod: GET}
clean | ApiGateway::Method | {Integration: {TimeoutInMillis: 10000}} | {Integration: {TimeoutInMillis: 29000}} | {AuthorizationType: AWS_IAM, HttpMethod: GET}
clean | ApiGateway::Model | - | {RestApiId: r, Schema: {}}
clean | ApiGateway::Resource | - | {PathPart: orders, ParentId: p, RestApiId: x}
clean | ApiGateway::RestApi | {Description: a} | {Description: b} | {Name: n}
clean | ApiGateway::RestApi | - | {Name: n, EndpointConfiguration: {Types: [REGIONAL]}}
clean | ApiGateway::RestApi | {} | {Policy: {Statement: [{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': [203.0.113.0/24]}}}]}}
clean | ApiGateway::RestApi | {} | {MinimumCompressionSize: 1024}
clean | ApiGateway::Stage | {} | {TracingEnabled: true}
clean | ApiGateway::Stage | {} | {AccessLogSetting: {DestinationArn: a}}
clean | ApiGateway::Stage | {MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', LoggingLevel: 'OFF'}]} | {MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', LoggingLevel: INFO, MetricsEnabled: true}]}
clean | ApiGateway::Stage | {Variables: {a: '1'}} | {Variables: {a: '1', b: '2'}}
clean | ApiGateway::Stage | {MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 1000}]} | {MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100}]}
clean | ApiGateway::Stage | {MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: false}]} | {MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: true, DataTraceEnabled: false}]}
clean | ApiGateway::UsagePlan | - | {UsagePlanName: u, Throttle: {RateLimit: 10, BurstLimit: 5}}
clean | ApiGatewayV2::Api | {CorsConfiguration: {AllowOrigins: ['https://a.example']}} | {CorsConfiguration: {AllowOrigins: ['https://a.example', 'https://b.example']}} | {Name: n, ProtocolType: HTTP}
clean | ApiGatewayV2::Api | - | {Name: n, ProtocolType: HTTP}
clean | ApiGatewayV2::Route | - | {RouteKey: GET /items, AuthorizationType: JWT, AuthorizerId: a, ApiId: x}
clean | ApiGatewayV2::Stage | {} | {DefaultRouteSettings: {ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50}} | {StageName: $default, ApiId: a}
clean | ApiGatewayV2::Stage | {DefaultRouteSettings: {DetailedMetricsEnabled: false}} | {DefaultRouteSettings: {DetailedMetricsEnabled: true}} | {StageName: $default, ApiId: a}
clean | AppSync::GraphQLApi | {} | {XrayEnabled: true} | {Name: n, AuthenticationType: AWS_IAM}
clean | AppSync::GraphQLApi | {} | {LogConfig: {FieldLogLevel: ERROR, CloudWatchLogsRoleArn: r}} | {Name: n, AuthenticationType: AWS_IAM}
clean | AppSync::GraphQLSchema | {Definition: 'type Query { a: String }'} | {Definition: 'type Query { a: String b: String }'} | {ApiId: a}
clean | AppSync::Resolver | - | {ApiId: a, TypeName: Query, FieldName: x}
clean | ApplicationAutoScaling::ScalableTarget | {MinCapacity: 2, MaxCapacity: 4} | {MinCapacity: 2, MaxCapacity: 10}
clean | ApplicationAutoScaling::ScalingPolicy | - | {PolicyType: TargetTrackingScaling, ScalingTargetId: t, TargetTrackingScalingPolicyConfiguration: {TargetValue: 60}}
clean | ApplicationAutoScaling::ScalingPolicy | {TargetTrackingScalingPolicyConfiguration: {TargetValue: 70}} | {TargetTrackingScalingPolicyConfiguration: {TargetValue: 50}} | {PolicyName: p}
clean | AutoScaling::AutoScalingGroup | {MinSize: '1', MaxSize: '4'} | {MinSize: '2', MaxSize: '8'}
clean | AutoScaling::AutoScalingGroup | {HealthCheckType: EC2} | {HealthCheckType: ELB, HealthCheckGracePeriod: 60} | {MinSize: '1', MaxSize: '4'}
clean | AutoScaling::AutoScalingGroup | {DesiredCapacity: '2'} | {DesiredCapacity: '4'} | {MinSize: '1', MaxSize: '6'}
clean | AutoScaling::AutoScalingGroup | {Tags: [{Key: a, Value: b, PropagateAtLaunch: true}]} | {Tags: [{Key: a, Value: c, PropagateAtLaunch: true}]} | {MinSize: '1', MaxSize: '2'}
clean | AutoScaling::AutoScalingGroup | {} | {MetricsCollection: [{Granularity: 1Minute}]} | {MinSize: '1', MaxSize: '2'}
clean | Backup::BackupPlan | {BackupPlan: {BackupPlanRule: [{RuleName: d, Lifecycle: {DeleteAfterDays: 7}}]}} | {BackupPlan: {BackupPlanRule: [{RuleName: d, Lifecycle: {DeleteAfterDays: 35}}]}}
clean | Backup::BackupPlan | - | {BackupPlan: {BackupPlanName: p, BackupPlanRule: [{RuleName: d, TargetBackupVault: v, Lifecycle: {DeleteAfterDays: 35}}]}}
clean | Backup::BackupSelection | {BackupSelection: {Resources: [a], SelectionName: s}, BackupPlanId: p} | {BackupSelection: {Resources: [a, b], SelectionName: s}, BackupPlanId: p}
clean | Backup::BackupVault | {} | {LockConfiguration: {MinRetentionDays: 30}} | {BackupVaultName: v}
clean | Batch::ComputeEnvironment | {ComputeResources: {MaxvCpus: 16, Type: FARGATE}} | {ComputeResources: {MaxvCpus: 64, Type: FARGATE}} | {Type: MANAGED}
clean | Batch::JobDefinition | {ContainerProperties: {Image: 'x:1', Memory: 2048}} | {ContainerProperties: {Image: 'x:2', Memory: 4096}} | {Type: container}
clean | Budgets::Budget | - | {Budget: {BudgetType: COST, TimeUnit: MONTHLY}}
clean | CDK::Metadata | {Analytics: a} | {Analytics: b}
clean | CertificateManager::Certificate | - | {DomainName: a.example, ValidationMethod: DNS}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {Compress: false}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {Compress: true}}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true}} | {DistributionConfig: {Enabled: true, Logging: {Bucket: b}}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, PriceClass: PriceClass_100}} | {DistributionConfig: {Enabled: true, PriceClass: PriceClass_All}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, Aliases: [a.example]}} | {DistributionConfig: {Enabled: true, Aliases: [a.example, b.example]}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true}} | {DistributionConfig: {Enabled: true, WebACLId: w}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, ViewerCertificate: {MinimumProtocolVersion: TLSv1.1_2016, AcmCertificateArn: a}}} | {DistributionConfig: {Enabled: true, ViewerCertificate: {MinimumProtocolVersion: TLSv1.2_2021, AcmCertificateArn: a}}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, CacheBehaviors: []}} | {DistributionConfig: {Enabled: true, CacheBehaviors: [{PathPattern: /img/*, TargetOriginId: o, ViewerProtocolPolicy: redirect-to-https}]}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, HttpVersion: http2}} | {DistributionConfig: {Enabled: true, HttpVersion: http2and3}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ResponseHeadersPolicyId: a}}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ViewerProtocolPolicy: allow-all}}} | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ViewerProtocolPolicy: redirect-to-https}}}
clean | CloudFront::Distribution | {DistributionConfig: {Enabled: true, CustomErrorResponses: []}} | {DistributionConfig: {Enabled: true, CustomErrorResponses: [{ErrorCode: 404, ResponsePagePath: /404.html, ResponseCode: 404}]}}
clean | CloudFront::Distribution | - | {DistributionConfig: {Enabled: true, DefaultCacheBehavior: {ViewerProtocolPolicy: redirect-to-https, TargetOriginId: o}, Origins: [{Id: o, DomainName: b.s3.amazonaws.com, OriginAccessControlId: c}], ViewerCertificate: {AcmCertificateArn: a, MinimumProtocolVersion: TLSv1.2_2021}}}
clean | CloudFront::Function | {FunctionCode: a} | {FunctionCode: b} | {Name: f, AutoPublish: true}
clean | CloudFront::ResponseHeadersPolicy | - | {ResponseHeadersPolicyConfig: {Name: n, SecurityHeadersConfig: {StrictTransportSecurity: {AccessControlMaxAgeSec: 63072000, Override: true}}}}
clean | CloudTrail::Trail | {EnableLogFileValidation: false} | {EnableLogFileValidation: true} | {S3BucketName: b, IsLogging: true}
clean | CloudWatch::Alarm | - | {ComparisonOperator: GreaterThanThreshold, Threshold: 1, EvaluationPeriods: 1, AlarmActions: [t]}
clean | CloudWatch::Alarm | {AlarmActions: [a]} | {AlarmActions: [a, b]} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1}
clean | CloudWatch::Alarm | {AlarmDescription: a} | {AlarmDescription: b} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1}
clean | CloudWatch::Alarm | {} | {OKActions: [t]} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1, AlarmActions: [t]}
clean | CloudWatch::Alarm | {Threshold: 5} | {Threshold: 3} | {ComparisonOperator: GreaterThanOrEqualToThreshold, EvaluationPeriods: 1, MetricName: Errors}
clean | CloudWatch::Alarm | {EvaluationPeriods: 3} | {EvaluationPeriods: 1} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1}
clean | CloudWatch::Alarm | {TreatMissingData: missing} | {TreatMissingData: breaching} | {ComparisonOperator: LessThanThreshold, Threshold: 1}
clean | CloudWatch::Alarm | - | {AlarmName: x, ComparisonOperator: GreaterThanThreshold, Threshold: 1, EvaluationPeriods: 1}
clean | CloudWatch::Alarm | {Period: 300} | {Period: 60} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1, EvaluationPeriods: 1}
clean | CloudWatch::Alarm | {AlarmActions: []} | {AlarmActions: [{Ref: T}]} | {ComparisonOperator: GreaterThanThreshold, Threshold: 1, EvaluationPeriods: 1}
clean | CloudWatch::CompositeAlarm | - | {AlarmRule: 'ALARM(a)', AlarmName: c}
clean | CloudWatch::Dashboard | - | {DashboardBody: '{}'}
clean | CloudWatch::Dashboard | {DashboardBody: '{"a":1}', DashboardName: d} | -
clean | CodeBuild::Project | {Environment: {ComputeType: BUILD_GENERAL1_SMALL}} | {Environment: {ComputeType: BUILD_GENERAL1_LARGE}} | {Artifacts: {Type: NO_ARTIFACTS}}
clean | CodeBuild::Project | {Source: {BuildSpec: a}} | {Source: {BuildSpec: b}} | {Artifacts: {Type: NO_ARTIFACTS}}
clean | CodeBuild::Project | {TimeoutInMinutes: 60} | {TimeoutInMinutes: 120} | {Artifacts: {Type: NO_ARTIFACTS}}
clean | CodeBuild::Project | {Environment: {EnvironmentVariables: [{Name: A, Value: '1'}]}} | {Environment: {EnvironmentVariables: [{Name: A, Value: '1'}, {Name: B, Value: '2'}]}} | {Artifacts: {Type: NO_ARTIFACTS}}
clean | CodeBuild::Project | {LogsConfig: {CloudWatchLogs: {Status: DISABLED}}} | {LogsConfig: {CloudWatchLogs: {Status: ENABLED}}} | {Artifacts: {Type: NO_ARTIFACTS}}
clean | CodeDeploy::DeploymentGroup | {} | {AutoRollbackConfiguration: {Enabled: true, Events: [DEPLOYMENT_FAILURE]}} | {ApplicationName: a, ServiceRoleArn: r}
clean | CodePipeline::Pipeline | {Stages: [{Name: Source}, {Name: Deploy}]} | {Stages: [{Name: Source}, {Name: Test}, {Name: Deploy}]} | {RoleArn: r}
clean | CodePipeline::Pipeline | {RestartExecutionOnUpdate: false} | {RestartExecutionOnUpdate: true} | {RoleArn: r, Stages: []}
clean | Cognito::UserPool | {Policies: {PasswordPolicy: {MinimumLength: 8}}} | {Policies: {PasswordPolicy: {MinimumLength: 12, RequireSymbols: true}}}
clean | Cognito::UserPool | {EmailVerificationSubject: a} | {EmailVerificationSubject: b}
clean | Cognito::UserPool | {Schema: [{Name: email, Required: true}]} | {Schema: [{Name: email, Required: true}, {Name: team, AttributeDataType: String, Mutable: true}]}
clean | Cognito::UserPool | {AdminCreateUserConfig: {AllowAdminCreateUserOnly: false}} | {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}}
clean | Cognito::UserPool | {MfaConfiguration: 'OFF'} | {MfaConfiguration: OPTIONAL, EnabledMfas: [SOFTWARE_TOKEN_MFA]}
clean | Cognito::UserPool | {UserPoolAddOns: {AdvancedSecurityMode: AUDIT}} | {UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}}
clean | Cognito::UserPoolClient | - | {ClientName: mobile, UserPoolId: p, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
clean | Cognito::UserPoolClient | {AccessTokenValidity: 24} | {AccessTokenValidity: 1}
clean | Cognito::UserPoolClient | {PreventUserExistenceErrors: LEGACY} | {PreventUserExistenceErrors: ENABLED}
clean | Cognito::UserPoolGroup | - | {GroupName: admins, UserPoolId: p}
clean | Config::ConfigRule | - | {ConfigRuleName: r}
clean | Custom::AWS | {Create: '{"a":1}', Update: '{"a":1}'} | {Create: '{"a":2}', Update: '{"a":2}'}
clean | Custom::CDKBucketDeployment | {SourceObjectKeys: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.zip]} | {SourceObjectKeys: [bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.zip]} | {DestinationBucketName: b}
clean | Custom::LogRetention | {RetentionInDays: 7} | {RetentionInDays: 30}
clean | Custom::S3AutoDeleteObjects | - | {ServiceToken: s, BucketName: b}
clean | DMS::ReplicationInstance | - | {PubliclyAccessible: false, ReplicationInstanceClass: dms.t3.medium}
clean | DocDB::DBCluster | {BackupRetentionPeriod: 7} | {BackupRetentionPeriod: 14} | {StorageEncrypted: true}
clean | DocDB::DBCluster | {} | {DeletionProtection: true} | {StorageEncrypted: true}
clean | DynamoDB::GlobalTable | {Replicas: [{Region: eu-west-1}]} | {Replicas: [{Region: eu-west-1}, {Region: eu-central-1}]}
clean | DynamoDB::GlobalTable | {Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: false}]} | {Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: true}]}
clean | DynamoDB::GlobalTable | - | {Replicas: [{Region: eu-west-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, DeletionProtectionEnabled: true}], BillingMode: PAY_PER_REQUEST}
clean | DynamoDB::Table | {ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}} | {ProvisionedThroughput: {ReadCapacityUnits: 50, WriteCapacityUnits: 50}}
clean | DynamoDB::Table | {DeletionProtectionEnabled: false} | {DeletionProtectionEnabled: true}
clean | DynamoDB::Table | {} | {StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}}
clean | DynamoDB::Table | {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]} | {AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: email, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], GlobalSecondaryIndexes: [{IndexName: byEmail, KeySchema: [{AttributeName: email, KeyType: HASH}], Projection: {ProjectionType: ALL}}]}
clean | DynamoDB::Table | - | {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, SSESpecification: {SSEEnabled: true}}
clean | DynamoDB::Table | - | {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST, TimeToLiveSpecification: {AttributeName: exp, Enabled: true}}
clean | DynamoDB::Table | {} | {SSESpecification: {SSEEnabled: true, SSEType: KMS}}
clean | DynamoDB::Table | {TableClass: STANDARD} | {TableClass: STANDARD_INFREQUENT_ACCESS}
clean | DynamoDB::Table | {} | {ContributorInsightsSpecification: {Enabled: true}}
clean | DynamoDB::Table | {} | {Tags: [{Key: a, Value: b}], DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}
clean | DynamoDB::Table | {ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}, BillingMode: PROVISIONED} | {BillingMode: PAY_PER_REQUEST}
clean | DynamoDB::Table | {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7}} | {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35}}
clean | EC2::FlowLog | - | {ResourceId: v, TrafficType: ALL, ResourceType: VPC}
clean | EC2::Instance | {Tags: [{Key: a, Value: b}]} | {Tags: [{Key: a, Value: c}]} | {ImageId: a}
clean | EC2::Instance | {DisableApiTermination: false} | {DisableApiTermination: true} | {ImageId: a}
clean | EC2::Instance | {Monitoring: false} | {Monitoring: true} | {ImageId: a}
clean | EC2::Instance | {EbsOptimized: false} | {EbsOptimized: false, Tags: [{Key: Name, Value: a}]} | {ImageId: a}
clean | EC2::Instance | - | {ImageId: a, InstanceType: t3.micro, SubnetId: {Ref: Private}, MetadataOptions: {HttpTokens: required}, BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {Encrypted: true}}]}
clean | EC2::LaunchTemplate | {LaunchTemplateData: {MetadataOptions: {HttpTokens: optional}}} | {LaunchTemplateData: {MetadataOptions: {HttpTokens: required}}}
clean | EC2::NatGateway | - | {SubnetId: s, AllocationId: a}
clean | EC2::Route | - | {RouteTableId: {Ref: R}, DestinationCidrBlock: 10.9.0.0/16, VpcPeeringConnectionId: p}
clean | EC2::SecurityGroup | - | {GroupDescription: g, VpcId: v, SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]}
clean | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16, Description: a}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16, Description: b}]} | {GroupDescription: g}
clean | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: a}, {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: a}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: a}, {IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: a}]} | {GroupDescription: g}
clean | EC2::SecurityGroup | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}, {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: a}]} | {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: a}]} | {GroupDescription: g}
clean | EC2::SecurityGroupIngress | - | {GroupId: {'Fn::GetAtt': [G, GroupId]}, IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: {'Fn::GetAtt': [H, GroupId]}}
clean | EC2::Subnet | - | {CidrBlock: 10.0.9.0/24, VpcId: v, MapPublicIpOnLaunch: false}
clean | EC2::VPC | {EnableDnsHostnames: false} | {EnableDnsHostnames: true} | {CidrBlock: 10.0.0.0/16}
clean | EC2::VPCEndpoint | - | {VpcEndpointType: Gateway, ServiceName: com.amazonaws.eu-west-1.s3, VpcId: v}
clean | EC2::VPCEndpoint | - | {VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.secretsmanager, VpcId: v, PrivateDnsEnabled: true}
clean | EC2::Volume | {Size: 100} | {Size: 200}
clean | ECR::Repository | {ImageTagMutability: MUTABLE} | {ImageTagMutability: IMMUTABLE}
clean | ECR::Repository | - | {ImageScanningConfiguration: {ScanOnPush: true}, RepositoryName: r}
clean | ECR::Repository | {LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"selection":{"countNumber":10}}]}'}} | {LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"selection":{"countNumber":50}}]}'}}
clean | ECS::Cluster | {} | {ClusterSettings: [{Name: containerInsights, Value: enabled}]}
clean | ECS::Service | {DesiredCount: 2} | {DesiredCount: 6}
clean | ECS::Service | {} | {DeploymentConfiguration: {DeploymentCircuitBreaker: {Enable: true, Rollback: true}}}
clean | ECS::Service | {HealthCheckGracePeriodSeconds: 60} | {HealthCheckGracePeriodSeconds: 120}
clean | ECS::Service | {TaskDefinition: {Ref: A}} | {TaskDefinition: {Ref: A}, PropagateTags: SERVICE}
clean | ECS::Service | - | {Cluster: c, DesiredCount: 2, LaunchType: FARGATE, NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: DISABLED, Subnets: [a, b]}}}
clean | ECS::Service | {DeploymentConfiguration: {MinimumHealthyPercent: 50}} | {DeploymentConfiguration: {MinimumHealthyPercent: 100}}
clean | ECS::Service | {EnableExecuteCommand: true} | {EnableExecuteCommand: false}
clean | ECS::Service | {TaskDefinition: {Ref: A}, DesiredCount: 2} | {TaskDefinition: {Ref: A}, DesiredCount: 2, Tags: [{Key: a, Value: b}]}
clean | ECS::Service | {CapacityProviderStrategy: [{CapacityProvider: FARGATE, Weight: 1}]} | {CapacityProviderStrategy: [{CapacityProvider: FARGATE, Weight: 1, Base: 2}]}
clean | ECS::Service | {} | {DeploymentConfiguration: {Alarms: {AlarmNames: [a], Enable: true, Rollback: true}}}
clean | ECS::Service | {DeploymentConfiguration: {MaximumPercent: 150}} | {DeploymentConfiguration: {MaximumPercent: 200}}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.2'}]} | {ContainerDefinitions: [{Name: web, Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.3'}]} | {Family: f}
clean | ECS::TaskDefinition | {Cpu: '256', Memory: '512'} | {Cpu: '512', Memory: '1024'} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, Environment: [{Name: A, Value: b}]}]} | {ContainerDefinitions: [{Name: web, Image: i, Environment: [{Name: A, Value: c}, {Name: B, Value: d}]}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i}]} | {ContainerDefinitions: [{Name: web, Image: i, HealthCheck: {Command: [CMD, curl]}}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: web, Image: i, Secrets: [{Name: A, ValueFrom: s}]}]} | {ContainerDefinitions: [{Name: web, Image: i, Secrets: [{Name: A, ValueFrom: s}, {Name: B, ValueFrom: t}]}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: 'x:sha-1'}]} | {ContainerDefinitions: [{Name: w, Image: 'x:sha-2'}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, ReadonlyRootFilesystem: false}]} | {ContainerDefinitions: [{Name: w, Image: i, ReadonlyRootFilesystem: true}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: g, awslogs-stream-prefix: a}}}]} | {ContainerDefinitions: [{Name: w, Image: i, LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: g, awslogs-stream-prefix: b}}}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, Environment: [{Name: A, Value: b}]}]} | {ContainerDefinitions: [{Name: w, Image: i, Environment: [{Name: A, Value: b}, {Name: NEW_FEATURE, Value: 'true'}]}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, Memory: 512}]} | {ContainerDefinitions: [{Name: w, Image: i, Memory: 1024}]} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, Environment: [{Name: PASSWORD, Value: x}]}]} | {ContainerDefinitions: [{Name: w, Image: i, Secrets: [{Name: PASSWORD, ValueFrom: s}]}]} | {Family: f}
clean | ECS::TaskDefinition | {RuntimePlatform: {CpuArchitecture: X86_64}} | {RuntimePlatform: {CpuArchitecture: X86_64, OperatingSystemFamily: LINUX}} | {Family: f}
clean | ECS::TaskDefinition | {ContainerDefinitions: [{Name: w, Image: i, StopTimeout: 30}]} | {ContainerDefinitions: [{Name: w, Image: i, StopTimeout: 60}]} | {Family: f}
clean | EFS::AccessPoint | - | {FileSystemId: f, PosixUser: {Uid: '1000', Gid: '1000'}}
clean | EFS::FileSystem | {} | {BackupPolicy: {Status: ENABLED}} | {Encrypted: true}
clean | EFS::FileSystem | {} | {LifecyclePolicies: [{TransitionToIA: AFTER_30_DAYS}]} | {Encrypted: true}
clean | EKS::Addon | - | {ClusterName: c, AddonName: coredns}
clean | EKS::Cluster | {Logging: {ClusterLogging: {EnabledTypes: [{Type: api}]}}} | {Logging: {ClusterLogging: {EnabledTypes: [{Type: api}, {Type: audit}]}}} | {Name: c}
clean | EKS::Cluster | {ResourcesVpcConfig: {PublicAccessCidrs: ['0.0.0.0/0']}} | {ResourcesVpcConfig: {PublicAccessCidrs: ['203.0.113.0/24']}} | {Name: c}
clean | EKS::Nodegroup | - | {ClusterName: c, NodeRole: r, Subnets: [a, b], ScalingConfig: {MinSize: 1, MaxSize: 3}}
clean | EKS::Nodegroup | {ScalingConfig: {MinSize: 2, MaxSize: 4, DesiredSize: 2}} | {ScalingConfig: {MinSize: 2, MaxSize: 10, DesiredSize: 3}} | {ClusterName: c}
clean | EKS::Nodegroup | {Labels: {a: b}} | {Labels: {a: b, c: d}} | {ClusterName: c}
clean | ElastiCache::ReplicationGroup | {SnapshotRetentionLimit: 1} | {SnapshotRetentionLimit: 7} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
clean | ElastiCache::ReplicationGroup | {NumCacheClusters: 2} | {NumCacheClusters: 3} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
clean | ElastiCache::ReplicationGroup | {AutomaticFailoverEnabled: false, MultiAZEnabled: false} | {AutomaticFailoverEnabled: true, MultiAZEnabled: true} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
clean | ElastiCache::ReplicationGroup | - | {ReplicationGroupDescription: r, AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true, AutomaticFailoverEnabled: true, MultiAZEnabled: true, SnapshotRetentionLimit: 7}
clean | ElastiCache::ReplicationGroup | {} | {LogDeliveryConfigurations: [{LogType: slow-log}]} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
clean | ElasticLoadBalancingV2::Listener | {SslPolicy: ELBSecurityPolicy-2016-08} | {SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06} | {Port: 443, Protocol: HTTPS}
clean | ElasticLoadBalancingV2::Listener | - | {Port: 443, Protocol: HTTPS, LoadBalancerArn: l, Certificates: [{CertificateArn: c}], SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06, DefaultActions: [{Type: forward, TargetGroupArn: t}]}
clean | ElasticLoadBalancingV2::Listener | - | {Port: 80, Protocol: HTTP, LoadBalancerArn: l, DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, Port: '443', StatusCode: HTTP_301}}]}
clean | ElasticLoadBalancingV2::ListenerRule | - | {Priority: 5, ListenerArn: l, Conditions: [{Field: path-pattern, Values: [/api/*]}], Actions: [{Type: forward, TargetGroupArn: t}]}
clean | ElasticLoadBalancingV2::LoadBalancer | {} | {LoadBalancerAttributes: [{Key: access_logs.s3.enabled, Value: 'true'}, {Key: access_logs.s3.bucket, Value: b}]}
clean | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: idle_timeout.timeout_seconds, Value: '60'}]} | {LoadBalancerAttributes: [{Key: idle_timeout.timeout_seconds, Value: '120'}]}
clean | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'false'}]} | {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'true'}]}
clean | ElasticLoadBalancingV2::LoadBalancer | - | {Scheme: internal, Type: application, Subnets: [a, b]}
clean | ElasticLoadBalancingV2::LoadBalancer | {LoadBalancerAttributes: [{Key: routing.http.drop_invalid_header_fields.enabled, Value: 'false'}]} | {LoadBalancerAttributes: [{Key: routing.http.drop_invalid_header_fields.enabled, Value: 'true'}]}
clean | ElasticLoadBalancingV2::TargetGroup | - | {Port: 80, Protocol: HTTP, VpcId: v, HealthCheckPath: /health}
clean | ElasticLoadBalancingV2::TargetGroup | {HealthCheckIntervalSeconds: 30} | {HealthCheckIntervalSeconds: 10}
clean | ElasticLoadBalancingV2::TargetGroup | {TargetGroupAttributes: [{Key: stickiness.enabled, Value: 'false'}]} | {TargetGroupAttributes: [{Key: stickiness.enabled, Value: 'true'}]}
clean | Events::Archive | - | {SourceArn: b, RetentionDays: 30}
clean | Events::EventBus | - | {Name: orders}
clean | Events::Rule | - | {ScheduleExpression: rate(1 hour), State: ENABLED, Targets: [{Id: a, Arn: x}]}
clean | Events::Rule | {Targets: [{Id: a, Arn: x}]} | {Targets: [{Id: a, Arn: x, DeadLetterConfig: {Arn: q}}]} | {ScheduleExpression: rate(1 hour)}
clean | Events::Rule | {Targets: [{Id: a, Arn: x}]} | {Targets: [{Id: a, Arn: x}, {Id: b, Arn: y}]} | {ScheduleExpression: rate(1 hour)}
clean | Events::Rule | {Description: a} | {Description: b} | {ScheduleExpression: rate(1 hour)}
clean | Events::Rule | {EventPattern: {source: [a]}} | {EventPattern: {source: [a, b]}}
clean | Events::Rule | {State: DISABLED} | {State: ENABLED} | {ScheduleExpression: rate(1 hour)}
clean | Glue::Crawler | - | {Role: r, Targets: {S3Targets: [{Path: p}]}}
clean | Glue::Job | {MaxRetries: 0} | {MaxRetries: 2} | {Role: r}
clean | Glue::Job | {NumberOfWorkers: 2} | {NumberOfWorkers: 10} | {Role: r}
clean | Glue::Job | {Command: {ScriptLocation: 's3://b/1.py'}} | {Command: {ScriptLocation: 's3://b/2.py'}} | {Role: r}
clean | Glue::Job | {GlueVersion: '4.0'} | {GlueVersion: '4.0', Tags: {a: b}} | {Role: r}
clean | Glue::Table | {TableInput: {Name: t, Parameters: {a: '1'}}} | {TableInput: {Name: t, Parameters: {a: '2'}}} | {DatabaseName: d}
clean | GuardDuty::Detector | - | {Enable: true}
clean | GuardDuty::Detector | {Enable: true} | {Enable: true, Features: [{Name: EKS_AUDIT_LOGS, Status: ENABLED}]}
clean | IAM::ManagedPolicy | {Description: a} | {Description: a, Path: /} | {PolicyDocument: {Statement: []}}
clean | IAM::Policy | - | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: {'Fn::GetAtt': [T, Arn]}}]}}
clean | IAM::Policy | {PolicyName: p, Roles: [r], PolicyDocument: {Statement: [{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject'], Resource: a}]}} | {PolicyName: p, Roles: [r], PolicyDocument: {Statement: [{Effect: Allow, Action: ['s3:PutObject', 's3:GetObject'], Resource: a}]}}
clean | IAM::Policy | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: {Ref: B}}]}} | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: ['s3:GetObject', 's3:ListBucket'], Resource: {Ref: B}}]}}
clean | IAM::Policy | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: {Ref: Q}}]}} | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: {Ref: Q}, Condition: {Bool: {'aws:SecureTransport': 'true'}}}]}}
clean | IAM::Policy | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*'}]}} | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'cloudwatch:PutMetricData'], Resource: '*'}]}}
clean | IAM::Policy | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 'logs:CreateLogStream', Resource: '*'}, {Effect: Allow, Action: 's3:GetObject', Resource: {Ref: B}}]}} | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: {Ref: B}}, {Effect: Allow, Action: 'logs:CreateLogStream', Resource: '*'}]}}
clean | IAM::Role | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}}]} | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}}]}
clean | IAM::Role | - | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']}
clean | IAM::Role | {MaxSessionDuration: 43200} | {MaxSessionDuration: 3600}
clean | IAM::Role | {Description: a} | {Description: b}
clean | IAM::Role | {Policies: [{PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*']}]}}]} | {Policies: [{PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}}]}
clean | IAM::Role | {} | {PermissionsBoundary: b}
clean | IAM::Role | - | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}]}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: {'Fn::GetAtt': [T, Arn]}}]}}]}
clean | IAM::Role | {ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']} | {ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole']}
clean | KMS::Alias | - | {AliasName: alias/x, TargetKeyId: k}
clean | KMS::Key | {PendingWindowInDays: 7} | {PendingWindowInDays: 30}
clean | KMS::Key | {Description: a} | {Description: b}
clean | KMS::Key | - | {EnableKeyRotation: true, KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: {'Fn::Join': ['', ['arn:', {Ref: 'AWS::Partition'}, ':iam::', {Ref: 'AWS::AccountId'}, ':root']]}}, Action: 'kms:*', Resource: '*'}]}}
clean | KMS::Key | {MultiRegion: false} | {MultiRegion: false, Tags: [{Key: a, Value: b}]}
clean | Kinesis::Stream | {ShardCount: 2} | {ShardCount: 4}
clean | Kinesis::Stream | {RetentionPeriodHours: 24} | {RetentionPeriodHours: 168}
clean | Kinesis::Stream | {} | {StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}}
clean | Kinesis::Stream | - | {ShardCount: 1, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}}
clean | Kinesis::Stream | {ShardCount: 2, StreamModeDetails: {StreamMode: PROVISIONED}} | {StreamModeDetails: {StreamMode: ON_DEMAND}}
clean | KinesisFirehose::DeliveryStream | {ExtendedS3DestinationConfiguration: {BufferingHints: {SizeInMBs: 5}}} | {ExtendedS3DestinationConfiguration: {BufferingHints: {SizeInMBs: 64}}}
clean | KinesisFirehose::DeliveryStream | {ExtendedS3DestinationConfiguration: {CompressionFormat: UNCOMPRESSED}} | {ExtendedS3DestinationConfiguration: {CompressionFormat: GZIP}}
clean | Lambda::Alias | {FunctionVersion: '1'} | {FunctionVersion: '2'} | {FunctionName: f, Name: live}
clean | Lambda::Alias | {} | {ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}} | {FunctionName: f, Name: live, FunctionVersion: '1'}
clean | Lambda::EventInvokeConfig | - | {FunctionName: f, Qualifier: $LATEST, MaximumRetryAttempts: 2}
clean | Lambda::EventSourceMapping | - | {FunctionName: f, EventSourceArn: q, BatchSize: 10}
clean | Lambda::EventSourceMapping | {BatchSize: 10} | {BatchSize: 100} | {FunctionName: f, EventSourceArn: q}
clean | Lambda::EventSourceMapping | {} | {ScalingConfig: {MaximumConcurrency: 20}} | {FunctionName: f, EventSourceArn: q}
clean | Lambda::EventSourceMapping | {} | {FunctionResponseTypes: [ReportBatchItemFailures]} | {FunctionName: f, EventSourceArn: q}
clean | Lambda::EventSourceMapping | {MaximumBatchingWindowInSeconds: 5} | {MaximumBatchingWindowInSeconds: 0} | {FunctionName: f, EventSourceArn: q}
clean | Lambda::Function | - | {Runtime: nodejs22.x, Handler: index.handler, Role: r, Code: {S3Bucket: b, S3Key: k.zip}, Timeout: 10}
clean | Lambda::Function | {Timeout: 3} | {Timeout: 30}
clean | Lambda::Function | {MemorySize: 256} | {MemorySize: 1024}
clean | Lambda::Function | {EphemeralStorage: {Size: 512}} | {EphemeralStorage: {Size: 1024}}
clean | Lambda::Function | {} | {DeadLetterConfig: {TargetArn: q}}
clean | Lambda::Function | {} | {TracingConfig: {Mode: Active}}
clean | Lambda::Function | {ReservedConcurrentExecutions: 5} | {ReservedConcurrentExecutions: 50}
clean | Lambda::Function | {Layers: [a]} | {Layers: [b]}
clean | Lambda::Function | {Environment: {Variables: {TABLE: {Ref: T}}}} | {Environment: {Variables: {TABLE: {Ref: T}, FEATURE_X: 'on'}}}
clean | Lambda::Function | {Code: {S3Bucket: b, S3Key: old/1.zip}} | {Code: {S3Bucket: b, S3Key: new/2.zip}}
clean | Lambda::Function | {Code: {ZipFile: 'exports.handler=1'}} | {Code: {ZipFile: 'exports.handler=2'}} | {Runtime: nodejs22.x}
clean | Lambda::Function | {Runtime: python3.11} | {Runtime: python3.13}
clean | Lambda::Function | {} | {LoggingConfig: {LogFormat: JSON}}
clean | Lambda::Function | {} | {SnapStart: {ApplyOn: PublishedVersions}}
clean | Lambda::Function | {Timeout: 30} | {Timeout: 25}
clean | Lambda::Function | {MemorySize: 1024} | {MemorySize: 1769}
clean | Lambda::Function | {Environment: {Variables: {LOG_LEVEL: INFO, A: '1'}}} | {Environment: {Variables: {LOG_LEVEL: DEBUG, A: '2'}}}
clean | Lambda::Function | {Tags: [{Key: a, Value: b}]} | {}
clean | Lambda::Function | {} | {FunctionName: x, Description: new} | {Runtime: nodejs22.x, FunctionName: x}
clean | Lambda::Function | {DeadLetterConfig: {TargetArn: q}} | {DeadLetterConfig: {TargetArn: q}, RecursiveLoop: Terminate}
clean | Lambda::Function | - | {Runtime: python3.12, Handler: i.h, Role: {'Fn::GetAtt': [R, Arn]}, Code: {S3Bucket: b, S3Key: k}, Environment: {Variables: {QUEUE_URL: {Ref: Q}}}, ReservedConcurrentExecutions: 10, DeadLetterConfig: {TargetArn: q}, TracingConfig: {Mode: Active}}
clean | Lambda::Function | {Code: {ImageUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1'}} | {Code: {ImageUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:2'}} | {PackageType: Image}
clean | Lambda::Function | {Environment: {Variables: {API_URL: 'https://a.example'}}} | {Environment: {Variables: {API_URL: 'https://b.example'}}}
clean | Lambda::Function | {Layers: ['arn:aws:lambda:eu-west-1:1:layer:a:1']} | {Layers: ['arn:aws:lambda:eu-west-1:1:layer:a:2']}
clean | Lambda::Function | {} | {ReservedConcurrentExecutions: 50}
clean | Lambda::Function | {} | {VpcConfig: {SubnetIds: [a, b], SecurityGroupIds: [g]}}
clean | Lambda::Function | {Environment: {Variables: {NODE_OPTIONS: '--enable-source-maps'}}} | {Environment: {Variables: {NODE_OPTIONS: '--enable-source-maps --max-old-space-size=512'}}}
clean | Lambda::LayerVersion | {Content: {S3Key: a}} | {Content: {S3Key: b}}
clean | Lambda::Permission | - | {FunctionName: f, Action: lambda:InvokeFunction, Principal: events.amazonaws.com, SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/r'}
clean | Lambda::Url | - | {AuthType: AWS_IAM, TargetFunctionArn: f}
clean | Lambda::Version | {CodeSha256: a, FunctionName: f} | {CodeSha256: b, FunctionName: f}
clean | Logs::LogGroup | {RetentionInDays: 7} | {RetentionInDays: 365}
clean | Logs::LogGroup | - | {RetentionInDays: 30}
clean | Logs::LogGroup | {} | {KmsKeyId: k}
clean | Logs::LogGroup | {RetentionInDays: 14} | {RetentionInDays: 30}
clean | Logs::LogGroup | {RetentionInDays: 30} | {RetentionInDays: 30, LogGroupClass: STANDARD}
clean | Logs::LogGroup | {RetentionInDays: 30} | {RetentionInDays: 3653}
clean | Logs::LogGroup | {RetentionInDays: 30} | {}
clean | Logs::MetricFilter | - | {FilterPattern: ERROR, LogGroupName: l}
clean | Logs::QueryDefinition | {QueryString: a} | {QueryString: b} | {Name: n}
clean | Logs::SubscriptionFilter | - | {LogGroupName: l, DestinationArn: d, FilterPattern: ''}
clean | MSK::Cluster | {EnhancedMonitoring: DEFAULT} | {EnhancedMonitoring: PER_BROKER}
clean | MSK::Cluster | {NumberOfBrokerNodes: 3} | {NumberOfBrokerNodes: 6}
clean | MSK::Cluster | {BrokerNodeGroupInfo: {StorageInfo: {EBSStorageInfo: {VolumeSize: 100}}}} | {BrokerNodeGroupInfo: {StorageInfo: {EBSStorageInfo: {VolumeSize: 500}}}}
clean | OpenSearchService::Domain | {ClusterConfig: {InstanceCount: 2}} | {ClusterConfig: {InstanceCount: 4}}
clean | OpenSearchService::Domain | {DomainEndpointOptions: {EnforceHTTPS: true, TLSSecurityPolicy: Policy-Min-TLS-1-0-2019-07}} | {DomainEndpointOptions: {EnforceHTTPS: true, TLSSecurityPolicy: Policy-Min-TLS-1-2-PFS-2023-10}}
clean | OpenSearchService::Domain | {EBSOptions: {EBSEnabled: true, VolumeSize: 50}} | {EBSOptions: {EBSEnabled: true, VolumeSize: 100}}
clean | OpenSearchService::Domain | {} | {LogPublishingOptions: {AUDIT_LOGS: {Enabled: true, CloudWatchLogsLogGroupArn: l}}}
clean | OpenSearchService::Domain | {} | {AutoTuneOptions: {DesiredState: ENABLED}, OffPeakWindowOptions: {Enabled: true}}
clean | OpenSearchService::Domain | {DomainEndpointOptions: {EnforceHTTPS: false}} | {DomainEndpointOptions: {EnforceHTTPS: true}}
clean | OpenSearchService::Domain | - | {EncryptionAtRestOptions: {Enabled: true}, NodeToNodeEncryptionOptions: {Enabled: true}, DomainEndpointOptions: {EnforceHTTPS: true}, VPCOptions: {SubnetIds: [a]}}
clean | RDS::DBCluster | {ServerlessV2ScalingConfiguration: {MinCapacity: 1, MaxCapacity: 8}} | {ServerlessV2ScalingConfiguration: {MinCapacity: 2, MaxCapacity: 16}} | {StorageEncrypted: true}
clean | RDS::DBCluster | {BackupRetentionPeriod: 7} | {BackupRetentionPeriod: 35} | {StorageEncrypted: true}
clean | RDS::DBCluster | {CopyTagsToSnapshot: false} | {CopyTagsToSnapshot: true} | {StorageEncrypted: true}
clean | RDS::DBCluster | {} | {EnableCloudwatchLogsExports: [postgresql]} | {StorageEncrypted: true}
clean | RDS::DBCluster | {ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 4}} | {ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 8}} | {StorageEncrypted: true}
clean | RDS::DBCluster | {} | {BacktrackWindow: 86400} | {StorageEncrypted: true}
clean | RDS::DBInstance | {BackupRetentionPeriod: 7} | {BackupRetentionPeriod: 14} | {Engine: postgres, StorageEncrypted: true}
clean | RDS::DBInstance | {DeletionProtection: false} | {DeletionProtection: true} | {Engine: postgres}
clean | RDS::DBInstance | {AllocatedStorage: '100'} | {AllocatedStorage: '200'} | {Engine: postgres}
clean | RDS::DBInstance | {MaxAllocatedStorage: 100} | {MaxAllocatedStorage: 500} | {Engine: postgres}
clean | RDS::DBInstance | {MonitoringInterval: 0} | {MonitoringInterval: 60, MonitoringRoleArn: r} | {Engine: postgres}
clean | RDS::DBInstance | {EnablePerformanceInsights: false} | {EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 7} | {Engine: postgres}
clean | RDS::DBInstance | {CopyTagsToSnapshot: false} | {CopyTagsToSnapshot: true} | {Engine: postgres}
clean | RDS::DBInstance | {EnableCloudwatchLogsExports: [postgresql]} | {EnableCloudwatchLogsExports: [postgresql, upgrade]} | {Engine: postgres}
clean | RDS::DBInstance | {PubliclyAccessible: true} | {PubliclyAccessible: false} | {Engine: postgres}
clean | RDS::DBInstance | {Tags: [{Key: a, Value: b}]} | {Tags: [{Key: a, Value: c}, {Key: d, Value: e}]} | {Engine: postgres}
clean | RDS::DBInstance | {PreferredMaintenanceWindow: sun:03:00-sun:04:00} | {PreferredMaintenanceWindow: mon:03:00-mon:04:00} | {Engine: postgres}
clean | RDS::DBInstance | {PreferredBackupWindow: 03:00-04:00} | {PreferredBackupWindow: 05:00-06:00} | {Engine: postgres}
clean | RDS::DBInstance | {MultiAZ: false} | {MultiAZ: true} | {Engine: postgres}
clean | RDS::DBInstance | - | {Engine: postgres, StorageEncrypted: true, DeletionProtection: true, BackupRetentionPeriod: 14, PubliclyAccessible: false, MultiAZ: true, DBInstanceClass: db.t4g.medium, VPCSecurityGroups: [g]}
clean | RDS::DBInstance | {BackupRetentionPeriod: 1} | {BackupRetentionPeriod: 7} | {Engine: postgres}
clean | RDS::DBInstance | {Iops: 1000} | {Iops: 3000} | {Engine: postgres}
clean | RDS::DBInstance | - | {DBClusterIdentifier: c, DBInstanceClass: db.serverless, Engine: aurora-postgresql}
clean | RDS::DBInstance | {MonitoringInterval: 60} | {MonitoringInterval: 30} | {Engine: postgres}
clean | RDS::DBInstance | {AutoMinorVersionUpgrade: false} | {AutoMinorVersionUpgrade: true} | {Engine: postgres}
clean | RDS::DBInstance | {} | {EnableIAMDatabaseAuthentication: true} | {Engine: postgres}
clean | RDS::DBParameterGroup | {Parameters: {work_mem: '4096'}} | {Parameters: {work_mem: '8192'}}
clean | RDS::DBProxy | {IdleClientTimeout: 1800} | {IdleClientTimeout: 3600} | {RequireTLS: true}
clean | RDS::DBProxy | - | {RequireTLS: true, EngineFamily: POSTGRESQL, VpcSubnetIds: [a, b]}
clean | Redshift::Cluster | {} | {LoggingProperties: {BucketName: b}} | {Encrypted: true}
clean | Redshift::Cluster | {AutomatedSnapshotRetentionPeriod: 1} | {AutomatedSnapshotRetentionPeriod: 35} | {Encrypted: true}
clean | Redshift::Cluster | {NumberOfNodes: 2} | {NumberOfNodes: 4} | {Encrypted: true, ClusterType: multi-node}
clean | Route53::HealthCheck | - | {HealthCheckConfig: {Type: HTTPS, FullyQualifiedDomainName: a.example}}
clean | Route53::HostedZone | - | {Name: new.example}
clean | Route53::RecordSet | - | {Name: new.example, Type: A, AliasTarget: {DNSName: d, HostedZoneId: z}}
clean | Route53::RecordSet | - | {Name: _acme.example, Type: TXT, TTL: '300', ResourceRecords: ['"x"']}
clean | Route53::RecordSet | {Comment: a} | {Comment: b} | {Name: n, Type: A, TTL: '60'}
clean | S3::Bucket | - | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}, PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}, VersioningConfiguration: {Status: Enabled}}
clean | S3::Bucket | - | {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}, LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: 30}]}}
clean | S3::Bucket | {} | {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}}
clean | S3::Bucket | {} | {LoggingConfiguration: {DestinationBucketName: l}}
clean | S3::Bucket | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}} | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: k}, BucketKeyEnabled: true}]}}
clean | S3::Bucket | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, ExpirationInDays: 30}]}} | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, ExpirationInDays: 90}]}}
clean | S3::Bucket | {} | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, Transitions: [{StorageClass: INTELLIGENT_TIERING, TransitionInDays: 30}]}]}}
clean | S3::Bucket | {} | {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}}
clean | S3::Bucket | {} | {CorsConfiguration: {CorsRules: [{AllowedOrigins: ['https://a.example'], AllowedMethods: [GET]}]}}
clean | S3::Bucket | {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: q}]}} | {NotificationConfiguration: {QueueConfigurations: [{Event: 's3:ObjectCreated:*', Queue: q}, {Event: 's3:ObjectRemoved:*', Queue: r}]}}
clean | S3::Bucket | {} | {Tags: [{Key: a, Value: b}]}
clean | S3::Bucket | {} | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, Transitions: [{StorageClass: STANDARD_IA, TransitionInDays: 90}]}]}}
clean | S3::Bucket | {} | {IntelligentTieringConfigurations: [{Id: a, Status: Enabled}]}
clean | S3::Bucket | {} | {OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}}
clean | S3::Bucket | {} | {MetricsConfigurations: [{Id: all}]}
clean | S3::Bucket | - | {}
clean | S3::Bucket | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}}]}} | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms}, BucketKeyEnabled: true}]}}
clean | S3::Bucket | {LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 30}}]}} | {LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 90}}]}}
clean | S3::Bucket | {CorsConfiguration: {CorsRules: [{AllowedOrigins: ['*'], AllowedMethods: [GET]}]}} | {CorsConfiguration: {CorsRules: [{AllowedOrigins: ['https://a.example'], AllowedMethods: [GET]}]}}
clean | S3::BucketPolicy | - | {Bucket: b, PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}]}}
clean | S3::BucketPolicy | {Bucket: b, PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'AWS:SourceArn': d}}}]}} | {Bucket: b, PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: 's3:GetObject', Resource: '*', Condition: {StringEquals: {'AWS:SourceArn': d}}}, {Effect: Deny, Principal: {AWS: '*'}, Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}]}}
clean | SES::ConfigurationSet | {} | {DeliveryOptions: {TlsPolicy: REQUIRE}} | {Name: n}
clean | SNS::Subscription | - | {TopicArn: t, Protocol: email, Endpoint: ops@example.com}
clean | SNS::Subscription | - | {TopicArn: t, Protocol: sqs, Endpoint: q, RawMessageDelivery: true}
clean | SNS::Subscription | {FilterPolicy: {kind: [a]}} | {FilterPolicy: {kind: [a]}, RedrivePolicy: {deadLetterTargetArn: q}} | {TopicArn: t, Protocol: sqs, Endpoint: e}
clean | SNS::Topic | {DisplayName: a} | {DisplayName: b}
clean | SNS::Topic | - | {TopicName: t, KmsMasterKeyId: k}
clean | SNS::Topic | {} | {KmsMasterKeyId: k}
clean | SNS::TopicPolicy | - | {Topics: [t], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudwatch.amazonaws.com}, Action: 'sns:Publish', Resource: '*', Condition: {ArnLike: {'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*'}}}]}}
clean | SQS::Queue | {MessageRetentionPeriod: 345600} | {MessageRetentionPeriod: 1209600}
clean | SQS::Queue | {} | {KmsMasterKeyId: alias/aws/sqs}
clean | SQS::Queue | {RedrivePolicy: {deadLetterTargetArn: a, maxReceiveCount: 3}} | {RedrivePolicy: {deadLetterTargetArn: a, maxReceiveCount: 5}}
clean | SQS::Queue | {ReceiveMessageWaitTimeSeconds: 0} | {ReceiveMessageWaitTimeSeconds: 20}
clean | SQS::Queue | - | {RedrivePolicy: {deadLetterTargetArn: a, maxReceiveCount: 3}, QueueName: q}
clean | SQS::Queue | {VisibilityTimeout: 30} | {VisibilityTimeout: 180}
clean | SQS::Queue | {} | {SqsManagedSseEnabled: true}
clean | SQS::Queue | {RedriveAllowPolicy: {redrivePermission: allowAll}} | {RedriveAllowPolicy: {redrivePermission: byQueue, sourceQueueArns: [a]}}
clean | SQS::QueuePolicy | - | {Queues: [{Ref: Q}], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: {'Fn::GetAtt': [Q, Arn]}, Condition: {ArnEquals: {'aws:SourceArn': {Ref: T}}}}]}}
clean | SSM::Parameter | - | {Name: /x, Type: String, Value: v}
clean | SSM::Parameter | {Description: a} | {Description: b} | {Name: /x, Type: String, Value: v}
clean | SSM::Parameter | {Value: a, Tier: Standard} | {Value: b, Tier: Standard} | {Name: /feature/x, Type: String}
clean | SSM::Parameter | {Type: String} | {Type: String, Tags: {a: b}} | {Name: /x, Value: v}
clean | SageMaker::Model | - | {ExecutionRoleArn: r}
clean | Scheduler::Schedule | - | {ScheduleExpression: rate(1 hour), FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: a, RoleArn: r}}
clean | Scheduler::Schedule | {Target: {Arn: a, RetryPolicy: {MaximumRetryAttempts: 3}}} | {Target: {Arn: a, RetryPolicy: {MaximumRetryAttempts: 10}}} | {ScheduleExpression: rate(1 hour)}
clean | SecretsManager::RotationSchedule | - | {SecretId: s, RotationRules: {AutomaticallyAfterDays: 30}}
clean | SecretsManager::RotationSchedule | {RotationRules: {AutomaticallyAfterDays: 90}} | {RotationRules: {AutomaticallyAfterDays: 30}} | {SecretId: s}
clean | SecretsManager::Secret | {Description: a} | {Description: b}
clean | SecretsManager::Secret | - | {GenerateSecretString: {PasswordLength: 32}}
clean | SecretsManager::Secret | {} | {KmsKeyId: k}
clean | ServiceDiscovery::Service | - | {Name: x}
clean | StepFunctions::StateMachine | {} | {TracingConfiguration: {Enabled: true}} | {RoleArn: r}
clean | StepFunctions::StateMachine | {} | {LoggingConfiguration: {Level: ERROR}} | {RoleArn: r}
clean | StepFunctions::StateMachine | {DefinitionString: '{"a":1}'} | {DefinitionString: '{"a":2}'} | {RoleArn: r}
clean | StepFunctions::StateMachine | {DefinitionS3Location: {Bucket: b, Key: 1111111111111111aaaaaaaaaaaaaaaa1111111111111111aaaaaaaaaaaaaaaa.json}} | {DefinitionS3Location: {Bucket: b, Key: 2222222222222222aaaaaaaaaaaaaaaa1111111111111111aaaaaaaaaaaaaaaa.json}} | {RoleArn: r}
clean | StepFunctions::StateMachine | {LoggingConfiguration: {Level: ERROR}} | {LoggingConfiguration: {Level: ALL}} | {RoleArn: r}
clean | Synthetics::Canary | {Schedule: {Expression: rate(5 minutes)}} | {Schedule: {Expression: rate(1 minute)}} | {Name: c}
clean | Synthetics::Canary | - | {Name: c, Schedule: {Expression: rate(5 minutes)}}
clean | Synthetics::Canary | {RuntimeVersion: syn-nodejs-puppeteer-9.0} | {RuntimeVersion: syn-nodejs-puppeteer-10.0} | {Name: c}
clean | WAFv2::WebACL | {Rules: [{Name: a, Priority: 1, OverrideAction: {None: {}}}]} | {Rules: [{Name: a, Priority: 1, OverrideAction: {None: {}}}, {Name: b, Priority: 2, Action: {Block: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
clean | WAFv2::WebACL | - | {Scope: REGIONAL, DefaultAction: {Allow: {}}, Rules: [{Name: a, Priority: 1, OverrideAction: {None: {}}}]}
clean | WAFv2::WebACL | {Rules: [{Name: a, Statement: {RateBasedStatement: {Limit: 2000}}, Action: {Block: {}}}]} | {Rules: [{Name: a, Statement: {RateBasedStatement: {Limit: 1000}}, Action: {Block: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
clean | WAFv2::WebACL | {Rules: [{Name: a, OverrideAction: {Count: {}}}]} | {Rules: [{Name: a, OverrideAction: {None: {}}}]} | {Scope: REGIONAL, DefaultAction: {Allow: {}}}
clean | WAFv2::WebACLAssociation | - | {ResourceArn: r, WebACLArn: w}
`);
