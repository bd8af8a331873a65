import { Size } from 'aws-cdk-lib';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { namedContentTypes } from './content-types';
import type { StagedFiles } from './staged-files';
import type { Uploader } from './uploader';

/** Properties of `FileUpload`. */
export interface FileUploadProps {
  readonly uploader: Uploader;
  readonly files: StagedFiles;
  /**
   * Folder in the bucket.
   * @default - the bucket's root
   */
  readonly folder?: string;
  /** Value of the header `Cache-Control`. */
  readonly cacheControl: string;
  /**
   * Content type of all files.
   * @default - by file name
   */
  readonly contentType?: string;
  /**
   * Metadata of each object, by name.
   * @default - none
   */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Selection of files, as filters of the AWS CLI. */
interface Selection {
  readonly exclude: readonly string[];
  readonly include?: readonly string[];
  readonly contentType?: string;
}

/**
 * Upload of files to a bucket. Other files in the bucket stay.
 *
 * Defines one upload, and one more for each content type that the uploader does not know.
 */
export class FileUpload extends Construct {
  constructor(scope: Construct, id: string, props: FileUploadProps) {
    super(scope, id);

    const { paths } = props.files;
    const named = props.contentType ? [] : namedContentTypes(paths);
    const isNamed = (path: string): boolean => named.some(([pattern]) => path.endsWith(pattern.slice(1)));

    if (!paths.every(isNamed)) {
      const exclude = named.map(([pattern]) => pattern);
      this.upload('Resource', props, { exclude, contentType: props.contentType });
    }
    for (const [pattern, contentType] of named) {
      this.upload(pattern.replace(/[^a-z0-9]/g, ''), props, {
        exclude: ['*'],
        include: [pattern],
        contentType,
      });
    }
  }

  private upload(id: string, props: FileUploadProps, { exclude, include, contentType }: Selection): void {
    const { asset } = props.files;
    if (!asset) return;
    const deployment = new BucketDeployment(this, id, {
      sources: [Source.bucket(asset.bucket, asset.s3ObjectKey)],
      destinationBucket: props.uploader.bucket,
      destinationKeyPrefix: props.folder,
      // Other releases still use the files that they uploaded.
      prune: false,
      retainOnDelete: true,
      exclude: exclude.length > 0 ? [...exclude] : undefined,
      include: include && [...include],
      contentType,
      cacheControl: [CacheControl.fromString(props.cacheControl)],
      metadata: props.metadata,
      role: props.uploader.role,
      logGroup: props.uploader.logGroup,
      // The uploader stores the archive and its extracted files at the same time. This size suffices for a gigabyte in
      // tens of thousands of files.
      memoryLimit: 2048,
      ephemeralStorageSize: Size.gibibytes(3),
      outputObjectKeys: false,
    });
    props.uploader.use(deployment, asset.bucket);
  }
}
