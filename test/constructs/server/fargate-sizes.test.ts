import { Token } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { fargateSizeProblems } from '../../../constructs/server/fargate-sizes';

describe('fargateSizeProblems()', () => {
  test.each([
    [256, 512],
    [256, 1024],
    [256, 2048],
    [512, 1024],
    [512, 4096],
    [1024, 8192],
    [2048, 16_384],
    [4096, 30_720],
    [8192, 16_384],
    [8192, 61_440],
    [16_384, 32_768],
    [16_384, 122_880],
  ])('accepts %i units with %i MiB', (cpu, memoryMiB) => {
    expect(fargateSizeProblems(cpu, memoryMiB)).toEqual([]);
  });

  test.each([
    [256, 1536],
    [256, 4096],
    [512, 512],
    [1024, 1024],
    [1024, 2500],
    [4096, 31_744],
    [8192, 17_408],
    [16_384, 36_864],
  ])('refuses %i units with %i MiB', (cpu, memoryMiB) => {
    expect(fargateSizeProblems(cpu, memoryMiB)).toEqual([expect.stringContaining(`got ${memoryMiB}`)]);
  });

  test('accepts tokens', () => {
    expect(fargateSizeProblems(Token.asNumber({ Ref: 'Cpu' }), 1)).toEqual([]);
  });

  test('suggests the nearest valid memory and CPU', () => {
    expect(fargateSizeProblems(1024, 1024)).toEqual([
      "'task.memoryLimitMiB' must be 2048 to 8192 in steps of 1024 with 'task.cpu' 1024, got 1024; use 2048, or " +
        "'task.cpu' 256 or 512",
    ]);
  });

  test('suggests both neighbours of a memory between two steps', () => {
    expect(fargateSizeProblems(8192, 17_408)).toEqual([expect.stringContaining('use 16384 or 20480')]);
  });

  test('lists the valid CPU units for an invalid one', () => {
    expect(fargateSizeProblems(300, 512)).toEqual([
      "'task.cpu' must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 units, got 300",
    ]);
  });
});
