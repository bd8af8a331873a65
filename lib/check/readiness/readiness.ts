import type { CheckReport } from '../check-application';
import type { Audit } from './audit';
import { alarmsJudged, migrationsJudged, type PlanFacts } from './planned';
import type { Judged, ReadyItem } from './ready-item';
import { type Rehearsed, rehearsedItems } from './rehearsed';
import type { TestRun } from './run-tests';

/** The facts by which the items are judged. */
export interface ReadyFacts {
  readonly check: CheckReport;
  /** @default - the tests were not run */
  readonly tests?: TestRun;
  readonly audit: Audit;
  readonly rehearsal: Rehearsed;
  /** @default - no plan was given */
  readonly plan?: PlanFacts | undefined;
  /** True if the environment's settings have an escalation tier. */
  readonly escalation: boolean;
}

/** Judges each item of the checklists. */
export function readiness(facts: ReadyFacts): ReadyItem[] {
  const { check, tests, audit } = facts;
  const item = (name: string, section: string, [state, because]: Judged): ReadyItem => ({
    item: name,
    section,
    state,
    because,
  });
  const person = (name: string, section: string, because: string) =>
    item(name, section, ['to be confirmed by a person', because]);
  return [
    item("The application's tests pass", '8.1', testsJudged(tests)),
    item(
      'Sources contain no secrets',
      '8.1',
      ruleJudged(check, (rule) => /^secret-|^env-file-committed$/.test(rule)),
    ),
    item('Production dependencies are audited', '8.1', auditJudged(audit)),
    ...rehearsedItems(facts.rehearsal),
    item('Escalation is configured', '8.1', [
      facts.escalation ? 'proved' : 'failed',
      facts.escalation
        ? 'escalation.tiers of the environment names the people to notify'
        : 'the environment has no escalation tier; set escalation.tiers in framework53.config.ts',
    ]),
    item('Every alarm has an action', '8.1', alarmsJudged(facts.plan?.alarms)),
    item('Migrations are judged', '8.1', migrationsJudged(facts.plan)),
    item('Client and server are separated', 'B', ruleJudged(check, sections(/^4\.[13]$/))),
    item('Each environment is configured', 'B', ruleJudged(check, sections(/^5\./))),
    item(
      'Client and server are built separately',
      'B',
      ruleJudged(check, (rule) => rule === 'build-scripts'),
    ),
    item('Data access follows the framework', 'B', ruleJudged(check, sections(/^7\./))),
    item(
      'Annotations name Framework 5.3',
      'B',
      ruleJudged(check, (rule) => rule === 'annotation-outdated'),
    ),
    person('The deployment process is documented', 'B', 'no file can prove this'),
    person('The team knows the changes', 'B', 'no file can prove this'),
  ];
}

function testsJudged(tests: TestRun | undefined): Judged {
  if (!tests) return ['not checked', 'add --test COMMAND'];
  return tests.verdict === 'passed'
    ? ['proved', `the tests passed in ${tests.seconds} s`]
    : ['failed', 'the tests failed; see their output'];
}

function auditJudged(audit: Audit): Judged {
  if (!audit) return ['not checked', 'npm audit gave no answer; the registry or the lockfile is missing'];
  return audit.severe > 0
    ? ['failed', `${audit.severe} high or critical vulnerabilities; run npm audit fix`]
    : ['proved', `npm audit found ${audit.total} vulnerabilities, none high or critical`];
}

const sections = (pattern: RegExp) => (_: string, section: string) => pattern.test(section);

/** An error fails the item. With a warning, a person decides. A rule that could not run proves nothing. */
function ruleJudged(check: CheckReport, asks: (rule: string, section: string) => boolean): Judged {
  const own = check.findings.filter(({ rule, section }) => asks(rule, section));
  const unread = own.find(({ what }) => what.startsWith('this rule could not be checked'));
  const errors = own.filter(({ severity }) => severity === 'error').length;
  const warnings = own.filter(({ severity }) => severity === 'warning').length;
  if (errors > 0) return ['failed', `${errors} errors of the check; run framework53 check and fix them`];
  if (unread) return ['not checked', `${unread.rule}: ${unread.what}`];
  const taken = check.suppressed.filter(({ rule, section }) => asks(rule, section)).length;
  if (warnings + taken > 0)
    return [
      'to be confirmed by a person',
      `warnings of the check: ${warnings}, suppressed findings: ${taken}; run framework53 check`,
    ];
  return ['proved', 'the check found no error and no warning'];
}
