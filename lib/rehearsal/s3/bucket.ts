import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { wildcard } from '../../files/wildcard';

/** An object of S3. */
export interface StoredObject {
  /** File with the object's content. */
  readonly file: string;
  /** Headers of answers with the object. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly folders: readonly string[];
  readonly prefix: string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly prune: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  gif: 'image/gif',
  html: 'text/html',
  ico: 'image/vnd.microsoft.icon',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  mjs: 'text/javascript',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  xml: 'text/xml',
};

/** A bucket of S3. */
export class Bucket {
  /** By key. */
  readonly objects = new Map<string, StoredObject>();
  /** True if CloudFront may list the bucket. S3 then answers 404 for a missing object, otherwise 403. */
  listable = false;
  /** Logical id of the bucket policy. */
  policyId?: string;

  constructor(readonly logicalId: string) {}

  /** Uploads files as the CDK's `BucketDeployment` does with `aws s3 sync`. Returns the number of files. */
  upload({ folders, prefix, exclude, include, prune, headers, metadata }: Upload): number {
    const keys = new Set<string>();
    for (const folder of folders)
      for (const path of files(folder)) {
        const matches = (pattern: string) => wildcard(pattern).test(path);
        if (exclude.some(matches) && !include.some(matches)) continue;
        const key = [prefix, path].filter(Boolean).join('/');
        const type = TYPES[path.split('.').at(-1)!.toLowerCase()] ?? 'binary/octet-stream';
        const user = Object.entries(metadata).map(([name, value]) => [
          `x-amz-meta-${name.toLowerCase()}`,
          value,
        ]);
        this.objects.set(key, {
          file: join(folder, path),
          headers: { 'content-type': type, ...headers, ...Object.fromEntries(user) },
        });
        keys.add(key);
      }
    if (prune)
      for (const key of this.objects.keys())
        if (key.startsWith(prefix ? `${prefix}/` : '') && !keys.has(key)) this.objects.delete(key);
    return keys.size;
  }
}

function files(folder: string): string[] {
  return readdirSync(`${folder}/`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
}
