import type { AlterTableType } from 'libpg-query';
import { as, type NodeName, spelled, within } from '../syntax-tree';
import { columnRules } from './columns';
import { constraintRules } from './constraints';
import { dataRules } from './data';
import { lockRules } from './locks';
import { removalRules } from './removals';
import { replacedRules } from './replaced';
import { oldTables, type Rule, type Rules } from './rule';
import { settingRules } from './settings';
import { transactionRules } from './transactions';
import { typeRules } from './types';

/**
 * Statements that are harmless unless a rule says otherwise. The lint cannot judge statements that this list does not
 * name.
 */
const judged: readonly NodeName[] = [
  'AlterDefaultPrivilegesStmt',
  'AlterDomainStmt',
  'AlterEnumStmt',
  'AlterObjectSchemaStmt',
  'AlterPolicyStmt',
  'AlterSeqStmt',
  'AlterSystemStmt',
  'AlterTableMoveAllStmt',
  'AlterTableStmt',
  'ClusterStmt',
  'CommentStmt',
  'CompositeTypeStmt',
  'CreateCastStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreateExtensionStmt',
  'CreateFunctionStmt',
  'CreatePolicyStmt',
  'CreateRangeStmt',
  'CreateRoleStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'CreateTableAsStmt',
  'CreateTrigStmt',
  'CreatedbStmt',
  'DefineStmt',
  'DeleteStmt',
  'DropOwnedStmt',
  'DropStmt',
  'DropdbStmt',
  'GrantRoleStmt',
  'GrantStmt',
  'IndexStmt',
  'InsertStmt',
  'LockStmt',
  'MergeStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'RenameStmt',
  'SelectStmt',
  'TransactionStmt',
  'TruncateStmt',
  'UpdateStmt',
  'VacuumStmt',
  'VariableSetStmt',
  'ViewStmt',
];

/**
 * Actions of `ALTER TABLE` that are harmless unless a rule says otherwise: they lock the table briefly and read no
 * rows.
 */
const judgedAlterations: readonly AlterTableType[] = [
  'AT_AddColumn',
  'AT_AddConstraint',
  'AT_AddIdentity',
  'AT_AlterColumnType',
  'AT_AlterConstraint',
  'AT_AttachPartition',
  'AT_ClusterOn',
  'AT_ColumnDefault',
  'AT_DetachPartition',
  'AT_DisableRowSecurity',
  'AT_DropCluster',
  'AT_DropColumn',
  'AT_DropConstraint',
  'AT_DropExpression',
  'AT_DropIdentity',
  'AT_DropInherit',
  'AT_DropNotNull',
  'AT_EnableRowSecurity',
  'AT_EnableTrig',
  'AT_ForceRowSecurity',
  'AT_NoForceRowSecurity',
  'AT_ReplicaIdentity',
  'AT_ResetOptions',
  'AT_ResetRelOptions',
  'AT_SetAccessMethod',
  'AT_SetCompression',
  'AT_SetExpression',
  'AT_SetIdentity',
  'AT_SetLogged',
  'AT_SetNotNull',
  'AT_SetOptions',
  'AT_SetRelOptions',
  'AT_SetStatistics',
  'AT_SetStorage',
  'AT_SetTableSpace',
  'AT_SetUnLogged',
  'AT_ValidateConstraint',
];

const unjudgedStatement: Rule = {
  contracts: true,
  why: 'The lint cannot tell from the file how the statement affects the running server.',
  fix: [
    'write plain SQL instead, which the lint can judge',
    'or review the statement yourself: make sure that it removes nothing and holds no lock for long, and allow it with that reason',
  ],
  link: 'https://www.postgresql.org/docs/17/explicit-locking.html#LOCKING-TABLES',
  check: (node, context) => {
    const { catalog, now } = context;
    if (now.release === 0) return [];
    const kind = Object.keys(node)[0] as NodeName;
    if (!judged.includes(kind)) return [kind.replace(/Stmt$/, '').toUpperCase()];
    const alter = as(node, 'AlterTableStmt');
    const [table] = oldTables(alter ? [alter.relation] : [], context);
    return [
      ...(table === undefined ? [] : within(alter?.cmds, 'AlterTableCmd'))
        .filter(({ subtype }) => !judgedAlterations.includes(subtype!))
        .map(({ subtype = '' }) => `${table} ${subtype.replace('AT_', '')}`),
      // A function that the files create may do anything when SELECT calls it.
      ...(as(node, 'SelectStmt') ? within(node, 'FuncCall') : [])
        .map(({ funcname }) => spelled(funcname))
        .filter((name) => catalog.get('routine', name)),
    ];
  },
};

export const rules: Rules = {
  ...removalRules,
  ...replacedRules,
  ...columnRules,
  ...typeRules,
  ...constraintRules,
  ...lockRules,
  ...dataRules,
  ...settingRules,
  ...transactionRules,
  'cannot-judge': unjudgedStatement,
};
