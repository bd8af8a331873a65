import { createInterface } from 'node:readline/promises';
import type { PlanInReview } from '../lib/approval/approve-plan';
import {
  type Command,
  EXIT,
  type Given,
  optionValue,
  printJson,
  progress,
  table,
  UsageError,
} from './command';
import { productionOptions, selected } from './environment-options';
import { judged, plansOwner } from './judged';

export const approve: Command = {
  summary: 'Consent to a registered plan, after seeing what it does',
  description: `Synthesises the revision that a plan names, or reads the folder of the plan, and checks that it has the digest that
you approve. Shows the review against what is deployed, the cost, the migrations and the evidence, asks, and writes
the approval under your own name, which IAM compares with the identity of your session. Without --env the plan is
production's, because a change to production is what people approve. Exits with 2 if you may not approve it.`,
  options: {
    ...productionOptions,
    plan: { value: 'DIGEST|DIR', description: 'The plan: its digest, or the folder that plan wrote' },
    expires: {
      value: 'TIME',
      description: 'How long the approval holds, such as 4h or 2d (default: delivery.approvalHours)',
    },
    reason: { value: 'TEXT', description: 'Why you approve, which is kept' },
    ...plansOwner,
    yes: { description: 'Do not ask' },
    'as-recorded': { description: "Take the author's word for what the plan is, and synthesise nothing" },
    revoke: { description: 'Take your approval of the plan back' },
    json: { description: 'Print the plan and the approval as JSON; needs --yes' },
  },
  examples: [
    'framework53 approve --env production --plan 3f9a1c0b7d2e4f68',
    "framework53 approve --plan plan.out --expires 4h --reason 'seen with Bob'",
    'framework53 approve --plan 3f9a1c0b7d2e4f68 --revoke',
  ],
  async run(given) {
    const plan = optionValue(given, 'plan');
    if (plan === undefined) throw new UsageError('approve needs --plan, the digest or the folder of a plan');
    if (given['json'] && !given['yes']) throw new UsageError('--json asks nothing, so it needs --yes');
    const selection = { ...selected(given, 'production'), as: optionValue(given, 'as'), plan };
    const { reviewPlan, revokeApproval } = await import('../lib/approval/approve-plan.js');
    return judged(async () => {
      if (given['revoke']) {
        const { digest, approver } = await revokeApproval(selection);
        process.stdout.write(`${approver} no longer approves plan ${digest}\n`);
        return EXIT.done;
      }
      const found = await reviewPlan({
        ...selection,
        hours: hoursOf(given),
        reason: optionValue(given, 'reason'),
        asRecorded: given['as-recorded'] === true,
        progress,
      });
      const { record } = found.plan;
      if (!given['json']) process.stdout.write(await described(found));
      if (!given['yes'] && !(await agreed(record.digest))) {
        process.stdout.write('Nothing was approved.\n');
        return EXIT.foundWanting;
      }
      await found.approve();
      if (given['json'])
        printJson({ record, approver: found.approver, hours: found.hours, verified: found.verified });
      else process.stdout.write(`${found.approver} approves plan ${record.digest} for ${found.hours} h\n`);
      return EXIT.done;
    });
  },
};

function hoursOf({ expires }: Given): number | undefined {
  if (expires === undefined) return undefined;
  const [, amount, unit] = /^(\d{1,3})(h|d)$/.exec(String(expires)) ?? [];
  const hours = Number(amount) * (unit === 'd' ? 24 : 1);
  if (hours > 0) return hours;
  throw new UsageError(`--expires takes hours or days such as 4h or 2d, got '${expires}'`);
}

async function described({ plan, review, verified, policy }: PlanInReview): Promise<string> {
  const { record } = plan;
  const { revision, author, stacks, images, evidence } = record;
  const rows = [
    ['plan', record.digest],
    ['for', `${record.name}, account ${record.account}, ${record.region}`],
    ['release', record.releaseId],
    ['revision', revision ? `${revision.commit}${revision.clean ? '' : ' and changes'}` : 'none'],
    ['author', `${author.name} (${plan.stored.writer})`],
    ['commits of', record.commitAuthors.join(', ') || 'nobody known'],
    ['registered', plan.stored.at.toISOString()],
    ['verified by', verified],
    ['cost', `${record.review.cost.before} → ${record.review.cost.after} USD a month`],
    ['migrations', record.review.migrations.join(', ') || 'none that are new, or not known'],
    ...images.map(({ tag, digest }) => ['image', `${tag.slice(0, 16)} is ${digest}`]),
    ...evidence.map(({ kind, verdict, summary }) => [kind, `${verdict}: ${summary}`]),
    ...stacks.map(({ name, changeSet }) => [
      'stack',
      `${name}: ${changeSet === 'none' ? 'no change' : changeSet ? 'its change set is prepared' : 'its change set is made when it is deployed'}`,
    ]),
    ['approvals', `${policy.approvals} needed`],
  ];
  const report = review
    ? (await import('../lib/review/report/text.js')).textReport(review, {
        colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
      })
    : `The review as its author recorded it: ${record.review.verdict}, ${record.review.findings} findings\n`;
  return `${report}\n${table(rows, '')}`;
}

/** Asks a person. Without a terminal nobody is there to agree. */
async function agreed(digest: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('framework53: nobody can be asked without a terminal; say --yes\n');
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const short = digest.slice(0, 8);
    return (await lines.question(`Approve? Type ${short} to agree: `)).trim() === short;
  } finally {
    lines.close();
  }
}
