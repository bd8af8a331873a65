import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  type Dirent,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, posix, relative } from 'node:path';
import { pathInside } from '../files/inside';
import { type Artifact, assetManifestOf, manifestOf } from './manifest';
import { PlanError } from './plan-error';

/** Artifacts that describe the app. The CDK does not deploy them. */
const ABOUT_THE_APP = ['cdk:tree', 'cdk:feature-flag-report'];

/** Returns JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Returns the SHA-256 in hex. */
export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Returns the digest of everything that a deployment of a cloud assembly reads: the manifest, the templates, the asset
 * manifests, and the names and bytes of all asset files. The digest is the same on every machine and in every folder.
 * File times, owners and modes do not count, nor do files without a reference.
 */
export function digestOfPlan(directory: string): string {
  return digestOf(new Deployed(directory));
}

/**
 * Copies the files that the digest covers into an empty folder. A deployment of the copy reads no later change and no
 * undigested file.
 * @returns the digest of the copy, calculated from the copied files
 * @throws PlanError if the assembly lacks a file, refers to a file outside its folder, or needs a program to build an
 * asset
 */
export function copyPlan(from: string, to: string): string {
  const deployed = new Deployed(from);
  if (deployed.problems.length > 0)
    throw new PlanError(
      `the cloud assembly in ${from} cannot be deployed: ${deployed.problems.join('; ')}; synthesise the environment again`,
    );
  for (const [path, content] of deployed.files) {
    const target = join(to, path);
    mkdirSync(dirname(target), { recursive: true });
    if ('link' in content) symlinkSync(content.link, target);
    else if (content.text !== undefined) writeFileSync(target, content.text);
    else copyFileSync(join(from, path), target);
  }
  return digestOfPlan(to);
}

function digestOf({ files, problems }: Deployed): string {
  const lines = [...files].map(([path, content]) =>
    'link' in content
      ? `link ${JSON.stringify(path)} ${JSON.stringify(content.link)}`
      : `file ${JSON.stringify(path)} ${content.digest}`,
  );
  return sha256([...lines, ...problems.map((problem) => `problem ${problem}`)].sort().join('\n'));
}

/** Returns the SHA-256 of a file, which is read in parts. An asset may be larger than the memory. */
function sha256OfFile(path: string): string {
  const hash = createHash('sha256');
  const part = Buffer.allocUnsafe(1024 * 1024);
  const file = openSync(path, 'r');
  try {
    for (let read = readSync(file, part); read > 0; read = readSync(file, part))
      hash.update(part.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

/** A file: a link, or a digest of its content. The text replaces the content in a copy. */
type Content = { readonly link: string } | { readonly digest: string; readonly text?: string };

/** The files of an assembly that a deployment reads. */
class Deployed {
  /** Content by path in the assembly. Paths use `/` on every system. */
  readonly files = new Map<string, Content>();
  /** Reasons why a copy could not be deployed. */
  readonly problems: string[] = [];

  constructor(private readonly root: string) {
    this.assembly('');
  }

  private assembly(at: string): void {
    const directory = join(this.root, at);
    const { artifacts } = manifestOf(directory);
    const text = deployedManifest(directory);
    this.files.set(posix.join(at, 'manifest.json'), { digest: sha256(text), text });
    for (const [id, { type, properties = {} }] of Object.entries(artifacts)) {
      if (type === 'aws:cloudformation:stack') this.add(at, properties.templateFile, `stack ${id}`);
      if (type === 'cdk:asset-manifest') this.assets(at, properties.file, id);
      const nested = properties.directoryName;
      if (type !== 'cdk:cloud-assembly' || nested === undefined) continue;
      const path = this.inside(at, nested);
      if (path === undefined) this.problems.push(`assembly ${id} is outside the folder (${nested})`);
      else if (!this.files.has(posix.join(path, 'manifest.json'))) this.assembly(path);
    }
  }

  private assets(at: string, file: string | undefined, id: string): void {
    const path = this.add(at, file, `asset manifest ${id}`);
    if (path === undefined || !this.files.has(path)) return;
    const { files = {}, dockerImages = {} } = assetManifestOf(join(this.root, path));
    for (const [hash, { source }] of [...Object.entries(files), ...Object.entries(dockerImages)]) {
      if ('executable' in source) this.problems.push(`a program builds asset ${hash}`);
      else
        this.add(
          at,
          'path' in source ? source.path : (source as { directory?: string }).directory,
          `asset ${hash}`,
        );
    }
  }

  /** Adds a file, or all files of a folder. */
  private add(at: string, name: string | undefined, what: string): string | undefined {
    const path = name === undefined ? undefined : this.inside(at, name);
    if (path === undefined) {
      this.problems.push(`${what} is outside the folder (${name})`);
      return undefined;
    }
    const found = lstatSync(join(this.root, path), { throwIfNoEntry: false });
    if (found) this.content(path, found);
    else this.problems.push(`${what} has no ${path}`);
    return path;
  }

  private content(path: string, entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): void {
    const file = join(this.root, path);
    if (entry.isFile()) {
      if (!this.files.has(path)) this.files.set(path, { digest: sha256OfFile(file) });
    } else if (entry.isDirectory()) {
      for (const inner of readdirSync(file, { withFileTypes: true }))
        this.content(posix.join(path, inner.name), inner);
    } else if (!entry.isSymbolicLink()) {
      this.problems.push(`${path} is neither a file nor a folder`);
    } else {
      const link = readlinkSync(file);
      if (isAbsolute(link) || !isWithin(this.root, file))
        this.problems.push(`${path} leads out of the folder (${link})`);
      else this.files.set(path, { link });
    }
  }

  /** Returns the path in the assembly, or undefined if it leads out of the assembly. */
  private inside(at: string, name: string): string | undefined {
    const directory = join(this.root, at);
    const file = pathInside(directory, name);
    if (file === undefined) return undefined;
    return relative(this.root, join(directory, relative(directory, file))).replaceAll('\\', '/');
  }
}

/** Returns the canonical manifest without facts about the machine, so that a copy has the same digest. */
function deployedManifest(directory: string): string {
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as {
    artifacts?: Record<string, Artifact>;
  };
  const artifacts = Object.entries(manifest.artifacts ?? {})
    .filter(([, { type }]) => !ABOUT_THE_APP.includes(type))
    .map(([id, { metadata: _, additionalMetadataFile: __, ...artifact }]) => [id, artifact]);
  return canonical({ ...manifest, artifacts: Object.fromEntries(artifacts) });
}

/**
 * Returns true if a link leads to a file in the folder. The function asks the operating system, because `a/..` can be
 * anywhere if `a` is a link.
 */
function isWithin(folder: string, link: string): boolean {
  try {
    const way = relative(realpathSync.native(folder), realpathSync.native(link));
    return way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way);
  } catch {
    // The link has no target.
    return false;
  }
}
