import type { LiveCode } from '../source/live-code';
import { findBinding } from '../source/scope';
import { runsAtStartIn } from '../source/startup';
import { type Node, parentOf, propertyName, unwrapped, wrapped } from '../source/syntax';
import { type Context, truthOf } from '../source/value';
import { neverReturns, outcomeOf } from './endings';
import { callsMeant, returningFunction } from './guards';
import { strongest, type Use, use, variablesOf } from './use';

/** Matches functions that throw if their argument is missing. */
export const assertion = /^(assert(\.ok|\.strict)?|tiny-invariant|invariant)$/;

/** Deepest chain of conditions, names and functions that is followed. */
const deepest = 12;

/**
 * Follows a condition that tests a variable.
 * @param missing true if the condition is true for a variable without a value
 */
export function tested(
  code: LiveCode,
  node: Node,
  missing: boolean,
  context: Context | undefined,
  depth = 0,
): Use {
  if (depth > deepest) return use('guarded');
  return new Condition(code, context, depth).tested(node, missing);
}

class Condition {
  constructor(
    private readonly code: LiveCode,
    private readonly context: Context | undefined,
    private readonly depth: number,
  ) {}

  tested(node: Node, missing: boolean): Use {
    const at = wrapped(node);
    const around = parentOf(at);
    switch (around?.type) {
      case 'UnaryExpression':
        return around.operator === '!' ? this.follow(around, !missing) : use('guarded');
      case 'LogicalExpression':
        return this.testedBeside(at, around, missing);
      case 'IfStatement': {
        const branch = missing ? around.consequent : around.alternate;
        const outcome = branch ? outcomeOf(this.code, branch, this.context) : 'leaves';
        if (outcome === 'ends') return this.ending(around);
        const leavesOut = outcome !== 'goes on' || (missing && around.alternate);
        return use(leavesOut ? 'guarded' : 'logged');
      }
      case 'ConditionalExpression': {
        const branch = missing ? around.consequent : around.alternate;
        return at === around.test && neverReturns(this.code, branch) ? this.ending(around) : use('guarded');
      }
      case 'CallExpression': {
        const callee = this.code.evaluator.value(around.callee as Node, this.context);
        if (callee.kind === 'package' && callee.path === 'globalThis.Boolean')
          return this.follow(around, missing);
        const asserted = callee.kind === 'package' && assertion.test(callee.path);
        return asserted && !missing ? this.ending(around) : use('guarded');
      }
      case 'VariableDeclarator': {
        const binding = around.id.type === 'Identifier' && findBinding(around.id.name, around.id);
        const references = (binding && this.code.references.get(binding)) || [];
        return atLeastGuarded(references.map((reference) => this.follow(reference, missing)));
      }
      case 'ReturnStatement':
      case 'ArrowFunctionExpression':
        return this.testedByFunction(at, missing);
      default:
        return use('guarded');
    }
  }

  private testedBeside(
    at: Node,
    around: Extract<Node, { type: 'LogicalExpression' }>,
    missing: boolean,
  ): Use {
    const other = at === around.left ? around.right : around.left;
    if (!missing && at === around.left && around.operator !== '&&' && neverReturns(this.code, other))
      return this.ending(around);
    if (missing && around.operator === '&&') {
      if (neverReturns(this.code, around.right)) return this.ending(around);
      const value = this.code.evaluator.value(other, this.context);
      const truth = truthOf(value);
      if (truth === false) return use('logged');
      if (truth === undefined) {
        // `!A && !B`: one of the two variables is enough. With any other condition, the variable is not always needed.
        const alternatives = testedVariables(this.code, other, this.context);
        const whole = this.follow(around, missing);
        if (alternatives.length) return { need: whole.need, alternatives };
        return use(isEnding(whole) ? 'guarded' : whole.need);
      }
    }
    return this.follow(around, missing);
  }

  /**
   * Follows functions that test a variable, and callbacks such as that of `required.filter((name) =>
   * !process.env[name])`.
   */
  private testedByFunction(at: Node, missing: boolean): Use {
    const owner = returningFunction(at);
    const call = owner && parentOf(owner);
    const method = call?.type === 'CallExpression' && propertyName(unwrapped(call.callee as Node));
    if (call && method && /^(filter|some|find|every)$/.test(method)) {
      if (method === 'every') return this.follow(call, missing);
      if (!missing) return use('guarded');
      return method === 'filter' ? this.missingList(call) : this.follow(call, true);
    }
    return followReturn(this.code, at, this.context, (each, outer) =>
      atLeastGuarded([tested(this.code, each, missing, outer, this.depth + 1)]),
    );
  }

  /** Follows a list of the missing names. Finds out if the server ends when the list has names. */
  private missingList(call: Node): Use {
    const around = parentOf(wrapped(call));
    const binding =
      around?.type === 'VariableDeclarator' && around.id.type === 'Identifier'
        ? findBinding(around.id.name, around.id)
        : undefined;
    const lists = binding ? (this.code.references.get(binding) ?? []) : [call];
    for (const list of lists)
      for (let at: Node | undefined = list; at; at = parentOf(at)) {
        if (at.type === 'IfStatement' && outcomeOf(this.code, at.consequent) === 'ends')
          return this.ending(at);
        if (at.type.endsWith('Statement')) break;
      }
    return use('guarded');
  }

  private ending(node: Node): Use {
    return endingAt(this.code, node, this.context);
  }

  private follow(node: Node, missing: boolean): Use {
    return tested(this.code, node, missing, this.context, this.depth + 1);
  }
}

/** Follows the result of a function to the calls of the function. */
export function followReturn(
  code: LiveCode,
  at: Node,
  context: Context | undefined,
  follow: (call: Node, outer?: Context) => Use,
): Use {
  const owner = returningFunction(at);
  if (!owner) return use('plain');
  const uses = callsMeant(code, owner, context).flatMap(({ call, outer }) =>
    call ? follow(call, outer) : [],
  );
  return uses.length ? strongest(uses) : use('plain');
}

/** Returns the use of a variable by code that throws or ends the process. */
export function endingAt(code: LiveCode, node: Node, context: Context | undefined): Use {
  return use(runsAtStartIn(code, node, context) ? 'ends' : 'fails');
}

export function isEnding({ need }: Use): boolean {
  return need === 'ends' || need === 'fails';
}

function atLeastGuarded(uses: readonly Use[]): Use {
  const found = strongest(uses);
  return isEnding(found) ? found : use('guarded');
}

/** Returns the variables that a condition tests. */
function testedVariables(code: LiveCode, condition: Node, context: Context | undefined): string[] {
  const node = unwrapped(condition);
  if (node.type === 'UnaryExpression' && node.operator === '!')
    return testedVariables(code, node.argument, context);
  if (node.type === 'LogicalExpression')
    return [node.left, node.right].flatMap((side) => testedVariables(code, side, context));
  return variablesOf(code.evaluator.value(node, context));
}
