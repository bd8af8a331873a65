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
 * @throws PlanError for what is no assembly, or a newer one than this CDK can read
 */
export function manifestOf(directory: string): Manifest {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) throw new PlanError(`there is no folder ${directory}`);
  if (!found.isDirectory()) throw new PlanError(`${directory} is a file, not the folder of a cloud assembly`);
  const file = join(directory, 'manifest.json');
  if (!existsSync(file))
    throw new PlanError(
      `${directory} is no cloud assembly: it has no manifest.json; give a folder that \`cdk synth\` or \`framework53 synth --out\` wrote`,
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
    throw new PlanError(`${directory} is no cloud assembly: its manifest.json is of something else`);
  if (major > newestSchema())
    throw new PlanError(
      `the cloud assembly in ${directory} was written by a newer CDK (schema ${version}) than this one reads (${newestSchema()}); update aws-cdk-lib here, or synthesise it with the CDK of this project`,
    );
  return { version: String(version), artifacts };
}

/** The path within the folder; undefined for one that leads out of it. */
export function assetPath(directory: string, path: string): string | undefined {
  const file = resolve(directory, path);
  const way = relative(resolve(directory), file);
  return way.split(/[\\/]/)[0] === '..' || isAbsolute(way) ? undefined : file;
}

/** Assemblies of this major version and all before it are read. */
function newestSchema(): number {
  const library = createRequire(require.resolve('aws-cdk-lib/package.json'));
  try {
    return (library('@aws-cdk/cloud-assembly-schema/schema/version.json') as { revision: number }).revision;
  } catch {
    // The official way loads a validator, which takes a sixth of a second.
    const { Manifest } = require('aws-cdk-lib/cloud-assembly-schema') as { Manifest: { version(): string } };
    return Number(Manifest.version().split('.')[0]);
  }
}
