import { contextsFor } from '../source/contexts';
import type { LiveCode, Member } from '../source/live-code';
import { placeOf } from '../source/module';
import { findBinding } from '../source/scope';
import { type Node, parentOf, propertyName, wrapped } from '../source/syntax';
import { type Context, textOf, type Value, valuesOf } from '../source/value';
import { libraryVariables, schemaVariables } from './env-schemas';
import { Needs } from './need';
import type { Unplaced, VariableUse } from './server-reading';
import type { Use } from './use';

const variableName = /^[A-Za-z_]\w*$/;

/** Every use of a variable of the environment in the server's code, and accesses whose name is not known. */
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
  uses.push(...schemaVariables(code), ...libraryVariables(code));
  return { uses, unplaced };
}

function isEnvironment(value: Value): boolean {
  return valuesOf(value).some(({ kind }) => kind === 'environment');
}

/** An assignment or a deletion is no reading. */
function isWritten(member: Member): boolean {
  const at = wrapped(member);
  const around = parentOf(at);
  if (around?.type === 'UnaryExpression') return around.operator === 'delete';
  return around?.type === 'AssignmentExpression' && around.left === at && around.operator === '=';
}

/** The variables that an access may mean, each with the call or turn of a loop in which it does. */
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

/** `name in process.env` and `Object.keys(process.env)` ask for names, not for values. */
function isTestedByName(member: Member): boolean {
  return parentOf(member)?.type === 'ForInStatement';
}
