import { changes, type StackCase } from './stack';

/** Stacks that serve users: APIs, distributions, machines. */
export const webStacks: StackCase[] = [
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
caution the mapping has another path
  Mapping: {BasePath: v2}
caution the domain takes old TLS
  Domain: {SecurityPolicy: TLS_1_0}
caution the stage has another name
  Stage: {StageName: live}
caution callers are no longer throttled
  Stage: {MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", LoggingLevel: ERROR}]}
caution accesses are no longer logged
  Stage: {AccessLogSetting: null}
danger the function runs not at all
  Fn: {ReservedConcurrentExecutions: 0}
caution API Gateway may no longer call the function
  Perm: null
caution every service of AWS may call the function, for anybody
  Perm: {SourceArn: null}
danger the key of the partner is off
  Key: {Enabled: false}
caution the quota of the plan goes
  Plan: {Quota: null}
caution bodies and headers go to the log
  Stage: {MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, LoggingLevel: INFO, DataTraceEnabled: true}]}
caution the function has less time than before
  Fn: {Timeout: 3}
caution an old runtime that Lambda no longer takes
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
caution answers of the API are cached for everybody
  Cdn: {DistributionConfig: {CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, TrustedKeyGroups: [kg-1]}, {PathPattern: /api/*, TargetOriginId: api, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}]}}
danger the path of the API is no longer routed
  Cdn: {DistributionConfig: {CacheBehaviors: [{PathPattern: /media/*, TargetOriginId: site, ViewerProtocolPolicy: https-only, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6, TrustedKeyGroups: [kg-1]}]}}
danger the distribution is off
  Cdn: {DistributionConfig: {Enabled: false}}
danger the name of the site leaves the distribution
  Cdn: {DistributionConfig: {Aliases: []}}
danger the firewall leaves the distribution
  Cdn: {DistributionConfig: {WebACLId: null}}
caution the origin is called in the clear
  Cdn: {DistributionConfig: {Origins: [{Id: site, DomainName: !GetAtt Site.RegionalDomainName, OriginAccessControlId: !GetAtt Oac.Id, S3OriginConfig: {}}, {Id: api, DomainName: api.acme.example, CustomOriginConfig: {OriginProtocolPolicy: http-only}}]}}
danger requests to the bucket are no longer signed
  Oac: {OriginAccessControlConfig: {SigningBehavior: never}}
caution the page may stand in frames of others
  Headers: {ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {FrameOptions: null}}}
danger scripts from everywhere may run
  Headers: {ResponseHeadersPolicyConfig: {SecurityHeadersConfig: {ContentSecurityPolicy: {ContentSecurityPolicy: "default-src * 'unsafe-inline'"}}}}
danger mail goes nowhere
  Mx: null
caution the address of the site points elsewhere
  Www: {AliasTarget: {DNSName: d999.cloudfront.net}}
caution the health check goes
  Check: null
caution deep links answer with an error
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
caution machines answer the metadata service without a token
  Lt: {LaunchTemplateData: {MetadataOptions: {HttpTokens: optional}}}
caution the disk is not encrypted
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
danger the bastion may be terminated
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
caution machines have a newer image, rolled out in turn
  Lt: {LaunchTemplateData: {ImageId: ami-2}}
clean the bastion has tags and is watched closely
  Bastion: {Tags: [{Key: Name, Value: bastion}], Monitoring: true}
clean machines without tokens are refused for longer hops
  Lt: {LaunchTemplateData: {MetadataOptions: {HttpPutResponseHopLimit: 1}}}
`,
  ),
];
