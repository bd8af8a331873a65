import { EXIT, type Option, printError } from './command';

/** `--as` of the commands that write under a person's name. */
export const plansOwner = {
  as: {
    value: 'NAME',
    description: 'Your name in delivery.people (default: the one with your user id)',
  },
} satisfies Record<string, Option>;

/** Runs a command that may refuse its work. A refusal prints every reason and ends with exit code 2. */
export async function exitOnRefusal(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if ((error as Error).name !== 'RefusedError') throw error;
    printError(`framework53: ${(error as Error).message}`);
    return EXIT.foundWanting;
  }
}
