import { describe, expect, test } from 'vitest';
import { activated, mayUse } from '../../../constructs/database/active-login';

const at = (time: string) => new Date(`2026-01-01T${time}Z`);
const login = (username: string) => ({ username, password: `password-of-${username}` });
const aThenB = activated(login('b'), activated(login('a'), undefined, at('10:00:00')), at('12:00:00'));

describe('activated()', () => {
  test('records the active login and the start of its period', () => {
    expect(aThenB).toEqual({
      ...login('b'),
      periods: [
        { username: 'a', from: '2026-01-01T10:00:00.000Z' },
        { username: 'b', from: '2026-01-01T12:00:00.000Z' },
      ],
    });
  });
  test('starts no new period for the same login', () => {
    const renewed = activated({ username: 'b', password: 'new' }, aThenB, at('13:00:00'));
    expect(renewed).toEqual({ ...aThenB, password: 'new' });
  });
  test('drops the oldest periods', () => {
    let active = aThenB;
    for (let hour = 0; hour < 50; hour++)
      active = activated(
        login(hour % 2 ? 'b' : 'a'),
        active,
        new Date(at('13:00:00').getTime() + hour * 3_600_000),
      );
    expect(active.periods).toHaveLength(24);
  });
});

describe('mayUse()', () => {
  const task = (createdAt: string, startedAt?: string) => ({
    createdAt: at(createdAt),
    startedAt: startedAt ? at(startedAt) : undefined,
  });

  test.each([
    ['made under a', task('11:00:00', '11:00:30'), ['a']],
    ['made under b', task('13:00:00', '13:00:30'), ['b']],
    ['started across the change', task('11:58:00', '12:02:00'), ['a', 'b']],
    ['made right after the change, by a clock that may be wrong', task('12:00:30', '12:01:00'), ['a', 'b']],
    ['made under a and not started yet', task('11:00:00'), ['a', 'b']],
    ['older than what is remembered', task('09:00:00', '09:00:30'), ['a', 'b']],
  ])('a task %s', (_, times, held) => {
    expect(['a', 'b'].filter((username) => mayUse(times, username, aThenB))).toEqual(held);
  });
  test('any task may use any login if no period is recorded', () => {
    expect(mayUse(task('13:00:00', '13:00:30'), 'a', login('b'))).toBe(true);
  });
});
