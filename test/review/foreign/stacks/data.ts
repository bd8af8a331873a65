import { changes, type StackCase } from './stack';

/** Stacks that hold data: tables, databases, buckets, file systems, caches, search. */
export const dataStacks: StackCase[] = [
  ...changes(
    `
Orders: {is: DynamoDB::GlobalTable, KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: mail, AttributeType: S}],
  BillingMode: PAY_PER_REQUEST, StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}, SSESpecification: {SSEEnabled: true, SSEType: KMS},
  GlobalSecondaryIndexes: [{IndexName: by-mail, KeySchema: [{AttributeName: mail, KeyType: HASH}], Projection: {ProjectionType: ALL}}], TimeToLiveSpecification: {AttributeName: ttl, Enabled: true},
  Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}, {Region: eu-central-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}],
  DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
Role: {is: IAM::Role, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}, ManagedPolicyArns: [!Sub "arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]}
Policy: {is: IAM::Policy, PolicyName: p, Roles: [!Ref Role], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: [dynamodb:GetItem, dynamodb:PutItem, dynamodb:Query], Resource: [!GetAtt Orders.Arn, !Sub "\${Orders.Arn}/index/*"]}]}}
Fn: {is: Lambda::Function, Code: {S3Bucket: cdk-hnb659fds-assets, S3Key: aaaa.zip}, Handler: index.handler, Runtime: nodejs22.x, Role: !GetAtt Role.Arn, MemorySize: 256, Timeout: 10, Environment: {Variables: {TABLE: !Ref Orders}}, DependsOn: [Role, Policy]}
FromStream: {is: Lambda::EventSourceMapping, EventSourceArn: !GetAtt Orders.StreamArn, FunctionName: !Ref Fn, StartingPosition: TRIM_HORIZON, BatchSize: 100, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 10}
`,
    `
danger the replica in Frankfurt leaves a global table
  Orders: {Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}]}
danger one replica of a global table loses its recovery to a point in time
  Orders: {Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: false}}, {Region: eu-central-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}]}
danger the partition key of a global table is renamed
  Orders: {KeySchema: [{AttributeName: orderId, KeyType: HASH}], AttributeDefinitions: [{AttributeName: orderId, AttributeType: S}, {AttributeName: mail, AttributeType: S}]}
caution an index that queries use is removed from a global table
  Orders: {GlobalSecondaryIndexes: null, AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]}
danger the table and its policies of deletion go
  Orders: {DeletionPolicy: Delete, UpdateReplacePolicy: Delete}
caution the attribute of the time to live is another
  Orders: {TimeToLiveSpecification: {AttributeName: expiresAt}}
caution a stream mapping gives up after fewer tries
  FromStream: {MaximumRetryAttempts: 0}
caution the stream consumer is switched off
  FromStream: {Enabled: false}
caution the function may do everything with the table
  Policy: {PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: [!GetAtt Orders.Arn]}]}}
danger the function may delete any table
  Policy: {PolicyDocument: {Statement: [{Effect: Allow, Action: ["dynamodb:*"], Resource: "*"}]}}
clean the table learns a second index
  Orders: {AttributeDefinitions: [{AttributeName: pk, AttributeType: S}, {AttributeName: mail, AttributeType: S}, {AttributeName: day, AttributeType: S}], GlobalSecondaryIndexes: [{IndexName: by-mail, KeySchema: [{AttributeName: mail, KeyType: HASH}], Projection: {ProjectionType: ALL}}, {IndexName: by-day, KeySchema: [{AttributeName: day, KeyType: HASH}], Projection: {ProjectionType: KEYS_ONLY}}]}
clean a third replica joins
  Orders: {Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}, {Region: eu-central-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}, {Region: eu-north-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}]}
clean a new bundle of the function
  Fn: {Code: {S3Key: bbbb.zip}, MemorySize: 512, Timeout: 15}
clean reads of the table are counted for contributors
  Orders: {Replicas: [{Region: eu-west-1, DeletionProtectionEnabled: true, ContributorInsightsSpecification: {Enabled: true}, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}, {Region: eu-central-1, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}}]}
clean the function has one more variable and X-Ray
  Fn: {Environment: {Variables: {LOG_LEVEL: debug}}, TracingConfig: {Mode: Active}}
clean the policy names the index before the table
  Policy: {PolicyDocument: {Statement: [{Effect: Allow, Action: [dynamodb:Query, dynamodb:GetItem, dynamodb:PutItem], Resource: [!Sub "\${Orders.Arn}/index/*", !GetAtt Orders.Arn]}]}}
clean the function may no longer write
  Policy: {PolicyDocument: {Statement: [{Effect: Allow, Action: [dynamodb:GetItem, dynamodb:Query], Resource: [!GetAtt Orders.Arn, !Sub "\${Orders.Arn}/index/*"]}]}}
clean a second function reads its own table
  Carts: {is: DynamoDB::Table, KeySchema: [{AttributeName: pk, KeyType: HASH}], AttributeDefinitions: [{AttributeName: pk, AttributeType: S}], BillingMode: PAY_PER_REQUEST, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, DeletionProtectionEnabled: true, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
  CartRole: {is: IAM::Role, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}}
  CartPolicy: {is: IAM::Policy, PolicyName: c, Roles: [!Ref CartRole], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Carts.Arn}]}}
`,
  ),
  ...changes(
    `
Key: {is: KMS::Key, EnableKeyRotation: true, KeyPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "kms:*", Resource: "*", Principal: {AWS: "arn:aws:iam::111122223333:root"}}]}, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
Docs: {is: S3::Bucket, BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: !GetAtt Key.Arn}}]}, VersioningConfiguration: {Status: Enabled},
  PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}, OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]},
  LifecycleConfiguration: {Rules: [{Id: cold, Status: Enabled, Prefix: archive/, Transitions: [{StorageClass: GLACIER_IR, TransitionInDays: 90}], NoncurrentVersionExpiration: {NoncurrentDays: 60}}]},
  LoggingConfiguration: {DestinationBucketName: logs, LogFilePrefix: docs/}, Tags: [{Key: team, Value: docs}], DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
DocsPolicy: {is: S3::BucketPolicy, Bucket: !Ref Docs, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: tls, Effect: Deny, Principal: {AWS: "*"}, Action: "s3:*", Resource: [!GetAtt Docs.Arn, !Sub "\${Docs.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}, {Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/reader"}, Action: "s3:GetObject", Resource: !Sub "\${Docs.Arn}/*"}]}}
Point: {is: S3::AccessPoint, Bucket: !Ref Docs, Name: partners, PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}, VpcConfiguration: {VpcId: vpc-1}}
`,
    `
caution a lifecycle rule deletes documents after a year
  Docs: {LifecycleConfiguration: {Rules: [{Id: cold, Status: Enabled, ExpirationInDays: 365}]}}
caution old versions are kept for a week instead of two months
  Docs: {LifecycleConfiguration: {Rules: [{Id: cold, Status: Enabled, Prefix: archive/, Transitions: [{StorageClass: GLACIER_IR, TransitionInDays: 90}], NoncurrentVersionExpiration: {NoncurrentDays: 7}}]}}
caution versions are suspended
  Docs: {VersioningConfiguration: {Status: Suspended}}
danger two of the four public access blocks are lifted
  Docs: {PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}}
danger another account may write objects
  DocsPolicy: {PolicyDocument: {Statement: [{Sid: tls, Effect: Deny, Principal: {AWS: "*"}, Action: "s3:*", Resource: [!GetAtt Docs.Arn, !Sub "\${Docs.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}, {Effect: Allow, Principal: {AWS: ["arn:aws:iam::444455556666:role/reader", "*"]}, Action: "s3:GetObject", Resource: !Sub "\${Docs.Arn}/*"}]}}
danger the Deny of plain HTTP goes
  DocsPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/reader"}, Action: "s3:GetObject", Resource: !Sub "\${Docs.Arn}/*"}]}}
danger the access point answers from the internet, not only from the VPC
  Point: {VpcConfiguration: null}
danger the bucket gets a fixed name, hence another bucket
  Docs: {BucketName: acme-docs}
caution objects may carry ACLs again
  Docs: {OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}
danger the key is disabled
  Key: {Enabled: false}
danger a stranger may use the key
  Key: {KeyPolicy: {Statement: [{Effect: Allow, Action: "kms:*", Resource: "*", Principal: {AWS: "arn:aws:iam::111122223333:root"}}, {Effect: Allow, Action: ["kms:Decrypt"], Resource: "*", Principal: "*"}]}}
caution the key waits seven days before it is deleted
  Key: {PendingWindowInDays: 7}
clean another team owns the documents
  Docs: {Tags: [{Key: team, Value: content}, {Key: cost, Value: "42"}]}
clean the bucket sends events and old uploads are tidied
  Docs: {NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}, LifecycleConfiguration: {Rules: [{Id: cold, Status: Enabled, Prefix: archive/, Transitions: [{StorageClass: GLACIER_IR, TransitionInDays: 90}], NoncurrentVersionExpiration: {NoncurrentDays: 60}}, {Id: uploads, Status: Enabled, AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}}]}}
clean deletes without a second factor are denied
  DocsPolicy: {PolicyDocument: {Statement: [{Sid: tls, Effect: Deny, Principal: {AWS: "*"}, Action: "s3:*", Resource: [!GetAtt Docs.Arn, !Sub "\${Docs.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}, {Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/reader"}, Action: "s3:GetObject", Resource: !Sub "\${Docs.Arn}/*"}, {Effect: Deny, Principal: "*", Action: "s3:DeleteObjectVersion", Resource: !Sub "\${Docs.Arn}/*", Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}}]}}
clean the reader is named in a list
  DocsPolicy: {PolicyDocument: {Statement: [{Sid: tls, Effect: Deny, Principal: {AWS: "*"}, Action: ["s3:*"], Resource: [!GetAtt Docs.Arn, !Sub "\${Docs.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}, {Sid: Reader, Effect: Allow, Principal: {AWS: ["arn:aws:iam::444455556666:role/reader"]}, Action: ["s3:GetObject"], Resource: [!Sub "\${Docs.Arn}/*"]}]}}
clean files rest in the cold sooner for a prefix
  Docs: {IntelligentTieringConfigurations: [{Id: all, Status: Enabled, Tierings: [{AccessTier: ARCHIVE_ACCESS, Days: 90}]}]}
clean an alias for the key
  Alias: {is: KMS::Alias, AliasName: alias/docs, TargetKeyId: !Ref Key}
clean the key rotates each half year
  Key: {RotationPeriodInDays: 180, Description: documents}
clean the reader sees one folder only
  DocsPolicy: {PolicyDocument: {Statement: [{Sid: tls, Effect: Deny, Principal: {AWS: "*"}, Action: "s3:*", Resource: [!GetAtt Docs.Arn, !Sub "\${Docs.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}, {Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/reader"}, Action: "s3:GetObject", Resource: !Sub "\${Docs.Arn}/public/*"}]}}
`,
  ),
  ...changes(
    `
Sg: {is: EC2::SecurityGroup, GroupDescription: database, VpcId: vpc-1, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: sg-app}]}
Subnets: {is: RDS::DBSubnetGroup, DBSubnetGroupDescription: private, SubnetIds: [subnet-1, subnet-2]}
Params: {is: RDS::DBParameterGroup, Family: mysql8.0, Description: shop, Parameters: {slow_query_log: "1", max_connections: "500", require_secure_transport: "ON"}}
Secret: {is: SecretsManager::Secret, GenerateSecretString: {SecretStringTemplate: '{"username":"admin"}', GenerateStringKey: password, PasswordLength: 30, ExcludeCharacters: '"@/'}}
Db: {is: RDS::DBInstance, Engine: mysql, EngineVersion: 8.0.36, DBInstanceClass: db.r6g.large, AllocatedStorage: "100", MaxAllocatedStorage: 500, StorageType: gp3, StorageEncrypted: true, MultiAZ: true, BackupRetentionPeriod: 14, DeletionProtection: true, CopyTagsToSnapshot: true,
  DBSubnetGroupName: !Ref Subnets, VPCSecurityGroups: [!GetAtt Sg.GroupId], DBParameterGroupName: !Ref Params, MasterUsername: !Sub "{{resolve:secretsmanager:\${Secret}:SecretString:username}}", MasterUserPassword: !Sub "{{resolve:secretsmanager:\${Secret}:SecretString:password}}", PubliclyAccessible: false, MonitoringInterval: 60, EnableCloudwatchLogsExports: [error, slowquery], AutoMinorVersionUpgrade: true, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot}
Replica: {is: RDS::DBInstance, SourceDBInstanceIdentifier: !Ref Db, DBInstanceClass: db.r6g.large, VPCSecurityGroups: [!GetAtt Sg.GroupId]}
Rotation: {is: SecretsManager::RotationSchedule, SecretId: !Ref Secret, RotationRules: {AutomaticallyAfterDays: 30}, RotationLambdaARN: "arn:aws:lambda:eu-west-1:111122223333:function:rotate"}
`,
    `
danger MySQL becomes PostgreSQL
  Db: {Engine: postgres, EngineVersion: "16.4"}
caution the major version of MySQL rises
  Db: {EngineVersion: 8.4.3, AllowMajorVersionUpgrade: true}
caution the standby in the other zone goes
  Db: {MultiAZ: false}
danger the database is reachable from the internet
  Db: {PubliclyAccessible: true}
danger no backups any more
  Db: {BackupRetentionPeriod: 0}
danger the database takes a name of its own and is made anew
  Db: {DBInstanceIdentifier: shop-db}
danger the read replica is removed
  Replica: null
danger connections without TLS are taken
  Params: {Parameters: {require_secure_transport: "OFF"}}
danger less storage than there is, which RDS refuses
  Db: {AllocatedStorage: "50"}
caution a smaller machine, with a restart
  Db: {DBInstanceClass: db.t4g.medium}
danger everybody may reach the port of the database
  Sg: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 0.0.0.0/0}]}
danger the password stands in the template
  Db: {MasterUserPassword: Sommer2024!}
caution the password is no longer rotated
  Rotation: null
caution slow queries are no longer logged
  Db: {EnableCloudwatchLogsExports: [error]}
caution a description of the security group makes it a new one
  Sg: {GroupDescription: database of the shop}
clean storage may grow further
  Db: {MaxAllocatedStorage: 1000}
clean backups are kept for longer, and Performance Insights watches
  Db: {BackupRetentionPeriod: 35, EnablePerformanceInsights: true, EnableCloudwatchLogsExports: [error, slowquery, audit]}
clean an alarm on the processor of the database
  HighCpu: {is: CloudWatch::Alarm, Namespace: AWS/RDS, MetricName: CPUUtilization, Dimensions: [{Name: DBInstanceIdentifier, Value: !Ref Db}], Statistic: Average, Period: 300, EvaluationPeriods: 3, Threshold: 80, ComparisonOperator: GreaterThanThreshold}
clean the window of backups is another hour
  Db: {PreferredBackupWindow: "02:00-03:00", PreferredMaintenanceWindow: "sun:04:00-sun:05:00"}
clean the password is rotated each week
  Rotation: {RotationRules: {AutomaticallyAfterDays: 7}}
clean only half the port is open
  Sg: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: sg-app, Description: from the application}]}
clean a second replica
  Replica2: {is: RDS::DBInstance, SourceDBInstanceIdentifier: !Ref Db, DBInstanceClass: db.r6g.large, VPCSecurityGroups: [!GetAtt Sg.GroupId]}
`,
  ),
  ...changes(
    `
Fs: {is: EFS::FileSystem, Encrypted: true, PerformanceMode: generalPurpose, ThroughputMode: elastic, BackupPolicy: {Status: ENABLED}, LifecyclePolicies: [{TransitionToIA: AFTER_30_DAYS}], FileSystemPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], Condition: {Bool: {"elasticfilesystem:AccessedViaMountTarget": "true"}}}, {Effect: Deny, Principal: {AWS: "*"}, Action: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}}]}, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
Mount: {is: EFS::MountTarget, FileSystemId: !Ref Fs, SubnetId: subnet-1, SecurityGroups: [sg-1]}
Access: {is: EFS::AccessPoint, FileSystemId: !Ref Fs, PosixUser: {Uid: "1000", Gid: "1000"}, RootDirectory: {Path: /data, CreationInfo: {OwnerUid: "1000", OwnerGid: "1000", Permissions: "750"}}}
Lustre: {is: FSx::FileSystem, FileSystemType: LUSTRE, StorageCapacity: 1200, SubnetIds: [subnet-1], LustreConfiguration: {DeploymentType: PERSISTENT_2, PerUnitStorageThroughput: 125, AutomaticBackupRetentionDays: 7}}
Vault: {is: Backup::BackupVault, BackupVaultName: shop, LockConfiguration: {MinRetentionDays: 7}, DeletionPolicy: Retain}
Plan: {is: Backup::BackupPlan, BackupPlan: {BackupPlanName: daily, BackupPlanRule: [{RuleName: daily, TargetBackupVault: !Ref Vault, ScheduleExpression: "cron(0 3 * * ? *)", Lifecycle: {DeleteAfterDays: 35}}]}}
Selection: {is: Backup::BackupSelection, BackupPlanId: !Ref Plan, BackupSelection: {SelectionName: efs, IamRoleArn: "arn:aws:iam::111122223333:role/backup", Resources: [!GetAtt Fs.Arn]}}
`,
    `
danger the file system loses its mount in a zone
  Mount: null
caution the mount target moves to another subnet
  Mount: {SubnetId: subnet-2}
danger automatic backups of the files stop
  Fs: {BackupPolicy: {Status: DISABLED}}
danger files may travel without TLS
  Fs: {FileSystemPolicy: {Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], Condition: {Bool: {"elasticfilesystem:AccessedViaMountTarget": "true"}}}]}}
danger the performance mode makes a new file system
  Fs: {PerformanceMode: maxIO, ThroughputMode: bursting}
caution another directory for the access point, hence another access point
  Access: {RootDirectory: {Path: /shop}}
danger the Lustre file system moves to another subnet
  Lustre: {SubnetIds: [subnet-2]}
caution backups of Lustre are kept for a day
  Lustre: {LustreConfiguration: {AutomaticBackupRetentionDays: 1}}
danger the vault is no longer locked
  Vault: {LockConfiguration: null}
caution backups are kept for three days
  Plan: {BackupPlan: {BackupPlanRule: [{RuleName: daily, TargetBackupVault: !Ref Vault, ScheduleExpression: "cron(0 3 * * ? *)", Lifecycle: {DeleteAfterDays: 3}}]}}
danger nothing is selected for backup
  Selection: null
clean backups are also copied to another region
  Plan: {BackupPlan: {BackupPlanRule: [{RuleName: daily, TargetBackupVault: !Ref Vault, ScheduleExpression: "cron(0 3 * * ? *)", Lifecycle: {DeleteAfterDays: 35}, CopyActions: [{DestinationBackupVaultArn: "arn:aws:backup:eu-central-1:111122223333:backup-vault:shop", Lifecycle: {DeleteAfterDays: 90}}]}]}}
clean Lustre grows
  Lustre: {StorageCapacity: 2400}
clean a mount target in a second zone
  Mount2: {is: EFS::MountTarget, FileSystemId: !Ref Fs, SubnetId: subnet-2, SecurityGroups: [sg-1]}
clean files rest in the archive after a year
  Fs: {LifecyclePolicies: [{TransitionToIA: AFTER_30_DAYS}, {TransitionToArchive: AFTER_365_DAYS}]}
clean the plan backs up twice a day
  Plan: {BackupPlan: {BackupPlanRule: [{RuleName: daily, TargetBackupVault: !Ref Vault, ScheduleExpression: "cron(0 3 * * ? *)", Lifecycle: {DeleteAfterDays: 35}}, {RuleName: noon, TargetBackupVault: !Ref Vault, ScheduleExpression: "cron(0 12 * * ? *)", Lifecycle: {DeleteAfterDays: 35}}]}}
clean a second access point
  Access2: {is: EFS::AccessPoint, FileSystemId: !Ref Fs, PosixUser: {Uid: "1001", Gid: "1001"}, RootDirectory: {Path: /logs, CreationInfo: {OwnerUid: "1001", OwnerGid: "1001", Permissions: "750"}}}
`,
  ),
  ...changes(
    `
Cache: {is: ElastiCache::ReplicationGroup, ReplicationGroupDescription: sessions, Engine: valkey, EngineVersion: "7.2", CacheNodeType: cache.r7g.large, NumNodeGroups: 2, ReplicasPerNodeGroup: 1, AutomaticFailoverEnabled: true, MultiAZEnabled: true, TransitEncryptionEnabled: true, AtRestEncryptionEnabled: true, SnapshotRetentionLimit: 5, SecurityGroupIds: [sg-1], CacheSubnetGroupName: private}
Dax: {is: DAX::Cluster, IAMRoleARN: "arn:aws:iam::111122223333:role/dax", NodeType: dax.r5.large, ReplicationFactor: 3, SSESpecification: {SSEEnabled: true}, ClusterEndpointEncryptionType: TLS}
Mem: {is: MemoryDB::Cluster, ACLName: app, NodeType: db.r7g.large, ClusterName: live, NumShards: 2, TLSEnabled: true, SnapshotRetentionLimit: 3}
Search: {is: OpenSearchService::Domain, EngineVersion: OpenSearch_2.11, ClusterConfig: {InstanceType: r6g.large.search, InstanceCount: 3, DedicatedMasterEnabled: true, DedicatedMasterCount: 3, DedicatedMasterType: m6g.large.search, ZoneAwarenessEnabled: true}, NodeToNodeEncryptionOptions: {Enabled: true}, EncryptionAtRestOptions: {Enabled: true}, DomainEndpointOptions: {EnforceHTTPS: true, TLSSecurityPolicy: Policy-Min-TLS-1-2-2019-07},
  VPCOptions: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [sg-2]}, AdvancedSecurityOptions: {Enabled: true, InternalUserDatabaseEnabled: false, MasterUserOptions: {MasterUserARN: "arn:aws:iam::111122223333:role/search"}}, AccessPolicies: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/app"}, Action: "es:ESHttp*", Resource: "*"}]}}
Graph: {is: Neptune::DBCluster, DBClusterIdentifier: graph, StorageEncrypted: true, IamAuthEnabled: true, DeletionProtection: true, BackupRetentionPeriod: 7}
Mongo: {is: DocDB::DBCluster, MasterUsername: root, MasterUserPassword: "{{resolve:secretsmanager:docdb:SecretString:password}}", StorageEncrypted: true, DeletionProtection: true, BackupRetentionPeriod: 7, EnableCloudwatchLogsExports: [audit], VpcSecurityGroupIds: [sg-3]}
MongoNode: {is: DocDB::DBInstance, DBClusterIdentifier: !Ref Mongo, DBInstanceClass: db.r6g.large}
`,
    `
caution the sessions lose their failover and their second zone
  Cache: {AutomaticFailoverEnabled: false, MultiAZEnabled: false, ReplicasPerNodeGroup: 0}
danger the cache speaks without TLS
  Cache: {TransitEncryptionEnabled: false}
danger the cache moves to other subnets and starts empty
  Cache: {CacheSubnetGroupName: isolated}
danger snapshots of the cache stop
  Cache: {SnapshotRetentionLimit: 0}
danger DAX without TLS, in a new cluster
  Dax: {ClusterEndpointEncryptionType: NONE}
caution DAX on one node
  Dax: {ReplicationFactor: 1}
danger the MemoryDB cluster takes everybody
  Mem: {ACLName: open-access}
danger MemoryDB without TLS, in a new cluster
  Mem: {TLSEnabled: false}
danger search leaves its VPC
  Search: {VPCOptions: null}
danger anybody may search
  Search: {AccessPolicies: {Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "es:*", Resource: "*"}]}}
danger search without fine-grained access
  Search: {AdvancedSecurityOptions: {Enabled: false, MasterUserOptions: null}}
caution search without dedicated masters
  Search: {ClusterConfig: {DedicatedMasterEnabled: false, DedicatedMasterCount: null, DedicatedMasterType: null}}
danger the graph takes callers without IAM
  Graph: {IamAuthEnabled: false}
danger the graph has another name and is empty
  Graph: {DBClusterIdentifier: graph-prod}
danger the only node of the document database goes
  MongoNode: null
caution the audit log of the document database stops
  Mongo: {EnableCloudwatchLogsExports: []}
clean the cache has one more replica
  Cache: {ReplicasPerNodeGroup: 2, SnapshotRetentionLimit: 10}
clean a second node for the documents
  MongoNode2: {is: DocDB::DBInstance, DBClusterIdentifier: !Ref Mongo, DBInstanceClass: db.r6g.large}
clean search asks for TLS 1.2 with forward secrecy
  Search: {DomainEndpointOptions: {TLSSecurityPolicy: Policy-Min-TLS-1-2-PFS-2023-10}}
clean the cache tells of its state
  Cache: {NotificationTopicArn: "arn:aws:sns:eu-west-1:111122223333:ops", AutoMinorVersionUpgrade: true}
clean one more node of DAX
  Dax: {ReplicationFactor: 4}
clean one more shard of MemoryDB, and another description
  Mem: {NumReplicasPerShard: 2, Description: live data}
clean search logs its slow queries
  Search: {LogPublishingOptions: {SEARCH_SLOW_LOGS: {CloudWatchLogsLogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:slow", Enabled: true}}}
clean graph and documents are backed up for longer
  Graph: {BackupRetentionPeriod: 30}
  Mongo: {BackupRetentionPeriod: 30, EnableCloudwatchLogsExports: [audit, profiler]}
`,
  ),
];
