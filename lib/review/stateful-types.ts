/** The content of a resource that CloudFormation cannot create again. */
export interface Holder {
  /** The common noun for the resource, such as `database`. */
  readonly noun: string;
  /** The content that is lost with the resource. */
  readonly loses: string;
  /** True for data of the application and its users; false for data about the application. */
  readonly primary: boolean;
}

type Row = readonly [noun: string, loses: string, types: string];

/** Data of the application and its users, in every service that stores data. Types are written without `AWS::`. */
const PRIMARY: readonly Row[] = [
  [
    'database',
    'every row in it',
    `RDS::DBCluster RDS::DBInstance RDS::GlobalCluster RDS::DBShardGroup DocDB::DBCluster DocDB::GlobalCluster
    DocDBElastic::Cluster DSQL::Cluster Redshift::Cluster RedshiftServerless::Namespace Lightsail::Database
    Timestream::Database Timestream::InfluxDBInstance Timestream::InfluxDBCluster QLDB::Ledger SDB::Domain
    ODB::CloudVmCluster ODB::CloudAutonomousVmCluster ODB::CloudExadataInfrastructure`,
  ],
  [
    'graph database',
    'every vertex and edge in it',
    'Neptune::DBCluster Neptune::GlobalCluster NeptuneGraph::Graph',
  ],
  [
    'table',
    'every item in it',
    `DynamoDB::Table DynamoDB::GlobalTable Cassandra::Table Cassandra::Keyspace Timestream::Table S3Tables::Table
    S3Tables::Namespace Serverless::SimpleTable Connect::DataTable Connect::DataTableRecord`,
  ],
  [
    'bucket',
    'every object in it',
    `S3::Bucket S3Express::DirectoryBucket S3Tables::TableBucket S3Outposts::Bucket Lightsail::Bucket
    MediaStore::Container`,
  ],
  ['vector store', 'every vector in it', 'S3Vectors::VectorBucket S3Vectors::Index'],
  [
    'file system',
    'every file on it',
    `EFS::FileSystem FSx::FileSystem FSx::Volume FSx::StorageVirtualMachine FSx::FileCache S3Files::FileSystem
    StorageGateway::Volume StorageGateway::Tape`,
  ],
  ['volume', 'everything on it', 'EC2::Volume Lightsail::Disk OpsWorks::Volume WorkspacesInstances::Volume'],
  [
    'machine',
    'everything on its own disks',
    `EC2::Instance EC2::Host Lightsail::Instance OpsWorks::Instance OpsWorksCM::Server Cloud9::EnvironmentEC2
    WorkSpaces::Workspace WorkspacesInstances::WorkspaceInstance SageMaker::NotebookInstance EMR::Cluster
    EMR::WALWorkspace PCS::Cluster`,
  ],
  [
    'cache',
    'its contents, including sessions',
    `ElastiCache::ReplicationGroup ElastiCache::CacheCluster ElastiCache::ServerlessCache
    ElastiCache::GlobalReplicationGroup MemoryDB::Cluster MemoryDB::MultiRegionCluster DAX::Cluster`,
  ],
  [
    'search index',
    'every document in it',
    `OpenSearchService::Domain Elasticsearch::Domain OpenSearchServerless::Collection OpenSearchServerless::Index
    OpenSearchServerless::CollectionIndex Kendra::Index QBusiness::Index QBusiness::Application
    Bedrock::KnowledgeBase Wisdom::KnowledgeBase Rekognition::Collection Location::GeofenceCollection
    Location::Tracker`,
  ],
  ['queue', 'every waiting message in it', 'SQS::Queue AmazonMQ::Broker Deadline::Queue'],
  [
    'stream',
    'every record in it',
    `Kinesis::Stream KinesisVideo::Stream MSK::Cluster MSK::ServerlessCluster MSK::Topic Events::Archive
    IoTAnalytics::Channel IoTAnalytics::Datastore IoTAnalytics::Dataset QLDB::Stream`,
  ],
  [
    'key',
    'access to all data encrypted or signed with it',
    `KMS::Key KMS::ReplicaKey CloudHSM::Cluster PaymentCryptography::Key ACMPCA::CertificateAuthority
    EC2::KeyPair Lightsail::KeyPair CloudFront::PublicKey Signer::SigningProfile Route53::KeySigningKey`,
  ],
  [
    'secret',
    'its value, and access to everything that needs the value',
    `SecretsManager::Secret IAM::AccessKey ApiGateway::ApiKey AppSync::ApiKey Location::APIKey IoT::Certificate
    IoT::CACertificate Transfer::HostKey Transfer::Certificate BedrockAgentCore::ApiKeyCredentialProvider
    BedrockAgentCore::OAuth2CredentialProvider Events::Connection CodeStarConnections::Connection
    CodeConnections::Connection`,
  ],
  ['key-value store', 'every key in it, including the current release', 'CloudFront::KeyValueStore'],
  [
    'image repository',
    'every image in it, including those for a rollback',
    'ECR::Repository ECR::PublicRepository',
  ],
  [
    'code repository',
    'every commit or package in it',
    `CodeCommit::Repository CodeArtifact::Repository CodeArtifact::Domain`,
  ],
  [
    'user directory',
    'every user, password and group in it',
    `Cognito::UserPool Cognito::UserPoolReplica Cognito::UserPoolUser Cognito::UserPoolGroup Cognito::IdentityPool
    DirectoryService::MicrosoftAD DirectoryService::SimpleAD IAM::User IAM::Group IdentityStore::Group
    IdentityStore::GroupMembership SSO::Instance Transfer::Server Transfer::User WorkSpacesWeb::Portal
    CustomerProfiles::Domain SES::ContactList Pinpoint::App ElastiCache::User MemoryDB::User AppStream::User
    Chime::AppInstance Wickr::Network`,
  ],
  [
    'policy store',
    'every policy in it, and with them the permissions of users',
    `VerifiedPermissions::PolicyStore Organizations::Organization Organizations::Account
    Organizations::OrganizationalUnit RolesAnywhere::TrustAnchor`,
  ],
  [
    'backup',
    'every restore point in it',
    `Backup::BackupVault Backup::LogicallyAirGappedBackupVault RDS::DBSnapshot RDS::ClusterSnapshot
    DocDBElastic::ClusterSnapshot ElastiCache::ServerlessCacheSnapshot MemoryDB::Snapshot
    NeptuneGraph::GraphSnapshot RedshiftServerless::Snapshot Redshift::Snapshot FSx::Backup FSx::Snapshot
    Lightsail::DatabaseSnapshot Lightsail::DiskSnapshot Lightsail::InstanceSnapshot Backup::LegalHold`,
  ],
  ['Kubernetes cluster', 'every workload and object in it', 'EKS::Cluster EMRContainers::VirtualCluster'],
  [
    'data store',
    'everything stored in it',
    `HealthLake::FHIRDatastore HealthImaging::Datastore Omics::SequenceStore Omics::ReferenceStore
    Omics::VariantStore Omics::AnnotationStore CloudTrail::EventDataStore SecurityLake::DataLake
    DataZone::Domain DataZone::Project DataExchange::DataSet FinSpace::Environment IoTSiteWise::Asset
    IoTSiteWise::AssetModel IoTSiteWise::Portal IoTTwinMaker::Workspace IoT::Thing IoTFleetWise::SignalCatalog
    CleanRooms::Collaboration CleanRooms::Membership Cases::Domain VoiceID::Domain Connect::Instance
    Connect::PhoneNumber SMSVOICE::PhoneNumber ManagedBlockchain::Member ManagedBlockchain::Node
    SageMaker::Domain SageMaker::UserProfile SageMaker::Space SageMaker::FeatureGroup
    SageMaker::ModelPackageGroup SageMaker::MlflowTrackingServer SageMaker::MlflowApp SageMaker::Hub Forecast::Dataset
    Forecast::DatasetGroup Personalize::Dataset Personalize::DatasetGroup Personalize::Solution
    FraudDetector::EventType Rekognition::Project Rekognition::Dataset Comprehend::DocumentClassifier
    Comprehend::EntityRecognizer BedrockAgentCore::Memory BedrockAgentCore::Dataset SES::MailManagerArchive M2::Environment
    Amplify::App WellArchitected::Workload Grafana::Workspace GameLift::Build MWAA::Environment
    AuditManager::Assessment Evidently::Project AppConfig::HostedConfigurationVersion IVS::RecordingConfiguration
    SCN::Dataset SCN::Namespace Textract::Adapter`,
  ],
];

