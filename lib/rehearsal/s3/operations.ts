import { missing, type Operations, ServiceError } from '../core/aws-api';
import type { Bucket } from './bucket';

/** API operations of S3. */
export function s3Operations(buckets: ReadonlyMap<string, Bucket>): Operations {
  return {
    /** Answers the `StoredObject`. CloudFront is the only caller. */
    's3:GetObject': ({ Bucket: name, Key }) => {
      const { objects, listable } = buckets.get(String(name)) ?? missing(name);
      const stored = objects.get(String(Key));
      if (stored) return stored;
      throw listable
        ? new ServiceError('NoSuchKey', `${name} has no ${Key}`, 404)
        : new ServiceError('AccessDenied', `${Key} of ${name} may not be read`, 403);
    },
  };
}
