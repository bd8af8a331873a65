import { changes, type StackCase } from './stack';

/** Stacks of messages, jobs, identities, analytics and operations. */
export const eventStacks: StackCase[] = [
  ...changes(
    `
Dead: {is: SQS::Queue, MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true}
Jobs: {is: SQS::Queue, VisibilityTimeout: 120, MessageRetentionPeriod: 345600, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}, KmsMasterKeyId: alias/aws/sqs, UpdateReplacePolicy: Delete, DeletionPolicy: Delete}
JobsPolicy: {is: SQS::QueuePolicy, Queues: [!Ref Jobs], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn, Condition: {ArnEquals: {"aws:SourceArn": !Ref News}}}]}}
News: {is: SNS::Topic, KmsMasterKeyId: alias/aws/sns, DisplayName: news}
NewsPolicy: {is: SNS::TopicPolicy, Topics: [!Ref News], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sns:Publish, Resource: !Ref News, Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}}}]}}
Sub: {is: SNS::Subscription, TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, RawMessageDelivery: true, FilterPolicy: {kind: [order, refund]}}
Bus: {is: Events::EventBus, Name: shop}
Rule: {is: Events::Rule, EventBusName: !Ref Bus, EventPattern: {source: [shop.orders], detail-type: [OrderPlaced]}, State: ENABLED, Targets: [{Id: jobs, Arn: !GetAtt Jobs.Arn, DeadLetterConfig: {Arn: !GetAtt Dead.Arn}, RetryPolicy: {MaximumRetryAttempts: 20}}]}
Nightly: {is: Scheduler::Schedule, ScheduleExpression: "cron(0 2 * * ? *)", State: ENABLED, FlexibleTimeWindow: {Mode: "OFF"}, Target: {Arn: !GetAtt Flow.Arn, RoleArn: "arn:aws:iam::111122223333:role/s"}}
Flow: {is: StepFunctions::StateMachine, StateMachineType: STANDARD, RoleArn: "arn:aws:iam::111122223333:role/f", DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}', LoggingConfiguration: {Level: ALL, IncludeExecutionData: false, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:f:*"}}]}, TracingConfiguration: {Enabled: true}}
Pipe: {is: Pipes::Pipe, Source: !GetAtt Jobs.Arn, Target: !GetAtt Flow.Arn, RoleArn: "arn:aws:iam::111122223333:role/p", DesiredState: RUNNING}
Archive: {is: Events::Archive, SourceArn: !GetAtt Bus.Arn, RetentionDays: 90}
Mq: {is: AmazonMQ::Broker, BrokerName: legacy, EngineType: ACTIVEMQ, EngineVersion: "5.18", HostInstanceType: mq.m5.large, DeploymentMode: ACTIVE_STANDBY_MULTI_AZ, PubliclyAccessible: false, AutoMinorVersionUpgrade: true, Users: [{Username: app, Password: "{{resolve:secretsmanager:mq:SecretString:password}}"}], Logs: {General: true, Audit: true}}
Kafka: {is: MSK::Cluster, ClusterName: events, KafkaVersion: 3.6.0, NumberOfBrokerNodes: 3, EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS, InCluster: true}}, ClientAuthentication: {Sasl: {Iam: {Enabled: true}}, Unauthenticated: {Enabled: false}}, BrokerNodeGroupInfo: {ClientSubnets: [subnet-1, subnet-2, subnet-3], InstanceType: kafka.m5.large, StorageInfo: {EBSStorageInfo: {VolumeSize: 500}}}}
Stream: {is: Kinesis::Stream, RetentionPeriodHours: 168, StreamModeDetails: {StreamMode: PROVISIONED}, ShardCount: 4, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}}
Hose: {is: KinesisFirehose::DeliveryStream, DeliveryStreamType: KinesisStreamAsSource, KinesisStreamSourceConfiguration: {KinesisStreamARN: !GetAtt Stream.Arn, RoleARN: "arn:aws:iam::111122223333:role/h"}, ExtendedS3DestinationConfiguration: {BucketARN: "arn:aws:s3:::lake", RoleARN: "arn:aws:iam::111122223333:role/h", S3BackupMode: Enabled, S3BackupConfiguration: {BucketARN: "arn:aws:s3:::raw", RoleARN: "arn:aws:iam::111122223333:role/h"}}}
`,
    `
caution messages that fail are tried for ever
  Jobs: {RedrivePolicy: null}
danger the queue becomes FIFO, hence another queue
  Jobs: {FifoQueue: true}
caution messages wait in the queue for a day at most
  Jobs: {MessageRetentionPeriod: 86400}
caution messages are seen again sooner than jobs end
  Jobs: {VisibilityTimeout: 30}
danger anybody may send jobs
  JobsPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "sqs:*", Resource: !GetAtt Jobs.Arn}]}}
caution every topic of every account may send jobs
  JobsPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}]}}
caution the topic may no longer send to the queue
  JobsPolicy: null
caution the subscription goes
  Sub: null
caution refunds are no longer delivered
  Sub: {FilterPolicy: {kind: [order]}}
caution consumers get the envelope instead of the message
  Sub: {RawMessageDelivery: false}
caution the rule is off
  Rule: {State: DISABLED}
caution the rule hears of another event
  Rule: {EventPattern: {detail-type: [OrderShipped]}}
caution failed events are no longer kept
  Rule: {Targets: [{Id: jobs, Arn: !GetAtt Jobs.Arn, RetryPolicy: {MaximumRetryAttempts: 20}}]}
danger the bus has another name
  Bus: {Name: shop-events}
danger every account may put events
  BusPolicy: {is: Events::EventBusPolicy, EventBusName: !Ref Bus, StatementId: all, Statement: {Effect: Allow, Principal: "*", Action: events:PutEvents, Resource: !GetAtt Bus.Arn}}
caution the nightly job no longer starts
  Nightly: {State: DISABLED}
caution the workflow is of the fast kind, hence another one
  Flow: {StateMachineType: EXPRESS}
caution data of customers goes to the log of the workflow
  Flow: {LoggingConfiguration: {IncludeExecutionData: true}}
caution the pipe stands still
  Pipe: {DesiredState: STOPPED}
caution the archive keeps a week
  Archive: {RetentionDays: 7}
danger the broker stands on one leg, and is another broker
  Mq: {DeploymentMode: SINGLE_INSTANCE}
danger the broker is public
  Mq: {PubliclyAccessible: true}
danger clients may speak to Kafka in the clear
  Kafka: {EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS_PLAINTEXT}}}
danger Kafka takes clients without a name
  Kafka: {ClientAuthentication: {Unauthenticated: {Enabled: true}}}
danger Kafka is on the internet
  Kafka: {BrokerNodeGroupInfo: {ConnectivityInfo: {PublicAccess: {Type: SERVICE_PROVIDED_EIPS}}}}
caution the stream remembers a day
  Stream: {RetentionPeriodHours: 24}
danger the stream is not encrypted
  Stream: {StreamEncryption: null}
caution half the shards
  Stream: {ShardCount: 2}
caution raw records are no longer kept
  Hose: {ExtendedS3DestinationConfiguration: {S3BackupMode: Disabled, S3BackupConfiguration: null}}
caution the delivery is from another source, in another stream
  Hose: {DeliveryStreamType: DirectPut, KinesisStreamSourceConfiguration: null}
clean a queue for mail, with a subscription of its own
  Mail: {is: SQS::Queue, SqsManagedSseEnabled: true}
  MailSub: {is: SNS::Subscription, TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Mail.Arn}
  MailPolicy: {is: SQS::QueuePolicy, Queues: [!Ref Mail], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Mail.Arn, Condition: {ArnEquals: {"aws:SourceArn": !Ref News}}}]}}
clean the topic has another display name, and the queue tags
  News: {DisplayName: News of the shop}
  Jobs: {Tags: [{Key: team, Value: shop}], ReceiveMessageWaitTimeSeconds: 20}
clean the workflow has one more state
  Flow: {DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}'}
clean more shards, and a longer memory
  Stream: {ShardCount: 8, RetentionPeriodHours: 336}
clean Kafka has more storage
  Kafka: {BrokerNodeGroupInfo: {StorageInfo: {EBSStorageInfo: {VolumeSize: 1000}}}}
clean the job runs an hour later, and says why
  Nightly: {ScheduleExpression: "cron(0 3 * * ? *)", Description: after the backup}
clean a rule for another event
  Refunds: {is: Events::Rule, EventBusName: !Ref Bus, EventPattern: {source: [shop.orders], detail-type: [OrderRefunded]}, State: ENABLED, Targets: [{Id: jobs, Arn: !GetAtt Jobs.Arn}]}
clean requests without TLS are denied
  JobsPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn, Condition: {ArnEquals: {"aws:SourceArn": !Ref News}}}, {Effect: Deny, Principal: "*", Action: "sqs:*", Resource: !GetAtt Jobs.Arn, Condition: {Bool: {"aws:SecureTransport": "false"}}}]}}
clean failed messages are kept, and tried sooner
  Jobs: {VisibilityTimeout: 300}
clean events are kept for a year
  Archive: {RetentionDays: 365, Description: all events}
clean the pipe has a description
  Pipe: {Description: jobs to the flow, Tags: {team: shop}}
clean the rule hears of one more event
  Rule: {EventPattern: {detail-type: [OrderPlaced, OrderPaid]}}
clean raw records are compressed in the lake
  Hose: {Tags: [{Key: team, Value: data}]}
clean Kafka's brokers are watched closely
  Kafka: {EnhancedMonitoring: PER_BROKER, OpenMonitoring: {Prometheus: {JmxExporter: {EnabledInBroker: true}}}}
`,
  ),
  ...changes(
    `
Pool: {is: Cognito::UserPool, UserPoolName: shop, MfaConfiguration: "ON", EnabledMfas: [SOFTWARE_TOKEN_MFA], AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}, AutoVerifiedAttributes: [email], UsernameAttributes: [email], DeletionProtection: ACTIVE, Policies: {PasswordPolicy: {MinimumLength: 12, RequireNumbers: true, RequireSymbols: true}}, UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}, Schema: [{Name: tenant, AttributeDataType: String, Mutable: true}], DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
Web: {is: Cognito::UserPoolClient, UserPoolId: !Ref Pool, AllowedOAuthFlows: [code], AllowedOAuthScopes: [openid], CallbackURLs: ["https://www.acme.example/cb"], SupportedIdentityProviders: [COGNITO], PreventUserExistenceErrors: ENABLED, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH], AccessTokenValidity: 60, TokenValidityUnits: {AccessToken: minutes}, EnableTokenRevocation: true}
Ids: {is: Cognito::IdentityPool, AllowUnauthenticatedIdentities: false, CognitoIdentityProviders: [{ClientId: !Ref Web, ProviderName: !GetAtt Pool.ProviderName, ServerSideTokenCheck: true}]}
Google: {is: Cognito::UserPoolIdentityProvider, UserPoolId: !Ref Pool, ProviderName: Google, ProviderType: Google, ProviderDetails: {client_id: a, authorize_scopes: openid}}
Dom: {is: Cognito::UserPoolDomain, UserPoolId: !Ref Pool, Domain: acme-shop}
Github: {is: IAM::OIDCProvider, Url: "https://token.actions.githubusercontent.com", ClientIdList: [sts.amazonaws.com], ThumbprintList: [6938fd4d98bab03faadb97b34396831e3780aea1]}
Deploy: {is: IAM::Role, MaxSessionDuration: 3600, PermissionsBoundary: "arn:aws:iam::111122223333:policy/boundary", AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRoleWithWebIdentity, Principal: {Federated: !Ref Github}, Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}, StringLike: {"token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"}}}]}, Policies: [{PolicyName: deploy, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::111122223333:role/cdk-hnb659fds-*"}]}}]}
Ops: {is: IAM::Role, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Condition: {StringEquals: {"sts:ExternalId": x1}, Bool: {"aws:MultiFactorAuthPresent": "true"}}}]}, ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
Robot: {is: IAM::User, UserName: robot, Groups: [!Ref Team]}
Team: {is: IAM::Group, GroupName: team, ManagedPolicyArns: ["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]}
Managed: {is: IAM::ManagedPolicy, Roles: [!Ref Ops], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["logs:GetLogEvents"], Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:shop:*"}, {Effect: Deny, Action: ["s3:DeleteBucket"], Resource: "*"}]}}
Set: {is: SSO::PermissionSet, Name: Developer, InstanceArn: "arn:aws:sso:::instance/ssoins-1", SessionDuration: PT4H, ManagedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
Waf: {is: WAFv2::WebACL, Scope: REGIONAL, DefaultAction: {Allow: {}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: a, SampledRequestsEnabled: true}, Rules: [{Name: common, Priority: 1, OverrideAction: {None: {}}, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: c, SampledRequestsEnabled: true}}, {Name: rate, Priority: 2, Action: {Block: {}}, Statement: {RateBasedStatement: {Limit: 1000, AggregateKeyType: IP}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: r, SampledRequestsEnabled: true}}]}
WafAt: {is: WAFv2::WebACLAssociation, WebACLArn: !GetAtt Waf.Arn, ResourceArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/b"}
`,
    `
caution a second factor is a matter of taste
  Pool: {MfaConfiguration: OPTIONAL}
danger strangers may sign up
  Pool: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: false}}
danger users are known by another attribute
  Pool: {UsernameAttributes: [phone_number]}
danger an attribute of users is no longer in the schema
  Pool: {Schema: []}
caution shorter passwords
  Pool: {Policies: {PasswordPolicy: {MinimumLength: 8, RequireSymbols: false}}}
danger the users may be deleted
  Pool: {DeletionProtection: INACTIVE}
caution tokens in the address, the implicit flow
  Web: {AllowedOAuthFlows: [implicit]}
caution the client sends users to an address in the clear
  Web: {CallbackURLs: ["https://www.acme.example/cb", "http://dev.acme.example/cb"]}
caution the client may send passwords
  Web: {ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]}
danger the client has a secret, hence is another client
  Web: {GenerateSecret: true}
danger guests get credentials
  Ids: {AllowUnauthenticatedIdentities: true}
danger users of Google are locked out
  Google: null
danger the login page has another address
  Dom: {Domain: acme}
danger every repository of the organization may deploy
  Deploy: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRoleWithWebIdentity, Principal: {Federated: !Ref Github}, Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}, StringLike: {"token.actions.githubusercontent.com:sub": "repo:*"}}}]}}
caution the boundary of the deployment goes
  Deploy: {PermissionsBoundary: null}
danger operators of the other account need neither the id nor a second factor
  Ops: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "arn:aws:iam::444455556666:root"}}]}}
danger operators are administrators
  Ops: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
caution a Deny leaves the policy of operators
  Managed: {PolicyDocument: {Statement: [{Effect: Allow, Action: ["logs:GetLogEvents"], Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:shop:*"}]}}
danger operators may pass any role
  Managed: {PolicyDocument: {Statement: [{Effect: Allow, Action: ["iam:PassRole", "lambda:CreateFunction"], Resource: "*"}, {Effect: Deny, Action: ["s3:DeleteBucket"], Resource: "*"}]}}
danger everything but billing is allowed
  Managed: {PolicyDocument: {Statement: [{Effect: Allow, NotAction: ["aws-portal:*"], Resource: "*"}]}}
caution the robot has keys for ever
  RobotKey: {is: IAM::AccessKey, UserName: !Ref Robot}
danger developers are administrators
  Set: {ManagedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
caution developers are logged in for twelve hours
  Set: {SessionDuration: PT12H}
caution the common rules only count
  Waf: {Rules: [{Name: common, Priority: 1, OverrideAction: {Count: {}}, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: c, SampledRequestsEnabled: true}}, {Name: rate, Priority: 2, Action: {Block: {}}, Statement: {RateBasedStatement: {Limit: 1000, AggregateKeyType: IP}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: r, SampledRequestsEnabled: true}}]}
caution ten times the requests pass
  Waf: {Rules: [{Name: common, Priority: 1, OverrideAction: {None: {}}, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: c, SampledRequestsEnabled: true}}, {Name: rate, Priority: 2, Action: {Block: {}}, Statement: {RateBasedStatement: {Limit: 10000, AggregateKeyType: IP}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: r, SampledRequestsEnabled: true}}]}
danger the firewall stands alone
  WafAt: null
clean passwords are longer, and a client joins
  Pool: {Policies: {PasswordPolicy: {MinimumLength: 14}}}
  App: {is: Cognito::UserPoolClient, UserPoolId: !Ref Pool, AllowedOAuthFlows: [code], AllowedOAuthScopes: [openid], CallbackURLs: ["acme://cb"], SupportedIdentityProviders: [COGNITO], PreventUserExistenceErrors: ENABLED, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH]}
clean operators are denied more
  Managed: {PolicyDocument: {Statement: [{Effect: Allow, Action: ["logs:GetLogEvents"], Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:shop:*"}, {Effect: Deny, Action: ["s3:DeleteBucket", "s3:DeleteObjectVersion"], Resource: "*"}]}}
clean the session of operators needs a second factor of late
  Ops: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Condition: {StringEquals: {"sts:ExternalId": x1}, Bool: {"aws:MultiFactorAuthPresent": "true"}, NumericLessThan: {"aws:MultiFactorAuthAge": "3600"}}}]}, Description: operators}
clean one more group of rules blocks
  Waf: {Rules: [{Name: common, Priority: 1, OverrideAction: {None: {}}, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: c, SampledRequestsEnabled: true}}, {Name: rate, Priority: 2, Action: {Block: {}}, Statement: {RateBasedStatement: {Limit: 1000, AggregateKeyType: IP}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: r, SampledRequestsEnabled: true}}, {Name: sql, Priority: 3, OverrideAction: {None: {}}, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesSQLiRuleSet}}, VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: s, SampledRequestsEnabled: true}}]}
clean fewer logs may be read
  Managed: {PolicyDocument: {Statement: [{Effect: Allow, Action: ["logs:GetLogEvents"], Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:shop:log-stream:web*"}, {Effect: Deny, Action: ["s3:DeleteBucket"], Resource: "*"}]}}
clean the pool has one more attribute, and a trigger before tokens
  Pool: {Schema: [{Name: tenant, AttributeDataType: String, Mutable: true}, {Name: plan, AttributeDataType: String, Mutable: true}]}
clean a role for the reports
  Reports: {is: IAM::Role, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}}]}, Policies: [{PolicyName: read, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: [s3:GetObject], Resource: "arn:aws:s3:::reports/*"}]}}]}
clean developers stay for two hours
  Set: {SessionDuration: PT2H, Description: developers}
clean fewer branches may deploy
  Deploy: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRoleWithWebIdentity, Principal: {Federated: !Ref Github}, Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com, "token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"}}}]}}
clean the robot leaves no key and the team has tags
  Robot: {Tags: [{Key: team, Value: ops}]}
`,
  ),
];
