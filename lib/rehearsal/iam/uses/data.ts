import type { InventoryItem } from '../../core/inventory';
import { ACCOUNT, type Properties, pairs } from '../../core/properties';
import { arnIn, attributeOf, kmsRequests, secretRequests } from '../required-permission';
import { acts, assumes, from, type UsesOf } from './use';

/** CloudWatch Logs encrypts a log group with the key that it names. */
const logGroup: UsesOf = ({ properties, attributes }, place) => {
  const { KmsKeyId } = properties;
  if (!KmsKeyId) return [];
  const context = {
    'kms:ViaService': [],
    'kms:EncryptionContext:aws:logs:arn': arnIn(place, 'logs', `log-group:${attributes!.Ref}`),
  };
  const operations = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'DescribeKey'];
  return acts(
    `logs.${place.region}.amazonaws.com`,
    operations.map((name) => `kms:${name}`),
    attributeOf(place, KmsKeyId, 'Arn'),
    { context, atCreation: true },
  );
};

/** A load balancer writes its access logs to a bucket. */
const loadBalancer: UsesOf = ({ properties }, { inventory }) => {
  const attributes = pairs(properties['LoadBalancerAttributes']);
  const bucket = attributes['access_logs.s3.bucket'];
  if (attributes['access_logs.s3.enabled'] !== 'true' || !bucket) return [];
  const policies = inventory
    .ofType('AWS::S3::BucketPolicy')
    .filter((one) => one.properties['Bucket'] === bucket);
  // In older regions, an AWS account may write instead of the service.
  if (policies.some(opensToOthers)) return [];
  const key = [attributes['access_logs.s3.prefix'], 'AWSLogs', ACCOUNT, 'elasticloadbalancing'];
  return acts(
    'logdelivery.elasticloadbalancing.amazonaws.com',
    ['s3:PutObject'],
    `arn:aws:s3:::${bucket}/${key.filter(Boolean).join('/')}`,
    { atCreation: true },
  );
};

const opensToOthers = ({ properties }: InventoryItem): boolean =>
  [...JSON.stringify(properties).matchAll(/arn:aws:iam::(\d{12}):root/g)].some(([, id]) => id !== ACCOUNT);

/** A proxy reads the secrets with the database credentials. */
const proxy: UsesOf = ({ properties }, place) => {
  const { RoleArn, Auth = [] } = properties;
  const principal = String(RoleArn);
  return [
    ...assumes('rds.amazonaws.com', RoleArn),
    ...(Auth as Properties[]).flatMap(({ SecretArn }) =>
      secretRequests(place, SecretArn, 'GetSecretValue', ['Decrypt']).map((asked) => ({
        ...asked,
        principal,
      })),
    ),
  ];
};

/** The function of a bucket deployment copies the plan's files. With `Prune`, it also deletes other files in the bucket. */
const bucketDeployment: UsesOf = ({ properties }, { inventory }) => {
  const role = inventory.having(properties['ServiceToken'])?.properties['Role'];
  const { SourceBucketNames = [], SourceObjectKeys = [], DestinationBucketName: to, Prune } = properties;
  if (!role) return [];
  const destination = `arn:aws:s3:::${to}`;
  const path = [destination, properties['DestinationBucketKeyPrefix'], 'rehearsal'].filter(Boolean).join('/');
  const write = ['s3:PutObject', ...(Prune === false || Prune === 'false' ? [] : ['s3:DeleteObject'])];
  const now = { atCreation: true };
  return [
    ...(SourceBucketNames as string[]).flatMap((bucket, index) =>
      acts(role, ['s3:GetObject'], `arn:aws:s3:::${bucket}/${SourceObjectKeys[index]}`, now),
    ),
    ...acts(role, ['s3:ListBucket'], destination, now),
    ...acts(role, write, path, now),
  ];
};

/** S3 writes the access logs of a bucket to another one. */
const bucket: UsesOf = ({ properties, attributes }, { inventory }) => {
  const to = properties['LoggingConfiguration']?.DestinationBucketName;
  const isOpen = inventory.having(to)?.properties['AccessControl'] === 'LogDeliveryWrite';
  if (!to || isOpen) return [];
  const key = `arn:aws:s3:::${to}/${properties['LoggingConfiguration'].LogFilePrefix ?? ''}rehearsal`;
  return acts('logging.s3.amazonaws.com', ['s3:PutObject'], key, { context: from(attributes!['Arn']) });
};

/** CloudFormation acts for the deploying principal. */
const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** KMS refuses a key policy that the deploying principal could not change again. */
const key: UsesOf = ({ attributes }) =>
  acts(CLOUDFORMATION, ['kms:PutKeyPolicy'], attributes!['Arn']!, { atCreation: true });

/** A service that encrypts with a key of the plan uses the key on behalf of the deploying principal. */
const encrypted =
  (service: string, operations: readonly string[], keysOf: (properties: Properties) => unknown[]): UsesOf =>
  ({ properties }, place) =>
    keysOf(properties)
      .flatMap((one) => kmsRequests(place, one, operations, { service, context: {} }))
      .map((asked) => ({ ...asked, principal: CLOUDFORMATION, atCreation: true }));

/** Uses of resources that store data. */
export const DATA: Readonly<Record<string, UsesOf>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::KMS::Key': key,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::RDS::DBCluster': encrypted('rds', ['CreateGrant', 'DescribeKey'], ({ KmsKeyId }) => [KmsKeyId]),
  'AWS::RDS::DBProxy': proxy,
  'AWS::S3::Bucket': bucket,
  'AWS::SecretsManager::Secret': encrypted(
    'secretsmanager',
    ['GenerateDataKey', 'Decrypt'],
    ({ KmsKeyId }) => [KmsKeyId],
  ),
  'Custom::CDKBucketDeployment': bucketDeployment,
};
