import { parse } from 'yaml';
import type { Verdict } from '../../../lib/review/finding';
import { type Judgement, judge } from '../../../lib/review/judge';
import type { Plan, Resource } from '../../../lib/review/plan';

type Resources = Readonly<Record<string, Resource>>;
type Properties = Readonly<Record<string, unknown>>;

/** A change of a small foreign stack, and the verdict of a careful reviewer. */
export interface ForeignCase {
  readonly name: string;
  readonly verdict: Verdict;
  readonly before: Resources;
  readonly after: Resources;
}

/** A resource leaves the stack; its type is written without `AWS::`. */
export const gone = (
  name: string,
  verdict: Verdict,
  type: string,
  properties: Properties = {},
  policies: Partial<Resource> = {},
): ForeignCase => ({
  name,
  verdict,
  before: { Thing: { Type: `AWS::${type}`, Properties: properties, ...policies } },
  after: {},
});

/** A resource comes to the stack. */
export const fresh = (name: string, verdict: Verdict, type: string, properties: Properties): ForeignCase => ({
  name,
  verdict,
  before: {},
  after: { Thing: { Type: `AWS::${type}`, Properties: properties } },
});

/** Two versions of a resource with different properties; `common` properties are equal. */
export const edit = (
  name: string,
  verdict: Verdict,
  type: string,
  before: Properties,
  after: Properties,
  common: Properties = {},
): ForeignCase => ({
  name,
  verdict,
  before: { Thing: { Type: `AWS::${type}`, Properties: { ...common, ...before } } },
  after: { Thing: { Type: `AWS::${type}`, Properties: { ...common, ...after } } },
});

/** Whole stacks differ. */
export const pair = (name: string, verdict: Verdict, before: Resources, after: Resources): ForeignCase => ({
  name,
  verdict,
  before,
  after,
});

/**
 * Cases of one line each: the verdict, the type, its properties before and after (`-` where the resource is not there),
 * and those that stay, as YAML and divided by ` | `.
 */
export const rows = (table: string): ForeignCase[] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [verdict, type, before, after, common = '{}'] = line.split(' | ');
      const stack = (properties: string): Resources =>
        properties.trim() === '-'
          ? {}
          : {
              Thing: {
                Type: type!.startsWith('Custom::') ? type! : `AWS::${type}`,
                Properties: { ...parse(common), ...parse(properties) },
              },
            };
      return {
        name: [type, before, after, common].join(' | '),
        verdict: verdict as Verdict,
        before: stack(before!),
        after: stack(after!),
      };
    });

const plan = (Resources: Resources): Plan => ({
  stacks: [{ name: 'shop', region: 'eu-west-1', template: { Resources }, constructPaths: {} }],
});

/** The change, judged. */
export function judged({ before, after }: ForeignCase): Judgement {
  return judge(plan(before), plan(after));
}
