import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, relative, resolve } from 'node:path';
import type { ReviewFinding, Verdict } from '../lib/review/finding';
import type { Sides } from '../lib/review/read-sides';
import type { Review } from '../lib/review/review';
import { type Command, EXIT, type Given, optionValue, print, progress, UsageError } from './command';
import { productionOptions, selected } from './environment-options';

const FORMATS = ['text', 'md', 'html', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** Verdicts that find the change wanting, by the value of `--fail-on`. */
const FAILS: Readonly<Record<string, readonly Verdict[]>> = {
  danger: ['danger'],
  caution: ['danger', 'caution'],
  never: [],
};

export const review: Command = {
  summary: 'Review the effects of a change on data, access, users and cost',
  description: `Compares two plans of an environment. Reports each resource that the change replaces, deletes, opens, weakens or
interrupts, with the reason and the fix, and the change of cost. Changes nothing. Without --env, the command compares
plans of production, because approvals protect changes to production. Needs an AWS account only for --base deployed
(cloudformation:GetTemplate) and --change-set. The file framework53.accepted.txt beside framework53.config.ts lists
accepted findings with an expiry date (docs/review.md). Exits with 2 if the verdict is danger; --fail-on sets the
verdicts that exit with 2.`,
  options: {
    ...productionOptions,
    base: {
      value: 'REV|DIR|deployed',
      description:
        'A git revision, a cloud assembly or the deployed stacks (default: the merge base with main)',
    },
    head: {
      value: 'DIR',
      description:
        "Cloud assembly to review (default: the application's folder with its uncommitted changes)",
    },
    format: { value: 'FORMAT', description: 'text (default), md, html or json' },
    out: {
      value: 'FILE',
      description: 'Write the report to this file; the ending selects the format; several as FILE,FILE',
    },
    accept: {
      value: 'RULE:PATH=REASON',
      repeatable: true,
      description: 'Accept a finding; the report shows the reason; may be given several times',
    },
    'change-set': {
      description:
        'With --base deployed: also compare with change sets, which the command creates and deletes again',
    },
    trace: {
      value: 'FILE',
      description: 'Trace of a rehearsal: a change that takes away what the rehearsal used is a danger',
    },
    'fail-on': {
      value: 'VERDICT',
      description: 'Least verdict that exits with 2: danger (default), caution or never',
    },
  },
  examples: [
    'framework53 review',
    'framework53 review --env staging --base v1.4.0 --out review.html',
    'framework53 review --base deployed --fail-on caution',
    'framework53 review --base OLD.out --head NEW.out --format json',
    'framework53 review --trace trace.json',
    "framework53 review --accept 'capacity:shop-release/Server/Service#DesiredCount=the sale is over'",
  ],
  async run(given) {
    const fails = failsOn(given);
    const outputs = outputsOf(given);
    const result = await reviewed(given);
    for (const { file, format } of outputs) {
      const report = await reportOf(result, format, file === undefined && coloured());
      if (file === undefined) print(report);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, report);
        print(`${result.verdict}: ${relative(process.cwd(), file) || file}\n`);
      }
    }
    return fails.includes(result.verdict) ? EXIT.foundWanting : EXIT.done;
  },
};

async function reviewed(given: Given): Promise<Review> {
  const asks = given['change-set'] === true;
  if (asks && given['base'] !== 'deployed')
    throw new UsageError('--change-set compares with the deployed stacks; give --base deployed as well');
  const { AcceptError } = await import('../lib/review/accept.js');
  const { consentsOf, reviewSides } = await import('../lib/review/review-sides.js');
  const { readSides } = await import('../lib/review/read-sides.js');
  const selection = given['env'] === undefined ? { application: optionValue(given, 'app') } : selected(given);
  try {
    const consents = consentsOf((given['accept'] as readonly string[] | undefined) ?? []);
    const sides = await readSides({
      ...selection,
      base: optionValue(given, 'base'),
      head: optionValue(given, 'head'),
      progress,
    });
    const findings = [...(await rehearsed(given, sides)), ...(asks ? await changeSet(sides) : [])];
    return reviewSides(sides, { consents, findings });
  } catch (error) {
    throw error instanceof AcceptError ? new UsageError(error.message) : error;
  }
}

async function rehearsed(given: Given, sides: Sides): Promise<ReviewFinding[]> {
  const file = optionValue(given, 'trace');
  if (file === undefined) return [];
  const { readTrace } = await import('../lib/rehearsal/replay.js');
  const { rehearsedAccess } = await import('../lib/review/rehearsed-access.js');
  return rehearsedAccess(sides, readTrace(file));
}

async function changeSet(sides: Sides): Promise<ReviewFinding[]> {
  const { changeSetFindings } = await import('../lib/review/change-set.js');
  return changeSetFindings({ ...sides, progress });
}

function failsOn({ 'fail-on': given = 'danger' }: Given): readonly Verdict[] {
  const fails = Object.hasOwn(FAILS, String(given)) ? FAILS[String(given)] : undefined;
  if (!fails) throw new UsageError(`--fail-on must be ${Object.keys(FAILS).join(', ')}, got '${given}'`);
  return fails;
}

/** The files and formats of the report; standard output if no file is given. */
function outputsOf({ format, out }: Given): { file?: string; format: Format }[] {
  if (format !== undefined && !FORMATS.includes(format as Format))
    throw new UsageError(`--format must be ${FORMATS.join(', ')}, got '${format}'`);
  if (out === undefined) return [{ format: (format as Format | undefined) ?? 'text' }];
  const files = String(out).split(',');
  if (files.length > 1 && format !== undefined)
    throw new UsageError(
      '--format needs a single --out file; with several files, the ending of each selects its format',
    );
  return files.map((file) => {
    const ending = extname(file).slice(1).replace(/^txt$/, 'text').replace(/^htm$/, 'html');
    const known = (format as Format | undefined) ?? FORMATS.find((name) => name === ending);
    if (!known)
      throw new UsageError(`--out ${file}: the ending selects no format; add --format ${FORMATS.join(', ')}`);
    return { file: resolve(file), format: known };
  });
}

function coloured(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR'];
}

async function reportOf(result: Review, format: Format, colour: boolean): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('../lib/review/report/text.js')).textReport(result, { colour });
    case 'md':
      return (await import('../lib/review/report/markdown.js')).markdownReport(result);
    case 'html':
      return (await import('../lib/review/report/html.js')).htmlReport(result);
    case 'json':
      return (await import('../lib/review/report/summary.js')).jsonReport(result);
  }
}
