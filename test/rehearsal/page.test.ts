import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Settings } from '../../config';
import { SETTINGS } from '../../constructs/escalation/settings';
import { historyPath, serialize } from '../../constructs/release-record/entry';
import type { Firing } from '../../lib/rehearsal/cloudwatch/alarms';
import { CompositeAlarm } from '../../lib/rehearsal/cloudwatch/composite-alarm';
import { rehearse } from '../../lib/rehearsal/rehearsal';
import type { Summary } from '../../lib/rehearsal/report';
import { World } from '../constructs/escalation/world';
import { canExecute, type Definition } from '../constructs/server/state-machine';
import { guestbookPlan, type Resource } from './plan';

/** The rotation is Ada's until nine on Monday, 23 November, in Berlin, and Grace's from then on. */
const ESCALATION: Settings['escalation'] = {
  contacts: [
    { name: 'Ada', email: 'ada@example.com' },
    { name: 'Grace', email: 'grace@example.com', phone: '+4915112345678' },
    { name: 'Operations', email: 'operations@example.com' },
  ],
  rotation: {
    members: ['Ada', 'Grace'],
    handover: { weekday: 'monday', time: '09:00', timeZone: 'Europe/Berlin' },
    start: '2026-11-16',
  },
  tiers: [
    { targets: [{ kind: 'on-call' }], times: 2, everyMinutes: 5 },
    { targets: [{ kind: 'contact', contact: 'Operations' }], times: 1, everyMinutes: 10 },
  ],
  repageMinutes: 30,
  fallbackEmail: 'office@example.com',
  ticketEmails: [],
  acknowledgeLink: true,
  acknowledgeConcurrency: 5,
  maintenance: [],
};
const NIGHT = new Date('2026-11-24T03:00:00Z');
const GRACE = 'grace@example.com, +4915112345678';
const NAME = 'guestbook-production';
const HEALTHY = 'release with sigterm-in-flight';
const BAD = 'release with errors-after-shift';

