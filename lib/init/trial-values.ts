import type { ReleaseSecret } from '../application/release';
import { generatedValue, madeUpValue } from '../rehearsal/core/made-up-value';
import { refusalOfValue } from '../rehearsal/core/refusal-of-value';

/** A variable whose value the server refuses. */
export interface Refusal {
  readonly name: string;
  /** The server's words, in one line. */
  readonly said: string;
}

/** Values of variables for an experiment: given by the user, generated as in AWS, or made up. */
export class TrialValues {
  private readonly better = new Map<string, string>();
  /** The first refusals of values that have become better. */
  private readonly first = new Map<string, string>();
  private last: Refusal[] = [];

  constructor(
    private readonly given: Readonly<Record<string, string>>,
    private readonly secrets: readonly ReleaseSecret[],
  ) {}

  of(name: string): string {
    return this.given[name] ?? this.better.get(name) ?? this.usual(name);
  }

  /**
   * Makes better values for variables whose values the server refused.
   * @returns true if a value is better now
   */
  improve(names: readonly string[], lines: readonly string[]): boolean {
    this.last = [];
    let isBetter = false;
    for (const name of names) {
      const said = refusalOfValue(name, this.of(name), lines);
      if (said === undefined) continue;
      this.last.push({ name, said: inOneLine(said) });
      const value = madeUpValue(name, said);
      if (name in this.given || value === this.of(name)) continue;
      if (!this.first.has(name)) this.first.set(name, inOneLine(said));
      this.better.set(name, value);
      isBetter = true;
    }
    return isBetter;
  }

  /** Returns the generated secrets for which the server accepts only a better value than a generated one. */
  unusual(): Refusal[] {
    return this.secrets
      .filter(({ kind, name }) => kind === 'generated' && this.first.has(name))
      .map(({ name }) => ({ name, said: this.first.get(name)! }));
  }

  /** Returns the refusals of the last start that failed. */
  refused(): readonly Refusal[] {
    return this.last;
  }

  private usual(name: string): string {
    const isGenerated = this.secrets.some((secret) => secret.name === name && secret.kind === 'generated');
    return isGenerated ? generatedValue(name) : madeUpValue(name);
  }
}

function inOneLine(said: string): string {
  const line = said.split('\n').find((each) => /[a-z]{2}/i.test(each)) ?? said;
  return line
    .replace(/^(\w*Error)?[\s:→✖*-]+/u, '')
    .trim()
    .slice(0, 160);
}
