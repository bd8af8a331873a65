import type { LiveCode } from '../source/live-code';
import { entriesOf } from '../source/members';
import { placeOf } from '../source/module';
import { type Node, propertyName, unwrapped } from '../source/syntax';
import { type Operand, truthOf, type Value, valuesOf } from '../source/value';
import { option, packageCalls } from './package-calls';
import type { VariableUse } from './server-reading';

/** Matches methods that make a variable optional in zod, yup, Joi, arktype, valibot, envalid or env-var. */
const optional =
  /\b(optional|default|nullish|catch|optionalOrDefault|prefault|notRequired|exactOptional|fallback)\(\)/;

/**
 * Returns the variables of schemas that check `process.env`, such as `z.object({ … }).parse(process.env)`,
 * `cleanEnv(process.env, { … })` and `createEnv({ server: { … }, runtimeEnv: process.env })`.
 */
export function schemaVariables(code: LiveCode): VariableUse[] {
  return code.calls
    .filter(({ arguments: given }) => mentionsEnvironment(code, given as readonly Node[]))
    .flatMap((call) => {
      const { evaluator } = code;
      const callee = call.callee as Node;
      const subject =
        callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression'
          ? evaluator.value(callee.object)
          : evaluator.value(callee);
      const schemas = [subject, ...call.arguments.map((argument) => evaluator.value(argument as Node))];
      return schemas
        .flatMap((schema) => shapesOf(code, schema))
        .flatMap((shape) => usesOf(code, shape, call));
    });
}

function mentionsEnvironment(code: LiveCode, given: readonly Node[]): boolean {
  const isEnvironment = (node: Node) =>
    mayBeEnvironment(node) && code.evaluator.value(node).kind === 'environment';
  return given.some((argument) => {
    if (argument.type !== 'ObjectExpression') return isEnvironment(argument);
    return argument.properties.some((property) => {
      if (property.type === 'SpreadElement') return isEnvironment(property.argument);
      return property.type === 'ObjectProperty' && isEnvironment(property.value);
    });
  });
}

/** True if the name of an expression suggests `process.env`. Other arguments are not evaluated, which saves time. */
function mayBeEnvironment(node: Node): boolean {
  const expression = unwrapped(node);
  const name = expression.type === 'Identifier' ? expression.name : propertyName(expression);
  return name !== undefined && /env/i.test(name);
}

type Shape = Extract<Value, { kind: 'object' }>;

/** Returns the objects whose keys are variables: arguments of `z.object` or `.extend`, or `server` of t3-env. */
function shapesOf(code: LiveCode, schema: Value, depth = 0): Shape[] {
  if (depth > 6) return [];
  switch (schema.kind) {
    case 'either':
      return schema.values.flatMap((value) => shapesOf(code, value, depth));
    case 'object': {
      if (entriesOf(code.evaluator, schema).some(({ name }) => isVariableName(name))) return [schema];
      const inside = ['server', 'shared', 'schema', 'properties'].map((name) =>
        code.evaluator.member(schema, name),
      );
      return inside.flatMap((value) => shapesOf(code, value, depth + 1));
    }
    case 'made': {
      const given = schema.node.type === 'CallExpression' ? schema.node.arguments : [];
      const own = given.flatMap((argument) =>
        shapesOf(code, code.evaluator.value(argument as Node), depth + 1),
      );
      return schema.from ? [...shapesOf(code, schema.from, depth + 1), ...own] : own;
    }
    default:
      return [];
  }
}

function isVariableName(name: Value): boolean {
  return name.kind === 'text' && /^[A-Z][A-Z0-9_]*$/.test(name.parts[0] ?? '');
}

function usesOf(code: LiveCode, shape: Shape, call: Node): VariableUse[] {
  return entriesOf(code.evaluator, shape).flatMap(({ name, value }) => {
    if (name.kind !== 'text' || !isVariableName(name)) return [];
    const mayBeMissing = isOptional(code, value);
    return {
      name: name.parts[0]!,
      need: mayBeMissing ? ('fallback' as const) : ('ends' as const),
      alternatives: [],
      place: 'node' in value ? placeOf(value.node) : placeOf(call),
    };
  });
}

function isOptional(code: LiveCode, operand: Operand): boolean {
  const value = code.evaluator.operand(operand);
  // JSON schemas and lists of names do not tell if a variable is required.
  if (value.kind !== 'made') return true;
  if (optional.test(value.by)) return true;
  // envalid's `str({ default: … })`. Production ignores `devDefault`.
  const given = value.node.type === 'CallExpression' ? value.node.arguments : [];
  return given.some((argument) => {
    const options = code.evaluator.value(argument as Node);
    if (options.kind === 'made') return optional.test(options.by);
    return (
      options.kind === 'object' &&
      options.node.properties.some(
        (property) =>
          property.type === 'ObjectProperty' &&
          (propertyName(property) === 'default' ||
            (propertyName(property) === 'required' &&
              truthOf(code.evaluator.value(property.value)) === false)),
      )
    );
  });
}

/** Returns the variables that the code reads by name from a library: `env.get('X').required()`, `nconf.get('X')`. */
export function libraryVariables(code: LiveCode): VariableUse[] {
  return code.calls.flatMap((call) => {
    const [first] = call.arguments;
    if (first?.type !== 'StringLiteral' || !/^[A-Z][A-Z0-9_]*$/.test(first.value)) return [];
    return valuesOf(code.evaluator.value(call.callee as Node)).flatMap((callee) => {
      if (callee.kind !== 'package' || !/^(env-var|nconf)(\.\w+)*\.get$/.test(callee.path)) return [];
      const isRequired = chainOf(call).includes('required');
      return {
        name: first.value,
        need: isRequired ? ('ends' as const) : ('fallback' as const),
        alternatives: [],
        place: placeOf(call),
      };
    });
  });
}

/** Secrets that a package itself reads from the environment, unless the code passes them as an option. */
const readByPackages = [
  { call: /^better-auth(\/minimal)?\.betterAuth$/, option: 'secret', name: 'BETTER_AUTH_SECRET' },
  { call: /^@auth\/express\.ExpressAuth$/, option: 'secret', name: 'AUTH_SECRET' },
];

/** Returns the variables that a package reads, so that the code never names them. */
export function packageVariables(code: LiveCode): VariableUse[] {
  return packageCalls(code).flatMap(({ path, call, argument }) =>
    readByPackages
      .filter((each) => each.call.test(path) && !option(code, argument(0), each.option))
      .map(({ name }) => ({ name, need: 'plain' as const, alternatives: [], place: placeOf(call) })),
  );
}

/** Returns the names of the methods that are chained to a call. */
function chainOf(call: Node): string[] {
  const names: string[] = [];
  for (let at: Node = call; ; ) {
    const access = (at as { parent?: Node }).parent;
    if (access?.type !== 'MemberExpression' || access.object !== at) return names;
    names.push(propertyName(access) ?? '');
    const next = (access as { parent?: Node }).parent;
    if (next?.type !== 'CallExpression' || next.callee !== access) return names;
    at = next;
  }
}
