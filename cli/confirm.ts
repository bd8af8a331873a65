import { createInterface } from 'node:readline/promises';

/**
 * Asks the user a question. Without a terminal, the answer is no.
 * @param isAgreement says whether an answer agrees; @default - `y` or `yes` does
 */
export async function confirm(question: string, isAgreement?: (answer: string) => boolean): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('framework53: cannot ask for confirmation without a terminal; add --yes\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await terminal.question(isAgreement ? `${question} ` : `${question} [y/N] `)).trim();
    return isAgreement ? isAgreement(answer) : /^y(es)?$/i.test(answer);
  } finally {
    terminal.close();
  }
}
