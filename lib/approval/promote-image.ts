import { createHash } from 'node:crypto';
import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  LayerAlreadyExistsException,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { loadSettings } from '../../config';
import { deliveryRoleName } from '../../constructs/delivery-roles';
import { ReleaseHistory } from '../../constructs/release-record/release-history';
import type { Assembly, PublishedImage } from './assembly';
import type { EnvironmentDelivery } from './environment-delivery';
import { imageDigest } from './published-assets';
import { RefusedError } from './refused';
import type { Session } from './session';

/** Largest part of an upload that the registry accepts. */
const PART = 20 * 1024 * 1024;

/** Accepted manifest types. Without them, a registry converts the manifest to an old format with another digest. */
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/**
 * Copies the images of a plan from the environment in `delivery.promoteFrom`, if it is set. Manifest and layers are
 * copied unchanged, so both registries have the same digest, and nothing is built.
 * @throws RefusedError if that environment has never run the image
 */
export async function promoteImages(
  { settings, application, session, name, environment }: EnvironmentDelivery,
  { images }: Assembly,
  progress: (line: string) => void,
): Promise<void> {
  const from = settings.delivery.promoteFrom;
  if (from === undefined) return;
  const source = loadSettings(from, application);
  const other = `${name.slice(0, -environment.length)}${from}`;
  const account = source.account ?? session.account;
  const role = `arn:${session.arn.split(':')[1]}:iam::${account}:role/${deliveryRoleName(other, 'reader')}`;
  const there = await session.in(role, source.region);
  const history = await new ReleaseHistory(other, there.ssm).read();
  const ran = new Set(
    history.flatMap((entry) => (entry.kind !== 'migrations' && entry.imageDigest ? [entry.imageDigest] : [])),
  );
  for (const image of images) {
    const origin = {
      ...image,
      repository: image.repository
        .replace(session.account, account)
        .replace(new RegExp(`${session.region}$`), source.region),
    };
    const digest = await imageDigest(there, origin);
    if (digest === undefined || !ran.has(digest))
      throw new RefusedError(`${from} has not run this image`, [
        `image ${image.tag} is ${digest ? `${digest}, which no release of ${other} recorded` : `not in the registry of ${from}`}; deploy this revision to ${from} first (delivery.promoteFrom)`,
      ]);
    const here = await imageDigest(session, image);
    if (here !== undefined && here !== digest)
      throw new RefusedError('the registry has another image with this tag', [
        `${image.repository}:${image.tag} is ${here}, but in ${from} ${digest}; delete that image and plan again`,
      ]);
    if (here === digest) continue;
    progress(`copying image ${digest.slice(0, 19)} from ${from}`);
    await copyImage(there, session, origin, image, digest);
  }
}

async function copyImage(
  from: Session,
  to: Session,
  origin: PublishedImage,
  target: PublishedImage,
  imageDigest: string,
): Promise<void> {
  const manifest = await manifestOf(from.ecr, origin.repository, imageDigest);
  const parsed = JSON.parse(manifest.text) as {
    manifests?: { digest: string }[];
    config?: { digest: string };
    layers?: { digest: string }[];
  };
  // Copy an index's images and an image's layers before the manifest that refers to them.
  for (const { digest } of parsed.manifests ?? [])
    await copyImage(from, to, origin, { ...target, tag: '' }, digest);
  for (const { digest } of [...(parsed.config ? [parsed.config] : []), ...(parsed.layers ?? [])])
    await copyLayer(from.ecr, to.ecr, origin.repository, target.repository, digest);
  await to.ecr
    .send(
      new PutImageCommand({
        repositoryName: target.repository,
        imageManifest: manifest.text,
        imageManifestMediaType: manifest.type,
        // The registry refuses a manifest with another digest.
        imageDigest,
        ...(target.tag && { imageTag: target.tag }),
      }),
    )
    .catch((error: Error) => {
      if (error.name !== 'ImageAlreadyExistsException') throw error;
    });
}

async function manifestOf(
  ecr: ECRClient,
  repositoryName: string,
  imageDigest: string,
): Promise<{ text: string; type?: string }> {
  const { images = [], failures = [] } = await ecr.send(
    new BatchGetImageCommand({
      repositoryName,
      imageIds: [{ imageDigest }],
      acceptedMediaTypes: MANIFESTS,
    }),
  );
  const [image] = images;
  // A manifest that is not the asked one could lead to itself, without end.
  if (image?.imageManifest && digestOf(image.imageManifest) === imageDigest)
    return { text: image.imageManifest, type: image.imageManifestMediaType };
  throw new RefusedError('an image cannot be copied', [
    `${repositoryName} does not return ${imageDigest}: ${failures[0]?.failureReason ?? (image?.imageManifest ? 'the manifest has another digest' : 'no reason')}`,
  ]);
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function copyLayer(
  from: ECRClient,
  to: ECRClient,
  origin: string,
  repositoryName: string,
  layerDigest: string,
): Promise<void> {
  const { layers = [] } = await to.send(
    new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [layerDigest] }),
  );
  if (layers[0]?.layerAvailability === 'AVAILABLE') return;
  const { downloadUrl } = await from.send(
    new GetDownloadUrlForLayerCommand({ repositoryName: origin, layerDigest }),
  );
  if (downloadUrl === undefined)
    throw new RefusedError('a layer cannot be copied', [`${origin} gives no address of ${layerDigest}`]);
  const answer = await fetch(downloadUrl);
  const layer = Buffer.from(await answer.arrayBuffer());
  const digest = digestOf(layer);
  if (!answer.ok || digest !== layerDigest)
    throw new RefusedError('a layer cannot be copied', [
      `${layerDigest} of ${origin} came as ${digest} (status ${answer.status})`,
    ]);
  const { uploadId } = await to.send(new InitiateLayerUploadCommand({ repositoryName }));
  for (let first = 0; first < layer.length; first += PART) {
    const part = layer.subarray(first, first + PART);
    await to.send(
      new UploadLayerPartCommand({
        repositoryName,
        uploadId,
        partFirstByte: first,
        partLastByte: first + part.length - 1,
        layerPartBlob: part,
      }),
    );
  }
  await to
    .send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [layerDigest] }))
    .catch((error: unknown) => {
      if (!(error instanceof LayerAlreadyExistsException)) throw error;
    });
}
