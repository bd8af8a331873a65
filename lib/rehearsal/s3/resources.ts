import { existsSync } from 'node:fs';
import { PlanError } from '../core/plan-error';
import { found, named, need, type Properties } from '../core/properties';
import type { ResourceHandlers, ResourceRequest } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import { Bucket, type Upload } from './bucket';

/** Resource types of S3. */
export function s3Resources(buckets: Map<string, Bucket>, stage: Stage): ResourceHandlers {
  return {
    'AWS::S3::Bucket': {
      supportedProperties: ['BucketName'],
      apply(request) {
        const Ref = request.properties['BucketName'] ?? named(request);
        if (!buckets.has(Ref)) buckets.set(Ref, new Bucket(request.id));
        const host = `${Ref}.s3.${request.stack.region}.amazonaws.com`;
        return { Ref, Arn: `arn:aws:s3:::${Ref}`, RegionalDomainName: host, DomainName: host };
      },
    },
    'AWS::S3::BucketPolicy': {
      supportedProperties: [
        'Bucket',
        'PolicyDocument.Statement.Action',
        'PolicyDocument.Statement.Principal',
      ],
      apply(request) {
        const bucket = found(request, 'Bucket', buckets, need(request, 'Bucket'));
        bucket.listable = need<Properties[]>(request, 'PolicyDocument.Statement').some(
          ({ Effect, Action, Principal }) =>
            Effect === 'Allow' &&
            [Action].flat().includes('s3:ListBucket') &&
            Principal?.Service === 'cloudfront.amazonaws.com',
        );
        bucket.policyId = request.id;
        return { Ref: named(request) };
      },
    },
    'Custom::CDKBucketDeployment': {
      supportedProperties: [
        'SourceObjectKeys',
        'DestinationBucketName',
        'DestinationBucketKeyPrefix',
        'Exclude',
        'Include',
        'Prune',
        'SystemMetadata',
        'UserMetadata',
      ],
      apply(request) {
        const name = need(request, 'DestinationBucketName');
        const upload = uploadOf(request);
        const count = found(request, 'DestinationBucketName', buckets, name).upload(upload);
        stage.announce('uploaded', `${count} files to /${upload.prefix}`);
        return { Ref: named(request) };
      },
    },
  };
}

function uploadOf(request: ResourceRequest): Upload {
  const { properties, id } = request;
  const folders = need<string[]>(request, 'SourceObjectKeys').map((key) => {
    const folder = request.asset(key);
    if (!folder || !existsSync(folder))
      throw new PlanError(id, 'SourceObjectKeys', `names no asset of the plan: ${key}`);
    return folder;
  });
  return {
    folders,
    prefix: properties['DestinationBucketKeyPrefix'] ?? '',
    exclude: properties['Exclude'] ?? [],
    include: properties['Include'] ?? [],
    prune: properties['Prune'] !== false,
    headers: properties['SystemMetadata'] ?? {},
    metadata: properties['UserMetadata'] ?? {},
  };
}
