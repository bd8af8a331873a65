import { parse, type ScalarTag } from 'yaml';
import type { Verdict } from '../../../../lib/review/finding';
import { type Judgement, judge } from '../../../../lib/review/judge';
import type { Plan, Template } from '../../../../lib/review/plan';

type Tree = { [key: string]: unknown };

/** A change of a whole foreign stack, and the verdict of a careful reviewer. */
export interface StackCase {
  readonly name: string;
  readonly verdict: Verdict;
  readonly before: Template;
  readonly after: Template;
}

const SECTIONS = ['Outputs', 'Parameters', 'Mappings', 'Conditions'];
const ATTRIBUTES = [
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'DependsOn',
  'Condition',
  'UpdatePolicy',
  'Metadata',
];

const tag = (name: string, resolve: (text: string) => unknown): ScalarTag => ({ tag: `!${name}`, resolve });
const customTags = [
  tag('Ref', (Ref) => ({ Ref })),
  tag('Sub', (text) => ({ 'Fn::Sub': text })),
  tag('GetAtt', (text) => ({ 'Fn::GetAtt': text.split('.') })),
  tag('ImportValue', (text) => ({ 'Fn::ImportValue': text })),
];
const tree = (text: string): Tree => parse(text, { customTags }) ?? {};

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON merge patch (RFC 7386): `null` takes a key away, arrays are replaced. */
function merged(base: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch;
  const result: Tree = { ...(isTree(base) ? base : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function template(stack: Tree): Template {
  const Resources: Tree = {};
  const sections: Tree = {};
  for (const [id, value] of Object.entries(stack)) {
    if (SECTIONS.includes(id)) sections[id] = value;
    else {
      const { is, ...rest } = value as Tree & { is: string };
      const entries = Object.entries(rest);
      Resources[id] = {
        Type: is.startsWith('Custom::') ? is : `AWS::${is}`,
        Properties: Object.fromEntries(entries.filter(([key]) => !ATTRIBUTES.includes(key))),
        ...Object.fromEntries(entries.filter(([key]) => ATTRIBUTES.includes(key))),
      };
    }
  }
  return { Resources, ...sections } as Template;
}

/**
 * Changes of one stack. The stack is YAML: logical ids with the type (`is`, without `AWS::`), the properties and the
 * attributes side by side. A change is a line `VERDICT NAME` with a JSON merge patch in YAML below it, indented; `back`
 * after the verdict means that the patched stack comes first and the stack itself second.
 */
export function changes(stack: string, table: string): StackCase[] {
  const base = tree(stack);
  return table
    .trim()
    .split(/\n(?=\S)/)
    .map((change) => {
      const [head, ...patch] = change.split('\n');
      const [, verdict, back, name] = /^(danger|caution|clean) (back )?(.+)$/.exec(head!)!;
      const sides = [template(base), template(merged(base, tree(patch.join('\n'))) as Tree)];
      const [before, after] = back === undefined ? sides : sides.reverse();
      return { name: name!, verdict: verdict as Verdict, before: before!, after: after! };
    });
}

const plan = (one: Template): Plan => ({
  stacks: [{ name: 'shop', region: 'eu-west-1', template: one, constructPaths: {} }],
});

/** The change, judged. */
export function judgedStack({ before, after }: StackCase): Judgement {
  return judge(plan(before), plan(after));
}
