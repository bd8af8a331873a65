import { execFileSync } from 'node:child_process';

/** The result of the application's own tests. */
export interface TestRun {
  readonly verdict: 'passed' | 'failed';
  /** Seconds, rounded. */
  readonly seconds: number;
}

/**
 * Runs the application's test command in its folder. The output goes to standard error.
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
