import { changes, type StackCase } from './stack';

/** Stacks that serve users: networks, load balancers, containers, clusters. */
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
caution the endpoint of Secrets Manager no longer answers to its name
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
caution the export that others import disappears
  Outputs: {VpcId: null}
caution the NAT gateway comes back with another address
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
caution the listener goes back to old TLS
  Https: {SslPolicy: ELBSecurityPolicy-2016-08}
danger pages of administrators need no login
  Admin: {Actions: [{Type: forward, TargetGroupArn: !Ref Web}]}
caution targets of another kind, in a new group
  Web: {TargetType: instance}
caution the health check looks at a page behind login
  Web: {HealthCheckPath: /admin}
caution the sessions of users no longer stick
  Web: {TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: "60"}, {Key: stickiness.enabled, Value: "false"}]}
caution tasks have public addresses
  Service: {NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: ENABLED}}}
danger no task is left running
  Service: {DesiredCount: 0}
  Target: {MinCapacity: 0}
caution tasks are all stopped before new ones start
  Service: {DeploymentConfiguration: {MinimumHealthyPercent: 0, MaximumPercent: 100}}
caution a failed deployment no longer goes back
  Service: {DeploymentConfiguration: {DeploymentCircuitBreaker: {Enable: false, Rollback: false}}}
caution people may open a shell in tasks
  Service: {EnableExecuteCommand: true}
danger the password of the database stands in the task
  Task: {ContainerDefinitions: [{Name: web, Image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.0", Essential: true, ReadonlyRootFilesystem: true, User: "1000", PortMappings: [{ContainerPort: 8080}], Environment: [{Name: DATABASE_URL, Value: "postgres://app:hunter22@db.internal/shop"}], LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref Logs, awslogs-region: eu-west-1, awslogs-stream-prefix: web}}}]}
caution the task has half its memory
  Task: {Memory: "512", Cpu: "256"}
caution logs are kept a month, not a year
  Logs: {RetentionInDays: 30}
danger the service has a name and is made anew
  Service: {ServiceName: web}
caution nothing scales
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
danger Kubernetes goes up a version
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
danger secrets are encrypted with a key, which makes another cluster
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
];
