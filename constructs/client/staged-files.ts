import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
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
    const hash = createHash('sha256');
    for (const path of this.paths) {
      const content = generated[path] ?? readFileSync(join(folder, path));
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
    const tryBundle = (output: string): boolean => {
      for (const path of this.paths) mkdirSync(dirname(join(output, path)), { recursive: true });
      for (const path of paths) copyFileSync(join(folder, path), join(output, path));
      for (const [path, content] of Object.entries(generated)) writeFileSync(join(output, path), content);
      return true;
    };
    this.asset = new Asset(this, 'Resource', {
      path: folder,
      // Without it, assets of one folder are taken for the same: what a local bundling does is not compared.
      assetHash: hash.digest('hex'),
      assetHashType: AssetHashType.CUSTOM,
      // An image has to be named, and is not used where the local bundling succeeds.
      bundling: { image: DockerImage.fromRegistry('none'), local: { tryBundle } },
    });
  }
}
