import { type Found, type Path, text, type Value, walk } from './mutant';

/** Returns mutants without an action, resource, principal or condition of a policy statement. */
export function statementMutants(resource: Value): Found[] {
  const found: Found[] = [];
  for (const [key, value, path] of walk(resource.Properties ?? {}, ['Properties'])) {
    if (key !== 'Statement') continue;
    const statements: [Value, Path][] = Array.isArray(value)
      ? value.map((statement, index) => [statement, [...path, index]])
      : [[value, path]];
    for (const [statement, at] of statements) found.push(...ofStatement(statement, at));
  }
  return found;
}

function ofStatement(statement: Value, at: Path): Found[] {
  const parts = (kind: Found['kind'], name: string): Found[] =>
    elements(statement[name], [...at, name]).map(([value, path]) => ({
      kind,
      what: text(value),
      // A statement without its only action or resource is invalid, so the whole statement is removed.
      paths: [path ?? at],
    }));
  const principals = Object.entries<Value>(
    typeof statement.Principal === 'object' ? statement.Principal : {},
  ).flatMap(([family, value]) =>
    elements(value, [...at, 'Principal', family]).map(
      ([principal, path]): Found => ({
        kind: 'principal',
        what: text(principal),
        paths: [path ?? (Object.keys(statement.Principal).length > 1 ? [...at, 'Principal', family] : at)],
      }),
    ),
  );
  const operators = Object.entries<Value>(statement.Condition ?? {});
  const conditions = operators.flatMap(([operator, keys]) =>
    Object.keys(keys).map((name): Found => {
      const path = Object.keys(keys).length > 1 ? [operator, name] : operators.length > 1 ? [operator] : [];
      return { kind: 'condition', what: `${operator} ${name}`, paths: [[...at, 'Condition', ...path]] };
    }),
  );
  return [
    ...parts('action', 'Action'),
    ...parts('resource of a statement', 'Resource'),
    ...principals,
    ...conditions,
  ];
}

/** Returns the values of a list, each with its path. A single value has no path, because it cannot be removed alone. */
function elements(value: Value, path: Path): [Value, Path | undefined][] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [[value, undefined]];
  return value.map((item, index) => [item, value.length > 1 ? [...path, index] : undefined]);
}
