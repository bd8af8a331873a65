import { execFileSync } from 'node:child_process';

/** The end of the application's own tests. */
export interface TestRun {
  readonly verdict: 'passed' | 'failed';
  /** Seconds, rounded. */
  readonly seconds: number;
}

/**
 * Runs the command of the application's tests in its folder. The tests write to standard error.
 * @param command a command line for the shell
 * @param application folder of the application
 */
export function runTestCommand(command: string, application: string): TestRun {
  const started = Date.now();
  let verdict: TestRun['verdict'] = 'passed';
  try {
    execFileSync(command, { cwd: application, shell: true, stdio: ['ignore', 2, 2] });
  } catch {
    verdict = 'failed';
  }
  return { verdict, seconds: Math.round((Date.now() - started) / 1000) };
}
