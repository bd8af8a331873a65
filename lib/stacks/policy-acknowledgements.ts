/** A finding of a policy pack that needs no change, with the reason. */
export interface PolicyAcknowledgement {
  /** Rule without the name of its pack, such as `LambdaDLQ`. */
  readonly rule: string;
  /**
   * Stack and path of constructs, such as `release/Server/LoadBalancer`. The acknowledgement also covers the
   * constructs inside. `*` stands for every stack.
   */
  readonly at: readonly string[];
  readonly reason: string;
}

const BUCKETS = [
  'release/Server/LoadBalancer/AccessLogs',
  'release/Client/Bucket',
  'operations/Users/Canary/Results',
];
const LOAD_BALANCER = ['release/Server/LoadBalancer'];

/**
 * Acknowledged findings of the packs NIST 800-53 r5, HIPAA and PCI DSS. A test fails for an entry whose finding no pack
 * reports. Findings of AwsSolutions are acknowledged beside their resource.
 */
export const policyAcknowledgements: readonly PolicyAcknowledgement[] = [
  {
    rule: 'IAMNoInlinePolicy',
    at: ['*'],
    reason:
      'Each role has one purpose. Its inline policy is created, reviewed and deleted with the role. A managed policy could be attached to other roles.',
  },
  {
    rule: 'LambdaDLQ',
    at: ['*'],
    reason:
      'CloudFormation, ECS, SNS, SQS and Step Functions invoke the functions and retry. If an asynchronous event of the escalation is lost, an alarm fires.',
  },
  {
    rule: 'LambdaConcurrency',
    at: ['*'],
    reason:
      "Reserved concurrency reduces the account's limit for all other functions. A deployment invokes each function once at a time. Only the public acknowledge page has reserved concurrency.",
  },
  {
    rule: 'LambdaInsideVPC',
    at: ['*'],
    reason:
      'The functions only call AWS APIs with their roles. They reach the database through the Data API, not through a connection. In the VPC, they would need a NAT gateway or endpoints.',
  },
  {
    rule: 'LambdaFunctionPublicAccessProhibited',
    at: ['operations/Escalation/Acknowledge'],
    reason:
      'People acknowledge a page from a telephone without an AWS login. Each link contains a secret that expires. `escalation.acknowledgeLink: false` removes the page.',
  },
  {
    rule: 'VPCNoUnrestrictedRouteToIGW',
    at: ['data/Network/Vpc'],
    reason:
      'The public subnets contain only NAT gateways. Tasks, load balancer and database are in private subnets.',
  },
  {
    rule: 'EC2RestrictedSSH',
    at: ['data/Database/DatabaseSecurityGroup'],
    reason:
      'The port is a token until deployment, and is the PostgreSQL port. The only source of the rule is the security group of the proxy.',
  },
  {
    rule: 'EC2RestrictedCommonPorts',
    at: ['data/Database/DatabaseSecurityGroup'],
    reason:
      'The port is a token until deployment, and is the PostgreSQL port. The only source of the rule is the security group of the proxy.',
  },
  {
    rule: 'RDSEnhancedMonitoringEnabled',
    at: ['data/Database/Cluster'],
    reason:
      'Database Insights shows load and waits by statement. AWS manages the operating system of an Aurora instance.',
  },
  {
    rule: 'RDSInBackupPlan',
    at: ['data/Database/Cluster'],
    reason:
      'Aurora itself backs up the cluster continuously and keeps the backups for `database.backupRetentionDays`. Your organisation decides on copies in another account.',
  },
  {
    rule: 'RDSAutomaticMinorVersionUpgradeEnabled',
    at: ['data/Database/Cluster'],
    reason:
      'The template names the engine version, so it always states the version that runs. To upgrade, set `database.engineVersion` or update this package.',
  },
  {
    rule: 'SecretsManagerRotationEnabled',
    at: ['data/Database/Roles', 'data/Secrets', 'operations/Escalation/WebhookSecret'],
    reason:
      'If `database.rotatePasswords` is on, a state machine changes the server logins each month and replaces the tasks. You rotate a provided secret with `framework53 secrets set`. A new webhook secret must also be given to the receiver.',
  },
  {
    rule: 'ALBWAFEnabled',
    at: LOAD_BALANCER,
    reason:
      'The load balancer is private. All requests come through CloudFront, whose web ACL has filtered them.',
  },
  {
    rule: 'ELBDeletionProtectionEnabled',
    at: LOAD_BALANCER,
    reason:
      'The load balancer stores no data. With deletion protection, the rollback of a failed first release could not delete it.',
  },
  {
    rule: 'ALBHttpToHttpsRedirection',
    at: LOAD_BALANCER,
    reason:
      'CloudFront terminates TLS and reaches the private load balancer through a VPC origin, inside the AWS network. No browser can reach the load balancer, so no request needs a redirect.',
  },
  {
    rule: 'ELBv2ACMCertificateRequired',
    at: LOAD_BALANCER,
    reason:
      'CloudFront terminates TLS and reaches the private load balancer through a VPC origin, inside the AWS network. A certificate would need a public domain name for the load balancer.',
  },
  {
    rule: 'S3BucketLoggingEnabled',
    at: BUCKETS,
    reason:
      'Only CloudFront reads the client files, and it logs each request. The other buckets contain access logs and canary results. CloudTrail data events can record who reads them.',
  },
  {
    rule: 'S3BucketReplicationEnabled',
    at: BUCKETS,
    reason:
      'You can build the client files again from the sources. Access logs and canary results are needed in their own region only.',
  },
  {
    rule: 'S3BucketVersioningEnabled',
    at: BUCKETS,
    reason:
      'A release writes its files into its own folder and never changes them. Access logs and canary results are written once.',
  },
  {
    rule: 'S3DefaultEncryptionKMS',
    at: BUCKETS,
    reason:
      'S3 encrypts the objects with S3 managed keys. The client files are public, and a load balancer cannot write access logs to a bucket with a KMS key.',
  },
  {
    rule: 'CloudWatchAlarmAction',
    at: ['operations', 'edge-operations', 'release'],
    reason:
      'An alarm without an action is part of a composite alarm, rolls a deployment back, or only appears on the dashboard because `escalation` names no recipients.',
  },
  {
    rule: 'DynamoDBInBackupPlan',
    at: ['operations/Escalation/Incidents'],
    reason:
      'The table contains current incidents, and its records expire. Point-in-time recovery is on, and the logs contain the history of pages.',
  },
];
