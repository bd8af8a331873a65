import type { PlanInReview } from '../lib/approval/approve-plan';
import {
  type Command,
  EXIT,
  type Given,
  optionValue,
  print,
  printJson,
  progress,
  table,
  UsageError,
} from './command';
import { confirm } from './confirm';
import { productionOptions, selected } from './environment-options';
import { exitOnRefusal, plansOwner } from './exit-on-refusal';

export const approve: Command = {
  summary: 'Approve a registered plan after reviewing its changes',
  description: `Verifies a registered plan, shows it and records your approval. To verify the plan, the command synthesises the
plan's revision again, or reads the plan's folder, and compares the digests. It then shows the review against the
deployed stacks, the cost, the migrations and the evidence, and asks you to confirm. The approval is stored under your
name; IAM compares that name with the source identity of your session. Without --env, the plan is for production,
because approvals protect changes to production. Exits with 2 if you may not approve the plan.`,
  options: {
    ...productionOptions,
    plan: {
      value: 'DIGEST|DIR',
      description: 'The digest of the plan, or the folder that `framework53 plan` wrote',
    },
    expires: {
      value: 'TIME',
      description: 'How long the approval is valid, such as 4h or 2d (default: delivery.approvalHours)',
    },
    reason: { value: 'TEXT', description: 'The reason for your approval, stored with it' },
    ...plansOwner,
    yes: { description: 'Approve without asking for confirmation' },
    'as-recorded': { description: "Trust the author's record of the plan; synthesise nothing" },
    revoke: { description: 'Revoke your approval of the plan' },
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
    if (given['json'] && !given['yes']) throw new UsageError('--json cannot ask for confirmation; add --yes');
    const selection = { ...selected(given, 'production'), as: optionValue(given, 'as'), plan };
    const { reviewPlan, revokeApproval } = await import('../lib/approval/approve-plan.js');
    return exitOnRefusal(async () => {
      if (given['revoke']) {
        const { digest, approver } = await revokeApproval(selection);
        print(`Revoked the approval of plan ${digest} by ${approver}\n`);
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
      const short = record.digest.slice(0, 8);
      if (!given['json']) print(await described(found));
      if (!given['yes'] && !(await confirm(`Type ${short} to approve:`, (answer) => answer === short))) {
        print('Nothing was approved.\n');
        return EXIT.foundWanting;
      }
      await found.approve();
      if (given['json'])
        printJson({ record, approver: found.approver, hours: found.hours, verified: found.verified });
      else print(`${found.approver} approves plan ${record.digest} for ${found.hours} h\n`);
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
    ['committers', record.commitAuthors.join(', ') || 'unknown'],
    ['registered', plan.stored.at.toISOString()],
    ['verified by', verified],
    ['cost', `${record.review.cost.before} → ${record.review.cost.after} USD a month`],
    ['migrations', record.review.migrations.join(', ') || 'no new ones, or unknown'],
    ...images.map(({ tag, digest }) => ['image', `${tag.slice(0, 16)} is ${digest}`]),
    ...evidence.map(({ kind, verdict, summary }) => [kind, `${verdict}: ${summary}`]),
    ...stacks.map(({ name, changeSet }) => [
      'stack',
      `${name}: ${changeSet === 'none' ? 'no change' : changeSet ? 'change set prepared' : 'change set made during the deployment'}`,
    ]),
    ['approvals', `${policy.approvals} required`],
  ];
  const report = review
    ? (await import('../lib/review/report/text.js')).textReport(review, {
        colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
      })
    : `The review as its author recorded it: ${record.review.verdict}, ${record.review.findings} findings\n`;
  return `${report}\n${table(rows, '')}`;
}
