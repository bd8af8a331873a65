import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Revision, revisionOf } from './git';
import { manifestOf } from './manifest';
import { PlanError } from './plan-error';

/** The base that a plan is compared with. */
export type Base =
  | { readonly kind: 'revision'; readonly revision: Revision }
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'deployed' };

/** Returns the folder of a cloud assembly that `--base` names, or undefined if it names none. */
export function baseFolder(given: string | undefined): string | undefined {
  return given !== undefined && given !== 'deployed' && existsSync(join(given, 'manifest.json'))
    ? resolve(given)
    : undefined;
}

/**
 * Resolves the value of `--base`: the deployed stacks, a cloud assembly, or a revision of the application's
 * repository.
 * @param given undefined for the merge base of this branch and the main branch
 * @param application the application's folder
 * @throws PlanError if the value is none of these
 */
export function resolveBase(given: string | undefined, application: string): Base {
  if (given === 'deployed') return { kind: 'deployed' };
  const directory = baseFolder(given);
  if (directory !== undefined) return { kind: 'directory', directory };
  const revision = revisionOf(given, application);
  if (revision) return { kind: 'revision', revision };
  if (given === undefined)
    throw new PlanError(
      `${application} is in no git repository, so there is no base; choose one with --base: a folder that \`framework53 synth --out\` wrote, or \`deployed\``,
    );
  // The manifest's reader throws the reason.
  if (statSync(given, { throwIfNoEntry: false })) manifestOf(resolve(given));
  throw new PlanError(
    `--base ${given} is neither a revision of the repository of ${application}, nor the folder of a cloud assembly, nor \`deployed\``,
  );
}
