import { REGIONS_WITHOUT_DATA_API } from '../../constructs/database/data-api-regions';
import { databaseNameProblem } from '../../constructs/database/reserved-words';
import { type Fact, misses, ofType } from './fact';

const CLUSTER = 'AWS::RDS::DBCluster';
const INSTANCE = 'AWS::RDS::DBInstance';

const hasDataApi = (template: Parameters<Fact['violations']>[0]) =>
  ofType(template, CLUSTER).some(({ properties }) => properties.EnableHttpEndpoint === true);

/** Facts of Amazon Aurora. */
export const rdsFacts: readonly Fact[] = [
  {
    fact: 'The Data API does not support T classes',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html',
    violations: (template) =>
      ofType(template, INSTANCE).flatMap(({ id, properties: { DBInstanceClass: type } }) =>
        misses(id, { [`is of class ${type}`]: !/^db\.t\d/.test(type) }),
      ),
    against: { Writer: { Type: INSTANCE, Properties: { DBInstanceClass: 'db.t4g.medium' } } },
  },
  {
    fact: 'The Data API for Aurora PostgreSQL is not in every region',
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html',
    violations: (template) =>
      hasDataApi(template)
        ? ofType(template, CLUSTER).flatMap(({ id }) =>
            misses(id, { [`is in ${template.region}`]: !REGIONS_WITHOUT_DATA_API.has(template.region) }),
          )
        : [],
    region: 'eu-central-2',
    against: { Cluster: { Type: CLUSTER, Properties: { EnableHttpEndpoint: true } } },
  },
  {
    fact: 'The first database of a cluster has a name that PostgreSQL does not reserve, with at most 63 letters, digits and _',
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html',
    violations: (template) =>
      ofType(template, CLUSTER).flatMap(({ id, properties: { DatabaseName: name } }) =>
        name === undefined
          ? []
          : misses(id, {
              [`starts with ${name}`]:
                /^[A-Za-z]\w{0,62}$/.test(name) && databaseNameProblem(name) === undefined,
            }),
      ),
    against: {
      Reserved: { Type: CLUSTER, Properties: { DatabaseName: 'order' } },
      Hyphen: { Type: CLUSTER, Properties: { DatabaseName: 'my-shop' } },
    },
  },
  {
    fact: 'The backup window and the maintenance window of a cluster do not overlap',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html',
    violations: (template) =>
      ofType(template, CLUSTER).flatMap(({ id, properties }) => {
        const { PreferredBackupWindow: backup, PreferredMaintenanceWindow: maintenance } = properties;
        if (!backup || !maintenance) return [];
        const [from, until] = backup.split('-');
        const [begin, end] = maintenance.split('-').map((moment: string) => moment.slice(4));
        return misses(id, { [`${backup} and ${maintenance} overlap`]: until <= begin || end <= from });
      }),
    against: {
      Cluster: {
        Type: CLUSTER,
        Properties: {
          PreferredBackupWindow: '02:00-03:00',
          PreferredMaintenanceWindow: 'sun:02:30-sun:03:30',
        },
      },
    },
  },
  {
    fact: 'The name of a proxy has at most 63 letters, digits and single hyphens, from a letter to no hyphen',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html',
    violations: (template) =>
      ofType(template, 'AWS::RDS::DBProxy').flatMap(({ id, properties: { DBProxyName: name } }) =>
        misses(id, { [`is named ${name}`]: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{0,62}(?<!-)$/.test(name) }),
      ),
    against: { Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { DBProxyName: 'shop_production' } } },
  },
];
