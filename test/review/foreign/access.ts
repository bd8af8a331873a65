import { rows } from './case';

/** Changes of identities, of who watches, and of what builds and deploys. */
export const accessRows = rows(`
caution | AccessAnalyzer::Analyzer | {ArchiveRules: []} | {ArchiveRules: [{RuleName: all, Filter: []}]} | {Type: ACCOUNT}
danger | Amplify::App | {BasicAuthConfig: {EnableBasicAuth: true, Username: u}} | {BasicAuthConfig: {EnableBasicAuth: false}} | {Name: n}
caution | Amplify::Branch | {EnableAutoBuild: true} | {EnableAutoBuild: false} | {AppId: a, BranchName: main}
danger | Amplify::Branch | {BranchName: main} | - | {AppId: a}
caution | Amplify::Domain | {SubDomainSettings: [{Prefix: www, BranchName: main}]} | {SubDomainSettings: [{Prefix: www, BranchName: dev}]} | {AppId: a, DomainName: d}
caution | AppConfig::ConfigurationProfile | {Validators: [{Type: JSON_SCHEMA, Content: c}]} | {} | {ApplicationId: a, LocationUri: hosted, Name: n}
caution | AppConfig::DeploymentStrategy | {DeploymentDurationInMinutes: 30, GrowthFactor: 10} | {DeploymentDurationInMinutes: 0, GrowthFactor: 100} | {Name: n, ReplicateTo: NONE}
caution | AppConfig::Environment | {Monitors: [{AlarmArn: a}]} | {} | {Name: e, ApplicationId: a}
caution | AppRunner::AutoScalingConfiguration | {MinSize: 3} | {MinSize: 1} | {MaxSize: 10}
caution | AppRunner::Service | {InstanceConfiguration: {Cpu: 2 vCPU, Memory: 4 GB}} | {InstanceConfiguration: {Cpu: 1 vCPU, Memory: 2 GB}} | {ServiceName: s}
danger | AppRunner::Service | {EncryptionConfiguration: {KmsKey: a}} | {EncryptionConfiguration: {KmsKey: b}} | {ServiceName: s}
danger | AppStream::Fleet | {EnableDefaultInternetAccess: false} | {EnableDefaultInternetAccess: true} | {InstanceType: s}
caution | Athena::WorkGroup | {State: ENABLED} | {State: DISABLED} | {Name: w}
caution | Backup::BackupVault | {AccessPolicy: {Statement: [{Effect: Deny, Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*'}]}} | {} | {BackupVaultName: v}
danger | Backup::BackupVault | {EncryptionKeyArn: k} | {EncryptionKeyArn: l} | {BackupVaultName: v}
caution | Backup::BackupVault | {Notifications: {BackupVaultEvents: [BACKUP_JOB_FAILED], SNSTopicArn: t}} | {} | {BackupVaultName: v}
danger | Batch::ComputeEnvironment | {State: ENABLED} | {State: DISABLED} | {Type: MANAGED}
caution | Batch::JobDefinition | {Timeout: {AttemptDurationSeconds: 3600}} | {Timeout: {AttemptDurationSeconds: 60}} | {Type: container}
caution | Bedrock::Agent | {GuardrailConfiguration: {GuardrailIdentifier: g}} | {} | {AgentName: n}
caution | Bedrock::DataSource | {DataDeletionPolicy: RETAIN} | {DataDeletionPolicy: DELETE} | {Name: n}
danger | Bedrock::Guardrail | {Name: n} | -
caution | Bedrock::Guardrail | {SensitiveInformationPolicyConfig: {PiiEntitiesConfig: [{Type: EMAIL, Action: BLOCK}]}} | {} | {Name: n}
caution | Bedrock::Guardrail | {ContentPolicyConfig: {FiltersConfig: [{Type: HATE, InputStrength: HIGH}]}} | {ContentPolicyConfig: {FiltersConfig: [{Type: HATE, InputStrength: NONE}]}} | {Name: n}
danger | Bedrock::KnowledgeBase | {StorageConfiguration: {Type: OPENSEARCH_SERVERLESS}} | {StorageConfiguration: {Type: PINECONE}} | {Name: n}
caution | Budgets::Budget | {NotificationsWithSubscribers: [{Notification: {Threshold: 80}}]} | {} | {Budget: {}}
caution | CE::AnomalySubscription | {Threshold: 100} | -
caution | Chatbot::SlackChannelConfiguration | {SnsTopicArns: [t]} | {SnsTopicArns: []} | {ConfigurationName: n}
danger | Chatbot::SlackChannelConfiguration | {GuardrailPolicies: [readonly]} | {GuardrailPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess']} | {ConfigurationName: n}
caution | CloudFormation::CustomResource | {ServiceToken: a} | {ServiceToken: b}
danger | CloudFormation::Stack | {TemplateURL: 'https://a/x.json'} | -
caution | CloudTrail::EventDataStore | {RetentionPeriod: 2557} | {RetentionPeriod: 7}
danger | CloudTrail::EventDataStore | {TerminationProtectionEnabled: true} | {TerminationProtectionEnabled: false}
caution | CloudWatch::Alarm | {DatapointsToAlarm: 1} | {DatapointsToAlarm: 3} | {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 3, Threshold: 1}
caution | CloudWatch::Alarm | {Period: 60} | {Period: 3600} | {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, Threshold: 1}
caution | CloudWatch::Alarm | {Statistic: Maximum} | {Statistic: Average} | {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, Threshold: 1}
caution | CloudWatch::Alarm | {ComparisonOperator: GreaterThanThreshold} | {ComparisonOperator: LessThanThreshold} | {EvaluationPeriods: 1, Threshold: 1}
caution | CloudWatch::Alarm | {Dimensions: [{Name: FunctionName, Value: {Ref: A}}]} | {Dimensions: [{Name: FunctionName, Value: {Ref: B}}]} | {EvaluationPeriods: 1, Threshold: 1}
danger | CloudWatch::Alarm | {ActionsEnabled: true} | {ActionsEnabled: false} | {EvaluationPeriods: 1, Threshold: 1}
caution | CloudWatch::Alarm | {AlarmActions: [{Ref: Pager}]} | {AlarmActions: [{Ref: Slack}]} | {EvaluationPeriods: 1, Threshold: 1}
caution | CloudWatch::AnomalyDetector | {MetricName: m} | -
caution | CloudWatch::MetricStream | {FirehoseArn: f} | - | {OutputFormat: json, RoleArn: r}
danger | CodeArtifact::Repository | {PermissionsPolicyDocument: {}} | {PermissionsPolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'codeartifact:*', Resource: '*'}]}} | {DomainName: d, RepositoryName: r}
caution | CodeBuild::Project | {EncryptionKey: k} | {} | {Artifacts: {Type: NO_ARTIFACTS}}
danger | CodeBuild::Project | {Visibility: PRIVATE} | {Visibility: PUBLIC_READ} | {Artifacts: {Type: NO_ARTIFACTS}}
caution | CodeBuild::Project | {LogsConfig: {CloudWatchLogs: {Status: ENABLED}}} | {LogsConfig: {CloudWatchLogs: {Status: DISABLED}}} | {Artifacts: {Type: NO_ARTIFACTS}}
caution | CodeBuild::Project | {Triggers: {Webhook: true, FilterGroups: [[{Type: ACTOR_ACCOUNT_ID, Pattern: '1'}]]}} | {Triggers: {Webhook: true}} | {Artifacts: {Type: NO_ARTIFACTS}}
caution | CodeBuild::Project | {VpcConfig: {VpcId: v, Subnets: [a]}} | {} | {Artifacts: {Type: NO_ARTIFACTS}}
caution | CodeBuild::Project | {Environment: {Image: 'aws/codebuild/standard:7.0'}} | {Environment: {Image: 'attacker/image:latest'}} | {Artifacts: {Type: NO_ARTIFACTS}}
caution | CodeCommit::Repository | {RepositoryName: a} | {RepositoryName: b}
caution | CodeDeploy::DeploymentGroup | {AlarmConfiguration: {Enabled: true, Alarms: [{Name: a}]}} | {} | {ApplicationName: a, ServiceRoleArn: r}
caution | CodePipeline::Pipeline | {Stages: [{Name: Source}, {Name: Approve, Actions: [{Name: ok, ActionTypeId: {Category: Approval}}]}, {Name: Deploy}]} | {Stages: [{Name: Source}, {Name: Deploy}]} | {RoleArn: r}
caution | CodePipeline::Pipeline | {Stages: [{Name: Source, Actions: [{Name: src, Configuration: {Branch: main}}]}]} | {Stages: [{Name: Source, Actions: [{Name: src, Configuration: {Branch: dev}}]}]} | {RoleArn: r}
danger | CodePipeline::Webhook | {Authentication: GITHUB_HMAC} | {Authentication: UNAUTHENTICATED} | {TargetPipeline: p}
caution | Config::ConfigRule | {ConfigRuleName: a} | -
caution | Config::DeliveryChannel | {S3BucketName: b} | -
caution | Config::OrganizationConfigRule | {OrganizationConfigRuleName: o} | -
caution | Connect::Instance | {Attributes: {InboundCalls: true, OutboundCalls: true}} | {Attributes: {InboundCalls: false, OutboundCalls: true}} | {IdentityManagementType: SAML}
caution | Connect::PhoneNumber | {TargetArn: a} | {TargetArn: b} | {Type: DID, CountryCode: DE}
caution | Custom::Thing | {} | -
caution | DLM::LifecyclePolicy | {State: ENABLED} | {State: DISABLED} | {ExecutionRoleArn: r}
danger | DMS::Endpoint | {SslMode: verify-full} | {SslMode: none} | {EndpointType: source, EngineName: postgres}
caution | DMS::ReplicationInstance | {MultiAZ: true} | {MultiAZ: false} | {ReplicationInstanceClass: dms.t3.medium}
danger | DMS::ReplicationTask | {MigrationType: cdc} | -
caution | DataSync::Task | {Options: {PreserveDeletedFiles: PRESERVE}} | {Options: {PreserveDeletedFiles: REMOVE}} | {SourceLocationArn: s, DestinationLocationArn: d}
caution | DataSync::Task | {Options: {VerifyMode: POINT_IN_TIME_CONSISTENT}} | {Options: {VerifyMode: NONE}} | {SourceLocationArn: s, DestinationLocationArn: d}
caution | DataSync::Task | {SourceLocationArn: s} | -
caution | Detective::Graph | {} | -
danger | DirectoryService::MicrosoftAD | {Edition: Enterprise} | {Edition: Standard} | {Name: n, VpcSettings: {}}
danger | DirectoryService::SimpleAD | {Name: a} | -
danger | EC2::KeyPair | {KeyName: a} | {KeyName: b}
caution | EC2::LaunchTemplate | {LaunchTemplateData: {BlockDeviceMappings: [{DeviceName: d, Ebs: {Encrypted: true}}]}} | {LaunchTemplateData: {BlockDeviceMappings: [{DeviceName: d, Ebs: {Encrypted: false}}]}}
caution | EC2::LaunchTemplate | {LaunchTemplateData: {InstanceType: m6i.large, ImageId: a}} | {LaunchTemplateData: {InstanceType: t3.micro, ImageId: a}}
danger | EC2::TransitGateway | {AutoAcceptSharedAttachments: disable} | {AutoAcceptSharedAttachments: enable}
danger | EC2::VPCPeeringConnection | {PeerVpcId: a} | {PeerVpcId: b} | {VpcId: v}
danger | ECR::RegistryPolicy | - | {PolicyText: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::444455556666:root'}, Action: 'ecr:*', Resource: '*'}]}}
caution | ECR::RegistryScanningConfiguration | {ScanType: ENHANCED} | {ScanType: BASIC}
danger | ECR::ReplicationConfiguration | {ReplicationConfiguration: {Rules: []}} | -
caution | ECR::RepositoryCreationTemplate | {ImageTagMutability: IMMUTABLE} | {ImageTagMutability: MUTABLE} | {Prefix: p, AppliedFor: [REPLICATION]}
danger | EMR::Cluster | {} | - | {Name: e}
danger | EMR::Cluster | {Instances: {TerminationProtected: true}} | {Instances: {TerminationProtected: false}} | {Name: e}
danger | EMR::SecurityConfiguration | {SecurityConfiguration: {EncryptionConfiguration: {EnableInTransitEncryption: true}}} | {SecurityConfiguration: {EncryptionConfiguration: {EnableInTransitEncryption: false}}}
caution | EMR::Studio | {AuthMode: SSO} | {AuthMode: IAM} | {Name: e}
caution | EMRServerless::Application | {MaximumCapacity: {Cpu: 100 vCPU}} | {MaximumCapacity: {Cpu: 4 vCPU}} | {Type: SPARK}
danger | ElasticBeanstalk::Environment | {SolutionStackName: 64bit Amazon Linux 2 v5} | {SolutionStackName: 64bit Amazon Linux 2023 v6} | {ApplicationName: a}
danger | ElasticBeanstalk::Environment | {CNAMEPrefix: a} | {CNAMEPrefix: b} | {ApplicationName: a}
danger | Events::ApiDestination | {InvocationEndpoint: 'https://a.example'} | {InvocationEndpoint: 'http://b.example'} | {ConnectionArn: c, HttpMethod: POST}
caution | Events::ApiDestination | {InvocationRateLimitPerSecond: 300} | {InvocationRateLimitPerSecond: 1} | {ConnectionArn: c, HttpMethod: POST, InvocationEndpoint: e}
danger | Events::Connection | {AuthorizationType: OAUTH_CLIENT_CREDENTIALS} | {AuthorizationType: API_KEY}
caution | Events::Rule | {EventBusName: a} | {EventBusName: b} | {EventPattern: {source: [x]}}
danger | FSx::FileSystem | {OntapConfiguration: {DeploymentType: MULTI_AZ_1}} | {OntapConfiguration: {DeploymentType: SINGLE_AZ_1}} | {FileSystemType: ONTAP}
danger | FSx::Volume | {OntapConfiguration: {TieringPolicy: {Name: NONE}}} | - | {Name: v}
danger | GameLift::Fleet | {EC2InboundPermissions: [{FromPort: 1, ToPort: 2, IpRange: 10.0.0.0/8}]} | {EC2InboundPermissions: [{FromPort: 1, ToPort: 2, IpRange: 0.0.0.0/0}]} | {Name: g}
caution | GameLift::Fleet | {NewGameSessionProtectionPolicy: FullProtection} | {NewGameSessionProtectionPolicy: NoProtection} | {Name: g}
danger | Glue::Connection | {ConnectionInput: {ConnectionProperties: {JDBC_ENFORCE_SSL: 'true'}}} | {ConnectionInput: {ConnectionProperties: {JDBC_ENFORCE_SSL: 'false'}}}
caution | Glue::Job | {Timeout: 2880} | {Timeout: 5} | {Role: r}
caution | Glue::Job | {SecurityConfiguration: s} | {} | {Role: r}
caution | Glue::SecurityConfiguration | {EncryptionConfiguration: {S3Encryptions: [{S3EncryptionMode: SSE-KMS}]}} | {EncryptionConfiguration: {S3Encryptions: [{S3EncryptionMode: DISABLED}]}} | {Name: n}
caution | GuardDuty::Detector | {FindingPublishingFrequency: FIFTEEN_MINUTES} | {FindingPublishingFrequency: SIX_HOURS} | {Enable: true}
caution | GuardDuty::Filter | - | {Action: ARCHIVE, Name: n, DetectorId: d, FindingCriteria: {}}
caution | IAM::AccessKey | - | {UserName: u}
danger | IAM::Group | {ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']} | {ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess']}
caution | IAM::InstanceProfile | {Roles: [a]} | {Roles: [b]}
danger | IAM::ManagedPolicy | {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}, Roles: [r]} | {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}, Roles: [r]}
caution | IAM::OIDCProvider | {ClientIdList: [sts.amazonaws.com], Url: u} | {ClientIdList: [sts.amazonaws.com, other], Url: u}
danger | IAM::Policy | {PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t'}]}, Roles: [r], PolicyName: p} | {PolicyDocument: {Statement: [{Effect: Allow, Action: 'iam:*', Resource: '*'}]}, Roles: [r], PolicyName: p}
danger | IAM::Policy | {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}, Roles: [r], PolicyName: p} | {PolicyDocument: {Statement: [{Effect: Allow, Action: ['s3:GetObject', 'sts:AssumeRole'], Resource: '*'}]}, Roles: [r], PolicyName: p}
caution | IAM::Policy | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: {Ref: Q}, Condition: {StringEquals: {'aws:SourceVpc': v}}}]}} | {PolicyName: p, Roles: [{Ref: R}], PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: {Ref: Q}}]}}
danger | IAM::Role | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}} | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}]}}
danger | IAM::Role | {ManagedPolicyArns: []} | {ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']}
danger | IAM::Role | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}}]} | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}]}
danger | IAM::Role | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {'token.actions.githubusercontent.com:sub': 'repo:org/repo:ref:refs/heads/main'}}}]}} | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {StringLike: {'token.actions.githubusercontent.com:sub': 'repo:org/*'}}}]}}
danger | IAM::Role | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::444455556666:root'}, Action: 'sts:AssumeRole', Condition: {StringEquals: {'sts:ExternalId': abc}}}]}} | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::444455556666:root'}, Action: 'sts:AssumeRole'}]}}
caution | IAM::Role | {PermissionsBoundary: b} | {}
danger | IAM::Role | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/deploy'}, Action: 'sts:AssumeRole'}]}} | {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/deploy'}, Action: ['sts:AssumeRole', 'sts:TagSession']}, {Effect: Allow, Principal: {AWS: 'arn:aws:iam::999988887777:root'}, Action: 'sts:AssumeRole'}]}}
danger | IAM::Role | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: {Ref: S}}]}}]} | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'secretsmanager:GetSecretValue', Resource: '*'}]}}]}
danger | IAM::Role | {Policies: []} | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}]}}]}
danger | IAM::Role | {Policies: []} | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, NotAction: 'iam:*', Resource: '*'}]}}]}
danger | IAM::Role | {Policies: []} | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}]}}]}
caution | IAM::SAMLProvider | {SamlMetadataDocument: a} | {SamlMetadataDocument: b}
caution | IAM::ServiceLinkedRole | {AWSServiceName: x} | -
danger | IAM::User | - | {Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}]}
caution | IAM::User | {LoginProfile: {PasswordResetRequired: true, Password: x}} | {LoginProfile: {PasswordResetRequired: false, Password: x}}
caution | IAM::User | {Groups: [readers]} | {Groups: [admins]}
caution | IAM::UserToGroupAddition | - | {GroupName: admins, Users: [bob]}
caution | IAM::VirtualMFADevice | {Users: [bob]} | -
caution | InspectorV2::Filter | - | {Name: n, FilterAction: SUPPRESS}
danger | IoT::Authorizer | {SigningDisabled: false} | {SigningDisabled: true} | {AuthorizerFunctionArn: f}
danger | IoT::Certificate | {Status: ACTIVE} | {Status: INACTIVE}
danger | IoT::Policy | {PolicyDocument: {Statement: [{Effect: Allow, Action: 'iot:Connect', Resource: 'arn:aws:iot:eu-west-1:111122223333:client/a'}]}} | {PolicyDocument: {Statement: [{Effect: Allow, Action: 'iot:*', Resource: '*'}]}}
danger | IoT::Thing | {ThingName: a} | {ThingName: b}
caution | IoT::TopicRule | {TopicRulePayload: {RuleDisabled: false, Sql: s}} | {TopicRulePayload: {RuleDisabled: true, Sql: s}}
danger | Kendra::Index | {Edition: ENTERPRISE_EDITION} | {Edition: DEVELOPER_EDITION} | {Name: k}
caution | KinesisAnalyticsV2::Application | {ApplicationConfiguration: {ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}}} | {ApplicationConfiguration: {ApplicationSnapshotConfiguration: {SnapshotsEnabled: false}}} | {RuntimeEnvironment: FLINK-1_18}
caution | Lex::Bot | {DataPrivacy: {ChildDirected: true}} | {DataPrivacy: {ChildDirected: false}} | {Name: n}
danger | Lightsail::Bucket | {AccessRules: {GetObject: private}} | {AccessRules: {GetObject: public}} | {BucketName: b}
danger | Lightsail::Database | {PubliclyAccessible: false} | {PubliclyAccessible: true} | {RelationalDatabaseName: d}
danger | Lightsail::Instance | {InstanceName: a} | - | {BlueprintId: b, BundleId: c}
danger | Logs::LogGroup | {DataProtectionPolicy: {Name: p, Statement: [{Sid: audit}]}} | {}
caution | Logs::MetricFilter | {MetricTransformations: [{MetricName: Errors, MetricNamespace: App, MetricValue: '1'}]} | {MetricTransformations: [{MetricName: Errors, MetricNamespace: App2, MetricValue: '1'}]} | {FilterPattern: ERROR, LogGroupName: l}
caution | Logs::SubscriptionFilter | {FilterPattern: ''} | {FilterPattern: ERROR} | {LogGroupName: l, DestinationArn: d}
danger | MWAA::Environment | {Name: a} | -
caution | MWAA::Environment | {LoggingConfiguration: {TaskLogs: {Enabled: true, LogLevel: INFO}}} | {LoggingConfiguration: {TaskLogs: {Enabled: false}}} | {Name: a}
caution | MWAA::Environment | {MaxWorkers: 10} | {MaxWorkers: 1} | {Name: n}
caution | Macie::Session | {Status: ENABLED} | {Status: PAUSED}
danger | MediaStore::Container | {ContainerName: a} | {ContainerName: b}
caution | NetworkFirewall::Firewall | {DeleteProtection: true} | {DeleteProtection: false} | {FirewallName: f}
caution | NetworkFirewall::FirewallPolicy | {FirewallPolicy: {StatefulDefaultActions: ['aws:drop_strict']}} | {FirewallPolicy: {StatefulDefaultActions: []}} | {FirewallPolicyName: p}
caution | NetworkFirewall::LoggingConfiguration | {FirewallArn: f} | -
danger | NetworkFirewall::RuleGroup | {RuleGroup: {RulesSource: {RulesString: a}}} | - | {Type: STATEFUL}
caution | OpenSearchServerless::AccessPolicy | {Policy: '[{"Principal":["arn:aws:iam::1:role/a"],"Rules":[{"Permission":["aoss:ReadDocument"]}]}]'} | {Policy: '[{"Principal":["arn:aws:iam::1:role/a"],"Rules":[{"Permission":["aoss:*"]}]}]'} | {Name: n, Type: data}
caution | OpenSearchServerless::SecurityPolicy | {Policy: '{"Rules":[],"AWSOwnedKey":false,"KmsARN":"k"}'} | {Policy: '{"Rules":[],"AWSOwnedKey":true}'} | {Name: n, Type: encryption}
danger | Organizations::Account | {AccountName: a} | -
danger | Organizations::Policy | {Type: SERVICE_CONTROL_POLICY, Content: {Statement: [{Effect: Deny, Action: '*', Resource: '*'}]}, TargetIds: [a]} | -
caution | Organizations::Policy | {TargetIds: [a, b]} | {TargetIds: [a]} | {Type: SERVICE_CONTROL_POLICY, Content: {}, Name: n}
danger | Organizations::ResourcePolicy | - | {Content: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'organizations:*', Resource: '*'}]}}
danger | Pinpoint::App | {Name: a} | -
caution | QuickSight::DataSet | {RowLevelPermissionDataSet: {Arn: a}} | {} | {DataSetId: d}
danger | QuickSight::DataSource | {SslProperties: {DisableSsl: false}} | {SslProperties: {DisableSsl: true}} | {DataSourceId: d}
danger | RAM::ResourceShare | {Principals: [o]} | {Principals: [o, '444455556666']} | {Name: n}
caution | Rbin::Rule | {RetentionPeriod: {RetentionPeriodValue: 30, RetentionPeriodUnit: DAYS}} | {RetentionPeriod: {RetentionPeriodValue: 1, RetentionPeriodUnit: DAYS}} | {ResourceType: EBS_SNAPSHOT}
danger | RolesAnywhere::Profile | {RoleArns: [a]} | {RoleArns: [a, b]} | {Name: n}
danger | RolesAnywhere::TrustAnchor | {Enabled: true} | {Enabled: false} | {Name: n, Source: {}}
danger | S3::BucketPolicy | {Bucket: b, PolicyDocument: {Statement: [{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}]}} | -
danger | S3::BucketPolicy | - | {Bucket: b, PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}}
danger | S3::BucketPolicy | {Bucket: b, PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}}]}} | {Bucket: b, PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]}}
caution | SES::ConfigurationSet | {ReputationOptions: {ReputationMetricsEnabled: true}} | {ReputationOptions: {ReputationMetricsEnabled: false}} | {Name: n}
danger | SES::ConfigurationSet | {SendingOptions: {SendingEnabled: true}} | {SendingOptions: {SendingEnabled: false}} | {Name: n}
caution | SES::EmailIdentity | {DkimAttributes: {SigningEnabled: true}} | {DkimAttributes: {SigningEnabled: false}} | {EmailIdentity: e}
danger | SQS::QueuePolicy | {Queues: [q], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*', Condition: {ArnEquals: {'aws:SourceArn': t}}}]}} | {Queues: [q], PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'sqs:*', Resource: '*'}]}}
caution | SQS::QueuePolicy | {Queues: [q], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*', Condition: {ArnEquals: {'aws:SourceArn': t}}}]}} | {Queues: [q], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*'}]}}
caution | SQS::QueuePolicy | {Queues: [q], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*'}]}} | -
caution | SSM::Association | {Name: AWS-RunPatchBaseline} | -
caution | SSM::Document | {DocumentType: Command} | -
caution | SSM::Document | {Content: {a: 1}} | {Content: {a: 2}} | {DocumentType: Automation, Name: n}
caution | SSM::MaintenanceWindow | {Enabled: true} | {Enabled: false} | {Name: n}
caution | SSM::MaintenanceWindowTask | {WindowId: w} | -
danger | SSM::Parameter | {Name: /a} | {Name: /b} | {Type: String, Value: v}
caution | SSM::Parameter | {Type: SecureString} | {Type: String} | {Name: /x, Value: v}
caution | SSM::PatchBaseline | {ApprovalRules: {PatchRules: [{ApproveAfterDays: 3}]}} | {} | {Name: n}
caution | SSMContacts::Contact | {Alias: a, Type: PERSONAL} | -
caution | SSMIncidents::ResponsePlan | {Name: n} | -
caution | SSO::Assignment | - | {PermissionSetArn: p, PrincipalId: x, TargetId: '111122223333'}
danger | SSO::PermissionSet | {ManagedPolicies: []} | {ManagedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess']} | {Name: n, InstanceArn: i}
caution | SSO::PermissionSet | {SessionDuration: PT1H} | {SessionDuration: PT12H} | {Name: n, InstanceArn: i}
danger | SageMaker::Domain | {AppNetworkAccessType: VpcOnly} | {AppNetworkAccessType: PublicInternetOnly} | {DomainName: d}
caution | SageMaker::Endpoint | {DeploymentConfig: {AutoRollbackConfiguration: {Alarms: [{AlarmName: a}]}}} | {} | {EndpointConfigName: c}
caution | SageMaker::Model | {EnableNetworkIsolation: true} | {EnableNetworkIsolation: false} | {ExecutionRoleArn: r}
danger | SageMaker::NotebookInstance | {RootAccess: Disabled} | {RootAccess: Enabled} | {InstanceType: ml.t3.medium}
danger | SageMaker::NotebookInstance | {KmsKeyId: k} | {} | {InstanceType: t}
caution | SageMaker::UserProfile | {UserSettings: {ExecutionRole: a}} | {UserSettings: {ExecutionRole: b}} | {DomainId: d, UserProfileName: u}
caution | Scheduler::Schedule | {FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: a, DeadLetterConfig: {Arn: q}}} | {FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: a}} | {ScheduleExpression: rate(1 hour)}
caution | Scheduler::ScheduleGroup | {Name: g} | -
caution | SecurityHub::AutomationRule | - | {RuleName: suppress}
caution | ServiceCatalog::LaunchRoleConstraint | {RoleArn: a} | {RoleArn: b}
caution | ServiceDiscovery::Service | {HealthCheckConfig: {Type: HTTP}} | {} | {Name: n}
caution | StepFunctions::StateMachine | {LoggingConfiguration: {Level: ALL, IncludeExecutionData: false}} | {LoggingConfiguration: {Level: 'OFF'}} | {RoleArn: r}
caution | StepFunctions::StateMachine | {RoleArn: {'Fn::GetAtt': [A, Arn]}} | {RoleArn: {'Fn::GetAtt': [B, Arn]}}
danger | StorageGateway::Volume | {} | -
danger | Transfer::Server | {Protocols: [SFTP]} | {Protocols: [SFTP, FTP]}
caution | Transfer::Server | {LoggingRole: r} | {}
caution | Transfer::Server | {SecurityPolicyName: TransferSecurityPolicy-2024-01} | {SecurityPolicyName: TransferSecurityPolicy-2018-11}
danger | Transfer::Server | {IdentityProviderType: AWS_DIRECTORY_SERVICE} | {IdentityProviderType: SERVICE_MANAGED} | {Protocols: [SFTP]}
caution | Transfer::User | {HomeDirectory: /bucket/alice} | {HomeDirectory: /bucket} | {UserName: alice, ServerId: s, Role: r}
caution | VerifiedPermissions::Policy | {Definition: {Static: {Statement: 'forbid(principal, action, resource);'}}} | {Definition: {Static: {Statement: 'permit(principal, action, resource);'}}} | {PolicyStoreId: p}
caution | VerifiedPermissions::PolicyStore | {ValidationSettings: {Mode: STRICT}} | {ValidationSettings: {Mode: 'OFF'}}
danger | VpcLattice::AuthPolicy | {Policy: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/a'}, Action: '*', Resource: '*'}]}} | {Policy: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}} | {ResourceIdentifier: r}
danger | WorkSpaces::Workspace | {UserVolumeEncryptionEnabled: true} | {UserVolumeEncryptionEnabled: false} | {BundleId: b, DirectoryId: d, UserName: u}
danger | WorkSpaces::Workspace | {UserName: u} | - | {BundleId: b, DirectoryId: d}
`);
