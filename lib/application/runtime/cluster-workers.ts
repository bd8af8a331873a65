import cluster from 'node:cluster';

/** Returns the processes of the workers that have not ended. */
export function livingWorkers() {
  return Object.values(cluster.workers ?? {}).flatMap((worker) =>
    worker && !worker.isDead() ? [worker.process] : [],
  );
}

/**
 * Passes SIGTERM to the workers of this process and waits until they have ended. ECS signals the first process only, and
 * workers are cut when that process ends.
 * @returns true if no worker failed
 */
export async function endWorkers(): Promise<boolean> {
  const workers = livingWorkers();
  // An application starts a worker for each that ends.
  if (workers.length > 0) cluster.removeAllListeners('exit');
  const ends = workers.map(
    (worker) =>
      new Promise<boolean>((resolve) => {
        worker.once('exit', (code) => resolve(code === 0));
        worker.kill('SIGTERM');
      }),
  );
  return (await Promise.all(ends)).every(Boolean);
}
