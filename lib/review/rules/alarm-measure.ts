import type { PropertyChange } from '../change';
import { plain } from '../show';

/**
 * Returns true if a changed metric of an alarm makes the alarm fire sooner. The function compares only the change
 * itself: the percentile or bound of a statistic, or the numbers that an expression compares with.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function isStricter({ path, before, after }: PropertyChange, operator: unknown): boolean {
  const [was, is] = [plain(before), plain(after)];
  if (/\.(Stat|ExtendedStatistic|Statistic)$/.test(path)) return isStricterStatistic(was, is, operator);
  return /\.Expression$/.test(path) && isStricterExpression(was, is);
}

function isStricterStatistic(was: string, is: string, operator: unknown): boolean {
  const [percentile, former] = [is, was].map((text) => /^p(\d+(?:\.\d+)?)$/i.exec(text)?.[1]);
  if (percentile !== undefined && former !== undefined) {
    const higher = Number(percentile) > Number(former);
    return String(operator).startsWith('Less') ? !higher : higher;
  }
  // `PR(:0.7)` is the share of values up to 0.7, and `TC(0.7:)` the number of values above 0.7. With a lower bound,
  // fewer values count as good.
  const [now, old] = [is, was].map((text) => /^(PR|TC|TS)\((:?)([\d.]+)(:?)\)$/i.exec(text));
  if (!now || !old || now[1] !== old[1] || now[2] !== old[2] || now[4] !== old[4]) return false;
  return Number(now[3]) < Number(old[3]);
}

const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?!\w)/g;

function isStricterExpression(was: string, is: string): boolean {
  if (was.replace(NUMBER, '#') !== is.replace(NUMBER, '#')) return false;
  const [old, now] = [was, is].map((text) => [...text.matchAll(NUMBER)]);
  return old!.every((match, index) => {
    const [before, after] = [Number(match[0]), Number(now![index]![0])];
    if (before === after) return true;
    const operator = /([<>])=?\s*$/.exec(was.slice(0, match.index))?.[1];
    return operator === '>' ? after < before : operator === '<' && after > before;
  });
}
