import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LAPS, LOOKS } from '../../../constructs/escalation/escalation-definition';
import { canExecute, type Definition, deployedDefinition } from '../server/state-machine';
import { escalationStack, NAME, PLAN } from './escalation-stack';
import { SUPPRESSOR, World } from './world';

/** With each contact's name for the ARN of their topic. */
function definition(): Definition {
  const deploymentMetric = new Metric({
    namespace: NAME,
    metricName: 'Followed',
    period: Duration.minutes(1),
  });
  const deployed = deployedDefinition(escalationStack({ deploymentMetric }).template(), `${NAME}-escalation`);
  const choose = deployed.States['Select recipients'] as {
    Parameters: { plan: { topics: Record<string, string> } };
  };
  choose.Parameters.plan.topics = Object.fromEntries(PLAN.contacts.map(({ name }) => [name, name]));
  return deployed;
}

const machine = definition();
const ALARM = `${NAME}-page-server-fails`;
const OTHER = `${NAME}-page-availability-burn`;
let world: World;
const begin = () => {
  world = new World(machine);
  return world;
};
afterEach(() => (world as World | undefined)?.stop());

describe.runIf(canExecute)('an escalation, executed', () => {
  test('without an answer: pages all tiers, uses the fallback, and repeats while the alarm fires', async () => {
    begin().at(60, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual([
      '0 Ada: PAGE',
      '5 Ada: PAGE',
      '10 Grace: PAGE',
      '10 webhook: page',
      '20 fallback: nobody answered',
      '50 Ada: PAGE',
      '55 Ada: PAGE',
      '60 Ada: OVER',
      '60 Grace: OVER',
      '60 webhook: cleared',
    ]);
    expect(world.item?.['status']?.S).toBe('closed');
  });

  test('first contact answers: pages nobody else, and pages again if the alarm still fires later', async () => {
    begin()
      .at(3, () => world.answer('Ada'))
      .at(34, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '33 Ada: PAGE', '34 Ada: OVER']);
  });

  test('second contact answers: informs those who were paged before', async () => {
    begin()
      .at(12, () => world.answer('Grace'))
      .at(20, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story.slice(0, 4)).toEqual([
      '0 Ada: PAGE',
      '5 Ada: PAGE',
      '10 Grace: PAGE',
      '10 webhook: page',
    ]);
    expect(world.story.slice(4)).toEqual([
      '12 Ada: TAKEN',
      '12 webhook: taken',
      '20 Ada: OVER',
      '20 Grace: OVER',
      '20 webhook: cleared',
    ]);
    expect(world.sent.at(-2)?.email).toContain('Grace had taken it over.');
  });

  test('repeated answers: each one pauses the pages for a while', async () => {
    begin()
      .at(1, () => world.answer('Ada'))
      .at(32, () => world.answer('Ada'))
      .at(63, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '31 Ada: PAGE', '62 Ada: PAGE', '63 Ada: OVER']);
  });

  test.each([1, 5, 6, 10, 11, 20, 51])(
    'alarm clears after %i minutes: stops the pages and sends the end of the incident',
    async (minute) => {
      begin().at(minute, () => world.firing.clear());
      await world.fire(ALARM);
      await world.run();
      const told = new Set(
        world.sent
          .filter(({ what, to }) => what.toUpperCase() === 'PAGE' && to !== 'fallback')
          .map(({ to }) => to),
      );
      const last = world.sent.filter((sent) => sent.minute === minute);
      expect(last.map(({ to }) => to).sort()).toEqual([...told].sort());
      expect(last.every(({ what }) => what === 'OVER' || what === 'cleared')).toBe(true);
      expect(world.minute).toBe(minute);
    },
  );

  test('alarm clears before the first page: pages nobody', async () => {
    begin();
    await world.fire(ALARM);
    world.firing.clear();
    await world.run();
    expect(world.story).toEqual([]);
    expect(world.item?.['status']?.S).toBe('closed');
  });

  test('alarms that join after an answer: sends the person who answered one message with their names', async () => {
    begin()
      .at(3, () => world.answer('Ada'))
      .at(5, () => world.fire(OTHER))
      .at(8, () => world.fire(OTHER))
      .at(20, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '5 Ada: MORE', '20 Ada: OVER']);
    expect(world.sent[1]?.subject).toBe(`MORE ${NAME}: availability-burn`);
    expect(world.sent[2]?.subject).toBe(`OVER ${NAME}: server-fails, availability-burn`);
  });

  test('alarms that join before an answer: appear in the next page only', async () => {
    begin()
      .at(2, () => world.fire(OTHER))
      .at(7, () => world.answer('Ada'))
      .at(20, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '5 Ada: PAGE', '20 Ada: OVER']);
    expect(world.sent[1]?.subject).toBe(`PAGE ${NAME}: server-fails, availability-burn`);
  });

  test('answer under an unknown name: sends alarms that join to all who were paged', async () => {
    begin()
      .at(1, () => world.answer('Ada', 'Hedy'))
      .at(5, () => world.fire(OTHER))
      .at(9, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toContain('5 Ada: MORE');
  });

  test('an alarm of another region is held while a deployment explains it; an unrelated alarm pages', async () => {
    begin().at(4, () => world.firing.delete(SUPPRESSOR));
    world.at(6, () => world.notify(ALARM, 'OK', { region: 'us-east-1' }));
    world.firing.add(SUPPRESSOR);
    await world.fire(ALARM, { region: 'us-east-1' });
    await world.run();
    expect(world.story).toEqual(['4 Ada: PAGE', '6 Ada: OVER']);
  });

  test("the message about an unanswered incident names its alarms and the incident's address", async () => {
    begin().at(25, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    const last = world.sent.find(({ to }) => to === 'fallback');
    expect(last?.email).toContain(`alarms ["${ALARM}"]`);
    expect(last?.email).toMatch(/Look: https:.*cloudwatch/);
  });

  test('alarm clears after an answer: the incident ends', async () => {
    begin()
      .at(2, () => world.answer('Ada'))
      .at(7, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '7 Ada: OVER']);
  });

  test('a muted alarm pages nobody, and starts with the first contact after the mute', async () => {
    begin()
      .at(2, () => world.muted.delete(ALARM))
      .at(4, () => world.muted.add(ALARM))
      .at(8, () => world.muted.delete(ALARM))
      .at(9, () => world.firing.clear());
    world.muted.add(ALARM);
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual(['2 Ada: PAGE', '8 Ada: PAGE', '9 Ada: OVER']);
  });

  test('one muted alarm does not silence another', async () => {
    begin().at(1, () => world.firing.clear());
    world.muted.add(ALARM);
    await world.fire(ALARM);
    await world.fire(OTHER);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '1 Ada: OVER']);
  });

  test('the page goes to the person on call at that moment', async () => {
    begin().at(6, () => world.firing.clear());
    // Ada's week ends on Monday at 09:00 in Berlin.
    vi.setSystemTime(new Date('2026-11-30T08:00:00Z'));
    await world.fire(ALARM);
    await world.run();
    expect(world.story[0]).toBe('0 Grace: PAGE');
  });

  test('a duplicate notification makes one incident, and none after its end', async () => {
    begin().at(2, () => world.firing.clear());
    const at = new Date();
    await world.fire(ALARM, { at });
    await world.fire(ALARM, { at });
    await world.run();
    await world.notify(ALARM, 'ALARM', { at });
    await world.run();
    expect(world.executions).toHaveLength(1);
    expect(world.story).toEqual(['0 Ada: PAGE', '2 Ada: OVER']);
  });

  test('an alarm of the same cause joins the incident, which ends when all alarms are OK', async () => {
    begin()
      .at(1, () => world.fire(OTHER))
      .at(3, () => world.firing.delete(ALARM))
      .at(7, () => world.firing.delete(OTHER));
    await world.fire(ALARM);
    await world.run();
    expect(world.executions).toHaveLength(1);
    expect(world.story).toEqual(['0 Ada: PAGE', '5 Ada: PAGE', '7 Ada: OVER']);
    expect(world.sent[1]?.email).toContain('Also firing or fired: availability-burn.');
  });

  test('an alarm that joins at the very end is not lost', async () => {
    begin()
      .at(2, () => world.firing.clear())
      .at(6, () => world.firing.clear());
    await world.fire(ALARM);
    world.beforeClose = () => world.fire(OTHER);
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '5 Ada: PAGE', '6 Ada: OVER']);
  });

  test('an alarm of another cause has a separate incident', async () => {
    begin().at(1, () => world.firing.clear());
    await world.fire(ALARM);
    await world.fire(`${NAME}-page-database-connections`, { cause: 'database' });
    expect(world.executions).toEqual([
      expect.stringMatching(/^application-20261124T030000-/),
      expect.stringMatching(/^database-20261124T030000-/),
    ]);
  });

  test('an alarm that fires after the end has a new incident', async () => {
    begin().at(1, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    await world.fire(ALARM);
    world.at(3, () => world.firing.clear());
    await world.run();
    expect(world.executions).toHaveLength(2);
    expect(world.story).toEqual(['0 Ada: PAGE', '1 Ada: OVER', '1 Ada: PAGE', '3 Ada: OVER']);
  });

  test('a failing webhook does not stop other messages, and is reported', async () => {
    begin().at(11, () => world.firing.clear());
    world.down.add('webhook');
    await world.fire(ALARM);
    await world.run();
    expect(world.story).toEqual([
      '0 Ada: PAGE',
      '5 Ada: PAGE',
      '10 Grace: PAGE',
      '10 fallback: somebody could not be notified',
      '11 Ada: OVER',
      '11 Grace: OVER',
    ]);
  });

  test('the escalation retries if all channels fail', async () => {
    begin()
      .at(7, () => world.down.clear())
      .at(11, () => world.firing.clear());
    for (const one of ['Ada', 'select recipients', 'fallback']) world.down.add(one);
    await world.fire(ALARM);
    await world.run();
    expect(world.story[0]).toBe('10 Grace: PAGE');
  });

  test('if the rotation cannot be read, the other tiers are paged', async () => {
    begin()
      .at(9, () => world.down.clear())
      .at(11, () => world.firing.clear());
    world.down.add('select recipients');
    await world.fire(ALARM);
    await world.run();
    expect(world.story.slice(0, 3)).toEqual([
      '0 fallback: recipients unknown',
      '5 fallback: recipients unknown',
      '10 Grace: PAGE',
    ]);
  });

  test('an alarm of another region is trusted in both states', async () => {
    const region = 'us-east-1';
    begin().at(6, () => world.notify(ALARM, 'OK', { region }));
    await world.fire(ALARM, { region });
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '5 Ada: PAGE', '6 Ada: OVER']);
  });

  test('the next alarm restarts an incident with a dead execution', async () => {
    begin().at(1, () => world.firing.delete(OTHER));
    world.at(6, () => world.firing.delete(ALARM));
    await world.fire(ALARM);
    world.lose();
    await world.fire(OTHER);
    await world.run();
    expect(world.executions).toHaveLength(2);
    expect(world.story).toEqual(['0 Ada: PAGE', '5 Ada: PAGE', '6 Ada: OVER']);
  });

  test('an execution stops if another one handles the incident', async () => {
    begin();
    await world.fire(ALARM);
    world.item!['execution'] = { S: 'another' };
    await world.run();
    expect(world.story).toEqual([]);
  });

  test('a long incident continues in another execution at the same point', async () => {
    const hasty = JSON.parse(
      JSON.stringify(machine).replaceAll(
        `"NumericGreaterThanEquals":${LOOKS}`,
        '"NumericGreaterThanEquals":4',
      ),
    );
    world = new World(hasty);
    world.at(12, () => world.firing.clear());
    await world.fire(ALARM);
    await world.run();
    const [first] = world.executions;
    expect(world.executions).toEqual([first, `${first}-1`, `${first}-2`, `${first}-3`]);
    expect(world.story).toEqual([
      '0 Ada: PAGE',
      '5 Ada: PAGE',
      '10 Grace: PAGE',
      '10 webhook: page',
      '12 Ada: OVER',
      '12 Grace: OVER',
      '12 webhook: cleared',
    ]);
  });

  test('an endless incident fails after a week, so that the failure alarm fires', async () => {
    const hasty = JSON.parse(
      JSON.stringify(machine)
        .replaceAll(`"NumericGreaterThanEquals":${LOOKS}`, '"NumericGreaterThanEquals":1')
        .replaceAll(`"NumericGreaterThanEquals":${LAPS - 1}`, '"NumericGreaterThanEquals":2'),
    );
    world = new World(hasty);
    await world.fire(ALARM);
    await expect(world.run()).rejects.toThrow('been open for more than a week');
    expect(world.item?.['status']?.S).toBe('closed');
  });
});

