import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dictionary } from '../files/dictionary';
import { pathInside } from '../files/inside';
import { isObject } from '../files/read-object';
import {
  MIGRATIONS_FOLDER_METADATA,
  type PlannedWarning,
  WARNING_METADATA,
} from '../findings/planned-warning';
import type { LintReport } from '../migration-lint';
import { AssemblyFiles } from './assembly-files';
import {
  type Artifact,
  type AssetManifest,
  assetManifestOf,
  type Manifest,
  manifestOf,
  metadataOf,
} from './manifest';
import type { Plan, PlannedStack, Template } from './plan';
import { canonical, digestOfPlan, sha256 } from './plan-digest';
import { PlanError } from './plan-error';

/** A migration file in a plan. */
export interface PlannedMigration {
  readonly file: string;
  readonly sql: string;
}

/** A plan, with the facts that a review reports besides its templates. */
export interface ReadPlan extends Plan {
  /** Digest of the cloud assembly (`digestOfPlan`). For a deployed plan, a digest of its stacks. */
  readonly planDigest: string;
  /** In the order in which they are applied. Undefined if the plan does not show them. */
  readonly migrations?: readonly PlannedMigration[];
}

export interface ReadPlanOptions {
  /**
   * Migrations that the database already has when this plan is deployed; `all` for a deployed plan.
   * @default - unknown: each file is judged as a release of its own
   */
  readonly applied?: readonly PlannedMigration[] | 'all';
}

/** The plan of an environment without any deployed stack. */
export const EMPTY_PLAN: ReadPlan = { stacks: [], planDigest: digest([]), migrations: [] };

/**
 * Reads a cloud assembly of this package or of any CDK application, including stages and nested stacks.
 * @throws PlanError if the folder is not a cloud assembly
 */
export async function readPlan(directory: string, options: ReadPlanOptions = {}): Promise<ReadPlan> {
  const reading = new Reading(directory);
  try {
    reading.assembly(directory);
  } catch (error) {
    if (error instanceof PlanError) throw error;
    throw new PlanError(`the cloud assembly in ${directory} is malformed: ${(error as Error).message}`);
  }
  if (reading.stacks.length === 0)
    throw new PlanError(`the cloud assembly in ${directory} has no stacks; synthesise the environment again`);
  const migrations = await readMigrationsOf(reading, options.applied);
  return {
    stacks: reading.stacks.map(({ stack, folder }) =>
      migrations && folder === migrations.folder ? { ...stack, migrations: migrations.report } : stack,
    ),
    planDigest: digestOfPlan(directory),
    migrations: migrations?.files ?? [],
  };
}

/** Returns a digest of the stacks alone. */
export function digestOfStacks(stacks: readonly PlannedStack[]): string {
  return digest([stacks.map(normalized)]);
}

function digest(parts: readonly unknown[]): string {
  return sha256(canonical(parts));
}

/** Returns the parts of a stack that CloudFormation deploys, without metadata about their origin. */
function normalized({ name, region, terminationProtection, template }: PlannedStack): unknown {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources ?? {}).map(([id, { Metadata = {}, ...resource }]) => {
      const kept = Object.entries(Metadata).filter(([key]) => !/^aws:(cdk|asset):/.test(key));
      return [id, kept.length > 0 ? { ...resource, Metadata: Object.fromEntries(kept) } : resource];
    }),
  );
  return { name, region, terminationProtection, template: { ...template, Resources } };
}

/** A stack, and the image folder with its migrations. */
interface Found {
  readonly stack: PlannedStack;
  readonly folder?: string;
}

class Reading {
  readonly stacks: Found[] = [];
  private readonly assemblies = new Set<string>();

  private readonly files: AssemblyFiles;

  constructor(private readonly root: string) {
    this.files = new AssemblyFiles(root);
  }

  assembly(directory: string): void {
    if (this.assemblies.has(directory))
      throw new PlanError(`the cloud assembly in ${this.root} contains itself`);
    this.assemblies.add(directory);
    const { artifacts } = manifestOf(directory);
    const assets = Object.values(artifacts).flatMap(({ type, properties }) =>
      type === 'cdk:asset-manifest' && properties?.file
        ? [assetManifestOf(this.files.inside(directory, properties.file))]
        : [],
    );
    const seen = new Set<string>();
    const visit = (id: string): void => {
      if (!Object.hasOwn(artifacts, id) || seen.has(id)) return;
      const artifact = artifacts[id]!;
      seen.add(id);
      for (const dependency of artifact.dependencies ?? []) visit(dependency);
      if (artifact.type === 'cdk:cloud-assembly')
        this.assembly(this.files.inside(directory, artifact.properties?.directoryName ?? '.'));
      if (artifact.type === 'aws:cloudformation:stack') this.stack(directory, id, artifact, assets);
    };
    for (const id of Object.keys(artifacts)) visit(id);
  }

  private stack(directory: string, id: string, artifact: Artifact, assets: readonly AssetManifest[]): void {
    const { properties = {}, environment } = artifact;
    if (!properties.templateFile)
      throw new PlanError(`stack ${id} of the cloud assembly in ${this.root} names no template`);
    const metadata = artifact.additionalMetadataFile
      ? metadataOf(this.files.inside(directory, artifact.additionalMetadataFile))
      : (artifact.metadata ?? {});
    const region = environment?.split('/').at(-1);
    const { template, bytes } = this.files.template(directory, properties.templateFile);
    const stack: PlannedStack = {
      name: properties.stackName ?? id,
      ...(region && region !== 'unknown-region' && { region }),
      ...(properties.terminationProtection !== undefined && {
        terminationProtection: properties.terminationProtection,
      }),
      template,
      templateBytes: bytes,
      constructPaths: dictionary([...pathsOfTemplate(template), ...pathsOfMetadata(metadata)]),
      acknowledgements: acknowledgementsOf(metadata),
      warnings: warningsOf(metadata),
      ...migrationsFolderOf(metadata),
    };
    this.stacks.push({ stack, folder: this.migrations(directory, template, assets) });
    this.nested(directory, stack);
  }

