import { Token } from 'aws-cdk-lib';

/** Memory in MiB that Fargate allows for each CPU value: minimum, maximum, step. */
const MEMORY: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

/**
 * Checks a pair of CPU units and memory.
 * @returns one problem that lists the nearest allowed sizes, or no problem
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export function fargateSizeProblems(cpu: number, memoryLimitMiB: number): string[] {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryLimitMiB)) return [];
  const range = MEMORY[cpu];
  if (!range) return [`'task.cpu' must be one of ${Object.keys(MEMORY).join(', ')} units, got ${cpu}`];
  const sizes = memorySizes(cpu);
  if (sizes.includes(memoryLimitMiB)) return [];
  const below = sizes.filter((size) => size < memoryLimitMiB).at(-1);
  const above = sizes.find((size) => size > memoryLimitMiB);
  const nearest = [below, above].filter((size) => size !== undefined).join(' or ');
  const others = Object.keys(MEMORY)
    .map(Number)
    .filter((units) => memorySizes(units).includes(memoryLimitMiB));
  return [
    `'task.memoryLimitMiB' must be ${range[0]} to ${range[1]} in steps of ${range[2]} with 'task.cpu' ${cpu}, got ` +
      `${memoryLimitMiB}; use ${nearest}${others.length > 0 ? `, or 'task.cpu' ${others.join(' or ')}` : ''}`,
  ];
}

/**
 * Returns the memory sizes in MiB that Fargate allows for a CPU value, smallest first. Returns none if the CPU value
 * is not allowed.
 */
export function memorySizes(cpu: number): number[] {
  const [from, to, step] = MEMORY[cpu] ?? [0, -1, 1];
  const sizes = Array.from({ length: (to - from) / step + 1 }, (_, n) => from + n * step);
  // With 256 CPU units, 1.5 GiB is not allowed.
  return cpu === 256 ? sizes.filter((size) => size !== 1536) : sizes;
}
