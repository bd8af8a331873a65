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
 * Acknowledged findings of the packs NIST 800-53 r5, HIPAA and PCI DSS. A test fails if no pack reports the finding of
 * an entry. Findings of AwsSolutions are acknowledged beside their resource.
 */
export const policyAcknowledgements: readonly PolicyAcknowledgement[] = [
  {
    rule: 'IAMNoInlinePolicy',
    at: ['*'],
    reason:
      'Each role has one purpose and one policy, which is created, reviewed and deleted with the role. A managed policy could be attached to other roles.',
  },
  {
    rule: 'LambdaDLQ',
    at: ['*'],
    reason:
      'CloudFormation, ECS, SNS, SQS and Step Functions call the functions, wait for the answer and try again. An asynchronous event that is lost raises an alarm of the escalation.',
  },
  {
    rule: 'LambdaConcurrency',
    at: ['*'],
    reason:
      "Reserved concurrency is taken from the account's limit. A deployment calls each function once at a time; only the public page has a limit of its own.",
  },
  {
    rule: 'LambdaInsideVPC',
    at: ['*'],
    reason:
      'The functions call APIs of AWS with their roles, and none opens a connection to the database: the Data API does. In the VPC they would need a way out of it.',
  },
  {
    rule: 'LambdaFunctionPublicAccessProhibited',
    at: ['operations/Escalation/Acknowledge'],
    reason:
      'People acknowledge a page from a telephone without a login of AWS. The link has a secret of the incident that expires; `escalation.acknowledgeLink: false` leaves the page out.',
  },
  {
    rule: 'VPCNoUnrestrictedRouteToIGW',
    at: ['data/Network/Vpc'],
    reason:
      'The public subnets hold the NAT gateways alone. Tasks, load balancer and database are in subnets without a public address.',
  },
  {
    rule: 'EC2RestrictedSSH',
    at: ['data/Database/DatabaseSecurityGroup'],
    reason:
      'The port is known when the cluster exists, and is that of PostgreSQL. The rule names the security group of the proxy as its only source.',
  },
  {
    rule: 'EC2RestrictedCommonPorts',
    at: ['data/Database/DatabaseSecurityGroup'],
    reason:
      'The port is known when the cluster exists, and is that of PostgreSQL. The rule names the security group of the proxy as its only source.',
  },
  {
    rule: 'RDSEnhancedMonitoringEnabled',
    at: ['data/Database/Cluster'],
    reason:
      'Database Insights tells load, waits and memory by statement. The processes of the operating system are in the hands of Aurora.',
  },
  {
    rule: 'RDSInBackupPlan',
    at: ['data/Database/Cluster'],
    reason:
      'Aurora itself takes continuous backups of the cluster for `database.backupRetentionDays`. A backup plan in another account is the decision of the organisation.',
  },
  {
    rule: 'RDSAutomaticMinorVersionUpgradeEnabled',
    at: ['data/Database/Cluster'],
    reason:
      'The template names the engine version, so that a deployment never goes back behind an upgrade by AWS. A new version of this package or `database.engineVersion` upgrades.',
  },
  {
    rule: 'SecretsManagerRotationEnabled',
    at: ['data/Database/Roles', 'data/Secrets', 'operations/Escalation/WebhookSecret'],
    reason:
      'A state machine renews the logins of the server each month and replaces the tasks, where `database.rotatePasswords` is on. The owner of a provided secret renews it with `framework53 secrets set`.',
  },
  {
    rule: 'ALBWAFEnabled',
    at: LOAD_BALANCER,
    reason:
      'The load balancer is private. Requests come through CloudFront alone, whose firewall has judged them.',
  },
  {
    rule: 'ELBDeletionProtectionEnabled',
    at: LOAD_BALANCER,
    reason: 'The load balancer holds no data. Protected, it would outlast a first release that failed.',
  },
  {
    rule: 'ALBHttpToHttpsRedirection',
    at: LOAD_BALANCER,
    reason:
      'CloudFront ends TLS and reaches the private load balancer through its VPC origin, on the network of AWS. Nobody else can reach it to be redirected.',
  },
  {
    rule: 'ELBv2ACMCertificateRequired',
    at: LOAD_BALANCER,
    reason:
      'CloudFront ends TLS and reaches the private load balancer through its VPC origin, on the network of AWS. A certificate would need a public name for the load balancer.',
  },
  {
    rule: 'S3BucketLoggingEnabled',
    at: BUCKETS,
    reason:
      'CloudFront alone reads the client files, and logs each request. The other buckets hold logs and results of the canary, whose reading CloudTrail can record.',
  },
  {
    rule: 'S3BucketReplicationEnabled',
    at: BUCKETS,
    reason:
      'The sources make the client files again. Logs and results of the canary are of use in their own region.',
  },
  {
    rule: 'S3BucketVersioningEnabled',
    at: BUCKETS,
    reason:
      'A release writes its files into a folder of its own and never changes them. Logs and results of the canary are written once.',
  },
  {
    rule: 'S3DefaultEncryptionKMS',
    at: BUCKETS,
    reason:
      'S3 encrypts with keys of its own. The client files are public, and a load balancer cannot write its logs to a bucket with a KMS key.',
  },
  {
    rule: 'CloudWatchAlarmAction',
    at: ['operations', 'edge-operations', 'release'],
    reason:
      'An alarm without an action is a part of a combined alarm, takes a deployment back, or is shown only because nobody is named in `escalation`.',
  },
  {
    rule: 'DynamoDBInBackupPlan',
    at: ['operations/Escalation/Incidents'],
    reason:
      'The table holds incidents that are open. Point-in-time recovery is on, and the history of pages is in the logs.',
  },
];
