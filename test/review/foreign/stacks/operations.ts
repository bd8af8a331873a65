import { changes, type StackCase } from './stack';

/** Stacks of analytics, machine learning, pipelines, watching and governance. */
export const operationStacks: StackCase[] = [
  ...changes(
    `
Lake: {is: Glue::Database, CatalogId: "111122223333", DatabaseInput: {Name: lake}}
Sales: {is: Glue::Table, CatalogId: "111122223333", DatabaseName: !Ref Lake, TableInput: {Name: sales, TableType: EXTERNAL_TABLE, StorageDescriptor: {Location: "s3://lake/sales", Columns: [{Name: id, Type: string}, {Name: day, Type: date}]}}}
Etl: {is: Glue::Job, Role: "arn:aws:iam::111122223333:role/etl", GlueVersion: "4.0", WorkerType: G.1X, NumberOfWorkers: 10, Command: {Name: glueetl, ScriptLocation: "s3://scripts/a.py"}, Timeout: 120}
Hourly: {is: Glue::Trigger, Type: SCHEDULED, Schedule: "cron(0 * * * ? *)", StartOnCreation: true, Actions: [{JobName: !Ref Etl}]}
Ask: {is: Athena::WorkGroup, Name: analysts, State: ENABLED, WorkGroupConfiguration: {EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 1000000000, ResultConfiguration: {OutputLocation: "s3://results", EncryptionConfiguration: {EncryptionOption: SSE_KMS, KmsKey: "arn:aws:kms:eu-west-1:111122223333:key/a"}}}}
House: {is: Redshift::Cluster, ClusterType: multi-node, NodeType: ra3.xlplus, NumberOfNodes: 2, DBName: dw, MasterUsername: root, ManageMasterPassword: true, Encrypted: true, PubliclyAccessible: false, AutomatedSnapshotRetentionPeriod: 7, EnhancedVpcRouting: true, LoggingProperties: {BucketName: logs}}
Namespace: {is: RedshiftServerless::Namespace, NamespaceName: dw, DbName: dw, LogExports: [userlog, connectionlog]}
Work: {is: RedshiftServerless::Workgroup, WorkgroupName: dw, NamespaceName: !Ref Namespace, BaseCapacity: 32, PubliclyAccessible: false}
Emr: {is: EMR::Cluster, Name: spark, ReleaseLabel: emr-7.1.0, JobFlowRole: emr, ServiceRole: emr, VisibleToAllUsers: true, Instances: {MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge}, TerminationProtected: true}}
Perms: {is: LakeFormation::PrincipalPermissions, Principal: {DataLakePrincipalIdentifier: "arn:aws:iam::111122223333:role/analyst"}, Resource: {Table: {CatalogId: "111122223333", DatabaseName: lake, Name: sales}}, Permissions: [SELECT], PermissionsWithGrantOption: []}
Model: {is: SageMaker::Endpoint, EndpointConfigName: a-1}
Notebook: {is: SageMaker::NotebookInstance, InstanceType: ml.t3.medium, RoleArn: "arn:aws:iam::111122223333:role/nb", DirectInternetAccess: Disabled, RootAccess: Disabled, SubnetId: subnet-1, SecurityGroupIds: [sg-1]}
Knowledge: {is: Bedrock::KnowledgeBase, Name: help, RoleArn: "arn:aws:iam::111122223333:role/kb", KnowledgeBaseConfiguration: {Type: VECTOR, VectorKnowledgeBaseConfiguration: {EmbeddingModelArn: "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"}}, StorageConfiguration: {Type: OPENSEARCH_SERVERLESS, OpensearchServerlessConfiguration: {CollectionArn: "arn:aws:aoss:eu-west-1:111122223333:collection/a", VectorIndexName: v, FieldMapping: {VectorField: v, TextField: t, MetadataField: m}}}}
Guard: {is: Bedrock::Guardrail, Name: polite, BlockedInputMessaging: "no", BlockedOutputsMessaging: "no", ContentPolicyConfig: {FiltersConfig: [{Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}, {Type: VIOLENCE, InputStrength: HIGH, OutputStrength: HIGH}]}}
Vectors: {is: OpenSearchServerless::Collection, Name: help, Type: VECTORSEARCH, StandbyReplicas: ENABLED}
VectorsNet: {is: OpenSearchServerless::SecurityPolicy, Name: help, Type: network, Policy: '[{"Rules":[{"ResourceType":"collection","Resource":["collection/help"]}],"AllowFromPublic":false,"SourceVPCEs":["vpce-1"]}]'}
VectorsAccess: {is: OpenSearchServerless::AccessPolicy, Name: help, Type: data, Policy: '[{"Rules":[{"ResourceType":"index","Resource":["index/help/*"],"Permission":["aoss:ReadDocument"]}],"Principal":["arn:aws:iam::111122223333:role/app"]}]'}
Batch: {is: Batch::ComputeEnvironment, Type: MANAGED, State: ENABLED, ComputeResources: {Type: FARGATE, MaxvCpus: 64, Subnets: [subnet-1], SecurityGroupIds: [sg-1]}}
Queue: {is: Batch::JobQueue, JobQueueName: jobs, Priority: 1, State: ENABLED, ComputeEnvironmentOrder: [{Order: 1, ComputeEnvironment: !Ref Batch}]}
`,
    `
danger the catalog has another name and its tables go
  Lake: {DatabaseInput: {Name: lakehouse}}
caution a column leaves the table of the catalog
  Sales: {TableInput: {StorageDescriptor: {Columns: [{Name: id, Type: string}]}}}
danger the job that fills the lake goes
  Etl: null
caution the hourly job is no longer started
  Hourly: null
caution analysts may do as they like with results
  Ask: {WorkGroupConfiguration: {EnforceWorkGroupConfiguration: false}}
caution a query may scan everything
  Ask: {WorkGroupConfiguration: {BytesScannedCutoffPerQuery: null}}
caution results are not encrypted
  Ask: {WorkGroupConfiguration: {ResultConfiguration: {EncryptionConfiguration: null}}}
danger the warehouse is public
  House: {PubliclyAccessible: true}
danger the warehouse has another database, hence is another
  House: {DBName: warehouse}
caution the warehouse copies over the internet
  House: {EnhancedVpcRouting: false}
danger the serverless warehouse has another name
  Namespace: {NamespaceName: warehouse}
danger the serverless warehouse is public
  Work: {PubliclyAccessible: true}
danger the cluster may be terminated by accident
  Emr: {Instances: {TerminationProtected: false}}
danger the release of EMR, hence another cluster
  Emr: {ReleaseLabel: emr-7.5.0}
caution analysts may change the table and hand the right on
  Perms: {Permissions: [ALL], PermissionsWithGrantOption: [ALL]}
danger the model no longer answers
  Model: null
danger the notebook is on the internet, with root
  Notebook: {DirectInternetAccess: Enabled, RootAccess: Enabled}
danger the knowledge has another embedding
  Knowledge: {KnowledgeBaseConfiguration: {VectorKnowledgeBaseConfiguration: {EmbeddingModelArn: "arn:aws:bedrock:eu-west-1::foundation-model/cohere.embed-multilingual-v3"}}}
caution the guardrail lets violence through
  Guard: {ContentPolicyConfig: {FiltersConfig: [{Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}, {Type: VIOLENCE, InputStrength: NONE, OutputStrength: NONE}]}}
danger the vectors answer the internet
  VectorsNet: {Policy: '[{"Rules":[{"ResourceType":"collection","Resource":["collection/help"]}],"AllowFromPublic":true}]'}
caution the application may delete the index
  VectorsAccess: {Policy: '[{"Rules":[{"ResourceType":"index","Resource":["index/help/*"],"Permission":["aoss:*"]}],"Principal":["arn:aws:iam::111122223333:role/app"]}]'}
danger the vectors have another type, hence none
  Vectors: {Type: SEARCH}
danger the queue of jobs takes none
  Queue: {State: DISABLED}
danger the machines of jobs are off
  Batch: {State: DISABLED}
clean the job has more workers and time
  Etl: {NumberOfWorkers: 20, Timeout: 240, Command: {ScriptLocation: "s3://scripts/b.py"}}
clean the table has one more column
  Sales: {TableInput: {StorageDescriptor: {Columns: [{Name: id, Type: string}, {Name: day, Type: date}, {Name: shop, Type: string}]}}}
clean the guardrail also looks at insults
  Guard: {ContentPolicyConfig: {FiltersConfig: [{Type: HATE, InputStrength: HIGH, OutputStrength: HIGH}, {Type: VIOLENCE, InputStrength: HIGH, OutputStrength: HIGH}, {Type: INSULTS, InputStrength: MEDIUM, OutputStrength: MEDIUM}]}}
clean the model has a new configuration
  Model: {EndpointConfigName: a-2}
clean more power for the serverless warehouse, and more of its logs
  Work: {BaseCapacity: 64}
  Namespace: {LogExports: [userlog, connectionlog, useractivitylog]}
clean jobs may use more processors
  Batch: {ComputeResources: {MaxvCpus: 128}}
clean queries may scan less
  Ask: {WorkGroupConfiguration: {BytesScannedCutoffPerQuery: 500000000}, Description: analysts}
clean the warehouse has one more node, and longer snapshots
  House: {AutomatedSnapshotRetentionPeriod: 14, Tags: [{Key: team, Value: data}]}
clean a second trigger
  Daily: {is: Glue::Trigger, Type: SCHEDULED, Schedule: "cron(0 2 * * ? *)", StartOnCreation: true, Actions: [{JobName: !Ref Etl}]}
clean the notebook is bigger
  Notebook: {VolumeSizeInGB: 50}
`,
  ),
  ...changes(
    `
Errors: {is: CloudWatch::Alarm, Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: GreaterThanThreshold, ActionsEnabled: true, AlarmActions: [!Ref Pager], TreatMissingData: notBreaching}
Both: {is: CloudWatch::CompositeAlarm, AlarmRule: !Sub 'ALARM("\${Errors}")', AlarmActions: [!Ref Pager]}
Pager: {is: SNS::Topic}
Oncall: {is: SNS::Subscription, TopicArn: !Ref Pager, Protocol: https, Endpoint: "https://pager.acme.example/hook"}
Board: {is: CloudWatch::Dashboard, DashboardName: shop, DashboardBody: "{}"}
Group: {is: Logs::LogGroup, LogGroupName: /shop/web, RetentionInDays: 180, KmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/a"}
Filter: {is: Logs::MetricFilter, LogGroupName: !Ref Group, FilterPattern: ERROR, MetricTransformations: [{MetricName: errors, MetricNamespace: shop, MetricValue: "1"}]}
Ship: {is: Logs::SubscriptionFilter, LogGroupName: !Ref Group, FilterPattern: "", DestinationArn: "arn:aws:kinesis:eu-west-1:111122223333:stream/siem"}
Trail: {is: CloudTrail::Trail, S3BucketName: trail, IsLogging: true, IsMultiRegionTrail: true, EnableLogFileValidation: true, IncludeGlobalServiceEvents: true}
Duty: {is: GuardDuty::Detector, Enable: true, FindingPublishingFrequency: FIFTEEN_MINUTES, Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}, {Name: RDS_LOGIN_EVENTS, Status: ENABLED}]}
Hub: {is: SecurityHub::Hub}
Recorder: {is: Config::ConfigurationRecorder, RoleARN: "arn:aws:iam::111122223333:role/config", RecordingGroup: {AllSupported: true, IncludeGlobalResourceTypes: true}}
Encrypted: {is: Config::ConfigRule, ConfigRuleName: encrypted, Source: {Owner: AWS, SourceIdentifier: RDS_STORAGE_ENCRYPTED}}
Analyzer: {is: AccessAnalyzer::Analyzer, Type: ACCOUNT}
Scp: {is: Organizations::Policy, Name: guard, Type: SERVICE_CONTROL_POLICY, TargetIds: [ou-1], Content: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: ["cloudtrail:StopLogging"], Resource: "*"}]}}
Limit: {is: Budgets::Budget, Budget: {BudgetType: COST, TimeUnit: MONTHLY, BudgetLimit: {Amount: 1000, Unit: USD}}, NotificationsWithSubscribers: [{Notification: {ComparisonOperator: GREATER_THAN, NotificationType: ACTUAL, Threshold: 80}, Subscribers: [{SubscriptionType: EMAIL, Address: ops@acme.example}]}]}
Param: {is: SSM::Parameter, Name: /shop/url, Type: String, Value: "https://api.acme.example"}
Patch: {is: SSM::MaintenanceWindow, Name: patch, Schedule: "cron(0 3 ? * SUN *)", Duration: 3, Cutoff: 1, AllowUnassociatedTargets: false}
Synth: {is: Synthetics::Canary, Name: home, RuntimeVersion: syn-nodejs-puppeteer-9.1, ArtifactS3Location: "s3://canary", ExecutionRoleArn: "arn:aws:iam::111122223333:role/c", StartCanaryAfterCreation: true, Schedule: {Expression: rate(5 minutes)}, Code: {Handler: i.h, S3Bucket: a, S3Key: b}}
Repo: {is: ECR::Repository, RepositoryName: web, ImageTagMutability: IMMUTABLE, ImageScanningConfiguration: {ScanOnPush: true}, LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}'}}
Build: {is: CodeBuild::Project, ServiceRole: "arn:aws:iam::111122223333:role/b", Artifacts: {Type: NO_ARTIFACTS}, Environment: {Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: "aws/codebuild/standard:7.0", PrivilegedMode: false}, Source: {Type: GITHUB, Location: "https://github.com/acme/shop.git"}, Visibility: PRIVATE}
Pipeline: {is: CodePipeline::Pipeline, RoleArn: "arn:aws:iam::111122223333:role/p", ArtifactStore: {Type: S3, Location: artifacts}, Stages: [{Name: Source, Actions: [{Name: S, ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeStarSourceConnection, Version: "1"}}]}, {Name: Approve, Actions: [{Name: A, ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}}]}, {Name: Deploy, Actions: [{Name: D, ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}}]}]}
Roll: {is: CodeDeploy::DeploymentGroup, ApplicationName: app, ServiceRoleArn: "arn:aws:iam::111122223333:role/d", DeploymentConfigName: CodeDeployDefault.OneAtATime, AutoRollbackConfiguration: {Enabled: true, Events: [DEPLOYMENT_FAILURE]}, AlarmConfiguration: {Enabled: true, Alarms: [{Name: errors}]}}
`,
    `
danger the alarm wakes nobody
  Errors: {AlarmActions: []}
caution the alarm needs ten times as many errors
  Errors: {Threshold: 50}
danger the alarm is muted
  Errors: {ActionsEnabled: false}
caution the alarm of both goes
  Both: null
danger the pager is no longer called
  Oncall: null
danger the log group is of another name
  Group: {LogGroupName: /shop/server}
caution logs are under no key of ours
  Group: {KmsKeyId: null}
caution errors in the log are no longer counted
  Filter: {FilterPattern: FATAL}
caution logs no longer reach the security team
  Ship: null
caution the trail stands still
  Trail: {IsLogging: false}
caution the trail looks at one region
  Trail: {IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false}
caution GuardDuty is off
  Duty: {Enable: false}
caution GuardDuty no longer looks at logins
  Duty: {Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}, {Name: RDS_LOGIN_EVENTS, Status: DISABLED}]}
caution Security Hub is left
  Hub: null
caution a rule of Config goes
  Encrypted: null
caution the recorder looks at machines alone
  Recorder: {RecordingGroup: {AllSupported: false, IncludeGlobalResourceTypes: false, ResourceTypes: ["AWS::EC2::Instance"]}}
caution accounts may stop the trail
  Scp: {TargetIds: []}
caution nobody hears of the bill
  Limit: {NotificationsWithSubscribers: null}
danger the parameter has another name
  Param: {Name: /shop/api-url}
caution machines are no longer patched
  Patch: null
caution the canary goes
  Synth: null
caution tags of images may move
  Repo: {ImageTagMutability: MUTABLE}
danger the repository of images has another name
  Repo: {RepositoryName: shop-web}
caution images that run are deleted after a day
  Repo: {LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"sinceImagePushed","countUnit":"days","countNumber":1},"action":{"type":"expire"}}]}'}}
danger builds and their logs are public
  Build: {Visibility: PUBLIC_READ}
danger builds may rule their machine
  Build: {Environment: {PrivilegedMode: true}}
caution nobody approves a deployment
  Pipeline: {Stages: [{Name: Source, Actions: [{Name: S, ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeStarSourceConnection, Version: "1"}}]}, {Name: Deploy, Actions: [{Name: D, ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}}]}]}
caution all machines get the release at once
  Roll: {DeploymentConfigName: CodeDeployDefault.AllAtOnce}
danger a failed release stays
  Roll: {AutoRollbackConfiguration: {Enabled: false}}
clean the board shows more
  Board: {DashboardBody: '{"widgets":[{"type":"text"}]}'}
clean the alarm is stricter, and has a description
  Errors: {Threshold: 2, AlarmDescription: look at the log}
clean logs are kept for longer
  Group: {RetentionInDays: 365}
clean the canary looks more often, with a newer runtime
  Synth: {Schedule: {Expression: rate(1 minute)}, RuntimeVersion: syn-nodejs-puppeteer-10.0, RunConfig: {TimeoutInSeconds: 60}}
clean the build has a bigger machine and a newer image
  Build: {Environment: {ComputeType: BUILD_GENERAL1_LARGE, Image: "aws/codebuild/standard:7.1"}, Description: builds}
clean one more rule of Config
  Public: {is: Config::ConfigRule, ConfigRuleName: public, Source: {Owner: AWS, SourceIdentifier: S3_BUCKET_PUBLIC_READ_PROHIBITED}}
clean the budget warns earlier
  Limit: {NotificationsWithSubscribers: [{Notification: {ComparisonOperator: GREATER_THAN, NotificationType: ACTUAL, Threshold: 80}, Subscribers: [{SubscriptionType: EMAIL, Address: ops@acme.example}]}, {Notification: {ComparisonOperator: GREATER_THAN, NotificationType: FORECASTED, Threshold: 100}, Subscribers: [{SubscriptionType: EMAIL, Address: ops@acme.example}]}]}
clean a second approval
  Pipeline: {Stages: [{Name: Source, Actions: [{Name: S, ActionTypeId: {Category: Source, Owner: AWS, Provider: CodeStarSourceConnection, Version: "1"}}]}, {Name: Approve, Actions: [{Name: A, ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}}, {Name: B, ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: "1"}}]}, {Name: Deploy, Actions: [{Name: D, ActionTypeId: {Category: Deploy, Owner: AWS, Provider: CloudFormation, Version: "1"}}]}]}
clean the alarm also calls the chat
  Errors: {AlarmActions: [!Ref Pager, "arn:aws:sns:eu-west-1:111122223333:chat"]}
clean the trail also reads Lambda
  Trail: {EventSelectors: [{ReadWriteType: All, IncludeManagementEvents: true, DataResources: [{Type: "AWS::Lambda::Function", Values: ["arn:aws:lambda"]}]}]}
clean GuardDuty looks at containers too
  Duty: {Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}, {Name: RDS_LOGIN_EVENTS, Status: ENABLED}, {Name: LAMBDA_NETWORK_LOGS, Status: ENABLED}]}
clean the parameter has another description
  Param: {Description: address of the API, Tags: {team: shop}}
clean accounts may do less
  Scp: {Content: {Statement: [{Effect: Deny, Action: ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"], Resource: "*"}]}}
clean more events take a release back
  Roll: {AutoRollbackConfiguration: {Events: [DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM]}}
clean untagged images go, the rest of the rules stay
  Repo: {LifecyclePolicy: {LifecyclePolicyText: '{"rules":[{"rulePriority":1,"description":"untagged","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":30},"action":{"type":"expire"}}]}'}}
`,
  ),
];
