import { createHash } from 'node:crypto';
import {
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, posix, relative } from 'node:path';
import { type Artifact, type AssetManifest, assetPath, manifestOf } from './manifest';
import { PlanError } from './plan-error';

/** Artifacts that describe the app; the CDK deploys none of them. */
const ABOUT_THE_APP = ['cdk:tree', 'cdk:feature-flag-report'];

/** JSON in which the order of keys makes no difference. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 in hex. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Digest of all that a deployment of a cloud assembly reads: the manifest, the templates, the asset manifests, and the
 * name and bytes of each file of each asset. It is the same on every machine and in every folder: times, owners and
 * modes do not count, nor do files that nothing refers to, such as those about the synthesis.
 */
export function digestOfPlan(directory: string): string {
  return digestOf(new Deployed(directory));
}

/**
 * Copies what the digest covers, and nothing else, into an empty folder. A deployment of the copy reads no file that
 * changes later, and none that was not digested.
 *
 * @returns the digest of the copy
 * @throws PlanError if the assembly lacks a file, refers to a file outside of it, or has the CDK run a program for an asset
 */
export function copyPlan(from: string, to: string): string {
  const deployed = new Deployed(from);
  if (deployed.problems.length > 0)
    throw new PlanError(
      `the cloud assembly in ${from} cannot be deployed as it is: ${deployed.problems.join('; ')}; synthesise the environment again`,
    );
  for (const [path, content] of deployed.files) {
    const target = join(to, path);
    mkdirSync(dirname(target), { recursive: true });
    if (Buffer.isBuffer(content)) writeFileSync(target, content);
    else symlinkSync(content.link, target);
  }
  return digestOf(deployed);
}

function digestOf({ files, problems }: Deployed): string {
  const lines = [...files].map(([path, content]) =>
    Buffer.isBuffer(content)
      ? `file ${JSON.stringify(path)} ${sha256(content)}`
      : `link ${JSON.stringify(path)} ${JSON.stringify(content.link)}`,
  );
  return sha256([...lines, ...problems.map((problem) => `problem ${problem}`)].sort().join('\n'));
}

/** The files of an assembly that a deployment reads. */
class Deployed {
  /** Content by path in the assembly, with `/` on every system. */
  readonly files = new Map<string, Buffer | { readonly link: string }>();
  /** Reasons why a copy could not be deployed. */
  readonly problems: string[] = [];

  constructor(private readonly root: string) {
    this.assembly('');
  }

  private assembly(at: string): void {
    const directory = join(this.root, at);
    const { artifacts } = manifestOf(directory);
    this.files.set(posix.join(at, 'manifest.json'), deployedManifest(directory));
    for (const [id, { type, properties = {} }] of Object.entries(artifacts)) {
      if (type === 'aws:cloudformation:stack') this.add(at, properties.templateFile, `stack ${id}`);
      if (type === 'cdk:asset-manifest') this.assets(at, properties.file, id);
      const nested = properties.directoryName;
      if (type !== 'cdk:cloud-assembly' || nested === undefined) continue;
      const path = this.inside(at, nested);
      if (path === undefined) this.problems.push(`assembly ${id} is outside of it (${nested})`);
      else if (!this.files.has(posix.join(path, 'manifest.json'))) this.assembly(path);
    }
  }

  private assets(at: string, file: string | undefined, id: string): void {
    const path = this.add(at, file, `asset manifest ${id}`);
    const content = path === undefined ? undefined : this.files.get(path);
    if (!Buffer.isBuffer(content)) return;
    const { files = {}, dockerImages = {} } = this.parsed(content, path!);
    for (const [hash, { source }] of [...Object.entries(files), ...Object.entries(dockerImages)]) {
      if ('executable' in source) this.problems.push(`asset ${hash} is made by a program`);
      else
        this.add(
          at,
          'path' in source ? source.path : (source as { directory?: string }).directory,
          `asset ${hash}`,
        );
    }
  }

  private parsed(content: Buffer, path: string): AssetManifest {
    try {
      return JSON.parse(content.toString('utf8')) as AssetManifest;
    } catch {
      this.problems.push(`${path} cannot be read`);
      return {};
    }
  }

  /** Adds a file, or all files of a folder. */
  private add(at: string, name: string | undefined, what: string): string | undefined {
    const path = name === undefined ? undefined : this.inside(at, name);
    if (path === undefined) {
      this.problems.push(`${what} is outside of it (${name})`);
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
      if (!this.files.has(path)) this.files.set(path, readFileSync(file));
    } else if (entry.isDirectory()) {
      for (const inner of readdirSync(file, { withFileTypes: true }))
        this.content(posix.join(path, inner.name), inner);
    } else if (!entry.isSymbolicLink()) {
      this.problems.push(`${path} is neither file nor folder`);
    } else {
      const link = readlinkSync(file);
      if (isAbsolute(link) || !isWithin(this.root, file))
        this.problems.push(`${path} leads out of it (${link})`);
      else this.files.set(path, { link });
    }
  }

  /** The path in the assembly; undefined for one that leads out of it. */
  private inside(at: string, name: string): string | undefined {
    const directory = join(this.root, at);
    const file = assetPath(directory, name);
    if (file === undefined) return undefined;
    return relative(this.root, join(directory, relative(directory, file))).replaceAll('\\', '/');
  }
}

/** The manifest without what tells of the machine: canonical, so that a copy has the same digest. */
function deployedManifest(directory: string): Buffer {
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as {
    artifacts?: Record<string, Artifact>;
  };
  const artifacts = Object.entries(manifest.artifacts ?? {})
    .filter(([, { type }]) => !ABOUT_THE_APP.includes(type))
    .map(([id, { metadata: _, additionalMetadataFile: __, ...artifact }]) => [id, artifact]);
  return Buffer.from(canonical({ ...manifest, artifacts: Object.fromEntries(artifacts) }));
}

/**
 * Returns true if a link leads to something in the folder. The operating system answers: `a/..` of a link `a`
 * may be anywhere.
 */
function isWithin(folder: string, link: string): boolean {
  try {
    const way = relative(realpathSync.native(folder), realpathSync.native(link));
    return way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way);
  } catch {
    // It leads nowhere.
    return false;
  }
}
