/** Memory in MiB that Fargate runs with each number of CPU units: from, to, step. */
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
 * What is wrong with a pair of CPU units and memory, with the nearest pairs that Fargate runs.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export function fargateSizeProblem(cpu: number, memoryMiB: number): string | undefined {
  const range = MEMORY[cpu];
  if (!range) return `'cpu' must be one of ${Object.keys(MEMORY).join(', ')} units, got ${cpu}`;
  const sizes = memorySizes(cpu, range);
  if (sizes.includes(memoryMiB)) return undefined;
  const below = sizes.filter((size) => size < memoryMiB).at(-1);
  const above = sizes.find((size) => size > memoryMiB);
  const nearest = [below, above].filter((size) => size !== undefined).join(' or ');
  const others = Object.entries(MEMORY)
    .filter(([units, other]) => memorySizes(Number(units), other).includes(memoryMiB))
    .map(([units]) => units);
  return (
    `'memoryMiB' must be ${range[0]} to ${range[1]} in steps of ${range[2]} with 'cpu' ${cpu}, got ${memoryMiB}; ` +
    `use ${nearest}${others.length > 0 ? `, or 'cpu' ${others.join(' or ')}` : ''}`
  );
}

function memorySizes(cpu: number, [from, to, step]: readonly [number, number, number]): number[] {
  const sizes = Array.from({ length: (to - from) / step + 1 }, (_, n) => from + n * step);
  // The smallest size has no 1.5 GiB.
  return cpu === 256 ? sizes.filter((size) => size !== 1536) : sizes;
}
