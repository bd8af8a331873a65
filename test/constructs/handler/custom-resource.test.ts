import { expect, test, vi } from 'vitest';
import { customResource } from '../../../constructs/handler/custom-resource';
import { askCustomResource } from '../../support/cloudformation';

const create = { RequestType: 'Create', ResourceProperties: {} };
const update = { ...create, RequestType: 'Update', PhysicalResourceId: 'given' };

test('answers success with its attributes, under the logical id', async () => {
  const handler = customResource(async () => ({ data: { Version: '3' } }));
  expect(await askCustomResource(handler, create)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'Resource',
    Data: { Version: '3' },
  });
});

test('keeps its physical id on Update, because a new id means replacement', async () => {
  const handler = customResource(async () => undefined);
  expect(await askCustomResource(handler, update)).toMatchObject({ PhysicalResourceId: 'given' });
});

test.each([
  ['a'.repeat(9000), /^a{3000,}$/],
  ['移行に失敗しました。'.repeat(500), /^(移行に失敗しました。){100,}/],
  ['"\n'.repeat(3000), /^("\n){500,}/],
  ['👩‍👩‍👧'.repeat(900), /^(👩‍👩‍👧){100,}/],
])('truncates a long failure message to what CloudFormation reads', async (message, start) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const handler = customResource(async () => {
    throw new Error(message);
  });
  const answer = await askCustomResource(handler, create);
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toMatch(start);
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4096);
});

test('fails if its attributes are longer than CloudFormation reads', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const handler = customResource(async () => ({ data: { Long: 'x'.repeat(4096) } }));
  expect(await askCustomResource(handler, create)).toMatchObject({
    Status: 'FAILED',
    Reason: "its attributes exceed CloudFormation's limit of 4096 bytes",
  });
});

test('fails in time if its work does not end', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const handler = customResource(() => new Promise(() => {}));
  const { Status, Reason } = await askCustomResource(handler, create, { remainingMs: 5_050 });
  expect([Status, Reason]).toEqual(['FAILED', 'took longer than 0.05 s']);
});

test('retries the answer if CloudFormation refuses the first one', async () => {
  const handler = customResource(async () => undefined);
  expect(await askCustomResource(handler, create, { refuseFirst: 1 })).toMatchObject({ Status: 'SUCCESS' });
});
