/** Returns the file and line of a place such as `server/db.ts:12`. */
export function splitPlace(place: string): { file: string; line: number | undefined } {
  const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? [];
  return file ? { file, line: Number(line) } : { file: place, line: undefined };
}
