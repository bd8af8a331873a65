import type { Node } from 'libpg-query';
import { as, spelled, within } from '../syntax-tree';
import type { Context, Rules } from './rule';

interface Setting {
  readonly name: string;
  /** The new value; absent if the statement restores the default. */
  readonly value?: string;
}

const constant = (node: Node | undefined): string | undefined => {
  const { sval, ival, fval, isnull } = as(node, 'A_Const') ?? {};
  if (isnull) return undefined;
  return sval ? (sval.sval ?? '') : fval ? fval.fval : ival ? String(ival.ival ?? 0) : undefined;
};

/** Returns the settings that `SET`, `RESET` and `set_config` change. */
function settings(node: Node): Setting[] {
  const set = as(node, 'VariableSetStmt');
  const value = constant(set?.args?.[0]);
  const calls = within(as(node, 'SelectStmt'), 'FuncCall').filter(({ funcname }) =>
    /^(pg_catalog\.)?set_config$/.test(spelled(funcname)),
  );
  return [
    ...(set?.name ? [{ name: set.name, ...(value !== undefined && { value }) }] : []),
    ...(set?.kind === 'VAR_RESET_ALL' ? ['lock_timeout', 'statement_timeout'].map((name) => ({ name })) : []),
    ...calls.flatMap(({ args }) => {
      const [name, given] = (args ?? []).map(constant);
      return name && given !== undefined ? [{ name, value: given }] : [];
    }),
  ];
}

const changed = (node: Node, { now }: Context, wanted: (setting: Setting) => boolean) =>
  now.release === 0
    ? []
    : settings(node)
        .filter(wanted)
        .map(({ name }) => name);

const isEndless = (value: string | undefined) =>
  value === undefined || /^0+\s*(us|ms|s|min|h|d)?$/.test(value.trim());

export const settingRules = {
  'timeout-off': {
    why: 'The migration task limits the lock wait and the duration of each statement. Without these limits, queries of the running server queue behind a statement that waits for a lock.',
    fix: [
      'remove the setting',
      'or: set a time that users can wait, such as SET LOCAL lock_timeout = ’5s’; MIGRATION_LOCK_TIMEOUT_MS and MIGRATION_STATEMENT_TIMEOUT_MS set the limits of the task',
    ],
    link: 'https://www.postgresql.org/docs/17/runtime-config-client.html#GUC-LOCK-TIMEOUT',
    check: (node, context) =>
      changed(
        node,
        context,
        ({ name, value }) =>
          isEndless(value) &&
          // A long statement outside a transaction is harmless: it holds no locks of other statements.
          (name === 'lock_timeout' || (name === 'statement_timeout' && context.inTransaction)),
      ),
  },
  'triggers-off': {
    contracts: true,
    why: 'Triggers and foreign keys do not apply to rows that are written after this statement. Such rows may break rules that every server relies on.',
    fix: ['remove the statement, and write the rows in an order that the foreign keys allow'],
    link: 'https://www.postgresql.org/docs/17/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE',
    check: (node, context) =>
      changed(
        node,
        context,
        ({ name, value }) =>
          name === 'session_replication_role' && value !== undefined && !/^(origin|local)$/i.test(value),
      ),
  },
} satisfies Rules;
