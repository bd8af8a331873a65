import { missing, type Operations, ServiceError } from '../core/aws-api';
import type { Stage } from '../core/stage';
import type { Bucket } from './bucket';

/** API operations of S3. */
export function s3Operations(buckets: ReadonlyMap<string, Bucket>, { api }: Stage): Operations {
  return {
    /** Returns the `StoredObject`. CloudFront is the only caller. */
    's3:GetObject': async ({ Bucket: name, Key }, caller) => {
      const { objects, listable } = buckets.get(String(name)) ?? missing(name);
      const stored = objects.get(String(Key));
      if (stored) return stored;
      if (listable) await api.call(caller, 's3:ListBucket', { Bucket: name });
      throw listable
        ? new ServiceError('NoSuchKey', `${name} has no ${Key}`, 404)
        : new ServiceError('AccessDenied', `${Key} of ${name} may not be read`, 403);
    },
    /** S3 checks the permission to list the bucket before it reports a missing object. */
    's3:ListBucket': () => ({}),
  };
}
