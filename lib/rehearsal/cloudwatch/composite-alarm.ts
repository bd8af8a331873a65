import type { Alarm } from './alarm';

const TOKEN = /\s*(AND|OR|NOT|TRUE|FALSE|[()]|(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*"?[^")]+"?\s*\))/y;

/** A composite alarm of CloudWatch: a rule over the states of other alarms. */
export class CompositeAlarm {
  /** Names of the alarms in the rule. */
  readonly parts: readonly string[];
  private readonly tokens: readonly string[];
  private readonly rest: string;

  constructor(
    readonly logicalId: string,
    rule: string,
    /** True if the alarm has actions. */
    readonly tells: boolean,
    private readonly others: (name: string) => Alarm | CompositeAlarm | undefined,
  ) {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(rule); match; match = TOKEN.exec(rule)) {
      tokens.push(match[1]!);
      end = TOKEN.lastIndex;
    }
    this.rest = rule.slice(end).trim();
    this.tokens = tokens;
    this.parts = tokens.flatMap((token) => nameIn(token) ?? []);
  }

  /** The reason why the alarm is not evaluated; undefined if it is. */
  get notRehearsed(): string | undefined {
    if (this.rest) return `'${this.rest}' in its rule`;
    if (this.tokens.some((token) => token.startsWith('INSUFFICIENT'))) return 'INSUFFICIENT_DATA in its rule';
    const absent = this.parts.find((name) => this.others(name)?.notRehearsed !== undefined);
    return absent && `it depends on ${absent}`;
  }

  get ofTime(): boolean {
    return this.parts.some((name) => this.others(name)?.ofTime);
  }

  inAlarm(since: number, at: number): boolean {
    if (this.notRehearsed) return false;
    const tokens = [...this.tokens];
    const any = (): boolean => {
      const results = [all()];
      while (tokens[0] === 'OR') {
        tokens.shift();
        results.push(all());
      }
      return results.some(Boolean);
    };
    const all = (): boolean => {
      const results = [one()];
      while (tokens[0] === 'AND') {
        tokens.shift();
        results.push(one());
      }
      return results.every(Boolean);
    };
    const one = (): boolean => {
      const token = tokens.shift();
      if (token === 'NOT') return !one();
      if (token === '(') {
        const inner = any();
        tokens.shift();
        return inner;
      }
      const name = nameIn(token ?? '');
      if (name === undefined) return token === 'TRUE';
      return (this.others(name)?.inAlarm(since, at) ?? false) === token!.startsWith('ALARM');
    };
    return any();
  }
}

/** Returns the alarm that a token names, by its name or its ARN. */
function nameIn(token: string): string | undefined {
  const [, name] = /\(\s*"?([^")]+?)"?\s*\)$/.exec(token) ?? [];
  return name?.split(':alarm:').at(-1);
}
