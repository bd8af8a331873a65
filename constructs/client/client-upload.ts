import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ClientFiles } from './client-files';
import { ERROR_FOLDER, ERROR_PAGE_NAME } from './error-page';
import { FileUpload } from './file-upload';
import type { PagePolicy } from './page-policies';
import { StagedFiles } from './staged-files';
import { Uploader } from './uploader';

/** Properties of `ClientUpload`. */
export interface ClientUploadProps {
  /** Bucket of the files. */
  readonly bucket: IBucket;
  /** Path of the folder with the built client. */
  readonly source: string;
  readonly files: ClientFiles;
  /** Folder of the release's own files in the bucket. */
  readonly folder: string;
  /** HTML that users get, by path. */
  readonly pages: Readonly<Record<string, string>>;
  /** The policies of the pages. The first is the one of `index.html`. */
  readonly policies: readonly PagePolicy[];
  /** Contents of files that the build does not contain, by path. */
  readonly generated: Readonly<Record<string, string>>;
  /** HTML of the error page. */
  readonly errorPage: string;
}

/** Pages with one policy. */
interface StagedPages {
  readonly id: string;
  readonly files: StagedFiles;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Headers of all HTML. Browsers ask each time if there is another release. */
const HTML = { contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache' };

/**
 * The files of a release in the bucket.
 *
 * Defines uploads that never delete: hashed assets to the folder that all releases share, other files to the release's
 * own folder, HTML after both. Further uploads fill the fallback folder.
 */
export class ClientUpload extends Construct {
  /** Uploads that a release needs before users see it. The HTML comes last. */
  readonly release: Construct;
  /** Uploads to the fallback folder, which come after the release's verification. */
  readonly fallback: Construct;

  constructor(scope: Construct, id: string, props: ClientUploadProps) {
    super(scope, id);

    const { source: folder, files, generated } = props;
    const uploader = new Uploader(this, 'Uploader', props);
    const assets = new StagedFiles(this, 'StagedAssets', { folder, paths: files.hashed });
    const others = new StagedFiles(this, 'StagedFiles', { folder, paths: files.unhashed, generated });
    const html = this.stagePages(props);
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
    for (const upload of this.uploadHtml(this.release, uploader, html, props.folder))
      upload.node.addDependency(...earlier);

    this.fallback = new Construct(this, 'Fallback');
    const copies = this.uploadFiles(this.fallback, uploader, others, 'fallback');
    for (const upload of this.uploadHtml(this.fallback, uploader, html, 'fallback'))
      upload.node.addDependency(copies);
  }

  private uploadFiles(scope: Construct, uploader: Uploader, files: StagedFiles, folder: string): FileUpload {
    return new FileUpload(scope, 'Files', { uploader, files, folder, cacheControl: HTML.cacheControl });
  }

  /** An asset for the pages of each policy. */
  private stagePages({ source: folder, pages, policies }: ClientUploadProps): StagedPages[] {
    return policies.map(({ header, value, paths }, index) => {
      // The pages of index.html's policy keep their id whatever the other pages are.
      const id = index === 0 ? '' : `-${paths[0]!.replaceAll('/', '~')}`;
      const generated = Object.fromEntries(paths.map((path) => [path, pages[path]!]));
      const files = new StagedFiles(this, `StagedHtml${id}`, { folder, paths: [], generated });
      return { id: `Html${id}`, files, metadata: { [header]: value } };
    });
  }

  private uploadHtml(
    scope: Construct,
    uploader: Uploader,
    pages: readonly StagedPages[],
    folder: string,
  ): FileUpload[] {
    return pages.map(
      ({ id, files, metadata }) => new FileUpload(scope, id, { uploader, files, folder, metadata, ...HTML }),
    );
  }
}
