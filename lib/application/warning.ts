import { type Finding, SEVERITIES } from '../findings/finding';

/**
 * A problem of an application that builds, but may cause trouble in production. A *danger* breaks the server, affects
 * its users or loses data. A *caution* works less well than on one machine. A *note* needs no action and has no `fix`.
 */
export type Warning = Omit<Finding<string>, 'link'>;

/** Sorts warnings by severity. Warnings of equal severity keep their order. */
export function sortedWarnings(warnings: readonly Warning[]): Warning[] {
  return SEVERITIES.flatMap((severity) => warnings.filter((warning) => warning.severity === severity));
}

/** A warning as one line of text. */
export function warningText({ place, what, why, fix }: Warning): string {
  const sentence = [`${place}: ${what}`, why].filter(Boolean).join('; ');
  return [sentence, ...fix].join(' → ');
}
