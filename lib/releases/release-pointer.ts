import {
  type CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';

/** The key that the edge function reads for each request. */
const RELEASE_KEY = 'release';

/** The pointer that selects the client for users. */
export class ReleasePointer {
  constructor(
    private readonly client: CloudFrontKeyValueStoreClient,
    private readonly store: string,
  ) {}

  async read(): Promise<string | undefined> {
    try {
      return (await this.client.send(new GetKeyCommand({ KvsARN: this.store, Key: RELEASE_KEY }))).Value;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** Moves the pointer. Fails if the store has changed since the pointer was read. */
  async move(value: string): Promise<void> {
    const { ETag } = await this.client.send(new DescribeKeyValueStoreCommand({ KvsARN: this.store }));
    await this.client.send(
      new PutKeyCommand({ KvsARN: this.store, Key: RELEASE_KEY, Value: value, IfMatch: ETag }),
    );
  }
}
