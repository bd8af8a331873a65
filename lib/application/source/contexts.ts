import type { Evaluation } from './evaluation';
import { isLoopVariable, ownerOf } from './parameters';
import { findBinding } from './scope';
import { eachChild, type Node, parentOf } from './syntax';
import type { Context } from './value';

/** Deepest chain of calls that is followed, and the largest number of contexts. */
const deepest = 4;
const most = 200;

/**
 * Returns the calls and loop turns that give expressions different values. They belong to the functions and loops
 * whose variables the expressions use. Returns `[undefined]` if the expressions use no such variables.
 */
export function contextsFor(
  evaluation: Evaluation,
  nodes: readonly Node[],
  depth = 0,
): readonly (Context | undefined)[] {
  if (depth > deepest) return [undefined];
  let contexts: (Context | undefined)[] = [undefined];
  for (const owner of ownersOf(nodes))
    contexts = contexts
      .flatMap((outer) =>
        evaluation.contextsOf(owner, outer).flatMap((context) => {
          const given = context.operands.flatMap((operand) =>
            operand && 'node' in operand && !operand.context ? operand.node : [],
          );
          return contextsFor(evaluation, given, depth + 1).map((inner) => within(context, inner, outer));
        }),
      )
      .slice(0, most);
  return contexts;
}

/** Returns the context of a call whose arguments are evaluated in an inner context. */
function within(context: Context, inner: Context | undefined, outer: Context | undefined): Context {
  const operands = inner
    ? context.operands.map((operand) =>
        operand && 'node' in operand && !operand.context ? { ...operand, context: inner } : operand,
      )
    : context.operands;
  const around = outer ?? inner;
  return { ...context, operands, ...(around && { outer: around }) };
}

/** Returns the functions and loops whose variables the expressions use, the outermost first. */
function ownersOf(nodes: readonly Node[]): Node[] {
  const owners = new Map<Node, number>();
  const visit = (node: Node): void => {
    const binding = node.type === 'Identifier' ? findBinding(node.name, node) : undefined;
    if (binding && (binding.kind === 'parameter' || isLoopVariable(binding))) {
      const owner = ownerOf(binding);
      owners.set(owner, depthOf(owner));
    }
    eachChild(node, visit);
  };
  for (const node of nodes) visit(node);
  return [...owners].sort(([, a], [, b]) => a - b).map(([owner]) => owner);
}

function depthOf(node: Node): number {
  let depth = 0;
  for (let at = parentOf(node); at; at = parentOf(at)) depth++;
  return depth;
}
