import { missing, type Operations, ServiceError } from '../core/aws-api';
import type { Stage } from '../core/stage';

type Stores = ReadonlyMap<string, Map<string, string>>;

/**
 * API operations of key value stores.
 * @param stores pairs of each key value store, by its ARN
 */
export function keyValueStoreOperations(stores: Stores, stage: Stage): Operations {
  const storeOf = (arn: unknown) => stores.get(String(arn)) ?? missing(arn);
  const size = (store: Map<string, string>) => ({ ItemCount: store.size, TotalSizeInBytes: 0 });
  return {
    'cloudfront-keyvaluestore:DescribeKeyValueStore': ({ KvsARN }) => ({
      KvsARN,
      ...size(storeOf(KvsARN)),
      Created: 1.7e9,
      ETag: 'rehearsal',
    }),
    'cloudfront-keyvaluestore:GetKey': ({ KvsARN, Key }) => {
      const store = storeOf(KvsARN);
      return { Key, Value: store.get(String(Key)) ?? missing(Key), ...size(store) };
    },
    'cloudfront-keyvaluestore:PutKey': ({ KvsARN, Key, Value }) => {
      const store = storeOf(KvsARN);
      if (stage.milestones.emit('refuse pointer'))
        throw new ServiceError('InternalServerException', 'refused by the rehearsal', 500);
      store.set(String(Key), String(Value));
      stage.announce('pointer moved', String(Value));
      return { ...size(store), ETag: 'rehearsal' };
    },
  };
}
