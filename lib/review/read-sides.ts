import { resolve } from 'node:path';
import { environmentName } from '../../config';
import { inScratchFolder } from '../files/scratch-folder';
import { deployedPlan } from './deployed-plan';
import { labelOf } from './git';
import { PlanError } from './plan-error';
import { EMPTY_PLAN, type ReadPlan, readPlan } from './read-plan';
import { type Base, baseFolder, resolveBase } from './resolve-base';
import type { Side } from './review';
import { withRevision } from './synthesize-revision';

export interface ReadSidesOptions {
  /**
   * The base to compare with: a revision, the folder of a cloud assembly or `deployed`. @default - the merge base of
   * this branch and the main branch
   */
  readonly base?: string;
  /** The folder of a cloud assembly. @default - the application in its present state, synthesised */
  readonly head?: string;
  /** @default production */
  readonly environment?: string;
  /** The application's folder. @default - the working directory */
  readonly application?: string;
  readonly progress: (line: string) => void;
}

/** The two plans that a review compares. Assemblies synthesised for the review are deleted afterwards. */
export interface Sides {
  readonly base: Side;
  readonly head: Side;
  /** The application's folder, which may contain standing acceptances. */
  readonly application: string;
  /** Known unless both plans were given as folders. */
  readonly environment?: string;
}

/**
 * Reads the reviewed plan and its base.
 * @throws PlanError, and errors of the application's synthesis
 */
export async function readSides(options: ReadSidesOptions): Promise<Sides> {
  const folder = baseFolder(options.base);
  if (folder !== undefined && options.head !== undefined) {
    const environment = options.environment === undefined ? {} : { environment: options.environment };
    const application = resolve(options.application ?? '.');
    const before = await readPlan(folder, { applied: 'all' });
    const after = await readPlan(resolve(options.head), { applied: before.migrations });
    return {
      base: { label: options.base!, plan: before },
      head: { label: options.head, plan: after },
      application,
      ...environment,
    };
  }
  return readApplication(options);
}

async function readApplication(options: ReadSidesOptions): Promise<Sides> {
  const environment = environmentName(options.environment ?? 'production');
  // The comparison of two folders does not need this module, which is slow to load.
  const { resolveEnvironment } = await import('../prepare/resolve-environment.js');
  const { application } = resolveEnvironment({ environment, application: options.application });
  const base = resolveBase(options.base, application);
  if (options.head !== undefined) {
    const directory = resolve(options.head);
    const head = { label: options.head, read: (applied: Applied) => readPlan(directory, { applied }) };
    return { environment, application, ...(await compared(base, head, { ...options, environment })) };
  }
  return inScratchFolder('head', async (directory) => {
    const ending = new AbortController();
    const synthesized = synthesizeHere({ ...options, environment, application }, directory);
    // If one side fails, stop the other one.
    synthesized.catch(() => ending.abort());
    const head = {
      label: labelOf(application),
      read: async (applied: Applied) => {
        await synthesized;
        return readPlan(directory, { applied });
      },
    };
    const sides = compared(base, head, { ...options, environment, signal: ending.signal });
    const [here] = await Promise.allSettled([synthesized, sides]);
    if (here.status === 'rejected') throw here.reason;
    return { environment, application, ...(await sides) };
  });
}

type Applied = ReadPlan['migrations'];

interface Head {
  readonly label: string;
  readonly read: (applied: Applied) => Promise<ReadPlan>;
}

type Compared = ReadSidesOptions & {
  readonly environment: ReturnType<typeof environmentName>;
  readonly signal?: AbortSignal;
};

/** Reads both sides. The base comes first, because its migrations decide which ones of the head are new. */
async function compared(base: Base, head: Head, options: Compared): Promise<{ base: Side; head: Side }> {
  const { environment, progress, signal } = options;
  if (base.kind === 'deployed') {
    const plan = await head.read(undefined);
    const before = await deployedPlan({ head: plan, progress });
    const label = before.stacks.length > 0 ? 'deployed' : 'deployed (nothing yet)';
    return { base: { label, plan: before }, head: { label: head.label, plan } };
  }
  const before =
    base.kind === 'directory'
      ? { label: options.base!, plan: await readPlan(base.directory, { applied: 'all' }) }
      : await withRevision({ revision: base.revision, environment, progress, signal }, async (directory) =>
          directory === undefined
            ? { label: `${base.revision.label}, without this application`, plan: EMPTY_PLAN }
            : { label: base.revision.label, plan: await readPlan(directory, { applied: 'all' }) },
        );
  return { base: before, head: { label: head.label, plan: await head.read(before.plan.migrations) } };
}

/** Synthesises the application in its folder. */
async function synthesizeHere(
  { environment, application, progress }: ReadSidesOptions,
  directory: string,
): Promise<void> {
  const { prepareEnvironment } = await import('../prepare/prepare-environment.js');
  const prepared = await prepareEnvironment({ environment, application, progress });
  const { synthesize } = await import('../synthesis/synthesize.js');
  progress(`synthesising ${environment}`);
  try {
    synthesize(prepared, directory, 'temporary');
  } catch (error) {
    throw new PlanError(`the synthesis of the reviewed plan failed: ${(error as Error).message}`);
  }
}
