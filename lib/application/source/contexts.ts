import type { Evaluation } from './evaluation';
import { isLoopVariable, ownerOf } from './parameters';
import { findBinding } from './scope';
import { eachChild, type Node, parentOf } from './syntax';
import type { Context } from './value';

/** How many functions that call one another are followed, and how many calls in all. */
const deepest = 4;
const most = 200;

/**
 * The calls and turns of loops in which expressions have different values: those of the functions and loops whose
 * variables are in them. `[undefined]` where there are none.
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

/** A call whose arguments are what they are in a context. */
function within(context: Context, inner: Context | undefined, outer: Context | undefined): Context {
  const operands = inner
    ? context.operands.map((operand) =>
        operand && 'node' in operand && !operand.context ? { ...operand, context: inner } : operand,
      )
    : context.operands;
  const around = outer ?? inner;
  return { ...context, operands, ...(around && { outer: around }) };
}

/** Functions and loops whose variables are in expressions, the outermost first. */
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
