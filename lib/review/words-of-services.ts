/** Words of all services for off or open. */
const OFF =
  /^(off|none|disabled?|suppress(ed)?|archive|inactive|suspended|stopped|paused|ignore|no|never|allow|allow_?all|allow_list_all|permissive|unrestricted|open|no_protection|no-?op|fail_open|not_required|skip|unlimited|best_effort|unblocked|pass|mutable|bypass|plaintext|clear_?text|public|anonymous|unauthenticated)$/i;
const PARTLY =
  /^(optional|count|log_?only|log|warn|warning|alert|audit|detect(ion)?|monitor|learn(ing)?|simulat\w*|pass_?through|basic|standard|legacy|default|partial|report_?only|governance|eventual|at_least_once)$/i;

/** Returns the strength of a word: 0 for off or open, 1 for partial, 2 for anything else. */
export function step(word: string): number {
  const text = word.replace(/^aws:/, '').replaceAll('-', '_');
  return OFF.test(text) ? 0 : PARTLY.test(text) ? 1 : 2;
}

/**
 * Returns true if the same text has a higher number, such as `syn-nodejs-puppeteer-10.0` after
 * `syn-nodejs-puppeteer-9.1`.
 */
export function isLater(after: string, before: string): boolean {
  const [now, old] = [after, before].map((text) => text.split(/(\d+)/));
  if (now!.length !== old!.length) return false;
  const at = now!.findIndex((part, index) => part !== old![index]);
  return at % 2 === 1 && Number(now![at]) > Number(old![at]);
}
