import { changes, type StackCase } from './stack';

/** Second set of stacks: permissions, monitoring and connections. */
export const secondAccessStacks: StackCase[] = [
  ...changes(
    `
Role: {is: IAM::Role, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}, Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}}}]}, Policies: [{PolicyName: app, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}}, {Sid: B, Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/shop/*"}]}}]}
Files: {is: S3::Bucket, PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
FilesPolicy: {is: S3::BucketPolicy, Bucket: !Ref Files, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1"}}}, {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"aws:PrincipalOrgID": o-acme}}}]}}
Cmk: {is: KMS::Key, KeyPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "kms:*", Resource: "*", Principal: {AWS: !Sub "arn:aws:iam::\${AWS::AccountId}:root"}}, {Effect: Allow, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*", Principal: {AWS: !GetAtt Role.Arn}, Condition: {StringEquals: {"kms:ViaService": s3.eu-west-1.amazonaws.com}}}]}, EnableKeyRotation: true, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
Ecr: {is: ECR::Repository, RepositoryPolicyText: {Version: "2012-10-17", Statement: [{Sid: pull, Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}]}, EncryptionConfiguration: {EncryptionType: KMS}, DeletionPolicy: Retain}
Art: {is: CodeArtifact::Repository, RepositoryName: npm, DomainName: acme, PermissionsPolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: ["codeartifact:ReadFromRepository"], Resource: "*"}]}}
Anchor: {is: RolesAnywhere::TrustAnchor, Name: onprem, Enabled: true, Source: {SourceType: AWS_ACM_PCA, SourceData: {AcmPcaArn: "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/a"}}}
Any: {is: RolesAnywhere::Profile, Name: batch, RoleArns: ["arn:aws:iam::111122223333:role/batch"], DurationSeconds: 3600, Enabled: true, SessionPolicy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::in/*"}]}'}
Cedar: {is: VerifiedPermissions::Policy, PolicyStoreId: ps-1, Definition: {Static: {Statement: 'permit(principal in Group::"admin", action, resource);'}}}
Store: {is: VerifiedPermissions::PolicyStore, ValidationSettings: {Mode: STRICT}}
Sg: {is: EC2::SecurityGroup, GroupDescription: app, VpcId: vpc-1, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: sg-lb}, {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}]}
List: {is: EC2::PrefixList, PrefixListName: offices, AddressFamily: IPv4, MaxEntries: 10, Entries: [{Cidr: 203.0.113.0/24, Description: Berlin}]}
Vpn: {is: EC2::ClientVpnEndpoint, ClientCidrBlock: 172.20.0.0/16, ServerCertificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a", ConnectionLogOptions: {Enabled: true, CloudwatchLogGroup: vpn}, AuthenticationOptions: [{Type: federated-authentication, FederatedAuthentication: {SAMLProviderArn: "arn:aws:iam::111122223333:saml-provider/a"}}], SplitTunnel: true}
VpnAuth: {is: EC2::ClientVpnAuthorizationRule, ClientVpnEndpointId: !Ref Vpn, TargetNetworkCidr: 10.0.1.0/24, AccessGroupId: devs, AuthorizeAllGroups: false}
Tgw: {is: EC2::TransitGateway, AutoAcceptSharedAttachments: disable, DefaultRouteTableAssociation: enable}
Spoke: {is: EC2::TransitGatewayVpcAttachment, TransitGatewayId: !Ref Tgw, VpcId: vpc-1, SubnetIds: [subnet-1, subnet-2]}
Resolve: {is: Route53Resolver::ResolverRule, RuleType: FORWARD, DomainName: corp.acme.example, ResolverEndpointId: rslvr-1, TargetIps: [{Ip: 10.9.0.2, Port: "53"}]}
DnsWall: {is: Route53Resolver::FirewallRuleGroup, Name: dns, FirewallRules: [{Action: BLOCK, BlockResponse: NODATA, Priority: 1, FirewallDomainListId: dl-1}]}
Share: {is: EC2::VPCEndpointService, NetworkLoadBalancerArns: ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/b"], AcceptanceRequired: true}
SharePerm: {is: EC2::VPCEndpointServicePermissions, ServiceId: !Ref Share, AllowedPrincipals: ["arn:aws:iam::444455556666:root"]}
Snap: {is: EC2::SnapshotBlockPublicAccess, State: block-all-sharing}
Acct: {is: S3::StorageLens, StorageLensConfiguration: {Id: lens, IsEnabled: true, AccountLevel: {BucketLevel: {}}}}
User: {is: IAM::User, Policies: [{PolicyName: mail, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ses:SendEmail, Resource: "*", Condition: {StringEquals: {"ses:FromAddress": shop@acme.example}}}]}}]}
`,
    `
caution the role may be taken by any machine too
  Role: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com, AWS: "*"}, Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}}}]}}
danger the role reads all objects of all buckets
  Role: {Policies: [{PolicyName: app, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Allow, Action: ["s3:Get*", "s3:PutObject"], Resource: "*"}, {Sid: B, Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/shop/*"}]}}]}
danger the role reads the parameters of all programs
  Role: {Policies: [{PolicyName: app, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}}, {Sid: B, Effect: Allow, Action: "ssm:GetParameter*", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/*"}]}}]}
caution the role reads parameters of its namesakes
  Role: {Policies: [{PolicyName: app, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}}, {Sid: B, Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/sh*"}]}}]}
caution the program loses its files
  Role: {Policies: [{PolicyName: app, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: B, Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/shop/*"}]}}]}
caution any distribution of any account may read the files
  FilesPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}}, {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"aws:PrincipalOrgID": o-acme}}}]}}
danger everybody with any organization may read the files
  FilesPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1"}}}, {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringLike: {"aws:PrincipalOrgID": "o-*"}}}]}}
danger the account loses its key
  Cmk: {KeyPolicy: {Statement: [{Effect: Allow, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*", Principal: {AWS: !GetAtt Role.Arn}, Condition: {StringEquals: {"kms:ViaService": s3.eu-west-1.amazonaws.com}}}]}}
caution the role may use the key outside of S3
  Cmk: {KeyPolicy: {Statement: [{Effect: Allow, Action: "kms:*", Resource: "*", Principal: {AWS: !Sub "arn:aws:iam::\${AWS::AccountId}:root"}}, {Effect: Allow, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*", Principal: {AWS: !GetAtt Role.Arn}}]}}
danger everybody may pull and push images
  Ecr: {RepositoryPolicyText: {Statement: [{Sid: pull, Effect: Allow, Principal: "*", Action: ["ecr:*"]}]}}
danger every account may publish packages
  Art: {PermissionsPolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: ["codeartifact:ReadFromRepository", "codeartifact:PublishPackageVersion"], Resource: "*"}]}}
danger machines in the cellar are locked out
  Anchor: {Enabled: false}
caution machines in the cellar are administrators
  Any: {RoleArns: ["arn:aws:iam::111122223333:role/admin"]}
caution sessions of the cellar have no limits of their own
  Any: {SessionPolicy: null}
caution everybody is permitted everything
  Cedar: {Definition: {Static: {Statement: "permit(principal, action, resource);"}}}
caution policies are no longer checked
  Store: {ValidationSettings: {Mode: "OFF"}}
danger SSH is open to the world, in IPv6
  Sg: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: sg-lb}, {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: "::/0"}]}
danger the load balancer no longer reaches the program
  Sg: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}]}
danger the list of offices holds everybody
  List: {Entries: [{Cidr: 0.0.0.0/0, Description: all}]}
danger all people of the VPN reach the whole network
  VpnAuth: {TargetNetworkCidr: 0.0.0.0/0, AuthorizeAllGroups: true, AccessGroupId: null}
danger people come to the VPN with a certificate alone
  Vpn: {AuthenticationOptions: [{Type: certificate-authentication, MutualAuthentication: {ClientRootCertificateChainArn: "arn:aws:acm:eu-west-1:111122223333:certificate/c"}}]}
caution who was in the VPN is not logged
  Vpn: {ConnectionLogOptions: {Enabled: false, CloudwatchLogGroup: null}}
danger networks of others join by themselves
  Tgw: {AutoAcceptSharedAttachments: enable}
danger the network leaves the hub
  Spoke: null
caution names of the office are asked elsewhere
  Resolve: {TargetIps: [{Ip: 10.8.0.2, Port: "53"}]}
caution bad names are only noted
  DnsWall: {FirewallRules: [{Action: ALERT, Priority: 1, FirewallDomainListId: dl-1}]}
danger whoever asks is let in to the service
  Share: {AcceptanceRequired: false}
danger every account may ask for the service
  SharePerm: {AllowedPrincipals: ["*"]}
danger snapshots may be public
  Snap: {State: unblocked}
danger the sender may be anybody
  User: {Policies: [{PolicyName: mail, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ses:*", Resource: "*"}]}}]}
clean two statements become one document each
  Role: {Policies: [{PolicyName: files, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: !Sub "\${Files.Arn}/*"}, {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "\${Files.Arn}/*"}]}}, {PolicyName: parameters, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/shop/*"}]}}]}
clean the inline policy moves to one of its own
  Role: {Policies: null}
  RolePolicy: {is: IAM::Policy, PolicyName: app, Roles: [!Ref Role], PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: !Sub "\${Files.Arn}/*"}, {Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/shop/*"}]}}
clean the role reads a narrower part of the parameters
  Role: {Policies: [{PolicyName: app, PolicyDocument: {Version: "2012-10-17", Statement: [{Sid: A, Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}}, {Sid: B, Effect: Allow, Action: "ssm:GetParameter", Resource: !Sub "arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/shop/api/*"}]}}]}
clean the rules of the group stand in resources of their own
  Sg: {SecurityGroupIngress: null}
  FromLb: {is: EC2::SecurityGroupIngress, GroupId: !GetAtt Sg.GroupId, IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: sg-lb}
  FromNet: {is: EC2::SecurityGroupIngress, GroupId: !GetAtt Sg.GroupId, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/16}
clean SSH is for half the network
  Sg: {SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: sg-lb}, {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/17}]}
clean one of the offices has another description
  List: {Entries: [{Cidr: 203.0.113.0/24, Description: Berlin Mitte}]}
clean plain HTTP to the files is denied
  FilesPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1"}}}, {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"aws:PrincipalOrgID": o-acme}}}, {Effect: Deny, Principal: "*", Action: "s3:*", Resource: [!GetAtt Files.Arn, !Sub "\${Files.Arn}/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}]}}
clean the organization may read one folder, from its network
  FilesPolicy: {PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: cloudfront.amazonaws.com}, Action: "s3:GetObject", Resource: {"Fn::Join": ["", [!GetAtt Files.Arn, "/*"]]}, Condition: {StringEquals: {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1"}}}, {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: !Sub "\${Files.Arn}/public/*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-acme, "aws:SourceVpce": vpce-1}}}]}}
clean images are scanned
  Ecr: {ImageScanningConfiguration: {ScanOnPush: true}}
clean one more name is blocked
  DnsWall: {FirewallRules: [{Action: BLOCK, BlockResponse: NODATA, Priority: 1, FirewallDomainListId: dl-1}, {Action: BLOCK, BlockResponse: NXDOMAIN, Priority: 2, FirewallDomainListId: dl-2}]}
clean the spoke reaches a third zone
  Spoke: {Tags: [{Key: Name, Value: spoke}]}
clean sessions of the cellar are shorter
  Any: {DurationSeconds: 1800}
clean a role for a new function, with its own log group
  NewRole: {is: IAM::Role, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}, ManagedPolicyArns: [{"Fn::Join": ["", ["arn:", !Ref AWS::Partition, ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]]}]}
  NewFn: {is: Lambda::Function, Code: {S3Bucket: a, S3Key: n.zip}, Handler: i.h, Runtime: nodejs22.x, Role: !GetAtt NewRole.Arn}
  NewLogs: {is: Logs::LogGroup, RetentionInDays: 90}
clean the trust names the cluster as well
  Role: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}, Condition: {StringEquals: {"aws:SourceAccount": "111122223333"}, ArnLike: {"aws:SourceArn": "arn:aws:ecs:eu-west-1:111122223333:*"}}}]}}
clean the role is described and its sessions are shorter
  Role: {Description: the program, MaxSessionDuration: 3600}
clean the mail's sender may not send to strangers
  User: {Policies: [{PolicyName: mail, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: ses:SendEmail, Resource: "*", Condition: {StringEquals: {"ses:FromAddress": shop@acme.example}, "ForAllValues:StringLike": {"ses:Recipients": ["*@acme.example"]}}}]}}]}
clean names of one more domain go to the office
  Resolve2: {is: Route53Resolver::ResolverRule, RuleType: FORWARD, DomainName: lab.acme.example, ResolverEndpointId: rslvr-1, TargetIps: [{Ip: 10.9.0.2, Port: "53"}]}
clean the VPN is described, and its people see a banner
  Vpn: {Description: people, ClientLoginBannerOptions: {Enabled: true, BannerText: be careful}}
clean one partner less sees the service, and it waits for a yes
  Lens: {is: S3::StorageLens, StorageLensConfiguration: {Id: second, IsEnabled: true, AccountLevel: {BucketLevel: {}}}}
clean the key is for S3 in one context alone
  Cmk: {KeyPolicy: {Statement: [{Effect: Allow, Action: "kms:*", Resource: "*", Principal: {AWS: !Sub "arn:aws:iam::\${AWS::AccountId}:root"}}, {Effect: Allow, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*", Principal: {AWS: !GetAtt Role.Arn}, Condition: {StringEquals: {"kms:ViaService": s3.eu-west-1.amazonaws.com, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::files"}}}]}}
`,
  ),
  ...changes(
    `
Scrape: {is: APS::Workspace, Alias: prod, LoggingConfiguration: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:aps:*"}, AlertManagerDefinition: "alertmanager_config: |\\n  route:\\n    receiver: pager\\n"}
Rules: {is: APS::RuleGroupsNamespace, Name: slo, Workspace: !Ref Scrape, Data: "groups:\\n- name: slo\\n  rules:\\n  - alert: Errors\\n    expr: errors > 5\\n  - alert: Slow\\n    expr: p99 > 1\\n"}
Graf: {is: Grafana::Workspace, AccountAccessType: CURRENT_ACCOUNT, PermissionType: SERVICE_MANAGED, AuthenticationProviders: [AWS_SSO], NetworkAccessControl: {PrefixListIds: [pl-1], VpceIds: [vpce-1]}}
Slo: {is: ApplicationSignals::ServiceLevelObjective, Name: checkout, Goal: {AttainmentGoal: 99.9, WarningThreshold: 30}, Sli: {ComparisonOperator: LessThan, MetricThreshold: 500, SliMetric: {MetricType: LATENCY, OperationName: "POST /checkout"}}}
Anom: {is: CloudWatch::AnomalyDetector, MetricName: Orders, Namespace: shop, Stat: Sum}
Latency: {is: CloudWatch::Alarm, Namespace: AWS/ApplicationELB, MetricName: TargetResponseTime, ExtendedStatistic: p99, Period: 60, EvaluationPeriods: 5, DatapointsToAlarm: 3, Threshold: 2, ComparisonOperator: GreaterThanThreshold, TreatMissingData: breaching, AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:pager"]}
Rum: {is: RUM::AppMonitor, Name: shop, Domain: www.acme.example, AppMonitorConfiguration: {SessionSampleRate: 1, AllowCookies: true, EnableXRay: true}, CwLogEnabled: true}
Trace: {is: XRay::SamplingRule, SamplingRule: {RuleName: all, Priority: 1, FixedRate: 0.1, ReservoirSize: 5, ServiceName: "*", ServiceType: "*", Host: "*", HTTPMethod: "*", URLPath: "*", ResourceARN: "*", Version: 1}}
Macie: {is: Macie::Session, Status: ENABLED, FindingPublishingFrequency: FIFTEEN_MINUTES}
Detect: {is: Detective::Graph, AutoEnableMembers: true}
Inspect: {is: InspectorV2::Filter, Name: low, FilterAction: NONE, FilterCriteria: {Severity: [{Comparison: EQUALS, Value: LOW}]}}
Fault: {is: FIS::ExperimentTemplate, Description: kill a task, RoleArn: "arn:aws:iam::111122223333:role/fis", StopConditions: [{Source: "aws:cloudwatch:alarm", Value: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"}], Targets: {t: {ResourceType: "aws:ecs:task", SelectionMode: COUNT(1), ResourceTags: {env: test}}}, Tags: {Name: kill}}
Plan: {is: ARCRegionSwitch::Plan, Name: shop, ExecutionRole: "arn:aws:iam::111122223333:role/arc", RecoveryApproach: activePassive, Regions: [eu-west-1, eu-central-1], PrimaryRegion: eu-west-1, Workflows: []}
Doc: {is: SSM::Document, Name: restart, DocumentType: Command, Content: {schemaVersion: "2.2", mainSteps: [{action: "aws:runShellScript", name: r, inputs: {runCommand: [systemctl restart app]}}]}}
Assoc: {is: SSM::Association, Name: AWS-RunPatchBaseline, ScheduleExpression: "cron(0 4 ? * SUN *)", Targets: [{Key: tag:env, Values: [prod]}]}
Contact: {is: SSMContacts::Contact, Alias: ann, DisplayName: Ann, Type: PERSONAL, Plan: [{DurationInMinutes: 5, Targets: []}]}
Qs: {is: QuickSight::DataSource, DataSourceId: dw, AwsAccountId: "111122223333", Name: dw, Type: REDSHIFT, SslProperties: {DisableSsl: false}, Permissions: [{Principal: "arn:aws:quicksight:eu-west-1:111122223333:group/default/bi", Actions: ["quicksight:DescribeDataSource"]}]}
Bot: {is: Lex::Bot, Name: help, RoleArn: "arn:aws:iam::111122223333:role/lex", DataPrivacy: {ChildDirected: false}, IdleSessionTTLInSeconds: 300, BotLocales: [{LocaleId: de_DE, NluConfidenceThreshold: 0.4, Intents: [{Name: Order}, {Name: Refund}]}]}
Agent: {is: Bedrock::Agent, AgentName: helper, AgentResourceRoleArn: "arn:aws:iam::111122223333:role/agent", FoundationModel: anthropic.claude-3-5-sonnet-20240620-v1:0, Instruction: "You help customers of the shop with their orders and returns.", GuardrailConfiguration: {GuardrailIdentifier: g-1, GuardrailVersion: "1"}, IdleSessionTTLInSeconds: 600}
Domain: {is: SageMaker::Domain, DomainName: lab, AuthMode: SSO, AppNetworkAccessType: VpcOnly, VpcId: vpc-1, SubnetIds: [subnet-1], DefaultUserSettings: {ExecutionRole: "arn:aws:iam::111122223333:role/lab"}}
Pin: {is: Pinpoint::App, Name: push}
Geo: {is: Location::APIKey, KeyName: map, NoExpiry: true, Restrictions: {AllowActions: ["geo:GetMap*"], AllowResources: ["arn:aws:geo:eu-west-1:111122223333:map/m"], AllowReferers: ["https://www.acme.example/*"]}}
Recv: {is: SES::ReceiptRule, RuleSetName: in, Rule: {Name: support, Enabled: true, ScanEnabled: true, TlsPolicy: Require, Recipients: [support@acme.example], Actions: [{S3Action: {BucketName: mail}}]}}
`,
    `
caution an alert of the objectives is gone
  Rules: {Data: "groups:\\n- name: slo\\n  rules:\\n  - alert: Errors\\n    expr: errors > 5\\n"}
caution an alert of the objectives is laxer
  Rules: {Data: "groups:\\n- name: slo\\n  rules:\\n  - alert: Errors\\n    expr: errors > 50\\n  - alert: Slow\\n    expr: p99 > 1\\n"}
caution alerts reach nobody
  Scrape: {AlertManagerDefinition: null}
caution the workspace of metrics goes
  Scrape: null
  Rules: null
danger Grafana is on the internet
  Graf: {NetworkAccessControl: null}
caution Grafana takes people of another directory
  Graf: {AuthenticationProviders: [SAML]}
caution the objective is lower
  Slo: {Goal: {AttainmentGoal: 99}}
caution the objective is slower
  Slo: {Sli: {MetricThreshold: 1500}}
caution nobody sees odd orders
  Anom: null
caution missing data is good data
  Latency: {TreatMissingData: notBreaching}
caution latency is the average
  Latency: {ExtendedStatistic: null, Statistic: Average}
caution one visit in a hundred is measured
  Rum: {AppMonitorConfiguration: {SessionSampleRate: 0.01}}
caution Macie pauses
  Macie: {Status: PAUSED}
caution what Detective knows is gone
  Detect: null
caution findings are suppressed
  Inspect: {FilterAction: SUPPRESS}
caution the experiment no longer stops by itself, and hits production
  Fault: {StopConditions: [{Source: none}], Targets: {t: {SelectionMode: ALL, ResourceTags: {env: prod}}}}
caution the plan to change regions goes
  Plan: null
caution machines are patched no longer
  Assoc: null
caution machines are patched in test alone
  Assoc: {Targets: [{Key: tag:env, Values: [test]}]}
caution a person on call is gone
  Contact: null
danger the warehouse is read without TLS
  Qs: {SslProperties: {DisableSsl: true}}
caution the bot no longer knows refunds
  Bot: {BotLocales: [{LocaleId: de_DE, NluConfidenceThreshold: 0.4, Intents: [{Name: Order}]}]}
caution the helper has no guardrail
  Agent: {GuardrailConfiguration: null}
caution the helper has another model
  Agent: {FoundationModel: anthropic.claude-3-haiku-20240307-v1:0}
danger the lab is on the internet
  Domain: {AppNetworkAccessType: PublicInternetOnly}
danger people of the lab come by IAM, in another lab
  Domain: {AuthMode: IAM}
danger the application of messages goes
  Pin: null
caution the key of the map works on every site
  Geo: {Restrictions: {AllowReferers: null}}
caution the key of the map may do everything
  Geo: {Restrictions: {AllowActions: ["geo:*"], AllowResources: ["arn:aws:geo:eu-west-1:111122223333:*"]}}
danger mail to support is no longer taken
  Recv: {Rule: {Enabled: false}}
danger mail to support comes in the clear
  Recv: {Rule: {TlsPolicy: Optional}}
caution mail to support is not scanned
  Recv: {Rule: {ScanEnabled: false}}
clean one more alert
  Rules: {Data: "groups:\\n- name: slo\\n  rules:\\n  - alert: Errors\\n    expr: errors > 5\\n  - alert: Slow\\n    expr: p99 > 1\\n  - alert: Full\\n    expr: disk > 90\\n"}
clean the objective is stricter
  Slo: {Goal: {AttainmentGoal: 99.95}, Sli: {MetricThreshold: 400}}
clean the alarm also tells when all is well
  Latency: {OKActions: ["arn:aws:sns:eu-west-1:111122223333:pager"], Threshold: 1.5}
clean more visits are traced
  Trace: {SamplingRule: {FixedRate: 0.2, ReservoirSize: 10}}
clean the bot knows one more thing
  Bot: {BotLocales: [{LocaleId: de_DE, NluConfidenceThreshold: 0.4, Intents: [{Name: Order}, {Name: Refund}, {Name: Track}]}], Description: helps}
clean a second key of the map
  Geo2: {is: Location::APIKey, KeyName: route, NoExpiry: true, Restrictions: {AllowActions: ["geo:CalculateRoute*"], AllowResources: ["arn:aws:geo:eu-west-1:111122223333:route-calculator/r"], AllowReferers: ["https://www.acme.example/*"]}}
clean the helper is described
  Agent: {Description: helps customers, Tags: {team: ai}}
clean a dashboard and a query
  Board: {is: CloudWatch::Dashboard, DashboardBody: '{"widgets":[]}'}
  Query: {is: Logs::QueryDefinition, Name: errors, QueryString: "fields @message | filter level = 'error'"}
clean machines are patched each day
  Assoc: {ScheduleExpression: "cron(0 4 * * ? *)"}
clean mail to sales is taken too
  Sales: {is: SES::ReceiptRule, RuleSetName: in, After: support, Rule: {Name: sales, Enabled: true, ScanEnabled: true, TlsPolicy: Require, Recipients: [sales@acme.example], Actions: [{S3Action: {BucketName: mail}}]}}
clean the parameters of the document do more
  Doc: {Tags: [{Key: team, Value: ops}]}
clean people are asked for their directory twice
  Graf: {Description: dashboards, Name: prod}
clean a second person on call
  Bert: {is: SSMContacts::Contact, Alias: bert, DisplayName: Bert, Type: PERSONAL, Plan: [{DurationInMinutes: 5, Targets: []}]}
danger the lab has a tag, which makes another lab
  Domain: {Tags: [{Key: team, Value: ml}]}
clean more people see the warehouse's name in lists
  Qs: {Name: warehouse}
clean the experiment has a log
  Fault: {LogConfiguration: {LogSchemaVersion: 2, S3Configuration: {BucketName: logs}}}
`,
  ),
];
