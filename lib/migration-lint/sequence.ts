import type { Node } from 'libpg-query';
import { constraintOf, indexOf, type Moment } from './catalog/known-object';
import { created, type Kind } from './catalog/named-objects';
import type { ParsedFile, Statement } from './statements';
import { as, ofKind, relationName } from './syntax-tree';

/** Returns the release of a file. All files of one release run in one transaction. */
export type Releases = (file: number) => number;

/** A statement, with its position in time and its transaction. */
export interface Step {
  readonly statement: Statement;
  readonly now: Moment;
  readonly inTransaction: boolean;
  /** True if the statement correctly ends drizzle's transaction, or correctly begins the next one. */
  readonly endsItRight: boolean;
}

/** Returns all statements in order. Drizzle opens one transaction per release; a file may close it and open another. */
export function sequenceOf(files: readonly ParsedFile[], releases: Releases): Step[] {
  const steps: Step[] = [];
  let transaction = 0;
  let release = -1;
  let isOpen = true;
  for (const [file, { statements }] of files.entries()) {
    if (releases(file) !== release) {
      transaction++;
      isOpen = true;
    }
    release = releases(file);
    const [ends, begins] = ownTransactions(statements);
    for (const [index, statement] of statements.entries()) {
      const kind = as(statement.nodes[0], 'TransactionStmt')?.kind;
      const inTransaction = isOpen;
      if (kind && /_(COMMIT|ROLLBACK)$/.test(kind)) isOpen = false;
      if (kind && /_(BEGIN|START)$/.test(kind)) isOpen = true;
      if (!inTransaction || !isOpen) transaction++;
      steps.push({
        statement,
        now: { release, transaction },
        inTransaction,
        endsItRight: index === ends || index === begins,
      });
    }
  }
  return steps;
}

/**
 * Returns the indexes of the statements that end drizzle's transaction and begin another one, if the file
 * does both correctly.
 */
function ownTransactions(statements: readonly Statement[]): [number, number] {
  const none: [number, number] = [statements.length, statements.length];
  const kinds = statements.map(({ nodes, alone }) =>
    alone ? as(nodes[0], 'TransactionStmt')?.kind : undefined,
  );
  const begins = kinds.lastIndexOf('TRANS_STMT_BEGIN');
  return kinds[0] === 'TRANS_STMT_COMMIT' && begins > 0 ? [0, begins] : none;
}

/** Finds the statements that create an object, by the object's name and the number of the step. */
export class Making {
  private readonly objects = new Map<string, { readonly step: number; readonly node: Node }[]>();
  private readonly uniques = new Map<string, number[]>();

  constructor(private readonly steps: readonly Step[]) {
    for (const [step, { statement }] of steps.entries())
      for (const node of statement.nodes) {
        for (const { kind, name } of created(node)) add(this.objects, `${kind}:${name}`, { step, node });
        for (const key of uniquesOf(node)) add(this.uniques, key, step);
      }
  }

  /** Returns the statement that creates an object after a step, in the same transaction. */
  again(kind: Kind, name: string, step: number): Node | undefined {
    return this.objects.get(`${kind}:${name}`)?.find((made) => this.isAfter(made.step, step))?.node;
  }

  uniqueAgain(table: string, columns: readonly string[], step: number): boolean {
    const later = this.uniques.get(uniqueKey(table, columns)) ?? [];
    return columns.length > 0 && later.some((made) => this.isAfter(made, step));
  }

  private isAfter(later: number, step: number): boolean {
    return later >= step && this.steps[later]!.now.transaction === this.steps[step]!.now.transaction;
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

const uniqueKey = (table: string, columns: readonly string[]) =>
  JSON.stringify([table, ...[...columns].sort()]);

function uniquesOf(node: Node): string[] {
  const index = as(node, 'IndexStmt');
  if (index?.unique) return [uniqueKey(relationName(index.relation), indexOf(index).columns)];
  const alter = as(node, 'AlterTableStmt');
  return ofKind(alter?.cmds, 'AlterTableCmd').flatMap(({ def }) => {
    const constraint = as(def, 'Constraint');
    if (!/PRIMARY|UNIQUE/.test(constraint?.contype ?? '')) return [];
    const { columns } = constraintOf(constraint!, { release: 0, transaction: 0 });
    return [uniqueKey(relationName(alter?.relation), columns)];
  });
}
