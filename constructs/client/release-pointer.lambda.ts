import { setTimeout as wait } from 'node:timers/promises';
import {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
// The store's endpoint is global and accepts multi-region signatures only. This import makes the SDK able to sign so.
import '@aws-sdk/signature-v4a';
import { customResource } from '../handler/custom-resource';
import { isRollingBack } from '../handler/stack-status';
import { POINTER_WAY_BACK, type ReleasePointerProperties } from './release-pointer.properties';

const client = new CloudFrontKeyValueStoreClient({});
const ATTEMPTS = 6;

/**
 * Moves the pointer to the release that the properties name.
 *
 * When a stack rolls back, CloudFormation sends an Update with the previous properties, which moves the pointer back. A
 * deletion leaves the pointer as it is, so that the distribution keeps serving a release.
 *
 * The resource of the way back moves the pointer at one time only: while the stack rolls back, if users have the client of
 * the release that is left.
 */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  if (event.ResourceType === POINTER_WAY_BACK) {
    if (event.RequestType === 'Create' || !(await isRollingBack(event.StackId))) return undefined;
    const { Value } = event.OldResourceProperties as Partial<ReleasePointerProperties>;
    // A failure would keep CloudFormation from taking the server back. The other resource tries again.
    await moveFrom(Value, event.ResourceProperties as ReleasePointerProperties).catch((error: unknown) =>
      console.error(JSON.stringify({ level: 'error', message: `the pointer stays for now: ${error}` })),
    );
    return undefined;
  }
  const properties = event.ResourceProperties as ReleasePointerProperties;
  await move(properties);
  return { data: { Value: properties.Value } };
});

/** Moves the pointer, unless it is elsewhere: people moved it by hand, or the failed update never reached it. */
async function moveFrom(left: string | undefined, to: ReleasePointerProperties): Promise<void> {
  if ((await current(to.KeyValueStoreArn, to.Key)) === left) await move(to);
}

async function move({ KeyValueStoreArn, Key, Value }: ReleasePointerProperties): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await put(KeyValueStoreArn, Key, Value);
    } catch (error) {
      // Another writer, or a store or a role so new that not all of AWS knows it yet.
      if (attempt === ATTEMPTS) throw error;
      await wait(100 * 2 ** attempt);
    }
  }
}

/** Writes the key, unless somebody else has changed the store since it was read. */
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
