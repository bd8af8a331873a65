// Mutation test of the safety checks: removes one part at a time from the guestbook's production plan, and reports
// whether a replay, a review or a rehearsal detects it.
//
//   npm run mutants                      replays and reviews every mutant, and writes docs/quality.md
//   npm run mutants -- --rehearse 20     also rehearses 20 of the mutants that a replay misses
//   npm run mutants -- --trace FILE      reads the trace of a rehearsal instead of running one
//   npm run mutants -- --list            also prints the undetected mutants
import { constants, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import './prepare.mjs';

const dist = createRequire(import.meta.url);
const { prepareEnvironment } = dist('../dist/lib/prepare/prepare-environment.js');
const { synthesize } = dist('../dist/lib/synthesis/synthesize.js');
const { Assembly } = dist('../dist/lib/rehearsal/core/assembly.js');
const { rehearse } = dist('../dist/lib/rehearsal/rehearsal.js');
const { plannedInventory, readTrace, replay } = dist('../dist/lib/rehearsal/replay.js');
const { FAULTS } = dist('../dist/lib/rehearsal/fault.js');
const { usedGrants } = dist('../dist/lib/rehearsal/least-privilege.js');
const { readPlan } = dist('../dist/lib/review/read-plan.js');
const { review } = dist('../dist/lib/review/review.js');
const { mutantsOf, mutated } = dist('../dist/scripts/mutants/operators.js');
const { inWords, isDetected, report, sample } = dist('../dist/scripts/mutants/report.js');
const { withSection } = dist('../dist/scripts/docs/marked-section.js');

const application = fileURLToPath(new URL('../examples/guestbook', import.meta.url));
const page = fileURLToPath(new URL('../docs/quality.md', import.meta.url));
const { values: options } = parseArgs({
  options: {
    rehearse: { type: 'string', default: '0' },
    trace: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const textOf = ({ times: _, ...one }) => JSON.stringify(one);
const scratch = mkdtempSync(join(tmpdir(), 'mutants-'));
const say = (line) => process.stderr.write(`${line}\n`);

/** Writes a copy of the plan with one change. A plan may not link to files outside its folder. */
function writeMutant(plan, stacks, name) {
  const directory = mkdtempSync(join(scratch, name));
  cpSync(plan, directory, { recursive: true, mode: constants.COPYFILE_FICLONE });
  for (const stack of stacks)
    writeFileSync(join(directory, `${stack.name}.template.json`), JSON.stringify(stack.template));
  return directory;
}

/** Returns the stacks with a server that exits at once, because it gets no secrets. */
function withoutSecrets(stacks) {
  const changed = structuredClone(stacks);
  for (const { Type, Properties } of changed.flatMap(({ template }) => Object.values(template.Resources)))
    if (Type === 'AWS::ECS::TaskDefinition' && Properties.ContainerDefinitions[0].Name === 'server')
      Properties.ContainerDefinitions[0].Secrets = [];
  return changed;
}

/** Returns the trace of three rehearsals: two releases, a release with each fault, and a failing first release. */
async function traceOf(plan, stacks) {
  if (options.trace) return readTrace(options.trace);
  const traces = [];
  const run = async (what, assembly, faults, expected) => {
    say(`rehearsing the plan, for its trace: ${what}`);
    const trace = join(scratch, `trace-${traces.length}.json`);
    const { verdict, problem } = await rehearse({ assembly, trace, faults });
    if (verdict !== expected)
      throw new Error(`the rehearsal ${verdict}, but should have ${expected}: ${problem}`);
    traces.push(readTrace(trace));
  };
  await run('without a fault', plan, [], 'passed');
  const faults = FAULTS.map(({ name }) => name);
  await run(`with ${faults.length} faults`, plan, faults, 'passed');
  const failing = writeMutant(plan, withoutSecrets(stacks), 'failing-');
  await run('a first release that fails', failing, [], 'failed');
  const all = (name) => [
    ...new Map(traces.flatMap((one) => one[name]).map((one) => [textOf(one), one])).values(),
  ];
  return { ...traces[0], calls: all('calls'), connections: all('connections') };
}

/** Prints the permissions of the plan that no call of the trace used. */
function printUnused(trace, stacks) {
  const { inventory } = plannedInventory({ stacks }, trace.resources);
  const { grants, unused } = usedGrants(inventory, trace.calls);
  say(`${unused.length} of ${grants} permissions are unused:`);
  for (const { policy, action, resource } of unused) say(`  ${policy.logicalId}: ${action} on ${resource}`);
}

/** Adds to each mutant the results of replay and review. */
async function judgeMutants(mutants, { plan, stacks, trace }) {
  const base = { label: 'the plan', plan: await readPlan(plan) };
  const byName = new Map(base.plan.stacks.map((stack) => [stack.name, stack]));
  return mutants.map((mutant) => {
    const head = mutated([byName.get(mutant.stack)], mutant);
    const changed = base.plan.stacks.map((stack) => (stack.name === mutant.stack ? head[0] : stack));
    const result = review(base, { label: mutant.what, plan: { ...base.plan, stacks: changed } });
    return {
      ...mutant,
      replay: replay(trace, { stacks: mutated(stacks, mutant) }).findings.length > 0,
      review: result.verdict !== 'clean',
      note: result.findings.length > 0,
    };
  });
}

async function rehearseSample(all, plan, stacks, count) {
  for (const mutant of sample(all, count)) {
    const assembly = writeMutant(plan, mutated(stacks, mutant), 'plan-');
    const { verdict, problem = '' } = await rehearse({ assembly });
    mutant.rehearsal = verdict === 'failed';
    say(`${mutant.rehearsal ? 'detected' : 'missed  '}  ${inWords(mutant)}  ${problem.split('\n')[0]}`);
  }
}

try {
  const prepared = await prepareEnvironment({ environment: 'production', application });
  const plan = join(scratch, 'plan');
  synthesize(prepared, plan, 'temporary');
  const { stacks } = new Assembly(plan);
  const trace = await traceOf(plan, stacks);
  printUnused(trace, stacks);
  const begun = performance.now();
  const mutants = mutantsOf(stacks);
  const equivalent = mutants.filter((one) => one.isEquivalent);
  const different = mutants.filter((one) => !one.isEquivalent);
  const all = await judgeMutants(different, { plan, stacks, trace });
  say(`${all.length} mutants judged in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  await rehearseSample(all, plan, stacks, Number(options.rehearse));
  const { section, score } = report(all, equivalent);
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), 'mutants', section));
  if (options.list)
    for (const mutant of all.filter((one) => !isDetected(one)))
      process.stdout.write(`${mutant.note ? 'note' : 'none'}  ${inWords(mutant)}\n`);
  process.stdout.write(`${score}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
