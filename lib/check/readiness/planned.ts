import type { LintReport } from '../../migration-lint';
import type { Judged } from './ready-item';

/** A resource of a template, as far as alarms are judged. */
interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Alarms of a plan. */
export interface PlannedAlarms {
  /** Number of alarms that tell somebody. */
  readonly telling: number;
  /** Number of alarms without an action that others use: parts of combined alarms, and alarms that roll back. */
  readonly used: number;
  /** Alarms that change nothing for anybody, as `STACK/LOGICAL-ID`. */
  readonly silent: readonly string[];
}

/** The parts of a plan that items are judged by. */
export interface PlanFacts {
  readonly alarms: PlannedAlarms;
  /** @default - no stack of the plan has migrations */
  readonly migrations?: LintReport;
}

/** A stack of a plan. */
interface Stack {
  readonly name: string;
  readonly template: { readonly Resources?: Readonly<Record<string, Resource>> };
  readonly migrations?: LintReport;
}

/** Reads alarms and migrations from the stacks of a plan. */
export function planFacts(stacks: readonly Stack[]): PlanFacts {
  const alarms = { telling: 0, used: 0, silent: [] as string[] };
  for (const { name, template } of stacks) {
    const resources = Object.entries(template.Resources ?? {});
    for (const [id, { Type, Properties = {} }] of resources) {
      if (!/^AWS::CloudWatch::(Alarm|CompositeAlarm)$/.test(Type)) continue;
      const { AlarmActions, ActionsEnabled, AlarmName } = Properties;
      if (Array.isArray(AlarmActions) && AlarmActions.length > 0 && ActionsEnabled !== false)
        alarms.telling++;
      else if (isUsed(id, AlarmName, stacks, name)) alarms.used++;
      else alarms.silent.push(`${name}/${id}`);
    }
  }
  const migrations = stacks.find((stack) => stack.migrations)?.migrations;
  return { alarms, ...(migrations && { migrations }) };
}

/** True if another resource than a dashboard reads the alarm: by a reference in its stack, or by its name in any. */
function isUsed(id: string, alarmName: unknown, stacks: readonly Stack[], own: string): boolean {
  const byReference = [`{"Ref":"${id}"}`, `{"Fn::GetAtt":["${id}"`, `\${${id}}`, `\${${id}.`];
  const byName = [JSON.stringify(alarmName ?? { Ref: id }).slice(1, -1)];
  return stacks.some(({ name, template }) =>
    Object.entries(template.Resources ?? {}).some(([other, { Type, Properties }]) => {
      if ((name === own && other === id) || Type === 'AWS::CloudWatch::Dashboard') return false;
      const text = JSON.stringify(Properties ?? {});
      const signs = name === own ? [...byReference, ...(alarmName ? byName : [])] : alarmName ? byName : [];
      return signs.some((sign) => text.includes(sign));
    }),
  );
}

/** Most silent alarms that the reason names. */
const mostNamed = 5;

/** An alarm tells somebody, or another resource acts on it. */
export function alarmsJudged(alarms: PlannedAlarms | undefined): Judged {
  if (!alarms) return ['not checked', 'give --plan DIR, so that the alarms of the plan can be read'];
  const { telling, used, silent } = alarms;
  if (telling === 0)
    return ['failed', 'no alarm of the plan tells anybody; set escalation.tiers in framework53.config.ts'];
  const more = silent.length > mostNamed ? ` and ${silent.length - mostNamed} more` : '';
  return silent.length > 0
    ? [
        'failed',
        `alarms that nobody hears: ${silent.slice(0, mostNamed).join(', ')}${more}; give them an action`,
      ]
    : ['proved', `the plan has ${telling} alarms with an action and ${used} that other resources act on`];
}

/** The lint of the migrations that the plan carries. */
export function migrationsJudged(plan: PlanFacts | undefined): Judged {
  if (!plan) return ['not checked', 'give --plan DIR, so that the migrations of the plan can be read'];
  const { migrations } = plan;
  if (!migrations) return ['to be confirmed by a person', 'the plan has no journal of migrations to judge'];
  const { findings, allowed, files } = migrations;
  const dangers = findings.filter(({ severity }) => severity === 'danger').length;
  if (dangers > 0)
    return [
      'failed',
      `${dangers} findings of the lint forbid a release; run framework53 synth and mend them`,
    ];
  return findings.length + allowed.length > 0
    ? [
        'to be confirmed by a person',
        `the lint of ${files.length} migrations has ${findings.length} findings and ${allowed.length} allowed ones; read the review`,
      ]
    : ['proved', `the lint found nothing in the migrations of the plan (${files.length})`];
}
