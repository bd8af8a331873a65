import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientFiles, clientFiles } from './client-files';
import { contentSecurityPolicy } from './content-security-policy';
import { headScriptElement, withHeadScript } from './head-script';
import type { StaticClientProps } from './static-client-props';

/** A build as it lies in the bucket. */
export interface ClientRelease {
  readonly files: ClientFiles;
  /** Names it: the release id and what its settings are. */
  readonly revision: string;
  /** Folder of the release's own files. */
  readonly folder: string;
  /** HTML as users get it, by path. */
  readonly pages: Readonly<Record<string, string>>;
  readonly htmlMetadata: Readonly<Record<string, string>>;
  /** Files that the build does not have, by path, with their contents. */
  readonly generated: Readonly<Record<string, string>>;
  /** Value of the key that makes users see the release. */
  readonly pointerValue: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** S3 takes 2 KB of metadata with an object, names included. */
const METADATA_BYTES = 2048;
/** Of a value in a CloudFront key value store. */
const VALUE_BYTES = 1024;

/** What of a client's props decides what users see. */
export type ClientContents = Pick<
  StaticClientProps,
  'files' | 'releaseId' | 'environmentName' | 'contentSecurityPolicy' | 'headScript'
>;

/** What names a release of a client: the release id and, after a hyphen, 8 digits of the settings it has. */
export function clientRevision(props: ClientContents): string {
  return clientRelease(props).revision;
}

/** Works out what of a build goes where, and under which policy. */
export function clientRelease(props: ClientContents): ClientRelease {
  const files = clientFiles(props.files);
  const { headScript } = props;
  const built = files.html.map((path) => [path, readFileSync(join(props.files, path), 'utf8')] as const);
  const pages = Object.fromEntries(
    built.map(([path, html]) => [path, headScript ? withHeadScript(html, headScript) : html]),
  );
  const policy = contentSecurityPolicy(Object.values(pages), props.contentSecurityPolicy);
  const htmlMetadata = { [policy.header]: policy.value };
  const hasConfig = files.unhashed.includes('config.json');
  const generated: Record<string, string> = {
    ...(props.environmentName &&
      !hasConfig && { 'config.json': `${JSON.stringify({ environment: props.environmentName })}\n` }),
    ...(headScript && { [headScript.path.slice(1)]: headScript.content }),
  };

  // The same build under another policy is another release: what lies at a path never changes, so edge
  // locations need not be told.
  const settings = createHash('sha256')
    .update(JSON.stringify([htmlMetadata, generated, ...(headScript ? [headScriptElement(headScript)] : [])]))
    .digest('hex');
  const revision = `${props.releaseId}-${settings.slice(0, 8)}`;
  const pointerValue = [revision, ...files.lookalikes].join(' ');

  const problems: string[] = [];
  if (headScript && [...files.hashed, ...files.unhashed].includes(headScript.path.slice(1)))
    problems.push(
      `'headScript' takes a path of its own, got ${headScript.path}, which is a file of the build`,
    );
  const metadataBytes = Buffer.byteLength(policy.header + policy.value);
  if (metadataBytes > METADATA_BYTES) {
    problems.push(
      `the Content Security Policy must fit into ${METADATA_BYTES} bytes, got ${metadataBytes}; move inline scripts and styles into files, or name fewer sources`,
    );
  }
  if (Buffer.byteLength(pointerValue) > VALUE_BYTES) {
    problems.push(
      `at most ${VALUE_BYTES} bytes of file names may look hashed without being known to be, got ${files.lookalikes.length} files such as ${files.lookalikes[0]}; build with Vite's build.manifest, or move files of your own out of assets/`,
    );
  }
  const warnings: string[] = [];
  if (policy.blocked.length > 0) {
    warnings.push(
      `The Content Security Policy blocks what the HTML loads from ${policy.blocked.join(', ')}; add the origins to contentSecurityPolicy.sources.`,
    );
  }
  if (files.unrecognised.length > 0) {
    warnings.push(
      `${files.unrecognised.length} hashed files, such as ${files.unrecognised[0]}, are kept with this release only, so pages that are open during the next one may miss them; keep Vite's default names (assets/[name]-[hash]).`,
    );
  }
  if (props.environmentName && hasConfig) {
    warnings.push('The build has a config.json of its own, so /config.json does not name the environment.');
  }
  return {
    files,
    revision,
    folder: `releases/${revision}`,
    pages,
    htmlMetadata,
    generated,
    pointerValue,
    problems,
    warnings,
  };
}
