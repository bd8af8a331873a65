/**
 * A path as reports show it: without `Resource` and `Default`, the CDK's names for the one resource of a construct, and
 * without `Properties.`.
 */
export function tidy(path: string): string {
  return path.replace(/(?<=.)(\/(Resource|Default))+(?=#|$)/, '').replace(/#Properties\./, '#');
}
