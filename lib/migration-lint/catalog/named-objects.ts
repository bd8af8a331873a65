import type { CreateFunctionStmt, Node } from 'libpg-query';
import { as, ofKind, qualified, relationName, spelled } from '../syntax-tree';

export type Kind = 'relation' | 'type' | 'routine' | 'schema' | 'attached' | 'other';

/** An object that a statement creates or drops. */
export interface Named {
  readonly kind: Kind;
  readonly name: string;
}

/** Returns the objects that a statement creates, tables and indexes included. IF NOT EXISTS is ignored. */
export function created(node: Node): Named[] {
  const table = as(node, 'CreateStmt');
  const index = as(node, 'IndexStmt');
  const relation =
    table?.relation ??
    as(node, 'ViewStmt')?.view ??
    as(node, 'CreateTableAsStmt')?.into?.rel ??
    as(node, 'SelectStmt')?.intoClause?.rel ??
    as(node, 'CreateSeqStmt')?.sequence ??
    as(node, 'CompositeTypeStmt')?.typevar;
  const type =
    as(node, 'CreateEnumStmt')?.typeName ??
    as(node, 'CreateRangeStmt')?.typeName ??
    as(node, 'CreateDomainStmt')?.domainname;
  const routine = as(node, 'CreateFunctionStmt')?.funcname;
  const schema = as(node, 'CreateSchemaStmt')?.schemaname;
  const extension = as(node, 'CreateExtensionStmt')?.extname;
  const trigger = as(node, 'CreateTrigStmt');
  const policy = as(node, 'CreatePolicyStmt');
  const named = (kind: Kind, name: string | undefined): Named[] => (name ? [{ kind, name }] : []);
  return [
    ...named('relation', relation && relationName(relation)),
    ...named('relation', index?.idxname && qualified(index.relation?.schemaname, index.idxname)),
    ...named('type', type && spelled(type)),
    ...named('routine', routine && spelled(routine)),
    ...named('schema', schema),
    ...named('other', extension && `extension ${extension}`),
    ...named('attached', trigger && `${relationName(trigger.relation)}.${trigger.trigname}`),
    ...named('attached', policy && `${relationName(policy.table)}.${policy.policy_name}`),
  ];
}

const kinds: Readonly<Record<string, Kind>> = {
  OBJECT_TABLE: 'relation',
  OBJECT_VIEW: 'relation',
  OBJECT_MATVIEW: 'relation',
  OBJECT_SEQUENCE: 'relation',
  OBJECT_INDEX: 'relation',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_FUNCTION: 'routine',
  OBJECT_PROCEDURE: 'routine',
  OBJECT_ROUTINE: 'routine',
  OBJECT_AGGREGATE: 'routine',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TRIGGER: 'attached',
  OBJECT_POLICY: 'attached',
  OBJECT_RULE: 'attached',
};

/** An object that a `DROP` removes. */
export interface Dropped extends Named {
  /** The kind of object as in `DROP …`, such as `matview`. */
  readonly object: string;
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

export function dropped(node: Node): Dropped[] {
  const { objects, removeType = 'OBJECT_ACCESS_METHOD', missing_ok, behavior } = as(node, 'DropStmt') ?? {};
  const object = removeType.replace('OBJECT_', '').toLowerCase();
  return (objects ?? []).map((one) => {
    const name = spelled(
      as(one, 'List')?.items ?? as(one, 'TypeName')?.names ?? as(one, 'ObjectWithArgs')?.objname ?? [one],
    );
    return {
      kind: kinds[removeType] ?? 'other',
      name: object === 'extension' ? `extension ${name}` : name,
      object,
      ifExists: missing_ok === true,
      cascade: behavior === 'DROP_CASCADE',
    };
  });
}

/**
 * Returns true if the definition of a function declares it IMMUTABLE or STABLE, so that it returns the same value
 * throughout a statement.
 */
export function isSteadyRoutine({ options }: CreateFunctionStmt): boolean {
  const volatility = ofKind(options, 'DefElem').find(({ defname }) => defname === 'volatility');
  return ['immutable', 'stable'].includes(as(volatility?.arg, 'String')?.sval ?? '');
}
