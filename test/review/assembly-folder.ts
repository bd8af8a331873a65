import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Resource } from '../../lib/review/plan';

/** The parent folder of all assemblies. It does not depend on the TMPDIR of a test. */
const ROOT = tmpdir();

/** Temporary folders, removed by `removeFolders`. */
const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(ROOT, 'review-')));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes files below a folder: texts as they are, all else as JSON. */
export function write(folder: string, files: Readonly<Record<string, unknown>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** Schema of the assemblies that are written here. */
export const VERSION = '55.0.0';

export const bucket = (name: string): Resource => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName: name },
  Metadata: { 'aws:cdk:path': `shop-data/${name}/Resource` },
});

/** A cloud assembly of one stack, as the CDK writes it. */
export function assemblyFiles(
  resources: Readonly<Record<string, Resource>>,
  { stack = 'shop-data', region = 'eu-west-1' } = {},
): Record<string, unknown> {
  return {
    'manifest.json': {
      version: VERSION,
      artifacts: {
        [stack]: {
          type: 'aws:cloudformation:stack',
          environment: `aws://unknown-account/${region}`,
          properties: { templateFile: `${stack}.template.json`, terminationProtection: true },
        },
      },
    },
    [`${stack}.template.json`]: { Resources: resources },
  };
}
