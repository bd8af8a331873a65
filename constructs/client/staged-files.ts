import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';

/** Properties of `StagedFiles`. */
export interface StagedFilesProps {
  /** Path of the folder that contains the files. */
  readonly folder: string;
  /** Paths of the files in the folder. */
  readonly paths: readonly string[];
  /**
   * Contents of additional files, by path.
   * @default - none
   */
  readonly generated?: Readonly<Record<string, string>>;
}

/**
 * Asset that contains some files of a folder.
 *
 * Defines no asset if there are no files.
 */
export class StagedFiles extends Construct {
  /** Paths of all files. */
  readonly paths: readonly string[];
  /** Asset; absent if there are no files. */
  readonly asset?: Asset;

  constructor(scope: Construct, id: string, props: StagedFilesProps) {
    super(scope, id);

    const { folder, paths, generated = {} } = props;
    this.paths = [...paths, ...Object.keys(generated)];
    if (this.paths.length === 0) return;
    // The CDK copies the files when the asset is defined, so the folder can go afterwards. Bundling would print a line
    // for each asset.
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
