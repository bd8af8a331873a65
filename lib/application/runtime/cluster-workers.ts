import cluster from 'node:cluster';

/** Returns the processes of the workers that have not ended. */
export function livingWorkers() {
  return Object.values(cluster.workers ?? {}).flatMap((worker) =>
    worker && !worker.isDead() ? [worker.process] : [],
  );
}

/**
 * Sends SIGTERM to the workers of this process and waits until they end. ECS sends the signal only to the first
 * process, and the workers end at once when that process ends.
 * @returns true if no worker failed
 */
export async function endWorkers(): Promise<boolean> {
  const workers = livingWorkers();
  // Without this call, the application would start a new worker for each worker that ends.
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
