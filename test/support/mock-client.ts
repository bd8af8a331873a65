import { mockClient as mock } from 'aws-sdk-client-mock';
import { afterAll } from 'vitest';

/** Mocks a client of the AWS SDK until the end of the test file. Files share their process, and so do their clients. */
export const mockClient: typeof mock = (client) => {
  const mocked = mock(client);
  afterAll(() => void mocked.restore());
  return mocked;
};
