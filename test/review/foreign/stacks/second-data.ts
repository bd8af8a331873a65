import { changes, type StackCase } from './stack';

/** Stacks of the second round that hold data or run programs. */
export const secondDataStacks: StackCase[] = [
  ...changes(
    `
Ks: {is: Cassandra::Keyspace, KeyspaceName: shop}
Ct: {is: Cassandra::Table, KeyspaceName: !Ref Ks, TableName: carts, PartitionKeyColumns: [{ColumnName: id, ColumnType: text}], RegularColumns: [{ColumnName: body, ColumnType: text}], PointInTimeRecoveryEnabled: true, DefaultTimeToLive: 0, EncryptionSpecification: {EncryptionType: CUSTOMER_MANAGED_KMS_KEY, KmsKeyIdentifier: "arn:aws:kms:eu-west-1:111122223333:key/a"}}
Ts: {is: Timestream::Database, DatabaseName: metrics}
Tt: {is: Timestream::Table, DatabaseName: !Ref Ts, TableName: cpu, RetentionProperties: {MemoryStoreRetentionPeriodInHours: "24", MagneticStoreRetentionPeriodInDays: "365"}}
Dsql: {is: DSQL::Cluster, DeletionProtectionEnabled: true, Tags: [{Key: Name, Value: shop}]}
Lt: {is: S3Tables::TableBucket, TableBucketName: facts, UnreferencedFileRemoval: {Status: Enabled, UnreferencedDays: 10, NoncurrentDays: 30}}
Dir: {is: S3Express::DirectoryBucket, DataRedundancy: SingleAvailabilityZone, LocationName: euw1-az1}
Dms: {is: DMS::ReplicationTask, MigrationType: full-load-and-cdc, ReplicationInstanceArn: "arn:aws:dms:eu-west-1:111122223333:rep:a", SourceEndpointArn: "arn:aws:dms:eu-west-1:111122223333:endpoint:s", TargetEndpointArn: "arn:aws:dms:eu-west-1:111122223333:endpoint:t", TableMappings: '{"rules":[{"rule-type":"selection","rule-id":"1","rule-name":"1","object-locator":{"schema-name":"shop","table-name":"%"},"rule-action":"include"}]}'}
DmsEnd: {is: DMS::Endpoint, EndpointType: source, EngineName: postgres, ServerName: db, Port: 5432, DatabaseName: shop, SslMode: verify-full, Username: dms, Password: "{{resolve:secretsmanager:dms:SecretString:password}}"}
Sync: {is: DataSync::Task, SourceLocationArn: "arn:aws:datasync:eu-west-1:111122223333:location/s", DestinationLocationArn: "arn:aws:datasync:eu-west-1:111122223333:location/d", Options: {VerifyMode: ONLY_FILES_TRANSFERRED, PreserveDeletedFiles: PRESERVE}, Schedule: {ScheduleExpression: "cron(0 1 * * ? *)"}}
Graph: {is: NeptuneGraph::Graph, GraphName: fraud, ProvisionedMemory: 128, ReplicaCount: 1, DeletionProtection: true, PublicConnectivity: false}
Health: {is: HealthLake::FHIRDatastore, DatastoreTypeVersion: R4, DatastoreName: clinic, SseConfiguration: {KmsEncryptionConfig: {CmkType: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/a"}}}
Mesh: {is: SecretsManager::Secret, Name: shop/api, ReplicaRegions: [{Region: eu-central-1}], KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/a"}
MeshPolicy: {is: SecretsManager::ResourcePolicy, SecretId: !Ref Mesh, BlockPublicPolicy: true, ResourcePolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/partner"}, Action: "secretsmanager:GetSecretValue", Resource: "*"}]}}
Aurora: {is: RDS::DBCluster, Engine: aurora-mysql, EngineVersion: 8.0.mysql_aurora.3.05.2, MasterUsername: admin, ManageMasterUserPassword: true, StorageEncrypted: true, BacktrackWindow: 86400, DeletionProtection: true, BackupRetentionPeriod: 14, EnableIAMDatabaseAuthentication: true, DBClusterParameterGroupName: default.aurora-mysql8.0, DeletionPolicy: Snapshot}
Writer: {is: RDS::DBInstance, Engine: aurora-mysql, DBClusterIdentifier: !Ref Aurora, DBInstanceClass: db.r6g.large, PromotionTier: 0}
Reader: {is: RDS::DBInstance, Engine: aurora-mysql, DBClusterIdentifier: !Ref Aurora, DBInstanceClass: db.r6g.large, PromotionTier: 1}
Global: {is: RDS::GlobalCluster, GlobalClusterIdentifier: shop, SourceDBClusterIdentifier: !Ref Aurora, DeletionProtection: true}
Proxy: {is: RDS::DBProxy, DBProxyName: shop, EngineFamily: MYSQL, RequireTLS: true, RoleArn: "arn:aws:iam::111122223333:role/proxy", VpcSubnetIds: [subnet-1, subnet-2], Auth: [{AuthScheme: SECRETS, IAMAuth: REQUIRED, SecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a"}]}
`,
    `
danger the keyspace of carts is renamed
  Ks: {KeyspaceName: store}
caution a column leaves the table of carts
  Ct: {RegularColumns: [{ColumnName: note, ColumnType: text}]}
caution carts expire after a day
  Ct: {DefaultTimeToLive: 86400}
danger the table of carts has no recovery to a point in time
  Ct: {PointInTimeRecoveryEnabled: false}
caution carts are under a key of AWS
  Ct: {EncryptionSpecification: {EncryptionType: AWS_OWNED_KMS_KEY, KmsKeyIdentifier: null}}
caution metrics are kept a month
  Tt: {RetentionProperties: {MagneticStoreRetentionPeriodInDays: "30"}}
danger the distributed database goes
  Dsql: null
danger the distributed database may be deleted
  Dsql: {DeletionProtectionEnabled: false}
danger the bucket of tables has another name
  Lt: {TableBucketName: facts-2}
danger the directory bucket moves to another zone
  Dir: {LocationName: euw1-az2}
danger the replication of data is removed
  Dms: null
caution the replication leaves most tables out
  Dms: {TableMappings: '{"rules":[{"rule-type":"selection","rule-id":"1","rule-name":"1","object-locator":{"schema-name":"shop","table-name":"orders"},"rule-action":"include"}]}'}
danger the replication reads without TLS
  DmsEnd: {SslMode: none}
caution files that the source deletes are deleted in the copy
  Sync: {Options: {PreserveDeletedFiles: REMOVE}}
caution copies of files are not compared
  Sync: {Options: {VerifyMode: NONE}}
danger the graph answers the internet
  Graph: {PublicConnectivity: true}
danger the graph has no replica
  Graph: {ReplicaCount: 0}
danger records of the clinic go
  Health: null
danger records of the clinic are under another key, in another store
  Health: {SseConfiguration: {KmsEncryptionConfig: {CmkType: AWS_OWNED_KMS_KEY, KmsKeyId: null}}}
caution the secret has no copy in Frankfurt
  Mesh: {ReplicaRegions: null}
danger any account may read the secret
  MeshPolicy: {BlockPublicPolicy: false, ResourcePolicy: {Statement: [{Effect: Allow, Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*"}]}}
caution no way back in time for the database
  Aurora: {BacktrackWindow: 0}
danger programs sign in to the database with passwords alone
  Aurora: {EnableIAMDatabaseAuthentication: false}
caution the reader goes
  Reader: null
caution the writer's class and the reader's shrink at once
  Writer: {DBInstanceClass: db.t4g.medium}
  Reader: {DBInstanceClass: db.t4g.medium}
danger the global database is dissolved
  Global: null
danger the proxy takes passwords
  Proxy: {Auth: [{AuthScheme: SECRETS, IAMAuth: DISABLED, SecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a"}]}
danger the proxy takes connections without TLS
  Proxy: {RequireTLS: false}
danger the proxy has another name and address
  Proxy: {DBProxyName: store}
clean the table of carts learns a column
  Ct: {RegularColumns: [{ColumnName: body, ColumnType: text}, {ColumnName: note, ColumnType: text}]}
clean metrics are kept for two years
  Tt: {RetentionProperties: {MagneticStoreRetentionPeriodInDays: "730"}}
clean a third instance of the database
  Reader2: {is: RDS::DBInstance, Engine: aurora-mysql, DBClusterIdentifier: !Ref Aurora, DBInstanceClass: db.r6g.large, PromotionTier: 2}
danger the graph has a replica more, which makes another graph
  Graph: {ProvisionedMemory: 256, ReplicaCount: 2}
clean the secret is described, and copied to a second region
  Mesh: {Description: key of the API, ReplicaRegions: [{Region: eu-central-1}, {Region: eu-north-1}]}
caution files are compared at another time
  Sync: {Options: {VerifyMode: POINT_IN_TIME_CONSISTENT}, Name: nightly}
clean the database exports its slow queries
  Aurora: {EnableCloudwatchLogsExports: [slowquery, error], CopyTagsToSnapshot: true}
clean the proxy waits longer for clients, and logs nothing of them
  Proxy: {IdleClientTimeout: 3600, Tags: [{Key: team, Value: shop}]}
clean the task of data carries a tag and writes a log
  Dms: {Tags: [{Key: team, Value: data}], ReplicationTaskSettings: '{"Logging":{"EnableLogging":true}}'}
clean a table for wishes
  Wishes: {is: Cassandra::Table, KeyspaceName: !Ref Ks, TableName: wishes, PartitionKeyColumns: [{ColumnName: id, ColumnType: text}], PointInTimeRecoveryEnabled: true}
clean the database may be read from a wider window of backups
  Aurora: {BackupRetentionPeriod: 30, PreferredBackupWindow: "01:00-02:00"}
clean the instances tell of their performance
  Writer: {EnablePerformanceInsights: true, MonitoringInterval: 60, MonitoringRoleArn: "arn:aws:iam::111122223333:role/mon"}
  Reader: {EnablePerformanceInsights: true}
clean the policy of the secret names its partner in a list, and one address
  MeshPolicy: {ResourcePolicy: {Statement: [{Effect: Allow, Principal: {AWS: ["arn:aws:iam::444455556666:role/partner"]}, Action: ["secretsmanager:GetSecretValue"], Resource: ["*"], Condition: {IpAddress: {"aws:SourceIp": 203.0.113.7/32}}}]}}
`,
  ),
  ...changes(
    `
Conditions: {IsProd: {"Fn::Equals": [!Ref Stage, prod]}}
Parameters: {Stage: {Type: String, Default: prod}, Size: {Type: Number, Default: 3}}
Air: {is: MWAA::Environment, Name: etl, AirflowVersion: 2.9.2, EnvironmentClass: mw1.medium, MaxWorkers: 10, MinWorkers: 2, WebserverAccessMode: PRIVATE_ONLY, DagS3Path: dags, SourceBucketArn: "arn:aws:s3:::dags", ExecutionRoleArn: "arn:aws:iam::111122223333:role/air", NetworkConfiguration: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [sg-1]}, LoggingConfiguration: {TaskLogs: {Enabled: true, LogLevel: INFO}}}
Flink: {is: KinesisAnalyticsV2::Application, ApplicationName: clicks, RuntimeEnvironment: FLINK-1_19, ServiceExecutionRole: "arn:aws:iam::111122223333:role/flink", ApplicationConfiguration: {ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}, FlinkApplicationConfiguration: {CheckpointConfiguration: {ConfigurationType: CUSTOM, CheckpointingEnabled: true, CheckpointInterval: 60000}, ParallelismConfiguration: {ConfigurationType: CUSTOM, Parallelism: 8, ParallelismPerKPU: 1, AutoScalingEnabled: true}}}}
Site: {is: Amplify::App, Name: shop, Repository: "https://github.com/acme/shop", EnvironmentVariables: [{Name: API, Value: "https://api"}], CustomRules: [{Source: "/<*>", Target: /index.html, Status: 404-200}]}
Main: {is: Amplify::Branch, AppId: !GetAtt Site.AppId, BranchName: main, EnableAutoBuild: true, Stage: PRODUCTION, EnablePullRequestPreview: false}
SiteDomain: {is: Amplify::Domain, AppId: !GetAtt Site.AppId, DomainName: acme.example, SubDomainSettings: [{Prefix: www, BranchName: main}]}
Box: {is: Lightsail::Instance, InstanceName: blog, BlueprintId: wordpress, BundleId: small_3_0, Networking: {Ports: [{FromPort: 443, ToPort: 443, Protocol: tcp, Cidrs: [0.0.0.0/0]}]}, AddOns: [{AddOnType: AutoSnapshot, Status: Enabled}]}
Fleet: {is: GameLift::Fleet, Name: arena, BuildId: build-1, EC2InstanceType: c5.large, FleetType: ON_DEMAND, NewGameSessionProtectionPolicy: FullProtection, MinSize: 2, MaxSize: 20, EC2InboundPermissions: [{FromPort: 7000, ToPort: 7100, IpRange: 0.0.0.0/0, Protocol: UDP}]}
Desk: {is: WorkSpaces::Workspace, BundleId: wsb-1, DirectoryId: d-1, UserName: ann, RootVolumeEncryptionEnabled: true, UserVolumeEncryptionEnabled: true, VolumeEncryptionKey: alias/aws/workspaces}
Ad: {is: DirectoryService::MicrosoftAD, Name: corp.acme.example, Password: "{{resolve:secretsmanager:ad:SecretString:password}}", VpcSettings: {VpcId: vpc-1, SubnetIds: [subnet-1, subnet-2]}, Edition: Standard}
Call: {is: Connect::Instance, InstanceAlias: acme, IdentityManagementType: SAML, Attributes: {InboundCalls: true, OutboundCalls: true, ContactflowLogs: true}}
Num: {is: Connect::PhoneNumber, TargetArn: !GetAtt Call.Arn, Type: DID, CountryCode: DE}
Live: {is: IVS::Channel, Name: show, LatencyMode: LOW, Type: STANDARD, Authorized: true, RecordingConfigurationArn: "arn:aws:ivs:eu-west-1:111122223333:recording-configuration/a"}
Stacked: {is: CloudFormation::Stack, TemplateURL: "https://s3.amazonaws.com/cdk/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json", Parameters: {VpcId: vpc-1}}
Sam: {is: Serverless::Function, CodeUri: "s3://code/a.zip", Handler: app.handler, Runtime: nodejs22.x, MemorySize: 512, Timeout: 30, Policies: [{DynamoDBReadPolicy: {TableName: orders}}], Events: {Get: {Type: Api, Properties: {Path: /orders, Method: get, Auth: {Authorizer: AWS_IAM}}}}}
Notif: {is: Custom::S3BucketNotifications, ServiceToken: "arn:aws:lambda:eu-west-1:111122223333:function:notify", BucketName: uploads, NotificationConfiguration: {LambdaFunctionConfigurations: [{Events: ["s3:ObjectCreated:*"], LambdaFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:thumb"}]}, Managed: true}
AutoDelete: {is: Custom::S3AutoDeleteObjects, ServiceToken: "arn:aws:lambda:eu-west-1:111122223333:function:del", BucketName: tmp}
Job: {is: Batch::JobDefinition, Type: container, Timeout: {AttemptDurationSeconds: 3600}, RetryStrategy: {Attempts: 3}, ContainerProperties: {Image: "a:1", Privileged: false, ResourceRequirements: [{Type: VCPU, Value: "1"}, {Type: MEMORY, Value: "2048"}]}}
Gate: {is: EC2::Instance, ImageId: ami-1, InstanceType: t3.small, Condition: IsProd, SubnetId: subnet-1}
Extra: {is: EC2::SecurityGroup, GroupDescription: extra, VpcId: vpc-1, SecurityGroupEgress: [{CidrIp: 255.255.255.255/32, IpProtocol: icmp, FromPort: 252, ToPort: 86}]}
Spot: {is: EC2::SpotFleet, SpotFleetRequestConfigData: {IamFleetRole: "arn:aws:iam::111122223333:role/spot", TargetCapacity: 10, AllocationStrategy: capacityOptimized, LaunchTemplateConfigs: []}}
Pattern: {is: ImageBuilder::ImagePipeline, Name: base, InfrastructureConfigurationArn: "arn:aws:imagebuilder:eu-west-1:111122223333:infrastructure-configuration/a", ImageRecipeArn: "arn:aws:imagebuilder:eu-west-1:111122223333:image-recipe/a/1.0.0", Status: ENABLED}
`,
    `
danger Airflow is on the internet
  Air: {WebserverAccessMode: PUBLIC_ONLY}
danger Airflow has another name
  Air: {Name: etl2}
caution Airflow logs its tasks no longer
  Air: {LoggingConfiguration: {TaskLogs: {Enabled: false}}}
caution Airflow goes up a version
  Air: {AirflowVersion: 2.10.1}
caution clicks are no longer saved at points
  Flink: {ApplicationConfiguration: {FlinkApplicationConfiguration: {CheckpointConfiguration: {CheckpointingEnabled: false}}}}
danger clicks have another name
  Flink: {ApplicationName: clicks2}
caution pull requests are built with the secrets of production
  Main: {EnablePullRequestPreview: true}
danger the site is built from another branch
  Main: {BranchName: release}
danger the domain leaves the site
  SiteDomain: null
caution a variable of the site is gone
  Site: {EnvironmentVariables: []}
danger everybody may reach SSH of the blog
  Box: {Networking: {Ports: [{FromPort: 443, ToPort: 443, Protocol: tcp, Cidrs: [0.0.0.0/0]}, {FromPort: 22, ToPort: 22, Protocol: tcp, Cidrs: [0.0.0.0/0]}]}}
danger the blog has no snapshots
  Box: {AddOns: [{AddOnType: AutoSnapshot, Status: Disabled}]}
danger the blog is another machine
  Box: {BundleId: medium_3_0}
caution players are thrown out when the fleet shrinks
  Fleet: {NewGameSessionProtectionPolicy: NoProtection}
danger players are on another build
  Fleet: {BuildId: build-2}
danger the desk of a person goes
  Desk: null
danger the directory of people is another
  Ad: {Edition: Enterprise, Name: ad.acme.example}
danger the number that customers call goes
  Num: null
danger people of the call centre sign in with passwords
  Call: {IdentityManagementType: CONNECT_MANAGED}
caution the show is recorded no longer
  Live: {RecordingConfigurationArn: null}
caution the show is for everybody
  Live: {Authorized: false}
danger the nested stack goes, and all in it
  Stacked: null
danger anybody may call the function
  Sam: {Events: {Get: {Properties: {Auth: {Authorizer: NONE}}}}}
caution thumbnails are no longer made
  Notif: {NotificationConfiguration: {LambdaFunctionConfigurations: []}}
caution notifications of the bucket go
  Notif: null
caution a temporary bucket's objects are deleted, for another bucket
  AutoDelete: {BucketName: uploads}
danger jobs may rule their machine
  Job: {ContainerProperties: {Privileged: true}}
caution jobs are tried once
  Job: {RetryStrategy: {Attempts: 1}}
danger the default of the stage is another, and the machine of production goes
  Parameters: {Stage: {Default: test}}
danger the machine depends on a condition that is never true
  Conditions: {IsProd: {"Fn::Equals": [a, b]}}
caution the group may send anywhere
  Extra: {SecurityGroupEgress: [{CidrIp: 0.0.0.0/0, IpProtocol: "-1"}]}
caution half the machines at a time
  Spot: {SpotFleetRequestConfigData: {TargetCapacity: 2}}
caution images are no longer made
  Pattern: {Status: DISABLED}
clean Airflow may grow
  Air: {MaxWorkers: 25, MinWorkers: 4}
clean the nested stack has other contents
  Stacked: {TemplateURL: "https://s3.amazonaws.com/cdk/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.json"}
clean the blog is snapshotted, and tagged
  Box: {Tags: [{Key: site, Value: blog}]}
clean a branch for tests
  Dev: {is: Amplify::Branch, AppId: !GetAtt Site.AppId, BranchName: dev, Stage: DEVELOPMENT}
clean the function has other code and more memory
  Sam: {CodeUri: "s3://code/b.zip", MemorySize: 1024}
clean jobs have more time and a newer image
  Job: {Timeout: {AttemptDurationSeconds: 7200}, ContainerProperties: {Image: "a:2"}}
clean thumbnails of one more prefix are made
  Notif: {NotificationConfiguration: {LambdaFunctionConfigurations: [{Events: ["s3:ObjectCreated:*"], LambdaFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:thumb"}, {Events: ["s3:ObjectRemoved:*"], LambdaFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:tidy"}]}}
clean the parameter has a description
  Parameters: {Stage: {Description: name of the environment}}
clean clicks have more machines
  Flink: {ApplicationConfiguration: {FlinkApplicationConfiguration: {ParallelismConfiguration: {Parallelism: 16}}}}
clean a log group's retention is set by CDK's own function
  Ret: {is: Custom::LogRetention, ServiceToken: "arn:aws:lambda:eu-west-1:111122223333:function:ret", LogGroupName: /aws/lambda/a, RetentionInDays: 30}
danger the number has a description, which makes another number
  Num: {Description: hotline}
clean players get more machines
  Fleet: {MaxSize: 40, Description: arena of the north}
clean the machine of production has a second disk and a name
  Gate: {Tags: [{Key: Name, Value: gate}]}
clean the show has another name in lists
  Live: {Tags: [{Key: season, Value: "2"}]}
clean a stack nested beside
  Stacked2: {is: CloudFormation::Stack, TemplateURL: "https://s3.amazonaws.com/cdk/cccccccccccccccccccccccccccccccc.json"}
clean an output tells the address
  Outputs: {Address: {Value: !GetAtt Air.WebserverUrl}}
clean metadata of the CDK
  CDKMetadata: {is: CDK::Metadata, Analytics: v2:deflate64:H4sIAAAAAAAA}
`,
  ),
];
