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
  /** Folder in the bucket for the unhashed files of this release. */
  readonly folder: string;
  /** HTML that users receive, by path. */
  readonly pages: Readonly<Record<string, string>>;
  /** Content Security Policies of the pages. The first one is the policy of `index.html`. */
  readonly policies: readonly PagePolicy[];
  /** Contents of files that the construct adds to the build, by path. */
  readonly generated: Readonly<Record<string, string>>;
  /** HTML of the error page. */
  readonly errorPage: string;
}

/** Pages that share a policy. */
interface StagedPages {
  readonly id: string;
  readonly files: StagedFiles;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Headers of all HTML files. Browsers revalidate on each request. */
const HTML = { contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache' };

/**
 * Uploads of a release's files to the bucket.
 *
 * Defines uploads that never delete files. Hashed assets go to the folder that all releases share, and other files to
 * the folder of the release. HTML follows last. Further uploads fill the fallback folder.
 */
export class ClientUpload extends Construct {
  /** Uploads that must end before users get the release. The HTML comes last. */
  readonly release: Construct;
  /** Uploads to the fallback folder. They follow the verification of the release. */
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

  /** Returns one asset for each policy, with the pages that have this policy. */
  private stagePages({ source: folder, pages, policies }: ClientUploadProps): StagedPages[] {
    return policies.map(({ header, value, paths }, index) => {
      // The construct id of the pages with index.html's policy does not depend on the other pages.
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
