import { createHash } from 'node:crypto';
import { arn, named } from '../core/properties';
import type { ResourceHandlers } from '../core/resource-handler';

/** Resource types of KMS. A rehearsal encrypts nothing, but judges the key policies. */
export const KMS_RESOURCES: ResourceHandlers = {
  'AWS::KMS::Key': {
    supportedProperties: ['KeyPolicy'],
    apply(request) {
      const hash = createHash('sha256').update(named(request)).digest('hex');
      const Ref = hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
      return { Ref, KeyId: Ref, Arn: arn(request, 'kms', `key/${Ref}`) };
    },
  },
};
