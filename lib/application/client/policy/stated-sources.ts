import { helmetDefaults } from '../../reading/security-headers';
import type { OwnPolicy } from '../../reading/server-reading';
import type { AllowedSource } from './allowed-source';

/** Sources that the pages' policy has anyway, or that would switch its hashes off. */
const left = /^('self'|'none'|'unsafe-hashes'|'nonce-.*|data:|blob:)$/;

/**
 * The sources that the server states in a policy of its own, which pages from the bucket do not get. The directives
 * that helmet sets by itself state nothing.
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
