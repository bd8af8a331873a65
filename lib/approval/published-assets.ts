import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { sha256 } from '../review/plan-digest';
import type { PublishedImage } from './assembly';
import type { PlanRecord } from './plan-record';
import { DeliveryError } from './refused';
import type { Session } from './session';

/**
 * Returns the images of a plan with their digests, from the tags in the registry.
 * @throws DeliveryError for an image that has not been built
 */
export async function imageDigests(
  session: Session,
  images: readonly PublishedImage[],
): Promise<PlanRecord['images']> {
  const found = await Promise.all(
    images.map(async ({ repository, tag }) => ({
      repository,
      tag,
      digest: await imageDigest(session, { repository, tag }),
    })),
  );
  return found.map(({ digest, ...image }) => {
    if (digest !== undefined) return { ...image, digest };
    throw new DeliveryError(
      `the image ${image.tag} is in no registry: registering a plan builds it, which needs Docker on this machine; plan on a machine with Docker (docs/deploying.md)`,
    );
  });
}

/** Returns the digest of an image, or undefined if the registry has no image with this tag. */
export async function imageDigest(
  { ecr }: Session,
  { repository, tag }: PublishedImage,
): Promise<string | undefined> {
  try {
    const { imageDetails = [] } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
    );
    return imageDetails[0]?.imageDigest;
  } catch (error) {
    if (/ImageNotFound|RepositoryNotFound/.test((error as Error).name)) return undefined;
    throw error;
  }
}

/** Matches a file asset in a template: a name with the digest of its contents. */
const KEY = /\b[0-9a-f]{64}\.[a-z0-9]{2,5}\b/g;
/** The CDK's bootstrap bucket. */
const BUCKET = /cdk-[\w-]{1,10}-assets-(?:\$\{AWS::AccountId\}|\d{12})-[a-z0-9-]+/;

/**
 * Returns a digest of the versions of the files that a template names in the bootstrap bucket. Overwriting an object
 * creates a new version, so the digest shows if a file was replaced after the plan was made.
 * @returns undefined for a template that names no file
 */
export async function fileVersions(
  session: Session,
  region: string,
  template: string,
): Promise<string | undefined> {
  const keys = [...new Set(template.match(KEY))].sort();
  const bucket = BUCKET.exec(template)?.[0].replace('${AWS::AccountId}', session.account);
  if (keys.length === 0 || bucket === undefined) return undefined;
  const lines: string[] = [];
  for (let start = 0; start < keys.length; start += 10)
    lines.push(
      ...(await Promise.all(
        keys
          .slice(start, start + 10)
          .map(async (key) => `${key} ${await version(session, region, bucket, key)}`),
      )),
    );
  return sha256([bucket, ...lines].join('\n'));
}

async function version(session: Session, region: string, bucket: string, key: string): Promise<string> {
  try {
    const { VersionId, ETag } = await session
      .s3(region)
      .send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return VersionId ?? ETag ?? '';
  } catch (error) {
    if (/NotFound|NoSuchKey/.test((error as Error).name)) return 'gone';
    throw error;
  }
}
