/**
 * A template as a person compares it: a line a property, without the tags that every resource has, and
 * without what changes when only an asset's content does.
 */
export function templateLines(template: { readonly [part: string]: unknown }): string {
  const { Resources, Outputs, Rules, Conditions } = template;
  return lines({ Conditions, Rules, Resources, Outputs })
    .join('\n')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH');
}

function lines(value: unknown, indent = ''): string[] {
  if (typeof value !== 'object' || value === null || isShort(value))
    return [`${indent}${JSON.stringify(value)}`];
  return Object.entries(value)
    .filter(([key, child]) => child !== undefined && key !== 'Tags' && key !== 'CheckBootstrapVersion')
    .flatMap(([key, child]) =>
      typeof child !== 'object' || child === null || isShort(child)
        ? [`${indent}${key}: ${JSON.stringify(child)}`]
        : [`${indent}${key}:`, ...lines(child, `${indent} `)],
    );
}

/** Intrinsics and short lists read better in one line. */
function isShort(value: object): boolean {
  return JSON.stringify(value).length <= 90;
}
