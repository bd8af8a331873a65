import { readFileSync } from 'node:fs';
import { runtimeBundle } from '../files/runtime-bundle';

/** The parts of CloudFormation's schema of one resource type. Paths have the form `VpcConfig.SubnetIds`. */
interface ResourceSchema {
  /** Create-only properties: CloudFormation replaces the resource if one changes. */
  readonly replaces?: readonly string[];
  /** Properties whose change replaces the resource for some values or in some states. */
  readonly mayReplace?: readonly string[];
  /** Names of enumeration properties. */
  readonly choices?: readonly string[];
  /** The value of each property if the template omits it. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

let loaded: Readonly<Record<string, ResourceSchema>> | undefined;

/** Reads the table that `scripts/bundle-resource-schemas.mjs` extracts from `@aws-cdk/aws-service-spec`. */
function schemas(): Readonly<Record<string, ResourceSchema>> {
  loaded ??= (
    JSON.parse(readFileSync(runtimeBundle('resource-schemas', 'index.json'), 'utf8')) as {
      types: typeof loaded;
    }
  ).types!;
  return loaded;
}

/** Returns the schema of a type, or undefined for a custom resource and for a type that is newer than this package. */
export function schemaOf(type: string): ResourceSchema | undefined {
  return schemas()[type];
}

/**
 * Properties that a schema calls create-only although CloudFormation updates them in place. The update interrupts the
 * resource, or the schema is outdated.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/918 (since July 2026)
 */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  'AWS::ElastiCache::ReplicationGroup': ['ReplicasPerNodeGroup'],
  'AWS::RDS::DBInstance': [
    'AutoMinorVersionUpgrade',
    'BackupRetentionPeriod',
    'DBParameterGroupName',
    'MultiAZ',
    'PreferredMaintenanceWindow',
    'StorageType',
  ],
};

/** Returns all types that CloudFormation had when the table was made. */
export function knownTypes(): string[] {
  return Object.keys(schemas());
}

/** Returns the path of a property in schema notation: without `Properties.` and without names of list items. */
export function schemaPath(path: string): string {
  return path.replace(/^Properties\.?/, '').replace(/\[[^\]]*\]/g, '');
}

export type Impact = 'replaces' | 'mayReplace';

/**
 * Returns the effect of a property change on its resource, from the schema of the type.
 * @param path path of the change, such as `Properties.Rules[main].Priority`
 * @param value the added or removed part, if the change is not of a single value
 */
export function impactOf(type: string, path: string, value: unknown): Impact | undefined {
  const schema = schemaOf(type);
  if (!schema) return undefined;
  const at = schemaPath(path);
  if (IN_PLACE[type]?.includes(at)) return undefined;
  return (['replaces', 'mayReplace'] as const).find((impact) =>
    schema[impact]?.some(
      (property) =>
        at === property ||
        at.startsWith(`${property}.`) ||
        // Adding or removing an object adds or removes the property in it. A list item has its own identity.
        (property.startsWith(`${at}.`) && !path.endsWith(']') && has(value, property.slice(at.length + 1))),
    ),
  );
}

function has(value: unknown, path: string): boolean {
  const [name, ...rest] = path.split('.');
  if (Array.isArray(value)) return value.some((item) => has(item, path));
  if (typeof value !== 'object' || value === null) return false;
  const child = Reflect.get(value, name!);
  return child !== undefined && (rest.length === 0 || has(child, rest.join('.')));
}