/**
 * Resources with data about the application: logs, metrics, parameters, and definitions that take effort to create
 * again.
 */
const SECONDARY: readonly Row[] = [
  ['log group', 'every log event in it', 'Logs::LogGroup Logs::LogStream'],
  ['metrics store', 'every metric in it', 'APS::Workspace Detective::Graph'],
  [
    'parameter',
    'its value and its history',
    'SSM::Parameter AppConfig::Application AppConfig::ConfigurationProfile',
  ],
  [
    'catalog',
    'every definition in it',
    `Glue::Database Glue::Table Glue::Catalog Glue::Registry Glue::Schema Athena::DataCatalog
    EventSchemas::Registry EventSchemas::Schema LakeFormation::Resource QuickSight::DataSet QuickSight::DataSource
    QuickSight::Dashboard QuickSight::Analysis Lex::Bot`,
  ],
];

const HOLDERS: ReadonlyMap<string, Holder> = new Map(
  (
    [
      [PRIMARY, true],
      [SECONDARY, false],
    ] as const
  ).flatMap(([rows, primary]) =>
    rows.flatMap(([noun, loses, types]) =>
      types.split(/\s+/).map((type): [string, Holder] => [`AWS::${type}`, { noun, loses, primary }]),
    ),
  ),
);

/** Returns the content of resources of a type, or undefined if they hold no data. */
export function holderOfType(type: string): Holder | undefined {
  return HOLDERS.get(type);
}

/** Returns all types that hold data. */
export function holdingTypes(): string[] {
  return [...HOLDERS.keys()];
}
