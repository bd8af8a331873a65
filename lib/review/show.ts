import { partsOf } from './canonical';
import { isObject } from './differences';

const LONGEST = 160;

/** Returns a canonical value for readers: references as `${Resource.Attribute}`, and shortened. */
export function show(value: unknown): string {
  const text = value === undefined ? 'none' : typeof value === 'string' ? quoted(value) : plain(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function quoted(value: string): string {
  return value === '' || /\s/.test(value) ? JSON.stringify(value) : value;
}

/** Returns a canonical value as full text. Values with the same meaning have the same text. */
export function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, child]) => `${key}: ${plain(child)}`).join(', ')}}`;
  }
  const parts = partsOf(value);
  if (parts.length > 1) return parts.map(plain).join('');
  const [name, argument] = Object.entries(value)[0] as [string, unknown];
  switch (name) {
    case 'Ref':
      return `\${${argument}}`;
    case 'Fn::GetAtt':
      return `\${${[argument].flat().join('.')}}`;
    case 'Fn::ImportValue':
      return `\${import ${plain(argument)}}`;
    case 'Fn::GetStackOutput': {
      const { StackName, OutputName } = argument as Record<string, unknown>;
      return `\${${plain(StackName)} ${plain(OutputName)}}`;
    }
    default:
      return `\${${name.replace('Fn::', '')} ${plain(argument)}}`;
  }
}

/** Returns a number with its noun, such as `3 grants` or `1 grant`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Joins the first items of a list. */
export function list(items: readonly string[], most = 6): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}
