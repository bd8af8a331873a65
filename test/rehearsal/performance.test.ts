import { expect, test } from 'vitest';
import { measuredLines } from '../../lib/rehearsal/performance';

const firstLoad = { bytes: 84_000, files: ['/a.js', '/b.js', '/c.css'], budget: 200_000 };
const paths = [
  { path: '/api/health', requests: 9, p95Ms: 3, budgetMs: 300 },
  { path: '/', requests: 9, p95Ms: 412 },
];

test('each measurement has its limit, and a first load above the limit has a remedy', () => {
  expect(measuredLines({ paths, firstLoad })).toEqual([
    'p95 on this machine: /api/health 3 ms (limit 300 ms), / 412 ms',
    'scripts and style sheets of the first load: 84 kB with gzip in 3 files (limit 200 kB)',
  ]);
  expect(measuredLines({ paths: [], firstLoad: { ...firstLoad, bytes: 455_000, files: ['/a.js'] } })).toEqual(
    [
      'scripts and style sheets of the first load: 455 kB with gzip in 1 file (limit 200 kB); load pages and large packages with import() when they are needed',
    ],
  );
});
