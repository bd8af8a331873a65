import { expect, test } from 'vitest';
import { runningTime } from '../../lib/rehearsal/core/running-time';
import { pause } from '../../lib/rehearsal/core/time';

test('the running time leaves out the time in which other work blocks the process', async () => {
  const begun = runningTime();
  const end = performance.now() + 400;
  while (performance.now() < end);
  expect(runningTime() - begun).toBeLessThanOrEqual(50);
  await pause(100);
  expect(runningTime() - begun).toBeGreaterThan(50);
});
