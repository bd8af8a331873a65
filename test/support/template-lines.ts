/**
 * Parts of a template as a person compares them: a line a property, without what changes when only an asset's
 * content does.
 *
 * @param without keys that are left out wherever they are
 */
export function templateLines(parts: object, without: readonly string[] = []): string {
  return lines(parts, without)
    .join('\n')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH');
}

function lines(value: unknown, without: readonly string[], indent = ''): string[] {
  if (typeof value !== 'object' || value === null || isShort(value))
    return [`${indent}${JSON.stringify(value)}`];
  return Object.entries(value)
    .filter(([key, child]) => child !== undefined && !without.includes(key))
    .flatMap(([key, child]) =>
      typeof child !== 'object' || child === null || isShort(child)
        ? [`${indent}${key}: ${JSON.stringify(child)}`]
        : [`${indent}${key}:`, ...lines(child, without, `${indent} `)],
    );
}

/** Intrinsics and short lists read better in one line. */
function isShort(value: object): boolean {
  return JSON.stringify(value).length <= 90;
}
