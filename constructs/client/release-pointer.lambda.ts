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
import type { ReleasePointerProperties } from './release-pointer.properties';

const client = new CloudFrontKeyValueStoreClient({});
const ATTEMPTS = 6;

/**
 * Moves the pointer to the release that the properties name.
 *
 * When a stack rolls back, CloudFormation sends an Update with the previous properties, which moves the pointer back. A
 * deletion leaves the pointer as it is, so that the distribution keeps serving a release.
 */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const { KeyValueStoreArn, Key, Value } = event.ResourceProperties as ReleasePointerProperties & {
    ServiceToken: string;
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await put(KeyValueStoreArn, Key, Value);
      return { data: { Value } };
    } catch (error) {
      // Another writer, or a store or a role so new that not all of AWS knows it yet.
      if (attempt === ATTEMPTS) throw error;
      await wait(100 * 2 ** attempt);
    }
  }
});

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
