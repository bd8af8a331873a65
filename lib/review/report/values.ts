import type { PropertyChange } from '../change';
import { plain } from '../show';

/** Most characters of a value that are shown. */
const LONGEST = 600;

/** Characters shown around the difference of two long texts. */
const CONTEXT = 60;

/** A property's values before and after, shortened for reading. Undefined if a value does not exist. */
export interface ShownChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** Returns two values as text. Long texts are reduced to the part that differs. */
export function shown({ path, before, after }: PropertyChange): ShownChange {
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : plain(value)));
  if (old === undefined || now === undefined || Math.max(old.length, now.length) <= 2 * CONTEXT)
    return {
      path: name(path),
      ...(old !== undefined && { before: shortened(old) }),
      ...(now !== undefined && { after: shortened(now) }),
    };
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old.at(-1 - end) === now.at(-1 - end)) end++;
  const cut = (text: string): string => {
    const [from, to] = [Math.max(0, start - CONTEXT), Math.min(text.length, text.length - end + CONTEXT)];
    return shortened(`${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`);
  };
  return { path: name(path), before: cut(old), after: cut(now) };
}

function shortened(text: string): string {
  return text.length > LONGEST
    ? `${text.slice(0, LONGEST)}… (${text.length - LONGEST} more characters)`
    : text;
}

/** Returns the path without `Properties.`. */
function name(path: string): string {
  return path.replace(/^Properties\./, '');
}
