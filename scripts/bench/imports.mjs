import { execFileSync } from 'node:child_process';
import { median } from './measure.mjs';

/** Returns the median time of a module's `require` in a new process, and the number of modules that it loads. */
export function importTimes(file, runs = 7) {
  const script = `
    const started = performance.now();
    require(${JSON.stringify(file)});
    const milliseconds = performance.now() - started;
    console.log(JSON.stringify({ milliseconds, modules: Object.keys(require.cache).length }));`;
  const results = Array.from({ length: runs }, () =>
    JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
  );
  return { milliseconds: median(results.map((one) => one.milliseconds)), modules: results[0].modules };
}
