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

/** Statements that hurt nobody unless a rule says so. All that is not named here is nobody's to judge. */
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

/** The same for what an `ALTER TABLE` does: a short lock and no look at the rows, or a rule of its own. */
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

const cannotJudge: Rule = {
  contracts: true,
  why: 'What it does to the running server cannot be told from the file.',
  fix: [
    'write plain SQL instead, which is judged',
    'or look at it yourself, and allow it with the reason that it neither takes anything away nor holds a lock for long',
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
      // SELECT of a function that the files made may do anything.
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
  'cannot-judge': cannotJudge,
};
