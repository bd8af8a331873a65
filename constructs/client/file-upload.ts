import { Size } from 'aws-cdk-lib';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { namedContentTypes } from './content-types';
import type { StagedFiles } from './staged-files';
import type { Uploader } from './uploader';

export interface FileUploadProps {
  readonly uploader: Uploader;
  readonly files: StagedFiles;
  /**
   * Folder in the bucket.
   * @default the bucket's root
   */
  readonly folder?: string;
  readonly cacheControl: string;
  /**
   * One content type for all files.
   * @default by name
   */
  readonly contentType?: string;
  /** @default none */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Some of the files, by the filters of the AWS CLI. */
interface Selection {
  readonly exclude: readonly string[];
  readonly include?: readonly string[];
  readonly contentType?: string;
}

/**
 * Files put into a bucket; what is there already and not among them stays.
 *
 * Defines an upload, and a further one for each content type that the uploader does not guess right.
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
      // What another release put there is in use.
      prune: false,
      retainOnDelete: true,
      exclude: exclude.length > 0 ? [...exclude] : undefined,
      include: include && [...include],
      contentType,
      cacheControl: [CacheControl.fromString(props.cacheControl)],
      metadata: props.metadata,
      role: props.uploader.role,
      logGroup: props.uploader.logGroup,
      // For tens of thousands of files and a gigabyte: the uploader holds the archive and its files at once.
      memoryLimit: 2048,
      ephemeralStorageSize: Size.gibibytes(3),
      outputObjectKeys: false,
    });
    props.uploader.use(deployment, asset.bucket);
  }
}