describe.runIf(canExecute)('the rehearsal of a bad release', () => {
  let summary: Summary;
  /** The resources of the operations stack with all references resolved: an id stands for its ARN. */
  let resources: [string, Resource][];
  let releaseId: string;
  let remove = () => {};
  let world: World;
  beforeAll(async () => {
    const made = await guestbookPlan('production', {}, undefined, { escalation: ESCALATION });
    remove = made.remove;
    const read = (file: string) => JSON.parse(readFileSync(join(made.plan, file), 'utf8'));
    resources = Object.entries(resolved(read(`${NAME}-operations.template.json`).Resources) as object);
    releaseId = made.releaseId;
    summary = await rehearse({
      assembly: made.plan,
      faults: [HEALTHY, BAD].map((what) => what.replace('release with ', '')),
      paths: ['/api/entries'],
    });
    expect({ verdict: summary.verdict, problem: summary.problem }).toEqual({ verdict: 'passed' });
  }, 400_000);
  afterEach(() => world?.stop());
  afterAll(() => remove());

  const of = (type: string) =>
    resources.filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => ({ id, ...Properties }));
  /** Returns the value of a fact that the plan gives to the handlers. */
  const told = (fact: string) =>
    of('AWS::Lambda::Function').find(({ Environment }) => Environment?.Variables[SETTINGS]?.includes(fact))!;

  /** Returns the topic that the intake subscribes to. */
  function pageTopic(): string {
    const { id: intake } = told('stateMachineArn');
    const source = of('AWS::Lambda::EventSourceMapping').find(({ FunctionName }) => FunctionName === intake);
    const queue = of('AWS::SNS::Subscription').find(({ Endpoint }) => Endpoint === source?.EventSourceArn);
    expect(queue).toMatchObject({ Protocol: 'sqs', RawMessageDelivery: true });
    return queue?.TopicArn;
  }

  /** An alarm's states in a release, minute by minute. How long answers take is this machine's doing, too. */
  function states(what: string) {
    const fired = summary.alarms.firings[what]!.filter(({ alarm }) => !alarm.includes('latency'));
    const last = Math.max(0, ...fired.flatMap(({ minutes }) => minutes));
    const composites = of('AWS::CloudWatch::CompositeAlarm');
    const nameOf = (id: string) =>
      [...composites, ...of('AWS::CloudWatch::Alarm')].find((alarm) => alarm.id === id)?.AlarmName ?? id;
    const inAlarm = (name: string, minute: number): boolean => {
      const composite = composites.find(({ AlarmName }) => AlarmName === name);
      if (!composite) return fired.some(({ alarm, minutes }) => alarm === name && minutes.includes(minute));
      const part = (id: string) => ({ inAlarm: () => inAlarm(nameOf(id), minute) }) as never;
      return new CompositeAlarm(name, composite.AlarmRule, true, part).inAlarm(0, minute);
    };
    return { fired, last, inAlarm, nameOf };
  }

  /**
   * Alarms that tell the page topic in a release, and the minute when nothing keeps them quiet. One that is well
   * before it has waited for a cause to fire is among them: how long taking a release back takes is AWS's doing.
   */
  function pages(what: string): { alarm: Resource['Properties']; minute: number }[] {
    const topic = pageTopic();
    const { last, inAlarm, nameOf } = states(what);
    const quiet = (alarm: Resource['Properties'], minute: number) => {
      if (!alarm.ActionsSuppressor) return false;
      const from = minute - alarm.ActionsSuppressorExtensionPeriod / 60;
      const to = minute + alarm.ActionsSuppressorWaitPeriod / 60;
      return range(from, to).some((at) => inAlarm(nameOf(alarm.ActionsSuppressor), at));
    };
    return [...of('AWS::CloudWatch::CompositeAlarm'), ...of('AWS::CloudWatch::Alarm')]
      .filter(({ AlarmActions }) => AlarmActions?.includes(topic))
      .flatMap((alarm) => {
        const fires = range(1, last).filter((at) => inAlarm(alarm.AlarmName, at));
        const minute = fires.find((at) => !quiet(alarm, at));
        return minute === undefined ? [] : [{ alarm, minute }];
      })
      .sort((a, b) => a.minute - b.minute);
  }

  /** Returns the notification that CloudWatch sends to the page topic when an alarm of the plan fires. */
  function notification(
    { AlarmName, AlarmDescription }: Resource['Properties'],
    children: readonly Firing[],
  ) {
    const at = new Date().toISOString().replace('Z', '+0000');
    return {
      AlarmName,
      AlarmDescription,
      AWSAccountId: '123456789012',
      NewStateValue: 'ALARM',
      NewStateReason: `${AlarmName} transitioned to ALARM`,
      StateChangeTime: at,
      AlarmArn: arn(AlarmName),
      OldStateValue: 'OK',
      TriggeringChildren: children.map(({ alarm }) => ({
        Arn: arn(alarm),
        State: { Value: 'ALARM', Timestamp: at },
      })),
    };
  }

  /** The world around the state machine of the plan, in which the bad release has just set off its page. */
  async function paged(at = NIGHT): Promise<{ alarm: string; cause: Firing }> {
    const [machine] = of('AWS::StepFunctions::StateMachine').filter(
      ({ StateMachineName }) => StateMachineName === `${NAME}-escalation`,
    );
    world = new World(JSON.parse(machine!.DefinitionString) as Definition, at);
    const settings = ['stateMachineArn', 'acknowledgeUrl'].map((fact) =>
      JSON.parse(told(fact).Environment.Variables[SETTINGS]),
    );
    vi.stubEnv(SETTINGS, JSON.stringify(Object.assign({}, ...settings)));
    world.parameters = [record(releaseId, new Date(at.getTime() - 3_600_000))];
    const { fired, nameOf } = states(BAD);
    const { alarm, minute } = pages(BAD)[0]!;
    const causes = fired.filter(
      (one) => alarm.AlarmRule.includes(`"${nameOf(one.alarm)}"`) && one.minutes.includes(minute),
    );
    world.metricAlarms = causes.map(({ alarm: AlarmName, value, threshold }) => ({
      AlarmName,
      StateReason: `Threshold Crossed: 2 out of the last 2 datapoints [${value} (24/11/26 02:59:00)] were greater than the threshold (${threshold}).`,
      Threshold: threshold,
    }));
    world.firing.add(alarm.AlarmName);
    await world.deliver(notification(alarm, causes));
    return { alarm: alarm.AlarmName, cause: causes[0]! };
  }

  /**
   * Returns the messages by recipient and time. The addresses are those that the plan subscribes to the
   * topic.
   */
  const story = () =>
    world.sent.map(({ minute, to, what }) => {
      const subscribed = of('AWS::SNS::Subscription').filter(({ TopicArn }) => TopicArn === to);
      return `${minute} ${subscribed.map(({ Endpoint }) => Endpoint).join(', ') || to}: ${what}`;
    });
  const link = () => new URL(/Acknowledge: (\S+)/.exec(world.sent[0]!.email!)![1]!).pathname;

  test('rolls back the release and pages once during the deployment; a healthy release pages nobody', () => {
    const deployed = summary.alarms.firings[BAD]!.find(({ alarm }) => alarm === `${NAME}-part-deploying`)!;
    const during = pages(BAD).filter(({ minute }) => minute <= Math.max(...deployed.minutes));
    expect(during.map(({ alarm }) => alarm.AlarmName)).toEqual([`${NAME}-page-server-fails`]);
    expect([...pages('first release'), ...pages(HEALTHY)]).toEqual([]);
  });

  test.each([
    ['2026-11-23T07:59:59Z', 'ada@example.com'],
    ['2026-11-23T08:00:00Z', GRACE],
    ['2026-11-24T03:00:00Z', GRACE],
  ])('at %s pages only %s, and reports the end', async (at, who) => {
    const { alarm } = await paged(new Date(at));
    world.at(1, () => world.firing.delete(alarm));
    await world.run();
    expect(story()).toEqual([`0 ${who}: PAGE`, `1 ${who}: OVER`]);
  });

  test('sends pages with the effect on users, the size, the rollback command and the acknowledge link', async () => {
    const { alarm, cause } = await paged();
    world.at(1, () => world.firing.delete(alarm));
    await world.run();
    const { subject, email, sms } = world.sent[0]!;
    expect(subject).toBe(`PAGE ${NAME}: server-fails`);
    expect(cause).toMatchObject({ alarm: `${NAME}-rollback-errors`, threshold: 5 });
    expect(cause.value).toBeGreaterThan(5);
    expect(email).toMatch(/^Many responses fail or are slow/);
    expect(email).toContain(`Measured ${Number(cause.value!.toPrecision(4))}, threshold 5.`);
    expect(email).toContain(`Live release: ${releaseId}, since 2026-11-24 02:00 UTC.`);
    expect(email).toContain('\n  framework53 rollback --env production\n');
    expect(email).toMatch(/\nAcknowledge: https:\/\/acknowledge\.example\.com\/[\w-]{22}\n/);
    expect(sms).toContain(link());
  });

  test('repeats the pages until a person acknowledges, who then gets one message about joining alarms', async () => {
    const { alarm } = await paged();
    world.at(12, () => world.firing.delete(alarm));
    await world.run();
    const unanswered = story().filter((line) => line.endsWith('PAGE'));
    expect(unanswered).toEqual([`0 ${GRACE}: PAGE`, `5 ${GRACE}: PAGE`, '10 operations@example.com: PAGE']);
    world.stop();

    await paged();
    const topic = pageTopic();
    const { fired } = states(BAD);
    const others = of('AWS::CloudWatch::CompositeAlarm').filter(
      ({ AlarmName, AlarmActions }) =>
        AlarmName !== alarm && AlarmActions?.includes(topic) && fired.some((one) => one.alarm === AlarmName),
    );
    expect(others.length).toBeGreaterThan(0);
    const pressed: number[] = [];
    world
      .at(1, async () => {
        for (const method of ['GET', 'POST'])
          pressed.push(
            (await world.request(method, link(), method === 'POST' ? 'name=Grace' : undefined)).status,
          );
      })
      // When the deployment no longer keeps them quiet.
      .at(8, async () => {
        for (const other of others) {
          world.firing.add(other.AlarmName);
          await world.deliver(notification(other, []));
        }
      })
      .at(29, () => world.firing.clear());
    await world.run();
    expect(pressed).toEqual([200, 200]);
    expect(story()).toEqual([`0 ${GRACE}: PAGE`, `8 ${GRACE}: MORE`, `29 ${GRACE}: OVER`]);
    expect(world.executions).toHaveLength(1);
    expect(world.item).toMatchObject({ status: { S: 'closed' }, acknowledgedBy: { S: 'Grace' } });
  });
});

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const arn = (alarm: string) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarm}`;

/** Returns a template value as it is after deployment, for the functions used here. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (value === null || typeof value !== 'object') return value;
  const [name, of] = Object.entries(value)[0] ?? [];
  switch (name) {
    case 'Ref':
      return { 'AWS::Partition': 'aws', 'AWS::AccountId': '123456789012' }[of as string] ?? of;
    case 'Fn::Join':
      return (of[1] as unknown[]).map(resolved).join(of[0]);
    case 'Fn::GetAtt':
      return of[1] === 'FunctionUrl' ? 'https://acknowledge.example.com/' : of[0];
    case 'Fn::GetStackOutput':
      return 'of-another-stack';
    default:
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one)]));
  }
}

/** A release that users have had since, as the Parameter Store has it. */
function record(releaseId: string, at: Date): object {
  const value = serialize({
    kind: 'release',
    releaseId,
    image: 'image',
    taskDefinition: 'task',
    pointer: 'pointer',
    keyValueStore: 'store',
    url: 'https://example.com/',
    pageDigest: '',
    healthPath: '/api/health',
    schema: { kind: 'none', digest: '', count: 0, newest: [] },
  });
  return { Name: `${historyPath(NAME)}/1`, Value: value, LastModifiedDate: at };
}
