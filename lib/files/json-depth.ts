/** Deepest nesting of JSON that is accepted. Deeper structures could overflow the stack of a recursive reader. */
export const DEEPEST = 500;

/** Returns the nesting depth of a JSON text, which may be invalid. */
export function depthOf(json: string): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (inText) {
      if (character === '\\') index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
