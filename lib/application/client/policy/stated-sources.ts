import { helmetDefaults } from '../../reading/security-headers';
import type { OwnPolicy } from '../../reading/server-reading';
import type { AllowedSource } from './allowed-source';

/** Matches sources that the pages' policy already has, or that would disable its hashes. */
const left = /^('self'|'none'|'unsafe-hashes'|'nonce-.*|data:|blob:)$/;

/**
 * Returns the sources in the server's own policy, which does not apply to pages from the bucket. helmet's default
 * directives do not count.
 */
export function statedSources(own: OwnPolicy | undefined): AllowedSource[] {
  if (!own || own.off) return [];
  return Object.entries(own.directives).flatMap(([directive, sources]) => {
    if (
      !/^(default|script|style|img|font|connect|media|frame|child|worker|manifest)-src(-elem|-attr)?$|^form-action$/.test(
        directive,
      )
    )
      return [];
    const isDefault =
      own.by === 'helmet' &&
      [...(helmetDefaults[directive] ?? [])].sort().join() === [...sources].sort().join();
    if (isDefault) return [];
    return sources
      .filter(
        (source) => !left.test(source) && !(directive.startsWith('script') && source === "'unsafe-inline'"),
      )
      .map((source) => ({ directive, source, by: own.place }));
  });
}
