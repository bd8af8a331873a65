import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { StaticClient, type StaticClientProps } from '../../../constructs/client';
import type { EdgeRequest, EdgeResponse } from '../../../constructs/client/edge-event';
import { featureFlags } from '../../../lib/stacks/feature-flags';

const BUNDLES = join(__dirname, '..', '..', '..', 'bundles');

export function builtFunction(name: string): string {
  return readFileSync(join(BUNDLES, name, 'index.js'), 'utf8');
}

/** Runs the built functions as CloudFront does, on a key value store that is a map; none does not answer. */
export class Edge {
  private readonly onRequest: (event: object) => Promise<EdgeRequest | EdgeResponse>;
  private readonly onResponse: (event: object) => EdgeResponse;

  constructor(public store: Map<string, string> | undefined) {
    const get = async (key: string): Promise<string> => {
      const value = this.store?.get(key);
      if (value === undefined) throw new Error(this.store ? 'KeyNotFound' : 'no answer');
      return value;
    };
    const load = (name: string) =>
      runInNewContext(`${builtFunction(name).replace(/^import cf from "cloudfront";$/m, '')}\nhandler`, {
        cf: { kvs: () => ({ get }) },
      });
    this.onRequest = load('client-request');
    this.onResponse = load('client-response');
  }

  /** Returns the path that CloudFront requests from the bucket, or the status that it answers itself. */
  async route(uri: string, headers: Record<string, string> = {}): Promise<string | number> {
    const event = {
      request: {
        method: 'GET',
        uri,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
      },
    };
    const result = await this.onRequest(event);
    return 'uri' in result ? result.uri : result.statusCode;
  }

  /** The headers of an object as a viewer gets them. */
  respond(stored: Record<string, string>): Record<string, string> {
    const headers = Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, { value }]));
    const response = this.onResponse({ request: {}, response: { statusCode: 200, headers } });
    return Object.fromEntries(Object.entries(response.headers).map(([name, { value }]) => [name, value]));
  }
}

export interface StoredObject {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A synthesised client as it would lie in AWS. */
export interface Deployment {
  readonly template: Template;
  /** The objects that each upload writes. */
  readonly uploads: { readonly objects: Map<string, StoredObject> }[];
  /** The pointer's key and value. */
  readonly pointer: [key: string, value: string];
}

/** Synthesises a client and reads its template and assets, as a deployment does. */
export function deploy(props: StaticClientProps): Deployment {
  const app = new App({ context: featureFlags, analyticsReporting: false });
  const stack = new Stack(app, 'Test', { env: { region: 'eu-central-1' } });
  new StaticClient(stack, 'Client', props);
  const template = Template.fromStack(stack);
  const all = template.toJSON()['Resources'] as Record<string, Resource>;
  const ofType = (type: string) => Object.entries(all).filter(([, { Type }]) => Type === type);
  const uploads = ofType('Custom::CDKBucketDeployment').map(([, resource]) => ({
    objects: objects(app.outdir, resource.Properties as unknown as UploadProperties),
  }));
  const pointer = ofType('Custom::ReleasePointer')[0]![1].Properties;
  return {
    template,
    uploads,
    pointer: [pointer['Key'] as string, pointer['Value'] as string],
  };
}

/** Adds the uploads of a deployment to a bucket. */
export function upload(bucket: Map<string, StoredObject>, { uploads }: Deployment): void {
  for (const { objects } of uploads) for (const [key, object] of objects) bucket.set(key, object);
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

interface UploadProperties {
  readonly SourceObjectKeys: string[];
  readonly DestinationBucketKeyPrefix?: string;
  readonly Exclude?: string[];
  readonly Include?: string[];
  readonly SystemMetadata?: Record<string, string>;
  readonly UserMetadata?: Record<string, string>;
}

function objects(assembly: string, upload: UploadProperties): Map<string, StoredObject> {
  const folder = join(assembly, `asset.${upload.SourceObjectKeys[0]!.replace('.zip', '')}`);
  const matches = (path: string, patterns: string[] = []) =>
    patterns.some((pattern) => path.endsWith(pattern.replace('*', '')));
  const metadata = Object.entries(upload.UserMetadata ?? {}).map(([name, value]) => [
    `x-amz-meta-${name}`,
    value,
  ]);
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((path) => !matches(path, upload.Exclude) || matches(path, upload.Include))
      .map((path) => [
        upload.DestinationBucketKeyPrefix ? `${upload.DestinationBucketKeyPrefix}/${path}` : path,
        {
          body: readFileSync(join(folder, path), 'utf8'),
          headers: { ...upload.SystemMetadata, ...Object.fromEntries(metadata) },
        },
      ]),
  );
}
