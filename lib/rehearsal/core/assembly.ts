import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: Json };
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Metadata?: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json } }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Json }>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
}

export interface PlannedStack {
  readonly name: string;
  readonly region: string;
  readonly template: Template;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly file?: string;
    readonly stackName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
  readonly dockerImages?: Readonly<Record<string, { readonly source: { readonly directory?: string } }>>;
}

/** A cloud assembly. A rehearsal reads the plan only from here. */
export class Assembly {
  /** The stacks in dependency order. */
  readonly stacks: readonly PlannedStack[];
  readonly digest: string;
  private readonly assets: Readonly<Record<string, string>>;

  constructor(readonly directory: string) {
    const manifest = join(directory, 'manifest.json');
    if (!existsSync(manifest))
      throw new Error(`${directory} is no cloud assembly, because it has no manifest.json`);
    const { artifacts = {} } = read<{ artifacts?: Readonly<Record<string, Artifact>> }>(manifest);
    const texts: string[] = [];
    const stacks = new Map<string, PlannedStack>();
    const visit = (id: string): void => {
      const { type, environment, dependencies = [], properties = {} } = artifacts[id] ?? lacks(manifest, id);
      if (type !== 'aws:cloudformation:stack' || stacks.has(id)) return;
      for (const dependency of dependencies) visit(dependency);
      const file = join(directory, properties.templateFile!);
      const template = read<Template>(file);
      if (typeof template.Resources !== 'object')
        throw new Error(`${file} is no template, because it has no Resources`);
      texts.push(readFileSync(file, 'utf8'));
      const region = environment?.split('/').at(-1) ?? 'us-east-1';
      const name = properties.stackName ?? id;
      stacks.set(id, { name, region, template });
    };
    for (const id of Object.keys(artifacts)) visit(id);
    this.stacks = [...stacks.values()];
    this.digest = createHash('sha256').update(texts.sort().join()).digest('hex').slice(0, 16);

    const manifests = Object.values(artifacts)
      .filter(({ type }) => type === 'cdk:asset-manifest')
      .map(({ properties }) => read<AssetManifest>(join(directory, properties!.file!)));
    this.assets = Object.fromEntries(
      manifests.flatMap(({ files = {}, dockerImages = {} }) => [
        ...Object.entries(files).map(([hash, { source }]) => [hash, source.path] as const),
        ...Object.entries(dockerImages).map(([hash, { source }]) => [hash, source.directory] as const),
      ]),
    ) as Record<string, string>;
  }

  /**
   * Returns the path of an asset file or folder, or undefined if the plan has no such asset.
   * @param key the asset's hash, with or without an extension, or a URI that ends in it
   */
  asset(key: string): string | undefined {
    const hash = key
      .split(/[:/]/)
      .at(-1)!
      .replace(/\.[a-z]+$/, '');
    const path = this.assets[hash];
    if (path === undefined) return undefined;
    const found = resolve(this.directory, path);
    if (!existsSync(found)) throw new Error(`asset ${hash} is missing: ${found}`);
    return found;
  }
}

function lacks(manifest: string, id: string): never {
  throw new Error(`${manifest} refers to a missing artifact ${id}`);
}

/** Reads a JSON file of the assembly. Throws an error that names the file. */
function read<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
}
