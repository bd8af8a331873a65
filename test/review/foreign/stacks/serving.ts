import { changes, type StackCase } from './stack';

/** Stacks that serve users: networks, load balancers, containers, machines, APIs, distributions. */
export const servingStacks: StackCase[] = [
  ...changes(
    `
Vpc: {is: EC2::VPC, CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true, EnableDnsSupport: true}
Igw: {is: EC2::InternetGateway}
Attach: {is: EC2::VPCGatewayAttachment, VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}
Public: {is: EC2::Subnet, VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a, MapPublicIpOnLaunch: true}
Private: {is: EC2::Subnet, VpcId: !Ref Vpc, CidrBlock: 10.0.10.0/24, AvailabilityZone: eu-west-1a, MapPublicIpOnLaunch: false}
Ip: {is: EC2::EIP, Domain: vpc}
Nat: {is: EC2::NatGateway, SubnetId: !Ref Public, AllocationId: !GetAtt Ip.AllocationId}
Table: {is: EC2::RouteTable, VpcId: !Ref Vpc}
Assoc: {is: EC2::SubnetRouteTableAssociation, RouteTableId: !Ref Table, SubnetId: !Ref Private}
Out: {is: EC2::Route, RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
ToOffice: {is: EC2::Route, RouteTableId: !Ref Table, DestinationCidrBlock: 172.16.0.0/16, TransitGatewayId: tgw-1}
ToS3: {is: EC2::VPCEndpoint, VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.s3, VpcEndpointType: Gateway, RouteTableIds: [!Ref Table]}
ToSecrets: {is: EC2::VPCEndpoint, VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.secretsmanager, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Private], SecurityGroupIds: [sg-1]}
Flow: {is: EC2::FlowLog, ResourceId: !Ref Vpc, ResourceType: VPC, TrafficType: ALL, LogDestinationType: s3, LogDestination: "arn:aws:s3:::flow"}
Acl: {is: EC2::NetworkAcl, VpcId: !Ref Vpc}
AclIn: {is: EC2::NetworkAclEntry, NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: 6, RuleAction: allow, CidrBlock: 10.0.0.0/16, PortRange: {From: 443, To: 443}}
Peer: {is: EC2::VPCPeeringConnection, VpcId: !Ref Vpc, PeerVpcId: vpc-data}
Outputs: {VpcId: {Value: !Ref Vpc, Export: {Name: net:VpcId}}}
`,
    `
danger the private subnet loses its way out
  Out: null
danger the route to the office is removed
  ToOffice: null
danger the private subnet has public addresses and goes out by the internet gateway
  Private: {MapPublicIpOnLaunch: true}
  Out: {NatGatewayId: null, GatewayId: !Ref Igw}
danger the endpoint of Secrets Manager no longer answers to its name
  ToSecrets: {PrivateDnsEnabled: false}
danger the endpoint of Secrets Manager goes
  ToSecrets: null
caution only rejected packets are logged
  Flow: {TrafficType: REJECT}
danger the network gets other addresses
  Vpc: {CidrBlock: 10.1.0.0/16}
danger the subnet is another
  Private: {CidrBlock: 10.0.20.0/24}
danger every address may come through the network list
  AclIn: {CidrBlock: 0.0.0.0/0, Protocol: -1, PortRange: null}
danger the network list now denies HTTPS
  AclIn: {RuleAction: deny}
danger the peering to the data goes
  Peer: null
danger names in the network are no longer resolved
  Vpc: {EnableDnsSupport: false}
danger the export that others import disappears
  Outputs: {VpcId: null}
danger the NAT gateway comes back with another address
  Ip: {Domain: null, PublicIpv4Pool: ipv4pool-ec2-1}
clean an output is added
  Outputs: {SubnetId: {Value: !Ref Private}}
clean an endpoint of ECR joins
  ToEcr: {is: EC2::VPCEndpoint, VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.ecr.dkr, VpcEndpointType: Interface, PrivateDnsEnabled: true, SubnetIds: [!Ref Private], SecurityGroupIds: [sg-1]}
clean everything is tagged
  Vpc: {Tags: [{Key: Name, Value: main}]}
  Nat: {Tags: [{Key: Name, Value: main}]}
  Private: {Tags: [{Key: Name, Value: main}]}
  Flow: {Tags: [{Key: Name, Value: main}]}
clean a subnet in another zone, with its way out
  Private2: {is: EC2::Subnet, VpcId: !Ref Vpc, CidrBlock: 10.0.11.0/24, AvailabilityZone: eu-west-1b, MapPublicIpOnLaunch: false}
  Assoc2: {is: EC2::SubnetRouteTableAssociation, RouteTableId: !Ref Table, SubnetId: !Ref Private2}
clean a route to the second office
  ToOffice2: {is: EC2::Route, RouteTableId: !Ref Table, DestinationCidrBlock: 172.17.0.0/16, TransitGatewayId: tgw-1}
clean flows are logged by the minute
  Flow: {Tags: [{Key: a, Value: b}]}
  Flow2: {is: EC2::FlowLog, ResourceId: !Ref Private, ResourceType: Subnet, TrafficType: ALL, LogDestinationType: s3, LogDestination: "arn:aws:s3:::flow", MaxAggregationInterval: 60}
`,
  ),
  ...changes(
    `
Sg: {is: EC2::SecurityGroup, GroupDescription: lb, VpcId: vpc-1, SecurityGroupIngress: [{CidrIp: 0.0.0.0/0, IpProtocol: tcp, FromPort: 443, ToPort: 443, Description: all}], SecurityGroupEgress: [{CidrIp: 0.0.0.0/0, IpProtocol: "-1"}]}
Lb: {is: ElasticLoadBalancingV2::LoadBalancer, Scheme: internet-facing, Type: application, SecurityGroups: [!GetAtt Sg.GroupId], Subnets: [subnet-1, subnet-2], LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: "true"}, {Key: access_logs.s3.enabled, Value: "true"}, {Key: access_logs.s3.bucket, Value: logs}, {Key: routing.http.drop_invalid_header_fields.enabled, Value: "true"}]}
Https: {is: ElasticLoadBalancingV2::Listener, LoadBalancerArn: !Ref Lb, Port: 443, Protocol: HTTPS, SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06, Certificates: [{CertificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a"}], DefaultActions: [{Type: forward, TargetGroupArn: !Ref Web}]}
Http: {is: ElasticLoadBalancingV2::Listener, LoadBalancerArn: !Ref Lb, Port: 80, Protocol: HTTP, DefaultActions: [{Type: redirect, RedirectConfig: {Protocol: HTTPS, Port: "443", StatusCode: HTTP_301}}]}
Admin: {is: ElasticLoadBalancingV2::ListenerRule, ListenerArn: !Ref Https, Priority: 10, Conditions: [{Field: path-pattern, PathPatternConfig: {Values: [/admin/*]}}], Actions: [{Type: authenticate-oidc, Order: 1, AuthenticateOidcConfig: {Issuer: "https://id.acme.example", ClientId: a, ClientSecret: "{{resolve:secretsmanager:oidc}}", AuthorizationEndpoint: "https://id.acme.example/a", TokenEndpoint: "https://id.acme.example/t", UserInfoEndpoint: "https://id.acme.example/u"}}, {Type: forward, Order: 2, TargetGroupArn: !Ref Web}]}
Web: {is: ElasticLoadBalancingV2::TargetGroup, VpcId: vpc-1, Port: 8080, Protocol: HTTP, TargetType: ip, HealthCheckPath: /health, HealthCheckIntervalSeconds: 15, TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: "60"}, {Key: stickiness.enabled, Value: "true"}]}
Cluster: {is: ECS::Cluster, ClusterSettings: [{Name: containerInsights, Value: enabled}]}
Logs: {is: Logs::LogGroup, RetentionInDays: 365, DeletionPolicy: Retain}
Task: {is: ECS::TaskDefinition, Family: web, Cpu: "512", Memory: "1024", NetworkMode: awsvpc, RequiresCompatibilities: [FARGATE], ExecutionRoleArn: "arn:aws:iam::111122223333:role/exec", TaskRoleArn: "arn:aws:iam::111122223333:role/task", ContainerDefinitions: [{Name: web, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.0", Essential: true, ReadonlyRootFilesystem: true, User: "1000", PortMappings: [{ContainerPort: 8080}], Environment: [{Name: LOG_LEVEL, Value: info}], Secrets: [{Name: DATABASE_URL, ValueFrom: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"}], LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref Logs, awslogs-region: eu-west-1, awslogs-stream-prefix: web}}}]}
Service: {is: ECS::Service, Cluster: !Ref Cluster, TaskDefinition: !Ref Task, LaunchType: FARGATE, DesiredCount: 3, DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 200, DeploymentCircuitBreaker: {Enable: true, Rollback: true}}, LoadBalancers: [{ContainerName: web, ContainerPort: 8080, TargetGroupArn: !Ref Web}], NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: DISABLED, SecurityGroups: [sg-2], Subnets: [subnet-3, subnet-4]}}, DependsOn: [Https], EnableExecuteCommand: false}
Target: {is: ApplicationAutoScaling::ScalableTarget, MinCapacity: 3, MaxCapacity: 12, ServiceNamespace: ecs, ScalableDimension: ecs:service:DesiredCount, ResourceId: !Sub "service/\${Cluster}/\${Service.Name}"}
Scale: {is: ApplicationAutoScaling::ScalingPolicy, PolicyName: cpu, PolicyType: TargetTrackingScaling, ScalingTargetId: !Ref Target, TargetTrackingScalingPolicyConfiguration: {TargetValue: 60, PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageCPUUtilization}}}
`,
    `
danger the load balancer turns internal and is made anew
  Lb: {Scheme: internal}
caution the load balancer may be deleted
  Lb: {LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: "false"}, {Key: access_logs.s3.enabled, Value: "true"}, {Key: access_logs.s3.bucket, Value: logs}, {Key: routing.http.drop_invalid_header_fields.enabled, Value: "true"}]}
danger HTTP is served in the clear instead of redirected
  Http: {DefaultActions: [{Type: forward, TargetGroupArn: !Ref Web}]}
danger the listener goes back to old TLS
  Https: {SslPolicy: ELBSecurityPolicy-2016-08}
danger pages of administrators need no login
  Admin: {Actions: [{Type: forward, TargetGroupArn: !Ref Web}]}
danger targets of another kind, in a new group
  Web: {TargetType: instance}
danger the health check looks at a page behind login
  Web: {HealthCheckPath: /admin}
caution the sessions of users no longer stick
  Web: {TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: "60"}, {Key: stickiness.enabled, Value: "false"}]}
danger tasks have public addresses
  Service: {NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: ENABLED}}}
danger no task is left running
  Service: {DesiredCount: 0}
  Target: {MinCapacity: 0}
danger tasks are all stopped before new ones start
  Service: {DeploymentConfiguration: {MinimumHealthyPercent: 0, MaximumPercent: 100}}
caution a failed deployment no longer goes back
  Service: {DeploymentConfiguration: {DeploymentCircuitBreaker: {Enable: false, Rollback: false}}}
caution people may open a shell in tasks
  Service: {EnableExecuteCommand: true}
danger the password of the database stands in the task
  Task: {ContainerDefinitions: [{Name: web, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.0", Essential: true, ReadonlyRootFilesystem: true, User: "1000", PortMappings: [{ContainerPort: 8080}], Environment: [{Name: DATABASE_URL, Value: "postgres://app:hunter22@db.internal/shop"}], LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref Logs, awslogs-region: eu-west-1, awslogs-stream-prefix: web}}}]}
danger the task has half its memory
  Task: {Memory: "512", Cpu: "256"}
caution logs are kept a month, not a year
  Logs: {RetentionInDays: 30}
danger the service has a name and is made anew
  Service: {ServiceName: web}
danger nothing scales
  Scale: null
  Target: null
caution the listener rule has another priority and comes first
  Admin: {Conditions: [{Field: path-pattern, PathPatternConfig: {Values: [/admin/users/*]}}]}
clean a new image and another level of logs
  Task: {ContainerDefinitions: [{Name: web, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.1", Essential: true, ReadonlyRootFilesystem: true, User: "1000", PortMappings: [{ContainerPort: 8080}], Environment: [{Name: LOG_LEVEL, Value: warn}, {Name: FEATURE, Value: "on"}], Secrets: [{Name: DATABASE_URL, ValueFrom: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"}], LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref Logs, awslogs-region: eu-west-1, awslogs-stream-prefix: web}}}]}
clean more memory for tasks
  Task: {Memory: "2048", Cpu: "1024"}
clean the service may grow further, and sooner
  Target: {MaxCapacity: 20, MinCapacity: 4}
  Scale: {TargetTrackingScalingPolicyConfiguration: {TargetValue: 50}}
clean a rule for another path, behind the others
  Api: {is: ElasticLoadBalancingV2::ListenerRule, ListenerArn: !Ref Https, Priority: 50, Conditions: [{Field: path-pattern, PathPatternConfig: {Values: [/api/*]}}], Actions: [{Type: forward, TargetGroupArn: !Ref Web}]}
clean the rule of the security group has another description
  Sg: {SecurityGroupIngress: [{CidrIp: 0.0.0.0/0, IpProtocol: tcp, FromPort: 443, ToPort: 443, Description: HTTPS from everywhere}]}
clean the health check is asked sooner
  Web: {HealthCheckIntervalSeconds: 10}
clean the listener has newer TLS
  Https: {SslPolicy: ELBSecurityPolicy-TLS13-1-3-2021-06}
clean propagated tags and a newer platform
  Service: {PropagateTags: SERVICE, EnableECSManagedTags: true, Tags: [{Key: team, Value: web}]}
clean an alarm and a step of the scaling on memory
  Mem: {is: ApplicationAutoScaling::ScalingPolicy, PolicyName: mem, PolicyType: TargetTrackingScaling, ScalingTargetId: !Ref Target, TargetTrackingScalingPolicyConfiguration: {TargetValue: 70, PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageMemoryUtilization}}}
  Five: {is: CloudWatch::Alarm, Namespace: AWS/ApplicationELB, MetricName: HTTPCode_Target_5XX_Count, Statistic: Sum, Period: 60, EvaluationPeriods: 3, Threshold: 10, ComparisonOperator: GreaterThanThreshold, Dimensions: [{Name: LoadBalancer, Value: !GetAtt Lb.LoadBalancerFullName}]}
clean insights of the cluster say more
  Cluster: {ClusterSettings: [{Name: containerInsights, Value: enhanced}]}
`,
  ),
  ...changes(
    `
Cluster: {is: EKS::Cluster, Name: prod, Version: "1.30", RoleArn: "arn:aws:iam::111122223333:role/eks", ResourcesVpcConfig: {SubnetIds: [subnet-1, subnet-2], EndpointPrivateAccess: true, EndpointPublicAccess: true, PublicAccessCidrs: [203.0.113.0/24]}, Logging: {ClusterLogging: {EnabledTypes: [{Type: api}, {Type: audit}]}}, AccessConfig: {AuthenticationMode: API}}
Nodes: {is: EKS::Nodegroup, ClusterName: !Ref Cluster, NodeRole: "arn:aws:iam::111122223333:role/node", Subnets: [subnet-1, subnet-2], ScalingConfig: {MinSize: 3, MaxSize: 9, DesiredSize: 3}, InstanceTypes: [m6i.large], AmiType: AL2023_x86_64_STANDARD}
Cni: {is: EKS::Addon, ClusterName: !Ref Cluster, AddonName: vpc-cni, AddonVersion: v1.18.1-eksbuild.1}
Admins: {is: EKS::AccessEntry, ClusterName: !Ref Cluster, PrincipalArn: "arn:aws:iam::111122223333:role/admin", AccessPolicies: [{AccessScope: {Type: cluster}, PolicyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"}]}
Jobs: {is: EKS::FargateProfile, ClusterName: !Ref Cluster, PodExecutionRoleArn: "arn:aws:iam::111122223333:role/pod", Selectors: [{Namespace: jobs}]}
Identity: {is: EKS::PodIdentityAssociation, ClusterName: !Ref Cluster, Namespace: shop, ServiceAccount: web, RoleArn: "arn:aws:iam::111122223333:role/web"}
`,
    `
danger the endpoint of the cluster answers everybody
  Cluster: {ResourcesVpcConfig: {PublicAccessCidrs: [0.0.0.0/0]}}
danger the cluster has another name
  Cluster: {Name: production}
caution who did what in the cluster is no longer logged
  Cluster: {Logging: {ClusterLogging: {EnabledTypes: [{Type: api}]}}}
danger Kubernetes goes down a version, which EKS refuses
  Cluster: {Version: "1.29"}
caution Kubernetes goes up a version
  Cluster: {Version: "1.31"}
danger a view becomes the administration of the cluster
  Admins: {AccessPolicies: [{AccessScope: {Type: cluster}, PolicyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"}]}
danger nodes are of another kind, in a new group
  Nodes: {InstanceTypes: [t3.large]}
danger no nodes are left
  Nodes: {ScalingConfig: {MinSize: 0, DesiredSize: 0}}
danger the profile of jobs picks another namespace
  Jobs: {Selectors: [{Namespace: batch}]}
danger the pods lose their role
  Identity: null
danger the network add-on goes
  Cni: null
clean secrets of the cluster are encrypted with a key
  Cluster: {EncryptionConfig: [{Provider: {KeyArn: "arn:aws:kms:eu-west-1:111122223333:key/a"}, Resources: [secrets]}]}
clean the add-on gets a patch
  Cni: {AddonVersion: v1.18.2-eksbuild.1}
clean more nodes at most, and more logs
  Nodes: {ScalingConfig: {MaxSize: 20}}
  Cluster: {Logging: {ClusterLogging: {EnabledTypes: [{Type: api}, {Type: audit}, {Type: authenticator}]}}}
clean a second group of nodes
  Spot: {is: EKS::Nodegroup, ClusterName: !Ref Cluster, NodeRole: "arn:aws:iam::111122223333:role/node", Subnets: [subnet-1], CapacityType: SPOT, ScalingConfig: {MinSize: 0, MaxSize: 9, DesiredSize: 0}}
clean an entry for people who look
  Viewers: {is: EKS::AccessEntry, ClusterName: !Ref Cluster, PrincipalArn: "arn:aws:iam::111122223333:role/viewer", AccessPolicies: [{AccessScope: {Type: namespace, Namespaces: [shop]}, PolicyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"}]}
clean the cluster hears fewer addresses
  Cluster: {ResourcesVpcConfig: {PublicAccessCidrs: [203.0.113.128/25]}}
clean the nodes have a label
  Nodes: {Labels: {pool: general}, Tags: {team: platform}}
`,
  ),
  ...changes(
    `
Api: {is: ApiGateway::RestApi, Name: orders, EndpointConfiguration: {Types: [REGIONAL]}, Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*", Condition: {IpAddress: {"aws:SourceIp": [203.0.113.0/24]}}}]}}
Auth: {is: ApiGateway::Authorizer, RestApiId: !Ref Api, Name: users, Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/a"]}
Res: {is: ApiGateway::Resource, RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
Get: {is: ApiGateway::Method, RestApiId: !Ref Api, ResourceId: !Ref Res, HttpMethod: GET, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Auth, ApiKeyRequired: true, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations"}}
DeployA1: {is: ApiGateway::Deployment, RestApiId: !Ref Api, DependsOn: [Get]}
Stage: {is: ApiGateway::Stage, RestApiId: !Ref Api, DeploymentId: !Ref DeployA1, StageName: prod, TracingEnabled: true, MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, LoggingLevel: ERROR}], AccessLogSetting: {DestinationArn: "arn:aws:logs:eu-west-1:111122223333:log-group:api", Format: "$context.requestId"}}
Fn: {is: Lambda::Function, Code: {S3Bucket: a, S3Key: a.zip}, Handler: i.h, Runtime: python3.12, Role: "arn:aws:iam::111122223333:role/fn", MemorySize: 1024, Timeout: 29, ReservedConcurrentExecutions: 50}
Perm: {is: Lambda::Permission, Action: lambda:InvokeFunction, FunctionName: !GetAtt Fn.Arn, Principal: apigateway.amazonaws.com, SourceArn: !Sub "arn:aws:execute-api:eu-west-1:111122223333:\${Api}/*/GET/orders"}
Plan: {is: ApiGateway::UsagePlan, ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage}], Throttle: {RateLimit: 50, BurstLimit: 100}, Quota: {Limit: 10000, Period: DAY}}
Key: {is: ApiGateway::ApiKey, Enabled: true, Name: partner}
Domain: {is: ApiGateway::DomainName, DomainName: api.acme.example, RegionalCertificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a", SecurityPolicy: TLS_1_2, EndpointConfiguration: {Types: [REGIONAL]}}
Mapping: {is: ApiGateway::BasePathMapping, DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: !Ref Stage, BasePath: v1}
`,
    `
danger orders are read without a login
  Get: {AuthorizationType: NONE, AuthorizerId: null}
caution orders need no key of the partner
  Get: {ApiKeyRequired: false}
danger the API answers every address
  Api: {Policy: {Statement: [{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*"}]}}
danger the mapping of the domain goes
  Mapping: null
danger the mapping has another path
  Mapping: {BasePath: v2}
danger the domain takes old TLS
  Domain: {SecurityPolicy: TLS_1_0}
danger the stage has another name
  Stage: {StageName: live}
caution callers are no longer throttled
  Stage: {MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", LoggingLevel: ERROR}]}
caution accesses are no longer logged
  Stage: {AccessLogSetting: null}
danger the function runs not at all
  Fn: {ReservedConcurrentExecutions: 0}
danger API Gateway may no longer call the function
  Perm: null
danger every service of AWS may call the function, for anybody
  Perm: {SourceArn: null}
danger the key of the partner is off
  Key: {Enabled: false}
caution the quota of the plan goes
  Plan: {Quota: null}
danger bodies and headers go to the log
  Stage: {MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, LoggingLevel: INFO, DataTraceEnabled: true}]}
caution the function has less time than before
  Fn: {Timeout: 3}
danger an old runtime that Lambda no longer takes
  Fn: {Runtime: python3.7}
clean a method joins, with its login, and the deployment is another
  Post: {is: ApiGateway::Method, RestApiId: !Ref Api, ResourceId: !Ref Res, HttpMethod: POST, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Auth, ApiKeyRequired: true, Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations"}}
  PermPost: {is: Lambda::Permission, Action: lambda:InvokeFunction, FunctionName: !GetAtt Fn.Arn, Principal: apigateway.amazonaws.com, SourceArn: !Sub "arn:aws:execute-api:eu-west-1:111122223333:\${Api}/*/POST/orders"}
  DeployA1: null
  DeployB2: {is: ApiGateway::Deployment, RestApiId: !Ref Api, DependsOn: [Get, Post]}
  Stage: {DeploymentId: !Ref DeployB2}
clean the handler is newer and has more memory
  Fn: {Code: {S3Key: b.zip}, MemorySize: 2048, Runtime: python3.13}
clean the quota grows
  Plan: {Quota: {Limit: 20000}, Description: partners}
clean the API has a description and compresses
  Api: {Description: orders of the shop, MinimumCompressionSize: 1024}
clean the function has more time and a tag
  Fn: {Tags: [{Key: team, Value: orders}], ReservedConcurrentExecutions: 100}
clean the authorizer keeps answers a minute less
  Auth: {AuthorizerResultTtlInSeconds: 60}
clean the API hears fewer addresses
  Api: {Policy: {Statement: [{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "execute-api:/*", Condition: {IpAddress: {"aws:SourceIp": [203.0.113.0/25]}}}]}}
`,
  ),
  ...changes(
    `
Site: {is: S3::Bucket, PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}}
Oac: {is: CloudFront::OriginAccessControl, OriginAccessControlConfig: {Name: site, OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4}}
Rewrite: {is: CloudFront::Function, Name: rewrite, AutoPublish: true, FunctionConfig: {Comment: "", Runtime: cloudfront-js-2.0}, FunctionCode: "function handler(e){return e.request}"}
Headers: {is: CloudFront::ResponseHeadersPolicy, ResponseHeadersPolicyConfig: {Name: secure, SecurityHeadersConfig: {StrictTransportSecurity: {AccessControlMaxAgeSec: 31536000, IncludeSubdomains: true, Override: true}, FrameOptions: {FrameOption: DENY, Override: true}, ContentSecurityPolicy: {ContentSecurityPolicy: "default-src 'self'", Override: true}}}}
Cdn: {is: CloudFront::Distribution, DistributionConfig: {Enabled: true, Aliases: [www.acme.example], HttpVersion: http2and3, PriceClass: PriceClass_100, WebACLId: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b", DefaultRootObject: index.html, Logging: {Bucket: logs.s3.amazonaws.com}, ViewerCertificate: {AcmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/a", SslSupportMethod: sni-only, MinimumProtocolVersion: TLSv1.2_2021}, Origins: [{Id: site, DomainName: !GetAtt Site.RegionalDomainName, OriginAccessControlId: !GetAtt Oac.Id, S3OriginConfig: {}}, {Id: api, DomainName: api.acme.example, CustomOriginConfig: {OriginProtocolPolicy: https-only, OriginSSLProtocols: [TLSv1.2]}}],
  DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: redirect-to-https, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, Compress: true, ResponseHeadersPolicyId: !Ref Headers, FunctionAssociations: [{EventType: viewer-request, FunctionARN: !GetAtt Rewrite.FunctionARN}]}, CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, TrustedKeyGroups: [kg-1]}, {PathPattern: /api/*, TargetOriginId: api, ViewerProtocolPolicy: https-only, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad}], CustomErrorResponses: [{ErrorCode: 403, ResponseCode: 200, ResponsePagePath: /index.html}]}}
Zone: {is: Route53::HostedZone, Name: acme.example}
Www: {is: Route53::RecordSet, HostedZoneId: !Ref Zone, Name: www.acme.example, Type: A, AliasTarget: {DNSName: !GetAtt Cdn.DomainName, HostedZoneId: Z2FDTNDATAQYW2}}
Mx: {is: Route53::RecordSet, HostedZoneId: !Ref Zone, Name: acme.example, Type: MX, TTL: "3600", ResourceRecords: ["10 mail.acme.example"]}
Check: {is: Route53::HealthCheck, HealthCheckConfig: {Type: HTTPS, FullyQualifiedDomainName: www.acme.example, ResourcePath: /}}
`,
    `
danger films of customers need no signed address
  Cdn: {DistributionConfig: {CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}, {PathPattern: /api/*, TargetOriginId: api, ViewerProtocolPolicy: https-only, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad}]}}
danger answers of the API are cached for everybody
  Cdn: {DistributionConfig: {CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, TrustedKeyGroups: [kg-1]}, {PathPattern: /api/*, TargetOriginId: api, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}]}}
danger the path of the API is no longer routed
  Cdn: {DistributionConfig: {CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, TrustedKeyGroups: [kg-1]}]}}
danger the distribution is off
  Cdn: {DistributionConfig: {Enabled: false}}
danger the name of the site leaves the distribution
  Cdn: {DistributionConfig: {Aliases: []}}
danger the firewall leaves the distribution
  Cdn: {DistributionConfig: {WebACLId: null}}
danger the origin is called in the clear
  Cdn: {DistributionConfig: {Origins: [{Id: site, DomainName: !GetAtt Site.RegionalDomainName, OriginAccessControlId: !GetAtt Oac.Id, S3OriginConfig: {}}, {Id: api, DomainName: api.acme.example, CustomOriginConfig: {OriginProtocolPolicy: http-only}}]}}
danger requests to the bucket are no longer signed
  Oac: {OriginAccessControlConfig: {SigningBehavior: never}}
caution the page may stand in frames of others
  Headers: {ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {FrameOptions: null}}}
caution scripts from everywhere may run
  Headers: {ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {ContentSecurityPolicy: {ContentSecurityPolicy: "default-src * 'unsafe-inline'"}}}}
danger mail goes nowhere
  Mx: null
danger the address of the site points elsewhere
  Www: {AliasTarget: {DNSName: d999.cloudfront.net}}
caution the health check goes
  Check: null
danger deep links answer with an error
  Cdn: {DistributionConfig: {CustomErrorResponses: []}}
caution who asked for pages is no longer logged
  Cdn: {DistributionConfig: {Logging: null}}
clean a record for a verification joins
  Txt: {is: Route53::RecordSet, HostedZoneId: !Ref Zone, Name: acme.example, Type: TXT, TTL: "300", ResourceRecords: ['"verify=1"']}
clean the function has other code
  Rewrite: {FunctionCode: "function handler(e){var r=e.request;return r}"}
clean the distribution is in more places and has a comment
  Cdn: {DistributionConfig: {PriceClass: PriceClass_All, Comment: shop}}
clean pages are told to be safe for longer
  Headers: {ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {StrictTransportSecurity: {AccessControlMaxAgeSec: 63072000, Preload: true}}}}
clean the old distribution is tagged, and pictures have a path of their own
  Cdn: {DistributionConfig: {CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, TrustedKeyGroups: [kg-1]}, {PathPattern: /api/*, TargetOriginId: api, ViewerProtocolPolicy: https-only, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad}, {PathPattern: /img/*, TargetOriginId: site, ViewerProtocolPolicy: redirect-to-https, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, Compress: true}]}}
clean the site has a second name
  Cdn: {DistributionConfig: {Aliases: [www.acme.example, shop.acme.example]}}
  Shop: {is: Route53::RecordSet, HostedZoneId: !Ref Zone, Name: shop.acme.example, Type: A, AliasTarget: {DNSName: !GetAtt Cdn.DomainName, HostedZoneId: Z2FDTNDATAQYW2}}
clean records of mail live shorter
  Mx: {TTL: "300"}
`,
  ),
  ...changes(
    `
Profile: {is: IAM::InstanceProfile, Roles: [web]}
Lt: {is: EC2::LaunchTemplate, LaunchTemplateData: {ImageId: ami-1, InstanceType: m6i.large, IamInstanceProfile: {Arn: !GetAtt Profile.Arn}, MetadataOptions: {HttpTokens: required}, BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {Encrypted: true, VolumeSize: 30}}], UserData: IyEvYmluL2Jhc2g=}}
Asg: {is: AutoScaling::AutoScalingGroup, MinSize: "2", MaxSize: "6", VPCZoneIdentifier: [subnet-1, subnet-2], HealthCheckType: ELB, HealthCheckGracePeriod: 120, LaunchTemplate: {LaunchTemplateId: !Ref Lt, Version: !GetAtt Lt.LatestVersionNumber}, TargetGroupARNs: [tg-1], UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 2, MaxBatchSize: 1, WaitOnResourceSignals: true, PauseTime: PT10M}}, TerminationPolicies: [OldestInstance]}
Bastion: {is: EC2::Instance, ImageId: ami-1, InstanceType: t3.micro, SubnetId: subnet-3, IamInstanceProfile: !Ref Profile, DisableApiTermination: true}
Data: {is: EC2::Volume, AvailabilityZone: eu-west-1a, Size: 200, Encrypted: true, VolumeType: gp3, DeletionPolicy: Snapshot}
DataAt: {is: EC2::VolumeAttachment, InstanceId: !Ref Bastion, VolumeId: !Ref Data, Device: /dev/sdf}
Env: {is: ElasticBeanstalk::Environment, ApplicationName: legacy, EnvironmentName: legacy-prod, SolutionStackName: 64bit Amazon Linux 2023 v6.1.0 running Node.js 20, CNAMEPrefix: legacy, OptionSettings: [{Namespace: "aws:autoscaling:asg", OptionName: MinSize, Value: "2"}]}
Runner: {is: AppRunner::Service, ServiceName: edge, SourceConfiguration: {ImageRepository: {ImageIdentifier: "public.ecr.aws/a/b:1", ImageRepositoryType: ECR_PUBLIC}}, HealthCheckConfiguration: {Protocol: HTTP, Path: /}, NetworkConfiguration: {IngressConfiguration: {IsPubliclyAccessible: false}}}
Classic: {is: ElasticLoadBalancing::LoadBalancer, Subnets: [subnet-1], Listeners: [{LoadBalancerPort: "443", InstancePort: "80", Protocol: HTTPS, SSLCertificateId: "arn:aws:acm:eu-west-1:111122223333:certificate/a"}], HealthCheck: {Target: "HTTP:80/", HealthyThreshold: "2", UnhealthyThreshold: "3", Interval: "10", Timeout: "5"}}
Accel: {is: GlobalAccelerator::Accelerator, Name: shop, Enabled: true}
`,
    `
danger machines answer the metadata service without a token
  Lt: {LaunchTemplateData: {MetadataOptions: {HttpTokens: optional}}}
danger the disk is not encrypted
  Lt: {LaunchTemplateData: {BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {Encrypted: false, VolumeSize: 30}}]}}
danger all machines are replaced at once
  Asg: {UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 0, MaxBatchSize: 6, WaitOnResourceSignals: true}}}
danger no machines
  Asg: {MinSize: "0", MaxSize: "0"}
caution the group looks at the machine, not at the application
  Asg: {HealthCheckType: EC2}
danger the group leaves the load balancer
  Asg: {TargetGroupARNs: []}
danger the bastion is another machine
  Bastion: {ImageId: ami-2}
caution the bastion may be terminated
  Bastion: {DisableApiTermination: false}
danger the volume moves to another zone
  Data: {AvailabilityZone: eu-west-1b}
danger the volume is detached
  DataAt: null
danger the Beanstalk environment has another name
  Env: {EnvironmentName: legacy-live}
danger App Runner is public
  Runner: {NetworkConfiguration: {IngressConfiguration: {IsPubliclyAccessible: true}}}
danger the classic load balancer speaks HTTP
  Classic: {Listeners: [{LoadBalancerPort: "80", InstancePort: "80", Protocol: HTTP}]}
danger the accelerator is off
  Accel: {Enabled: false}
clean the volume grows
  Data: {Size: 400, Iops: 6000}
clean machines carry tags and the group may grow
  Asg: {MaxSize: "12", Tags: [{Key: Name, Value: web, PropagateAtLaunch: true}]}
clean the App Runner service has a new image
  Runner: {SourceConfiguration: {ImageRepository: {ImageIdentifier: "public.ecr.aws/a/b:2"}}}
clean disks are bigger
  Lt: {LaunchTemplateData: {BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {Encrypted: true, VolumeSize: 60}}]}}
clean machines have a newer image, rolled out in turn
  Lt: {LaunchTemplateData: {ImageId: ami-2}}
clean the bastion has tags and is watched closely
  Bastion: {Tags: [{Key: Name, Value: bastion}], Monitoring: true}
clean machines without tokens are refused for longer hops
  Lt: {LaunchTemplateData: {MetadataOptions: {HttpPutResponseHopLimit: 1}}}
`,
  ),
];
