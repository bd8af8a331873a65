import { setTimeout as wait } from 'node:timers/promises';
import {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
// The endpoint of the store is global and requires SigV4A signatures. This import adds them to the SDK.
import '@aws-sdk/signature-v4a';
import { customResource } from '../handler/custom-resource';
import { isRollingBack } from '../handler/stack-status';
import { POINTER_ROLLBACK, type ReleasePointerProperties } from './release-pointer.properties';

const client = new CloudFrontKeyValueStoreClient({});
const ATTEMPTS = 6;

/**
 * Moves the pointer to the release in the properties.
 *
 * When a stack rolls back, CloudFormation sends an Update with the previous properties, which moves the pointer back.
 * A Delete leaves the pointer unchanged, so that the distribution keeps serving a release.
 *
 * The rollback resource moves the pointer only while the stack rolls back, and only if the pointer names the failed
 * release.
 */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  if (event.ResourceType === POINTER_ROLLBACK) {
    if (event.RequestType === 'Create' || !(await isRollingBack(event.StackId))) return undefined;
    const { Value } = event.OldResourceProperties as Partial<ReleasePointerProperties>;
    // A failure would stop CloudFormation from rolling back the server. The other resource tries again later.
    await moveFrom(Value, event.ResourceProperties as ReleasePointerProperties).catch((error: unknown) =>
      console.error(
        JSON.stringify({
          level: 'error',
          message: `the pointer was not moved early, the rollback continues: ${error}`,
        }),
      ),
    );
    return undefined;
  }
  const properties = event.ResourceProperties as ReleasePointerProperties;
  await move(properties);
  return { data: { Value: properties.Value } };
});

/**
 * Moves the pointer, unless it does not name the failed release. A person may have moved it, or the failed update
 * never did.
 */
async function moveFrom(left: string | undefined, to: ReleasePointerProperties): Promise<void> {
  if ((await current(to.KeyValueStoreArn, to.Key)) === left) await move(to);
}

async function move({ KeyValueStoreArn, Key, Value }: ReleasePointerProperties): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await put(KeyValueStoreArn, Key, Value);
    } catch (error) {
      // Another writer may have changed the store, or a new store or role may not have propagated yet.
      if (attempt === ATTEMPTS) throw error;
      await wait(100 * 2 ** attempt);
    }
  }
}

/** Writes the key. Fails if another writer has changed the store since it was read. */
async function put(KvsARN: string, Key: string, Value: string): Promise<void> {
  const { ETag: IfMatch } = await client.send(new DescribeKeyValueStoreCommand({ KvsARN }));
  if ((await current(KvsARN, Key)) === Value) return;
  await client.send(new PutKeyCommand({ KvsARN, Key, Value, IfMatch }));
}

async function current(KvsARN: string, Key: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetKeyCommand({ KvsARN, Key }))).Value;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
