import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientFiles, clientFiles } from './client-files';
import type { ContentSecurityPolicyOptions } from './content-security-policy';
import { headScriptElement, withHeadScript } from './head-script';
import { type PagePolicy, pagePolicies } from './page-policies';
import type { StaticClientProps } from './static-client-props';

/** Release of a client: a build and its place in the bucket. */
export interface ClientRelease {
  readonly files: ClientFiles;
  /** Name of the release: the release id and a digest of the settings. */
  readonly revision: string;
  /** Folder in the bucket for the unhashed files of this release. */
  readonly folder: string;
  /** HTML that users receive, by path. */
  readonly pages: Readonly<Record<string, string>>;
  /** Content Security Policies of the pages. */
  readonly policies: readonly PagePolicy[];
  /** Contents of files that the construct adds to the build, by path. */
  readonly generated: Readonly<Record<string, string>>;
  /** Value of the key `release` that makes CloudFront serve this release. */
  readonly pointerValue: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Maximum size of a value in a CloudFront key value store, in bytes. */
const VALUE_BYTES = 1024;

/** Props of a client that change the files of a release. */
export type ClientContents = Pick<StaticClientProps, 'files' | 'releaseId' | 'environmentName' | 'pages'>;

/**
 * Returns the name of a client's release: the release id, a hyphen, and 8 hexadecimal digits of a digest of the
 * settings.
 */
export function clientRevision(props: ClientContents): string {
  return clientRelease(props).revision;
}

/**
 * Appends the name of the release to a page. A build with a changed policy thereby gets pages with new entity tags.
 * With the old entity tag, a browser would keep its cached page together with the old policy.
 */
function withRevision(html: string, revision: string): string {
  return `${html.trimEnd()}\n<!-- release ${revision} -->\n`;
}

/** Computes the place and the policy of each file of a build. */
export function clientRelease(props: ClientContents): ClientRelease {
  const files = clientFiles(props.files);
  const { headScript, contentSecurityPolicy: policyOptions } = props.pages ?? {};
  const built = files.html.map((path) => [path, readFileSync(join(props.files, path), 'utf8')] as const);
  const pages = Object.fromEntries(
    built.map(([path, html]) => [path, headScript ? withHeadScript(html, headScript) : html]),
  );
  const { policies, ...found } = pagePolicies(pages, withWebAssembly(policyOptions, files));
  const hasConfig = files.unhashed.includes('config.json');
  const generated: Record<string, string> = {
    ...(props.environmentName &&
      !hasConfig && { 'config.json': `${JSON.stringify({ environment: props.environmentName })}\n` }),
    ...(headScript && { [headScript.path.slice(1)]: headScript.content }),
  };

  // The same build with another policy is another release. The file at a path therefore never changes, and the edge
  // caches need no invalidation.
  const settings = createHash('sha256')
    .update(JSON.stringify([policies, generated, ...(headScript ? [headScriptElement(headScript)] : [])]))
    .digest('hex');
  const revision = `${props.releaseId}-${settings.slice(0, 8)}`;
  const pointerValue = [revision, ...files.lookalikes].join(' ');

  const problems = [...found.problems];
  if (headScript && [...files.hashed, ...files.unhashed].includes(headScript.path.slice(1)))
    problems.push(
      `'pages.headScript.path' must not be a file of the build, got ${headScript.path}; choose another path`,
    );
  if (Buffer.byteLength(pointerValue) > VALUE_BYTES) {
    problems.push(
      `file names that look hashed, but may not be, must take at most ${VALUE_BYTES} bytes; the build has ${files.lookalikes.length} such files, for example ${files.lookalikes[0]}; build with Vite's build.manifest, or move your own files out of assets/`,
    );
  }
  const warnings = [...found.warnings];
  const blocked = [...new Set(policies.flatMap((policy) => policy.blocked))];
  if (blocked.length > 0) {
    warnings.push(
      `The HTML loads from ${blocked.join(', ')}, which the Content Security Policy blocks; add the origins to pages.contentSecurityPolicy.sources.`,
    );
  }
  if (files.unrecognised.length > 0) {
    warnings.push(
      `${files.unrecognised.length} hashed files, such as ${files.unrecognised[0]}, do not have Vite's default names, so CloudFront serves them only while this release is live. Pages that stay open during the next release may fail to load them. Use Vite's default names (assets/[name]-[hash]).`,
    );
  }
  if (props.environmentName && hasConfig) {
    warnings.push('The build contains its own config.json, so /config.json does not name the environment.');
  }
  return {
    files,
    revision,
    folder: `releases/${revision}`,
    pages: Object.fromEntries(
      Object.entries(pages).map(([path, html]) => [path, withRevision(html, revision)]),
    ),
    policies,
    generated,
    pointerValue,
    problems,
    warnings,
  };
}

/** Allows pages to compile the WebAssembly of the build. */
function withWebAssembly(
  policy: ContentSecurityPolicyOptions = {},
  { hashed, unhashed }: ClientFiles,
): ContentSecurityPolicyOptions {
  if (![...hashed, ...unhashed].some((path) => path.endsWith('.wasm'))) return policy;
  const { sources = {} } = policy;
  return {
    ...policy,
    sources: { ...sources, 'script-src': [...(sources['script-src'] ?? []), "'wasm-unsafe-eval'"] },
  };
}
