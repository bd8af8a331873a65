import { execFileSync, spawn } from 'node:child_process';

export const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];

/** Runs a command. Returns its seconds, its exit code and the peak memory of all its processes together, in MiB. */
export function measure([program, ...args], { cwd, env }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, memoryOf(child.pid));
    }, 200);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(sampling);
      resolve({ seconds: (performance.now() - started) / 1000, peak, code });
    });
  });
}

/** Returns the resident memory of a process and its descendants, in MiB. */
function memoryOf(pid) {
  if (process.platform === 'win32') return 0;
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const [child, parent] of rows) if (family.has(parent)) family.add(child);
  }
  return rows.reduce((sum, [id, , rss]) => (family.has(id) ? sum + rss / 1024 : sum), 0);
}
