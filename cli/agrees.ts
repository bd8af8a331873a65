import { createInterface } from 'node:readline/promises';

/** Asks the user a question that `y` agrees to. Without a terminal, the answer is no. */
export async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('framework53: cannot ask for confirmation without a terminal; add --yes\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