test('all polls of an incident fit into the history of an execution, even with retries', () => {
  // Entering and leaving a state; a task is scheduled, started and succeeds, after one attempt that fails.
  const weights = { Task: 8, Map: 40 } as Record<string, number>;
  const next = (state: object) =>
    [...JSON.stringify({ ...state, ItemProcessor: undefined }).matchAll(/"(?:Next|Default)":"([^"]+)"/g)].map(
      ([, name]) => name!,
    );
  const longest = (name: string, seen: readonly string[] = []): number => {
    const state = machine.States[name] as { Type: string };
    const own = weights[state.Type] ?? 2;
    const followers = next(state).filter((one) => one !== 'Read incident' && !seen.includes(one));
    return own + Math.max(0, ...followers.map((one) => longest(one, [...seen, name])));
  };
  expect(LOOKS * longest('Read incident')).toBeLessThan(25_000);
  expect(LOOKS * LAPS).toBeGreaterThanOrEqual(8 * 24 * 60);
});

describe.runIf(canExecute)('the weekly test, executed', () => {
  const TEST = `${NAME}-page-test`;

  test('pages the first contact, and ends with the answer', async () => {
    begin().at(2, () => world.answer('Ada'));
    await world.fire(TEST, { cause: 'test' });
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE']);
    expect(world.sent[0]?.subject).toBe(`TEST PAGE ${NAME}: test`);
    expect(world.resets).toEqual([TEST]);
    expect(world.item?.['acknowledgedBy']?.S).toBe('Ada');
    expect(world.item?.['status']?.S).toBe('closed');
  });

  test('pages nobody else without an answer, but reports it to the fallback', async () => {
    begin();
    await world.fire(TEST, { cause: 'test' });
    await world.run();
    expect(world.story).toEqual(['0 Ada: PAGE', '5 fallback: nobody answered the test page']);
    expect(world.resets).toEqual([TEST]);
    expect(world.item?.['status']?.S).toBe('closed');
  });
});
