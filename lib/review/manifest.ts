import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { leadsOut } from '../files/inside';
import { readObject } from '../files/read-object';
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

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

const metadataSchema = z.record(z.string(), z.array(z.looseObject({ type: z.string() })));
const artifactSchema = z.looseObject({
  type: z.string(),
  environment: z.string().optional(),
  dependencies: z.array(z.string()).optional(),
  properties: z
    .looseObject({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      terminationProtection: z.boolean().optional(),
      file: z.string().optional(),
      directoryName: z.string().optional(),
    })
    .optional(),
  metadata: metadataSchema.optional(),
  additionalMetadataFile: z.string().optional(),
});
const assetManifestSchema = z.looseObject({
  files: z
    .record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string().optional() }) }))
    .optional(),
  dockerImages: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ directory: z.string().optional() }),
        destinations: z
          .record(
            z.string(),
            z.looseObject({ repositoryName: z.string().optional(), imageTag: z.string().optional() }),
          )
          .optional(),
      }),
    )
    .optional(),
});

/**
 * Reads `manifest.json` of a cloud assembly.
 * @throws PlanError if the folder is not a cloud assembly, or a newer CDK wrote it
 */
export function manifestOf(directory: string): Manifest {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) throw new PlanError(`there is no folder ${directory}`);
  if (!found.isDirectory())
    throw new PlanError(`${directory} is a file, but must be the folder of a cloud assembly`);
  const file = join(directory, 'manifest.json');
  if (!existsSync(file))
    throw new PlanError(
      `${directory} is not a cloud assembly, because it has no manifest.json; give a folder that \`cdk synth\` or \`framework53 synth --out\` wrote`,
    );
  if (leadsOut(directory, file))
    throw new PlanError(`the cloud assembly in ${directory} names a file outside its folder: manifest.json`);
  const manifest = readPlanFile(file) as Partial<Manifest>;
  const { version, artifacts = {} } = manifest;
  const major = Number(/^(\d+)\.\d+\.\d+$/.exec(String(version))?.[1]);
  const foreign = Number.isNaN(major) || typeof artifacts !== 'object' || 'manifest_version' in manifest;
  if (foreign)
    throw new PlanError(`${directory} is not a cloud assembly, because its manifest.json has another format`);
  if (major > newestSchema())
    throw new PlanError(
      `a newer CDK wrote the cloud assembly in ${directory} (schema ${version}); this one reads schema ${newestSchema()}: update aws-cdk-lib here, or synthesise with the CDK of this project`,
    );
  requireShape(file, z.record(z.string(), artifactSchema), artifacts);
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    const name = properties?.stackName ?? id;
    if (type === 'aws:cloudformation:stack' && !STACK_NAME.test(name))
      throw new PlanError(
        `the cloud assembly in ${directory} is malformed: ${JSON.stringify(name)} is not the name of a stack`,
      );
  }
  return { version: String(version), artifacts };
}

/**
 * Reads a JSON object from a file of an assembly.
 * @throws PlanError that names the file
 */
export function readPlanFile(path: string): Record<string, unknown> {
  try {
    return readObject(path);
  } catch (error) {
    throw new PlanError((error as Error).message);
  }
}

/** @throws PlanError for a file that is not an asset manifest */
export function assetManifestOf(path: string): AssetManifest {
  const manifest = readPlanFile(path);
  requireShape(path, assetManifestSchema, manifest);
  return manifest as AssetManifest;
}

/** @throws PlanError for a file that does not hold a stack's metadata */
export function metadataOf(path: string): NonNullable<Artifact['metadata']> {
  const metadata = readPlanFile(path);
  requireShape(path, metadataSchema, metadata);
  return metadata as NonNullable<Artifact['metadata']>;
}

/** Zod drops a key `__proto__`, so its data are not used. */
function requireShape(path: string, schema: z.ZodType, value: unknown): void {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  const problem = issue
    ? `${issue.path.join('.') || 'artifacts'}: ${issue.message}`
    : Object.hasOwn(value as object, '__proto__') && 'it has a key __proto__';
  if (problem)
    throw new PlanError(`the cloud assembly in ${dirname(path)} is malformed: ${basename(path)}: ${problem}`);
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
