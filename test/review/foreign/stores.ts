import { rows } from './case';

/** Changes of what holds data, in every service. */
export const dataRows = rows(`
danger | AmazonMQ::Broker | {DeploymentMode: ACTIVE_STANDBY_MULTI_AZ} | {DeploymentMode: SINGLE_INSTANCE}
danger | AmazonMQ::Broker | {EncryptionOptions: {UseAwsOwnedKey: false, KmsKeyId: k}} | {EncryptionOptions: {UseAwsOwnedKey: true}}
caution | AmazonMQ::Broker | {AutoMinorVersionUpgrade: true} | {AutoMinorVersionUpgrade: false}
caution | Athena::WorkGroup | {WorkGroupConfiguration: {BytesScannedCutoffPerQuery: 1000000000}} | {WorkGroupConfiguration: {}} | {Name: w}
danger | Backup::BackupPlan | {BackupPlan: {BackupPlanName: p}} | -
caution | Backup::BackupPlan | {BackupPlan: {BackupPlanRule: [{RuleName: d, ScheduleExpression: 'cron(0 5 * * ? *)', CopyActions: [{DestinationBackupVaultArn: v}]}]}} | {BackupPlan: {BackupPlanRule: [{RuleName: d, ScheduleExpression: 'cron(0 5 * * ? *)'}]}}
caution | Backup::BackupPlan | {BackupPlan: {BackupPlanRule: [{RuleName: d}, {RuleName: m}]}} | {BackupPlan: {BackupPlanRule: [{RuleName: d}]}}
caution | Backup::BackupPlan | {BackupPlan: {BackupPlanRule: [{RuleName: d, ScheduleExpression: 'cron(0 5 * * ? *)'}]}} | {BackupPlan: {BackupPlanRule: [{RuleName: d, ScheduleExpression: 'cron(0 5 1 * ? *)'}]}}
danger | Backup::BackupSelection | {BackupPlanId: p} | -
caution | Backup::BackupSelection | {BackupSelection: {SelectionName: s, Resources: [a, b]}, BackupPlanId: p} | {BackupSelection: {SelectionName: s, Resources: [a]}, BackupPlanId: p}
danger | Backup::BackupVault | {LockConfiguration: {MinRetentionDays: 30}} | {} | {BackupVaultName: v}
danger | Cognito::IdentityPoolRoleAttachment | {Roles: {authenticated: a}} | {Roles: {authenticated: a, unauthenticated: b}}
danger | Cognito::UserPool | {} | -
caution | Cognito::UserPool | {LambdaConfig: {PreSignUp: f}} | {}
caution | Cognito::UserPool | {Policies: {PasswordPolicy: {MinimumLength: 12, RequireSymbols: true}}} | {Policies: {PasswordPolicy: {MinimumLength: 12, RequireSymbols: false}}}
caution | Cognito::UserPool | {AutoVerifiedAttributes: [email]} | {}
caution | Cognito::UserPool | {AccountRecoverySetting: {RecoveryMechanisms: [{Name: verified_email, Priority: 1}]}} | {AccountRecoverySetting: {RecoveryMechanisms: [{Name: admin_only, Priority: 1}]}}
danger | Cognito::UserPoolClient | {ClientName: web} | -
caution | Cognito::UserPoolClient | {PreventUserExistenceErrors: ENABLED} | {PreventUserExistenceErrors: LEGACY}
caution | Cognito::UserPoolClient | {AllowedOAuthFlows: [code]} | {AllowedOAuthFlows: [code, implicit]}
caution | Cognito::UserPoolClient | {RefreshTokenValidity: 1} | {RefreshTokenValidity: 3650}
caution | Cognito::UserPoolClient | {EnableTokenRevocation: true} | {EnableTokenRevocation: false}
danger | Cognito::UserPoolDomain | {Domain: a} | {Domain: b}
danger | DAX::Cluster | {SSESpecification: {SSEEnabled: true}} | {SSESpecification: {SSEEnabled: false}} | {NodeType: dax.t3.small}
danger | DocDB::DBCluster | {StorageEncrypted: true, DeletionProtection: true} | {StorageEncrypted: true, DeletionProtection: false}
danger | DocDB::DBCluster | {BackupRetentionPeriod: 7} | {BackupRetentionPeriod: 1} | {StorageEncrypted: true}
danger | DocDB::DBClusterParameterGroup | {Parameters: {tls: enabled}} | {Parameters: {tls: disabled}}
caution | DocDB::DBClusterParameterGroup | {Parameters: {audit_logs: enabled}} | {Parameters: {audit_logs: disabled}}
danger | DynamoDB::Table | {} | -
danger | DynamoDB::Table | {TableName: a} | {TableName: b}
danger | DynamoDB::Table | {AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]} | {AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: at, AttributeType: N}], KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]}
danger | DynamoDB::Table | {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}} | {}
danger | DynamoDB::Table | {DeletionProtectionEnabled: true} | {DeletionProtectionEnabled: false}
caution | DynamoDB::Table | {SSESpecification: {SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: k}} | {}
caution | DynamoDB::Table | {ProvisionedThroughput: {ReadCapacityUnits: 100, WriteCapacityUnits: 50}} | {ProvisionedThroughput: {ReadCapacityUnits: 10, WriteCapacityUnits: 50}}
caution | DynamoDB::Table | {TimeToLiveSpecification: {AttributeName: exp, Enabled: true}} | {TimeToLiveSpecification: {AttributeName: exp, Enabled: false}}
caution | DynamoDB::Table | {TimeToLiveSpecification: {AttributeName: exp, Enabled: true}} | {TimeToLiveSpecification: {AttributeName: createdAt, Enabled: true}}
caution | DynamoDB::Table | {StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}} | {StreamSpecification: {StreamViewType: KEYS_ONLY}}
caution | DynamoDB::Table | {GlobalSecondaryIndexes: [{IndexName: a, KeySchema: [{AttributeName: x, KeyType: HASH}]}]} | {GlobalSecondaryIndexes: [{IndexName: a, KeySchema: [{AttributeName: y, KeyType: HASH}]}]}
caution | DynamoDB::Table | {KinesisStreamSpecification: {StreamArn: s}} | {}
caution | DynamoDB::Table | {ContributorInsightsSpecification: {Enabled: true}} | {ContributorInsightsSpecification: {Enabled: false}}
danger | DynamoDB::Table | {} | {ResourcePolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'dynamodb:*', Resource: '*'}]}}}
danger | EC2::Volume | {Size: 100} | -
danger | EC2::Volume | {Encrypted: true} | {Encrypted: false} | {Size: 100}
danger | ECR::Repository | {RepositoryName: a} | -
caution | ECR::Repository | {} | {LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"selection":{"countNumber":1}}]}'}}
caution | ECR::Repository | {} | {EmptyOnDelete: true}
danger | EFS::FileSystem | {Encrypted: true} | {Encrypted: false}
danger | EFS::FileSystem | {} | -
danger | EFS::FileSystem | {KmsKeyId: a} | {KmsKeyId: b} | {Encrypted: true}
danger | EFS::FileSystem | {FileSystemPolicy: {Statement: [{Effect: Deny, Principal: {AWS: '*'}, Action: '*', Condition: {Bool: {aws:SecureTransport: 'false'}}}]}} | {}
caution | EFS::FileSystem | {ThroughputMode: provisioned, ProvisionedThroughputInMibps: 100} | {ThroughputMode: bursting}
caution | EFS::FileSystem | {FileSystemProtection: {ReplicationOverwriteProtection: ENABLED}} | {FileSystemProtection: {ReplicationOverwriteProtection: DISABLED}}
caution | ElastiCache::ParameterGroup | {Properties: {maxmemory-policy: noeviction}} | {Properties: {maxmemory-policy: allkeys-lru}} | {CacheParameterGroupFamily: redis7}
danger | ElastiCache::ReplicationGroup | {TransitEncryptionEnabled: true} | {TransitEncryptionEnabled: false} | {AtRestEncryptionEnabled: true}
caution | ElastiCache::ReplicationGroup | {AuthToken: x} | {} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
danger | ElastiCache::ReplicationGroup | {} | -
caution | ElastiCache::ReplicationGroup | {NumCacheClusters: 3} | {NumCacheClusters: 1} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
caution | ElastiCache::ReplicationGroup | {MultiAZEnabled: true} | {MultiAZEnabled: false} | {AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
danger | ElastiCache::ReplicationGroup | {AtRestEncryptionEnabled: true} | {AtRestEncryptionEnabled: false} | {TransitEncryptionEnabled: true}
danger | ElastiCache::ReplicationGroup | {CacheSubnetGroupName: a} | {CacheSubnetGroupName: b} | {TransitEncryptionEnabled: true, AtRestEncryptionEnabled: true}
danger | FSx::FileSystem | {LustreConfiguration: {AutomaticBackupRetentionDays: 7}} | {LustreConfiguration: {AutomaticBackupRetentionDays: 0}} | {FileSystemType: LUSTRE, SubnetIds: [a]}
caution | Glue::Crawler | {Schedule: {ScheduleExpression: 'cron(0 1 * * ? *)'}} | {} | {Role: r}
caution | Glue::Crawler | {SchemaChangePolicy: {DeleteBehavior: LOG}} | {SchemaChangePolicy: {DeleteBehavior: DELETE_FROM_DATABASE}} | {Role: r}
caution | Glue::DataCatalogEncryptionSettings | {DataCatalogEncryptionSettings: {EncryptionAtRest: {CatalogEncryptionMode: SSE-KMS}}} | {DataCatalogEncryptionSettings: {EncryptionAtRest: {CatalogEncryptionMode: DISABLED}}}
danger | Glue::Table | {TableInput: {Name: a, StorageDescriptor: {Location: 's3://a'}}} | {TableInput: {Name: b, StorageDescriptor: {Location: 's3://a'}}} | {DatabaseName: d}
caution | Glue::Trigger | {Type: SCHEDULED} | -
caution | KMS::Alias | {TargetKeyId: a} | {TargetKeyId: b} | {AliasName: alias/x}
danger | KMS::Key | {} | -
caution | KMS::Key | {PendingWindowInDays: 30} | {PendingWindowInDays: 7}
danger | KMS::Key | {Enabled: true} | {Enabled: false}
caution | KMS::Key | {KeySpec: SYMMETRIC_DEFAULT} | {KeySpec: RSA_2048}
danger | KMS::Key | {KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:root'}, Action: 'kms:*', Resource: '*'}]}} | {KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'kms:*', Resource: '*'}]}}
danger | Kinesis::Stream | {Name: a} | {Name: b}
caution | Kinesis::Stream | {RetentionPeriodHours: 168} | {RetentionPeriodHours: 24}
caution | KinesisFirehose::DeliveryStream | {ExtendedS3DestinationConfiguration: {BucketARN: a}} | {ExtendedS3DestinationConfiguration: {BucketARN: b}}
caution | KinesisFirehose::DeliveryStream | {DeliveryStreamEncryptionConfigurationInput: {KeyType: CUSTOMER_MANAGED_CMK, KeyARN: k}} | {}
caution | KinesisFirehose::DeliveryStream | {ExtendedS3DestinationConfiguration: {BucketARN: a, S3BackupMode: Enabled}} | {ExtendedS3DestinationConfiguration: {BucketARN: a, S3BackupMode: Disabled}}
danger | LakeFormation::DataLakeSettings | {Admins: [{DataLakePrincipalIdentifier: a}]} | {Admins: [{DataLakePrincipalIdentifier: a}, {DataLakePrincipalIdentifier: b}]}
danger | MSK::Cluster | {ClusterName: a} | {ClusterName: b}
caution | MSK::Cluster | {EnhancedMonitoring: PER_BROKER} | {EnhancedMonitoring: DEFAULT}
caution | MSK::Cluster | {NumberOfBrokerNodes: 6} | {NumberOfBrokerNodes: 3}
danger | MSK::Cluster | {ClientAuthentication: {Sasl: {Iam: {Enabled: true}}}} | {ClientAuthentication: {Sasl: {Iam: {Enabled: false}}}}
danger | MemoryDB::Cluster | {TLSEnabled: true} | {TLSEnabled: false} | {ACLName: a, NodeType: db.t4g.small}
danger | MemoryDB::Cluster | {ACLName: app-acl} | {ACLName: open-access} | {NodeType: db.t4g.small}
caution | MemoryDB::Cluster | {NumReplicasPerShard: 2} | {NumReplicasPerShard: 0} | {ACLName: a, NodeType: db.t4g.small}
danger | MemoryDB::Cluster | {SnapshotRetentionLimit: 7} | {SnapshotRetentionLimit: 0} | {ACLName: a, NodeType: db.t4g.small}
danger | Neptune::DBCluster | {IamAuthEnabled: true} | {IamAuthEnabled: false} | {StorageEncrypted: true}
danger | Neptune::DBCluster | {DeletionProtection: true} | {DeletionProtection: false} | {StorageEncrypted: true}
danger | Neptune::DBInstance | {DBInstanceClass: db.r5.large} | -
danger | OpenSearchService::Domain | {DomainName: a} | {DomainName: b}
danger | OpenSearchService::Domain | {EncryptionAtRestOptions: {Enabled: true}} | {EncryptionAtRestOptions: {Enabled: false}}
danger | OpenSearchService::Domain | {DomainEndpointOptions: {EnforceHTTPS: true}} | {DomainEndpointOptions: {EnforceHTTPS: false}}
danger | OpenSearchService::Domain | {VPCOptions: {SubnetIds: [a]}} | {}
danger | OpenSearchService::Domain | {EngineVersion: OpenSearch_1.3} | {EngineVersion: OpenSearch_2.11}
caution | OpenSearchService::Domain | {ClusterConfig: {InstanceCount: 3, InstanceType: r6g.large.search}} | {ClusterConfig: {InstanceCount: 1, InstanceType: r6g.large.search}}
caution | OpenSearchService::Domain | {ClusterConfig: {DedicatedMasterEnabled: true, DedicatedMasterCount: 3}} | {ClusterConfig: {DedicatedMasterEnabled: false}}
caution | OpenSearchService::Domain | {LogPublishingOptions: {AUDIT_LOGS: {Enabled: true, CloudWatchLogsLogGroupArn: l}}} | {LogPublishingOptions: {}}
caution | OpenSearchService::Domain | {EBSOptions: {EBSEnabled: true, VolumeSize: 200}} | {EBSOptions: {EBSEnabled: true, VolumeSize: 50}}
danger | QLDB::Ledger | {DeletionProtection: true} | {DeletionProtection: false}
danger | RDS::DBCluster | {Engine: aurora-mysql} | {Engine: aurora-postgresql}
danger | RDS::DBCluster | {SnapshotIdentifier: a} | {SnapshotIdentifier: b} | {StorageEncrypted: true}
danger | RDS::DBCluster | {} | {SnapshotIdentifier: b} | {StorageEncrypted: true}
caution | RDS::DBCluster | {BacktrackWindow: 86400} | {BacktrackWindow: 0} | {StorageEncrypted: true}
danger | RDS::DBCluster | {BackupRetentionPeriod: 30} | {BackupRetentionPeriod: 1} | {StorageEncrypted: true}
caution | RDS::DBCluster | {ServerlessV2ScalingConfiguration: {MinCapacity: 2, MaxCapacity: 16}} | {ServerlessV2ScalingConfiguration: {MinCapacity: 2, MaxCapacity: 4}} | {StorageEncrypted: true}
caution | RDS::DBClusterParameterGroup | {Parameters: {log_statement: ddl}} | {Parameters: {log_statement: none}} | {Family: aurora-postgresql15}
danger | RDS::DBInstance | {Engine: postgres, DBInstanceClass: db.t4g.medium} | -
danger | RDS::DBInstance | {DBInstanceIdentifier: shop} | {DBInstanceIdentifier: shop2} | {Engine: postgres}
caution | RDS::DBInstance | {AvailabilityZone: eu-west-1a} | {AvailabilityZone: eu-west-1b} | {Engine: postgres}
danger | RDS::DBInstance | {StorageEncrypted: true} | {StorageEncrypted: false} | {Engine: mysql}
danger | RDS::DBInstance | {PubliclyAccessible: false} | {PubliclyAccessible: true} | {Engine: mysql}
danger | RDS::DBInstance | {BackupRetentionPeriod: 7} | {BackupRetentionPeriod: 0} | {Engine: mysql}
danger | RDS::DBInstance | {DeletionProtection: true} | {DeletionProtection: false} | {Engine: mysql}
danger | RDS::DBInstance | {DeletionProtection: true} | {} | {Engine: mysql}
caution | RDS::DBInstance | {MultiAZ: true} | {MultiAZ: false} | {Engine: mysql}
danger | RDS::DBInstance | {AllocatedStorage: '200'} | {AllocatedStorage: '100'} | {Engine: mysql}
caution | RDS::DBInstance | {DBInstanceClass: db.r6g.xlarge} | {DBInstanceClass: db.r6g.large} | {Engine: mysql}
danger | RDS::DBInstance | {EngineVersion: '13.4'} | {EngineVersion: '15.2', AllowMajorVersionUpgrade: true} | {Engine: postgres}
danger | RDS::DBInstance | {MasterUsername: admin} | {MasterUsername: root} | {Engine: mysql}
danger | RDS::DBInstance | {EnableIAMDatabaseAuthentication: true} | {EnableIAMDatabaseAuthentication: false} | {Engine: mysql}
caution | RDS::DBInstance | {MonitoringInterval: 60} | {MonitoringInterval: 0} | {Engine: mysql}
caution | RDS::DBInstance | {EnablePerformanceInsights: true} | {EnablePerformanceInsights: false} | {Engine: mysql}
caution | RDS::DBInstance | {StorageType: io1} | {StorageType: gp2} | {Engine: mysql}
caution | RDS::DBInstance | {CopyTagsToSnapshot: true, AutoMinorVersionUpgrade: true} | {CopyTagsToSnapshot: true, AutoMinorVersionUpgrade: false} | {Engine: mysql}
danger | RDS::DBParameterGroup | {Parameters: {rds.force_ssl: '1'}} | {Parameters: {rds.force_ssl: '0'}} | {Family: postgres15}
danger | RDS::DBProxy | {RequireTLS: true} | {RequireTLS: false} | {EngineFamily: POSTGRESQL}
danger | RDS::DBProxy | {Auth: [{IAMAuth: REQUIRED}]} | {Auth: [{IAMAuth: DISABLED}]} | {EngineFamily: POSTGRESQL, RequireTLS: true}
danger | Redshift::Cluster | {PubliclyAccessible: false} | {PubliclyAccessible: true} | {Encrypted: true}
danger | Redshift::Cluster | {Encrypted: true} | {Encrypted: false}
danger | Redshift::Cluster | {} | - | {ClusterType: multi-node}
caution | Redshift::Cluster | {EnhancedVpcRouting: true} | {EnhancedVpcRouting: false} | {Encrypted: true}
danger | Redshift::ClusterParameterGroup | {Parameters: [{ParameterName: require_ssl, ParameterValue: 'true'}]} | {Parameters: [{ParameterName: require_ssl, ParameterValue: 'false'}]}
danger | S3::Bucket | {BucketName: a} | {BucketName: b}
caution | S3::Bucket | {VersioningConfiguration: {Status: Enabled}} | {VersioningConfiguration: {Status: Suspended}}
danger | S3::Bucket | {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}} | {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: false}}
caution | S3::Bucket | {} | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, ExpirationInDays: 30}]}}
caution | S3::Bucket | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, ExpirationInDays: 365}]}} | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, ExpirationInDays: 7}]}}
caution | S3::Bucket | {} | {LifecycleConfiguration: {Rules: [{Id: x, Status: Enabled, Transitions: [{StorageClass: DEEP_ARCHIVE, TransitionInDays: 1}]}]}}
caution | S3::Bucket | {LoggingConfiguration: {DestinationBucketName: l}} | {}
caution | S3::Bucket | {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: f}]}} | {}
danger | S3::Bucket | {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}} | {}
danger | S3::Bucket | {} | {AccessControl: PublicRead}
caution | S3::Bucket | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: k}}]}} | {BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}}
caution | S3::Bucket | {ReplicationConfiguration: {Role: r, Rules: [{Id: a, Status: Enabled}]}} | {ReplicationConfiguration: {Role: r, Rules: [{Id: a, Status: Disabled}]}}
danger | S3::Bucket | {} | {WebsiteConfiguration: {IndexDocument: index.html}, PublicAccessBlockConfiguration: {BlockPublicPolicy: false}}
caution | SNS::Subscription | {TopicArn: t, Protocol: email, Endpoint: a@example.com} | -
caution | SNS::Subscription | {TopicArn: t, Protocol: email, Endpoint: a@example.com} | {TopicArn: t, Protocol: email, Endpoint: b@example.com}
caution | SNS::Subscription | {RedrivePolicy: {deadLetterTargetArn: q}} | {} | {TopicArn: t, Protocol: sqs, Endpoint: e}
caution | SNS::Topic | {KmsMasterKeyId: k} | {}
danger | SNS::TopicPolicy | {Topics: [t], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: 'sns:Publish', Resource: '*'}]}} | {Topics: [t], PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: 'sns:Publish', Resource: '*'}]}}
danger | SQS::Queue | {QueueName: a} | {QueueName: b}
danger | SQS::Queue | {} | -
caution | SQS::Queue | {MessageRetentionPeriod: 1209600} | {MessageRetentionPeriod: 3600}
caution | SQS::Queue | {KmsMasterKeyId: k} | {}
caution | SQS::Queue | {RedrivePolicy: {deadLetterTargetArn: a, maxReceiveCount: 5}} | {RedrivePolicy: {deadLetterTargetArn: a, maxReceiveCount: 1}}
caution | SQS::Queue | {VisibilityTimeout: 300} | {VisibilityTimeout: 30}
caution | SQS::Queue | {ContentBasedDeduplication: true, FifoQueue: true} | {ContentBasedDeduplication: false, FifoQueue: true}
caution | SecretsManager::RotationSchedule | {SecretId: s, RotationRules: {AutomaticallyAfterDays: 30}} | -
danger | SecretsManager::Secret | {Name: a} | -
danger | SecretsManager::Secret | {Name: a} | {Name: b}
caution | SecretsManager::Secret | {KmsKeyId: k} | {}
danger | SecretsManager::Secret | {GenerateSecretString: {PasswordLength: 32}} | {SecretString: hunter2}
danger | SecretsManager::Secret | {GenerateSecretString: {PasswordLength: 32}} | {GenerateSecretString: {PasswordLength: 48}}
danger | Timestream::Database | {DatabaseName: a} | {DatabaseName: b}
caution | Timestream::Table | {RetentionProperties: {MemoryStoreRetentionPeriodInHours: 24, MagneticStoreRetentionPeriodInDays: 365}} | {RetentionProperties: {MemoryStoreRetentionPeriodInHours: 24, MagneticStoreRetentionPeriodInDays: 30}}
`);