  /** Returns the migrations folder of the image. Only the image whose task runs migrations contains one. */
  private migrations(
    directory: string,
    template: Template,
    assets: readonly AssetManifest[],
  ): string | undefined {
    if (!Object.values(template.Resources ?? {}).some(({ Type }) => Type === 'AWS::ECS::TaskDefinition'))
      return undefined;
    const text = JSON.stringify(template);
    for (const [hash, { source }] of assets.flatMap(({ dockerImages = {} }) =>
      Object.entries(dockerImages),
    )) {
      const image = source.directory === undefined ? undefined : pathInside(directory, source.directory);
      if (image && text.includes(hash) && existsSync(join(image, 'migrations')))
        return this.files.folder(image, 'migrations');
    }
    return undefined;
  }

  /** Adds nested stacks as stacks of their own, so that rules judge their resources too. */
  private nested(directory: string, parent: PlannedStack): void {
    for (const [id, { Type, Metadata }] of Object.entries(parent.template.Resources ?? {})) {
      const file = Metadata?.['aws:asset:path'];
      if (Type !== 'AWS::CloudFormation::Stack' || typeof file !== 'string') continue;
      const { template, bytes } = this.files.template(directory, file);
      const stack: PlannedStack = {
        name: `${parent.name}/${id}`,
        ...(parent.region && { region: parent.region }),
        template,
        templateBytes: bytes,
        constructPaths: dictionary(pathsOfTemplate(template)),
      };
      this.stacks.push({ stack });
      this.nested(directory, stack);
    }
  }
}

type Metadata = NonNullable<Manifest['artifacts'][string]['metadata']>;

/** Returns the construct paths in the template's own metadata, by logical id. */
export function pathsOfTemplate({ Resources = {} }: Template): [string, string][] {
  return Object.entries(Resources).flatMap(([id, { Metadata }]): [string, string][] => {
    const path = Metadata?.['aws:cdk:path'];
    return typeof path === 'string' ? [[id, path]] : [];
  });
}

function pathsOfMetadata(metadata: Metadata): [string, string][] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    entries
      .filter(({ type, data }) => type === 'aws:cdk:logicalId' && typeof data === 'string')
      .map(({ data }): [string, string] => [data as string, path.replace(/^\//, '')]),
  );
}

function acknowledgementsOf(metadata: Metadata): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [path, entries] of Object.entries(metadata))
    for (const { type, data } of entries)
      if (type === 'aws:cdk:acknowledged-rules' && isObject(data)) {
        const key = path.replace(/^\//, '');
        found[key] = { ...found[key], ...(data as Record<string, string>) };
      }
  return found;
}

/** Returns the warnings of the build in the metadata of the release stack. */
function migrationsFolderOf(metadata: Metadata): Pick<PlannedStack, 'migrationsFolder'> {
  const found = Object.values(metadata)
    .flat()
    .find(({ type, data }) => type === MIGRATIONS_FOLDER_METADATA && typeof data === 'string');
  return found ? { migrationsFolder: found.data as string } : {};
}

function warningsOf(metadata: Metadata): PlannedWarning[] {
  return Object.values(metadata).flatMap((entries) =>
    entries.flatMap(({ type, data }) =>
      type === WARNING_METADATA && isObject(data) && typeof data['text'] === 'string'
        ? [
            {
              text: data['text'],
              secret: data['secret'] === true,
              ...(data['note'] === true && { note: true }),
            },
          ]
        : [],
    ),
  );
}

async function readMigrationsOf(
  { stacks }: Reading,
  applied: ReadPlanOptions['applied'],
): Promise<{ folder: string; files: PlannedMigration[]; report?: LintReport } | undefined> {
  const folder = stacks.find((found) => found.folder)?.folder;
  if (!folder) return undefined;
  const { readMigrations } = await import('../migration-lint/read-migrations.js');
  const read = readMigrations(folder);
  const files = read.map(({ file, sql }) => ({ file, sql }));
  // Without a journal, the schema is one file, applied only to an empty database.
  if (!existsSync(join(folder, 'meta', '_journal.json'))) return { folder, files };
  if (applied === 'all' || (applied && same(applied, files))) {
    // With nothing pending, skip the lint: loading the grammar of PostgreSQL takes time.
    const quiet = { pending: false, contracts: false, contractedBy: [] };
    const report = read.map(({ file, tag }) => ({ file, tag, ...quiet }));
    return { folder, files, report: { formatVersion: 1, files: report, findings: [], allowed: [] } };
  }
  const { lintMigrations } = await import('../migration-lint/index.js');
  const known = applied?.every(({ file }, index) => files[index]?.file === file);
  const report = await lintMigrations({ directory: folder, applied: known ? applied?.length : undefined });
  return { folder, files, report };
}

function same(one: readonly PlannedMigration[], other: readonly PlannedMigration[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ file, sql }, index) => file === other[index]!.file && sql === other[index]!.sql)
  );
}
