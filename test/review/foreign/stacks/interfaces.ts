import { changes, type StackCase } from './stack';

/** Stacks of interfaces: GraphQL, HTTP, mail, files, devices, certificates. */
export const interfaceStacks: StackCase[] = [
  ...changes(
    `
Graphql: {is: AppSync::GraphQLApi, Name: shop, AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: a, AwsRegion: eu-west-1, DefaultAction: ALLOW}, XrayEnabled: true, LogConfig: {FieldLogLevel: ERROR, CloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/l"}, IntrospectionConfig: DISABLED, QueryDepthLimit: 10}
Schema: {is: AppSync::GraphQLSchema, ApiId: !GetAtt Graphql.ApiId, Definition: "type Query { order(id: ID!): String  me: String }"}
Source: {is: AppSync::DataSource, ApiId: !GetAtt Graphql.ApiId, Name: orders, Type: AMAZON_DYNAMODB, DynamoDBConfig: {TableName: orders, AwsRegion: eu-west-1}, ServiceRoleArn: "arn:aws:iam::111122223333:role/o"}
Resolver: {is: AppSync::Resolver, ApiId: !GetAtt Graphql.ApiId, TypeName: Query, FieldName: order, DataSourceName: !GetAtt Source.Name}
Http: {is: ApiGatewayV2::Api, Name: web, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ["https://www.acme.example"], AllowMethods: [GET, POST]}, DisableExecuteApiEndpoint: true}
Jwt: {is: ApiGatewayV2::Authorizer, ApiId: !Ref Http, Name: jwt, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [web], Issuer: "https://id.acme.example"}}
Route: {is: ApiGatewayV2::Route, ApiId: !Ref Http, RouteKey: ANY /orders, AuthorizationType: JWT, AuthorizerId: !Ref Jwt, Target: !Sub "integrations/\${Int}"}
Int: {is: ApiGatewayV2::Integration, ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationUri: "arn:aws:lambda:eu-west-1:111122223333:function:o", PayloadFormatVersion: "2.0", TimeoutInMillis: 20000}
Stage: {is: ApiGatewayV2::Stage, ApiId: !Ref Http, StageName: $default, AutoDeploy: true, DefaultRouteSettings: {ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000}}
Url: {is: Lambda::Url, TargetFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:o", AuthType: AWS_IAM}
Alias: {is: Lambda::Alias, FunctionName: o, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
V1: {is: Lambda::Version, FunctionName: o}
Async: {is: Lambda::EventInvokeConfig, FunctionName: o, Qualifier: live, MaximumRetryAttempts: 2, DestinationConfig: {OnFailure: {Destination: "arn:aws:sqs:eu-west-1:111122223333:failed"}}}
Layer: {is: Lambda::LayerVersionPermission, LayerVersionArn: "arn:aws:lambda:eu-west-1:111122223333:layer:a:1", Action: lambda:GetLayerVersion, Principal: "111122223333"}
Mail: {is: SES::EmailIdentity, EmailIdentity: acme.example, DkimAttributes: {SigningEnabled: true}}
MailSet: {is: SES::ConfigurationSet, Name: shop, DeliveryOptions: {TlsPolicy: REQUIRE}, SuppressionOptions: {SuppressedReasons: [BOUNCE, COMPLAINT]}, SendingOptions: {SendingEnabled: true}}
Sftp: {is: Transfer::Server, EndpointType: VPC, Protocols: [SFTP], IdentityProviderType: SERVICE_MANAGED, SecurityPolicyName: TransferSecurityPolicy-2024-01, EndpointDetails: {VpcId: vpc-1, SubnetIds: [subnet-1]}, LoggingRole: "arn:aws:iam::111122223333:role/l"}
SftpUser: {is: Transfer::User, ServerId: !GetAtt Sftp.ServerId, UserName: partner, Role: "arn:aws:iam::111122223333:role/sftp", HomeDirectoryType: LOGICAL, HomeDirectoryMappings: [{Entry: /, Target: /inbox/partner}]}
Thing: {is: IoT::Policy, PolicyName: device, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: [iot:Connect], Resource: "arn:aws:iot:eu-west-1:111122223333:client/\${iot:Connection.Thing.ThingName}"}]}}
Topic: {is: IoT::TopicRule, RuleName: readings, TopicRulePayload: {Sql: "SELECT * FROM 'readings'", RuleDisabled: false, Actions: [{Kinesis: {StreamName: s, RoleArn: "arn:aws:iam::111122223333:role/i"}}], ErrorAction: {S3: {BucketName: errors, Key: k, RoleArn: "arn:aws:iam::111122223333:role/i"}}}}
Cert: {is: CertificateManager::Certificate, DomainName: www.acme.example, ValidationMethod: DNS, SubjectAlternativeNames: [acme.example]}
Ca: {is: ACMPCA::CertificateAuthority, Type: ROOT, KeyAlgorithm: RSA_2048, SigningAlgorithm: SHA256WITHRSA, Subject: {CommonName: acme}, RevocationConfiguration: {CrlConfiguration: {Enabled: true, ExpirationInDays: 7, S3BucketName: crl}}}
Names: {is: ServiceDiscovery::PrivateDnsNamespace, Name: acme.local, Vpc: vpc-1}
Lattice: {is: VpcLattice::Service, Name: orders, AuthType: AWS_IAM}
Share: {is: RAM::ResourceShare, Name: subnets, AllowExternalPrincipals: false, Principals: [o-acme], ResourceArns: ["arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1"]}
Wall: {is: NetworkFirewall::Firewall, FirewallName: egress, FirewallPolicyArn: "arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/a", VpcId: vpc-1, SubnetMappings: [{SubnetId: subnet-1}], DeleteProtection: true}
Flags: {is: AppConfig::Deployment, ApplicationId: a, EnvironmentId: e, ConfigurationProfileId: p, ConfigurationVersion: "3", DeploymentStrategyId: linear}
`,
    `
danger the graph takes a key instead of a login
  Graphql: {AuthenticationType: API_KEY, UserPoolConfig: null}
caution a field leaves the schema
  Schema: {Definition: "type Query { order(id: ID!): String }"}
danger nobody answers for orders
  Resolver: null
caution the source has another name, hence is another
  Source: {Name: order-table}
caution anybody may ask for the schema
  Graphql: {IntrospectionConfig: ENABLED}
danger the route needs no login
  Route: {AuthorizationType: NONE, AuthorizerId: null}
danger pages of every site may call
  Http: {CorsConfiguration: {AllowOrigins: ["*"]}}
danger the API answers at its own address too
  Http: {DisableExecuteApiEndpoint: false}
caution tokens of another issuer are taken
  Jwt: {JwtConfiguration: {Issuer: "https://other.example", Audience: [web]}}
danger the function answers everybody
  Url: {AuthType: NONE}
caution no instance of the function stays warm
  Alias: {ProvisionedConcurrencyConfig: null}
caution failed calls go nowhere
  Async: {DestinationConfig: null}
danger the layer is for everybody
  Layer: {Principal: "*"}
caution mail is no longer signed
  Mail: {DkimAttributes: {SigningEnabled: false}}
danger mail is no longer sent
  MailSet: {SendingOptions: {SendingEnabled: false}}
danger mail may travel in the clear
  MailSet: {DeliveryOptions: {TlsPolicy: OPTIONAL}}
danger partners send files by FTP
  Sftp: {Protocols: [SFTP, FTP]}
danger partners come from the internet
  Sftp: {EndpointType: PUBLIC, EndpointDetails: null}
caution a partner sees the whole bucket
  SftpUser: {HomeDirectoryMappings: [{Entry: /, Target: /inbox}]}
danger every device may do everything
  Thing: {PolicyDocument: {Statement: [{Effect: Allow, Action: ["iot:*"], Resource: "*"}]}}
caution readings are no longer taken
  Topic: {TopicRulePayload: {RuleDisabled: true}}
caution failed readings are lost
  Topic: {TopicRulePayload: {ErrorAction: null}}
caution the certificate is for another name, hence another
  Cert: {SubjectAlternativeNames: null}
danger revoked certificates are no longer listed
  Ca: {RevocationConfiguration: {CrlConfiguration: {Enabled: false}}}
danger the authority is another
  Ca: {Subject: {CommonName: acme-2}}
danger services are found under another name
  Names: {Name: shop.local}
danger the service of the lattice takes everybody
  Lattice: {AuthType: NONE}
danger the share may leave the organization
  Share: {AllowExternalPrincipals: true}
caution an account leaves the share
  Share: {Principals: []}
caution the firewall of the network may be deleted
  Wall: {DeleteProtection: false}
danger the firewall of the network goes
  Wall: null
clean a new version behind the alias
  V1: null
  V2: {is: Lambda::Version, FunctionName: o}
  Alias: {FunctionVersion: !GetAtt V2.Version}
clean a field joins the schema
  Schema: {Definition: "type Query { order(id: ID!): String  me: String  cart: String }"}
clean a route joins, with login
  Cart: {is: ApiGatewayV2::Route, ApiId: !Ref Http, RouteKey: GET /cart, AuthorizationType: JWT, AuthorizerId: !Ref Jwt, Target: !Sub "integrations/\${Int}"}
clean the integration waits longer, and more requests pass
  Int: {TimeoutInMillis: 29000}
  Stage: {DefaultRouteSettings: {ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000}}
clean the graph is tagged, and logs carry more
  Graphql: {Tags: [{Key: team, Value: shop}], LogConfig: {ExcludeVerboseContent: false}}
clean flags go out in a newer version
  Flags: {ConfigurationVersion: "4"}
clean the transfer is under a newer policy
  Sftp: {SecurityPolicyName: TransferSecurityPolicy-2025-03, Tags: [{Key: team, Value: partners}]}
clean one page of ours more may call
  Http: {CorsConfiguration: {AllowOrigins: ["https://www.acme.example", "https://admin.acme.example"]}}
clean the function's failures are tried, and more is warm
  Alias: {ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}}
clean mail is counted
  MailDest: {is: SES::ConfigurationSetEventDestination, ConfigurationSetName: !Ref MailSet, EventDestination: {Name: cw, Enabled: true, MatchingEventTypes: [BOUNCE], SnsDestination: {TopicARN: "arn:aws:sns:eu-west-1:111122223333:bounces"}}}
clean a second partner
  Partner2: {is: Transfer::User, ServerId: !GetAtt Sftp.ServerId, UserName: partner2, Role: "arn:aws:iam::111122223333:role/sftp2", HomeDirectoryType: LOGICAL, HomeDirectoryMappings: [{Entry: /, Target: /inbox/partner2}]}
clean a service in the namespace
  OrdersName: {is: ServiceDiscovery::Service, Name: orders, NamespaceId: !Ref Names, DnsConfig: {DnsRecords: [{Type: A, TTL: 10}]}}
`,
  ),
];
