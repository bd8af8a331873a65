import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { PlanError } from './plan-error';

/** The parts of a cloud assembly's manifest that the review reads. */
export interface Manifest {
  readonly version: string;
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

export interface Artifact {
  readonly type: string;
  /** `aws://ACCOUNT/REGION` */
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
    /** The file of an asset manifest. */
    readonly file?: string;
    /** The folder of a nested assembly. */
    readonly directoryName?: string;
  };
  readonly metadata?: Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;
  readonly additionalMetadataFile?: string;
}

export interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
  readonly dockerImages?: Readonly<Record<string, { readonly source: { readonly directory?: string } }>>;
}

/**
 * Reads `manifest.json` of a cloud assembly.
 * @throws PlanError if the folder is no cloud assembly, or a newer CDK wrote it
 */
export function manifestOf(directory: string): Manifest {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) throw new PlanError(`there is no folder ${directory}`);
  if (!found.isDirectory())
    throw new PlanError(`${directory} is a file, but must be the folder of a cloud assembly`);
  const file = join(directory, 'manifest.json');
  if (!existsSync(file))
    throw new PlanError(
      `${directory} is no cloud assembly, because it has no manifest.json; give a folder that \`cdk synth\` or \`framework53 synth --out\` wrote`,
    );
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
  } catch (error) {
    throw new PlanError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const { version, artifacts = {} } = manifest ?? {};
  const major = Number(/^(\d+)\.\d+\.\d+$/.exec(String(version))?.[1]);
  const foreign = Number.isNaN(major) || typeof artifacts !== 'object' || 'manifest_version' in manifest;
  if (foreign)
    throw new PlanError(`${directory} is no cloud assembly, because its manifest.json has another format`);
  if (major > newestSchema())
    throw new PlanError(
      `a newer CDK wrote the cloud assembly in ${directory} (schema ${version}); this one reads schema ${newestSchema()}: update aws-cdk-lib here, or synthesise with the CDK of this project`,
    );
  return { version: String(version), artifacts };
}

/** Returns a path within the folder, or undefined if it leads out of the folder. */
export function assetPath(directory: string, path: string): string | undefined {
  const file = resolve(directory, path);
  const way = relative(resolve(directory), file);
  return way.split(/[\\/]/)[0] === '..' || isAbsolute(way) ? undefined : file;
}

/** Returns the newest major schema version that this CDK reads. */
function newestSchema(): number {
  const library = createRequire(require.resolve('aws-cdk-lib/package.json'));
  try {
    return (library('@aws-cdk/cloud-assembly-schema/schema/version.json') as { revision: number }).revision;
  } catch {
    // The public API loads a validator, which takes 160 ms.
    const { Manifest } = require('aws-cdk-lib/cloud-assembly-schema') as { Manifest: { version(): string } };
    return Number(Manifest.version().split('.')[0]);
  }
}
