import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ClientFiles } from './client-files';
import { ERROR_FOLDER, ERROR_PAGE_NAME } from './error-page';
import { FileUpload } from './file-upload';
import { StagedFiles } from './staged-files';
import { Uploader } from './uploader';

export interface ClientUploadProps {
  readonly bucket: IBucket;
  /** The built client. */
  readonly source: string;
  readonly files: ClientFiles;
  /** Folder of the bucket for the release's own files. */
  readonly folder: string;
  /** HTML as users get it, by path. */
  readonly pages: Readonly<Record<string, string>>;
  /** Metadata of the release's HTML. */
  readonly htmlMetadata: Readonly<Record<string, string>>;
  /** Files that the build does not have, by path, with their contents. */
  readonly generated: Readonly<Record<string, string>>;
  /** Page for errors that no release answers. */
  readonly errorPage: string;
}

/** What all HTML is; browsers ask each time whether there is another release. */
const HTML = { contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache' };

/**
 * The files of a release in the bucket.
 *
 * Defines uploads, none of which ever deletes: hashed assets to where all releases share them, other files
 * to the release's own folder, HTML after both; and, apart from these, the fallback folder's.
 */
export class ClientUpload extends Construct {
  /** Everything a release needs to be seen; its HTML comes last. */
  readonly release: Construct;
  /** The release's own files in the fallback folder; they belong there once the release is verified. */
  readonly fallback: Construct;

  constructor(scope: Construct, id: string, props: ClientUploadProps) {
    super(scope, id);

    const { source: folder, files, generated } = props;
    const uploader = new Uploader(this, 'Uploader', props);
    const assets = new StagedFiles(this, 'StagedAssets', { folder, paths: files.hashed });
    const others = new StagedFiles(this, 'StagedFiles', { folder, paths: files.unhashed, generated });
    const html = new StagedFiles(this, 'StagedHtml', { folder, paths: [], generated: props.pages });
    const error = new StagedFiles(this, 'StagedErrorPage', {
      folder,
      paths: [],
      generated: { [ERROR_PAGE_NAME]: props.errorPage },
    });

    this.release = new Construct(this, 'Release');
    const earlier = [
      new FileUpload(this.release, 'Assets', {
        uploader,
        files: assets,
        cacheControl: 'public, max-age=31536000, immutable',
      }),
      this.uploadFiles(this.release, uploader, others, props.folder),
      new FileUpload(this.release, 'ErrorPage', { uploader, files: error, folder: ERROR_FOLDER, ...HTML }),
    ];
    this.uploadHtml(this.release, uploader, html, props).node.addDependency(...earlier);

    this.fallback = new Construct(this, 'Fallback');
    const copies = this.uploadFiles(this.fallback, uploader, others, 'fallback');
    this.uploadHtml(this.fallback, uploader, html, { ...props, folder: 'fallback' }).node.addDependency(
      copies,
    );
  }

  private uploadFiles(scope: Construct, uploader: Uploader, files: StagedFiles, folder: string): FileUpload {
    return new FileUpload(scope, 'Files', { uploader, files, folder, cacheControl: HTML.cacheControl });
  }

  private uploadHtml(
    scope: Construct,
    uploader: Uploader,
    files: StagedFiles,
    { folder, htmlMetadata }: Pick<ClientUploadProps, 'folder' | 'htmlMetadata'>,
  ): FileUpload {
    return new FileUpload(scope, 'Html', { uploader, files, folder, metadata: htmlMetadata, ...HTML });
  }
}
