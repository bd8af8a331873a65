import type { Rule, Setting } from './rule';
import { changed, less, more, number } from './setting';

const VOLUME =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html';

/** Makes a setting for storage that can grow but not shrink. */
const growing = (types: readonly string[], property: string, what: string, link: string): Setting => ({
  types,
  property,
  worse: less,
  severity: 'danger',
  what,
  why: 'The service cannot shrink storage. The update fails, and the whole stack rolls back.',
  fix: 'Keep the size. To use less, create a smaller one, copy the data, and switch over.',
  link,
});

const SETTINGS: readonly Setting[] = [
  ...['AvailabilityZone', 'Encrypted', 'KmsKeyId', 'SnapshotId', 'OutpostArn'].map(
    (property): Setting => ({
      types: ['AWS::EC2::Volume'],
      property,
      worse: () => true,
      severity: 'danger',
      what: `${property} of the volume`,
      why: 'CloudFormation supports neither an update nor a replacement for this property. The update fails, and the whole stack rolls back.',
      fix: 'Keep the value. Or create a second volume from a snapshot, attach it, and remove this one later.',
      link: VOLUME,
    }),
  ),
  growing(['AWS::EC2::Volume'], 'Size', 'Size of the volume (GiB)', VOLUME),
  growing(
    ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
    'AllocatedStorage',
    'Storage of the database (GiB)',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html',
  ),
  growing(
    ['AWS::MSK::Cluster'],
    'BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize',
    'Storage of a broker (GiB)',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-storage.html',
  ),
  growing(
    ['AWS::FSx::FileSystem'],
    'StorageCapacity',
    'Storage of the file system (GiB)',
    'https://docs.aws.amazon.com/fsx/latest/LustreGuide/managing-storage-capacity.html',
  ),
  {
    types: ['AWS::Kinesis::Stream'],
    property: 'ShardCount',
    worse: (now, before) => less(now, number(before)! / 2) || more(now, number(before)! * 2),
    severity: 'danger',
    what: 'Shards',
    why: 'Kinesis can at most double or halve the number of shards in one step. The update fails.',
    fix: 'Change the number in steps, with one deployment each, or use the mode ON_DEMAND.',
    link: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html',
  },
  {
    types: ['AWS::Kinesis::Stream'],
    property: 'ShardCount',
    worse: (now, before) => less(now, before) && !less(now, number(before)! / 2),
    severity: 'caution',
    what: 'Shards',
    why: 'At the busiest hour, producers are throttled sooner.',
    fix: 'Compare the new value with the peak of the last month before you approve the change.',
  },
  {
    types: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
    property: 'Engine',
    worse: changed,
    severity: 'danger',
    what: 'Engine of the database',
    why: 'An engine cannot read the files of another engine. CloudFormation creates an empty database, or the update fails.',
    fix: 'Keep the engine. To change it, create a second database, move the data (AWS DMS), and switch over in a later deployment.',
    link: 'https://docs.aws.amazon.com/dms/latest/userguide/Welcome.html',
  },
];

/** Finds updates that CloudFormation or the service refuses. */
export const refusedUpdate: Rule = {
  name: 'refused-update',
  severities: ['danger', 'caution'],
  summary:
    'CloudFormation or the service refuses the update, such as another zone of a volume, less storage, another engine, or too large a step. The deployment fails and rolls back.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html',
  settings: SETTINGS,
};
