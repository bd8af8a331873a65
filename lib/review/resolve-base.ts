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

/** The folder of the cloud assembly that is meant by the value of `--base`; undefined for what is none. */
export function baseFolder(given: string | undefined): string | undefined {
  return given !== undefined && given !== 'deployed' && existsSync(join(given, 'manifest.json'))
    ? resolve(given)
    : undefined;
}

/**
 * The meaning of the value of `--base`: what is deployed, a cloud assembly, or a revision of the repository the
 * application is in.
 *
 * @param given undefined for where this branch left main
 * @param application the application's folder
 * @throws PlanError for what is none of these
 */
export function resolveBase(given: string | undefined, application: string): Base {
  if (given === 'deployed') return { kind: 'deployed' };
  const directory = baseFolder(given);
  if (directory !== undefined) return { kind: 'directory', directory };
  const revision = revisionOf(given, application);
  if (revision) return { kind: 'revision', revision };
  if (given === undefined)
    throw new PlanError(
      `${application} is in no git repository, so there is nothing to compare with; name it with --base: a folder that \`framework53 synth --out\` wrote, or \`deployed\``,
    );
  // Says what is wrong with it.
  if (statSync(given, { throwIfNoEntry: false })) manifestOf(resolve(given));
  throw new PlanError(
    `--base ${given} is neither a revision of the repository that ${application} is in, nor the folder of a cloud assembly, nor \`deployed\``,
  );
}
