import { expect, test, vi } from 'vitest';
import { customResource } from '../../../constructs/handler/custom-resource';
import { askCustomResource } from '../../support/cloudformation';

const create = { RequestType: 'Create', ResourceProperties: {} };
const update = { ...create, RequestType: 'Update', PhysicalResourceId: 'given' };

test('answers success with its data, under the logical id', async () => {
  const handler = customResource(async () => ({ data: { Version: '3' } }));
  expect(await askCustomResource(handler, create)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'Resource',
    Data: { Version: '3' },
  });
});

test('keeps its physical id on update, for another would be a replacement', async () => {
  const handler = customResource(async () => undefined);
  expect(await askCustomResource(handler, update)).toMatchObject({ PhysicalResourceId: 'given' });
});

test('fails with the message of what was thrown, cut to what CloudFormation takes', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const handler = customResource(async () => {
    throw new Error('x'.repeat(5000));
  });
  const { Status, Reason } = await askCustomResource(handler, create);
  expect(Status).toBe('FAILED');
  expect(Reason).toBe('x'.repeat(1500));
});

test('fails in time when its work does not end', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const handler = customResource(() => new Promise(() => {}));
  const { Status, Reason } = await askCustomResource(handler, create, { remainingMs: 5_050 });
  expect([Status, Reason]).toEqual(['FAILED', 'did not finish within the time of its function']);
});

test('answers again when CloudFormation does not take the first answer', async () => {
  const handler = customResource(async () => undefined);
  expect(await askCustomResource(handler, create, { refuseFirst: 1 })).toMatchObject({ Status: 'SUCCESS' });
});
