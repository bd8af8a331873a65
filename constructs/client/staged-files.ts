import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';

export interface StagedFilesProps {
  /** Folder the files are in. */
  readonly folder: string;
  /** Their paths in it. */
  readonly paths: readonly string[];
  /**
   * Further files, by path, with their contents.
   * @default none
   */
  readonly generated?: Readonly<Record<string, string>>;
}

/**
 * Some files of a folder as an asset of their own.
 *
 * Defines an asset, unless there are no files.
 */
export class StagedFiles extends Construct {
  readonly paths: readonly string[];
  readonly asset?: Asset;

  constructor(scope: Construct, id: string, props: StagedFilesProps) {
    super(scope, id);

    const { folder, paths, generated = {} } = props;
    this.paths = [...paths, ...Object.keys(generated)];
    if (this.paths.length === 0) return;
    // The CDK copies an asset as soon as it is defined; bundling, its other way, announces every asset.
    const staged = mkdtempSync(join(tmpdir(), 'client-'));
    try {
      for (const path of this.paths) mkdirSync(dirname(join(staged, path)), { recursive: true });
      for (const path of paths) copyFileSync(join(folder, path), join(staged, path));
      for (const [path, content] of Object.entries(generated)) writeFileSync(join(staged, path), content);
      this.asset = new Asset(this, 'Resource', { path: staged });
    } finally {
      rmSync(staged, { recursive: true });
    }
  }
}
