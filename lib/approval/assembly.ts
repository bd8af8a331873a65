import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf } from '../review/manifest';
import { copyPlan } from '../review/plan-digest';
import { PlanError } from '../review/plan-error';
import { readPlan } from '../review/read-plan';
import { digestOfTemplate } from './change-sets';

/** A stack of a plan. */
export interface AssemblyStack {
  readonly name: string;
  readonly region: string;
  /** Digest of the template. */
  readonly template: string;
  /** The template itself. */
  readonly text: string;
  readonly terminationProtection: boolean;
  /** Construct path by logical id. */
  readonly paths: Readonly<Record<string, string>>;
  /** Names of the stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
}

/** An image of the plan's stacks, with the place where the CDK publishes it. */
export interface PublishedImage {
  readonly repository: string;
  readonly tag: string;
}

/** A private copy of a cloud assembly for preparing or deploying. */
export interface Assembly {
  readonly directory: string;
  readonly digest: string;
  /** In the order of deployment. */
  readonly stacks: readonly AssemblyStack[];
  readonly images: readonly PublishedImage[];
}

/**
 * Copies an assembly into an empty folder and reads the copy.
 * @throws PlanError for an assembly that cannot be deployed as it is
 */
export async function openAssembly(from: string, to: string, account: string): Promise<Assembly> {
  mkdirSync(to, { recursive: true });
  const digest = copyPlan(from, to);
  const { stacks } = await readPlan(to, { applied: 'all' });
  const { artifacts } = manifestOf(to);
  const own = stacks.filter(({ name }) => !name.includes('/'));
  const missing = own.find(({ region }) => region === undefined);
  if (missing) throw new PlanError(`stack ${missing.name} has no region; every stack of a plan needs one`);
  return {
    directory: to,
    digest,
    stacks: own.map(({ name, region = '', template, terminationProtection = false, constructPaths }) => ({
      name,
      region,
      template: digestOfTemplate(template),
      text: JSON.stringify(template),
      terminationProtection,
      paths: constructPaths,
      dependencies: (artifacts[name]?.dependencies ?? []).filter((id) =>
        own.some((stack) => stack.name === id),
      ),
    })),
    images: Object.values(artifacts).flatMap(({ type, properties }) =>
      type === 'cdk:asset-manifest' && properties?.file
        ? imagesOf(JSON.parse(readFileSync(join(to, properties.file), 'utf8')), account)
        : [],
    ),
  };
}

/**
 * Sets the present termination protection on each stack of a copy. Otherwise, preparing a change set would change the
 * protection before anybody has approved: even with `prepare-change-set`, the CDK's command sets it.
 */
export function keepProtection(directory: string, protection: ReadonlyMap<string, boolean>): void {
  const file = join(directory, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof manifestOf>;
  const artifacts = Object.entries(manifest.artifacts).map(([id, artifact]) => [
    id,
    artifact.type === 'aws:cloudformation:stack'
      ? {
          ...artifact,
          properties: { ...artifact.properties, terminationProtection: protection.get(id) ?? false },
        }
      : artifact,
  ]);
  writeFileSync(file, JSON.stringify({ ...manifest, artifacts: Object.fromEntries(artifacts) }));
}

interface Images {
  readonly dockerImages?: Readonly<
    Record<string, { readonly destinations?: Readonly<Record<string, Readonly<Record<string, string>>>> }>
  >;
}

function imagesOf({ dockerImages = {} }: Images, account: string): PublishedImage[] {
  return Object.values(dockerImages)
    .flatMap(({ destinations = {} }) => Object.values(destinations))
    .map(({ repositoryName = '', imageTag = '' }) => ({
      repository: repositoryName.replaceAll('${AWS::AccountId}', account),
      tag: imageTag,
    }));
}
