import { contextsFor } from '../source/contexts';
import type { LiveCode, Member } from '../source/live-code';
import { placeOf } from '../source/module';
import { findBinding } from '../source/scope';
import { type Node, parentOf, propertyName, wrapped } from '../source/syntax';
import { type Context, textOf, type Value, valuesOf } from '../source/value';
import { libraryVariables, packageVariables, schemaVariables } from './env-schemas';
import { Needs } from './need';
import type { Unplaced, VariableUse } from './server-reading';
import type { Use } from './use';

const variableName = /^[A-Za-z_]\w*$/;

/** Finds all uses of environment variables in the server's code, and accesses with an unknown name. */
export function readVariables(code: LiveCode): { uses: VariableUse[]; unplaced: Unplaced[] } {
  const uses: VariableUse[] = [];
  const unplaced: Unplaced[] = [];
  const add = (name: string, at: Node, use: Use) => {
    if (variableName.test(name)) uses.push({ name, place: placeOf(at), ...use });
  };
  for (const member of code.members) {
    if (!isEnvironment(code.evaluator.value(member.object)) || isWritten(member)) continue;
    const readings = namesOf(code, member);
    for (const { name, context } of readings)
      add(name, placeIn(context) ?? member, new Needs(code, name).of(member, context));
    if (readings.length === 0 && !isTestedByName(member))
      unplaced.push({
        kind: 'variable',
        place: placeOf(member),
        what: 'the name of this environment variable is put together at run time',
      });
  }
  for (const declarator of code.destructured) {
    if (!declarator.init || !isEnvironment(code.evaluator.value(declarator.init))) continue;
    const { id } = declarator;
    if (id.type !== 'ObjectPattern') continue;
    for (const property of id.properties) {
      if (property.type !== 'ObjectProperty') continue;
      const name = propertyName(property);
      if (name === undefined) continue;
      const target = property.value as Node;
      const isDefaulted = target.type === 'AssignmentPattern';
      const identifier = isDefaulted ? (target.left as Node) : target;
      const binding = identifier.type === 'Identifier' ? findBinding(identifier.name, identifier) : undefined;
      const found: Use = binding
        ? new Needs(code, name).ofBinding(binding)
        : { need: 'plain', alternatives: [] };
      add(name, property, isDefaulted ? { need: 'fallback', alternatives: [] } : found);
    }
  }
  uses.push(...schemaVariables(code), ...libraryVariables(code), ...packageVariables(code));
  return { uses, unplaced };
}

function isEnvironment(value: Value): boolean {
  return valuesOf(value).some(({ kind }) => kind === 'environment');
}

/** True for an assignment or a deletion, which does not read the variable. */
function isWritten(member: Member): boolean {
  const at = wrapped(member);
  const around = parentOf(at);
  if (around?.type === 'UnaryExpression') return around.operator === 'delete';
  return around?.type === 'AssignmentExpression' && around.left === at && around.operator === '=';
}

/** Returns the variables that an access may read, each with its call or loop turn. */
function namesOf(code: LiveCode, member: Member): { name: string; context?: Context }[] {
  const written = propertyName(member);
  if (written !== undefined) return [{ name: written }];
  return contextsFor(code.evaluator, [member.property]).flatMap((context) =>
    valuesOf(code.evaluator.value(member.property, context)).flatMap((value) => {
      const name = textOf(value);
      return name === undefined ? [] : { name, ...(context && { context }) };
    }),
  );
}

function placeIn(context: Context | undefined): Node | undefined {
  return context?.call;
}

/** True for the left side of `for (… in …)`, which sets a name and reads no value. */
function isTestedByName(member: Member): boolean {
  return parentOf(member)?.type === 'ForInStatement';
}
