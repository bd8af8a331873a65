/** Returns a path as reports show it, without `Properties.` and without the CDK's `Resource` and `Default`. */
export function tidy(path: string): string {
  return path.replace(/(?<=.)(\/(Resource|Default))+(?=#|$)/, '').replace(/#Properties\./, '#');
}
