import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDictionaries } from '../../files/dictionary';
import { foreignFile, leadsOut, pathInside } from '../../files/inside';
import { isObject, readObject } from '../../files/read-object';

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
  private readonly assets: ReadonlyMap<string, string | undefined>;

  /**
   * @param origin folder that links of the assembly may lead to
   * @throws Error for a folder that is not a cloud assembly, or that names files outside of it
   */
  constructor(
    readonly directory: string,
    readonly origin = directory,
  ) {
    const manifest = join(directory, 'manifest.json');
    if (!existsSync(manifest))
      throw new Error(`${directory} is not a cloud assembly, because it has no manifest.json`);
    if (leadsOut(directory, manifest))
      throw new Error(`the cloud assembly in ${directory} names a file outside its folder: manifest.json`);
    const { artifacts = {} } = readObject(manifest) as { artifacts?: Readonly<Record<string, Artifact>> };
    if (!isObject(artifacts)) throw new Error(`${manifest} cannot be read: its artifacts are not an object`);
    const texts: string[] = [];
    const stacks = new Map<string, PlannedStack | undefined>();
    const visit = (id: string): void => {
      const artifact = Object.hasOwn(artifacts, id) ? artifacts[id] : undefined;
      if (!isArtifact(artifact)) throw lacks(manifest, id);
      const { type, environment, dependencies = [], properties = {} } = artifact;
      if (type !== 'aws:cloudformation:stack' || stacks.has(id)) return;
      // A stack that needs itself is not visited again.
      stacks.set(id, undefined);
      for (const dependency of dependencies) visit(dependency);
      const file = this.inside(properties.templateFile ?? '');
      const template = readTemplate(file);
      texts.push(readFileSync(file, 'utf8'));
      const region = environment?.split('/').at(-1) ?? 'us-east-1';
      const name = properties.stackName ?? id;
      stacks.delete(id);
      stacks.set(id, { name, region, template });
    };
    for (const id of Object.keys(artifacts)) visit(id);
    this.stacks = [...stacks.values()].flatMap((stack) => stack ?? []);
    this.digest = createHash('sha256').update(texts.sort().join()).digest('hex').slice(0, 16);

    const manifests = Object.values(artifacts)
      .filter(({ type }) => type === 'cdk:asset-manifest')
      .map(({ properties }) => readObject(this.inside(properties?.file ?? '')) as AssetManifest);
    this.assets = new Map(
      manifests.flatMap(({ files = {}, dockerImages = {} }) => [
        ...Object.entries(files ?? {}).map(([hash, asset]) => [hash, asset?.source?.path] as const),
        ...Object.entries(dockerImages ?? {}).map(
          ([hash, asset]) => [hash, asset?.source?.directory] as const,
        ),
      ]),
    );
  }

  /** Returns a path in the assembly's folder. No assembly makes a rehearsal read or run other files. */
  private inside(path: string): string {
    const found = pathInside(this.directory, path);
    if (found === undefined || (leadsOut(this.directory, found) && leadsOut(this.origin, found)))
      throw new Error(`the cloud assembly in ${this.directory} names a file outside its folder: ${path}`);
    if (!existsSync(found))
      throw new Error(`the cloud assembly in ${this.directory} refers to a missing file ${path}`);
    return found;
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
    const path = this.assets.get(hash);
    if (path === undefined) return undefined;
    const asset = this.inside(path);
    const foreign = foreignFile(asset, [this.directory, this.origin]);
    if (foreign !== undefined)
      throw new Error(
        `the cloud assembly in ${this.directory} has an asset with a pipe, a device or a link to a place outside its folder: ${foreign}`,
      );
    return asset;
  }
}

function isArtifact(artifact: Artifact | undefined): artifact is Artifact {
  if (!isObject(artifact)) return false;
  const { environment, dependencies = [], properties = {} } = artifact as Partial<Artifact>;
  return (
    (environment === undefined || typeof environment === 'string') &&
    Array.isArray(dependencies) &&
    isObject(properties) &&
    [properties.templateFile, properties.file, properties.stackName].every(
      (text) => text === undefined || typeof text === 'string',
    )
  );
}

function lacks(manifest: string, id: string): Error {
  return new Error(
    `${manifest} refers to a missing or malformed artifact ${String(id).slice(0, 100)}; synthesise the environment again`,
  );
}

function readTemplate(file: string): Template {
  const { Resources, ...template } = readObject(file);
  const isSound =
    isObject(Resources) &&
    Object.entries(Resources).every(
      ([id, resource]) => id !== '__proto__' && isObject(resource) && typeof resource['Type'] === 'string',
    );
  if (!isSound) throw new Error(`${file} is not a template, because it has no Resources`);
  const sections = ['Resources', 'Outputs', 'Parameters', 'Conditions', 'Mappings'] as const;
  return withDictionaries({ ...template, Resources } as unknown as Template, sections);
}
