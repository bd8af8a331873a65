import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Milliseconds that a paused cluster takes to resume. Clients that connect meanwhile wait.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
export const RESUME_MS = 15_000;

/** The port of a cluster that pauses when it is idle: Serverless v2 with a minimum capacity of 0. */
export class PausingPort {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  /** True until somebody connects. */
  private paused = false;
  /** Moment when the cluster has resumed. */
  private resumed = 0;

  /**
   * @param target port of the database
   * @param resumeMs milliseconds that resuming takes
   */
  constructor(
    private readonly target: () => number,
    private readonly resumeMs = RESUME_MS,
  ) {
    this.server = createServer((socket) => this.serve(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** Pauses the cluster. Connections that are open stay so: the cluster pauses for want of others. */
  pause(): void {
    this.paused = true;
  }

  /** Wakes a paused cluster, and returns the milliseconds until it takes connections. */
  wake(): number {
    if (this.paused) this.resumed = Date.now() + this.resumeMs;
    this.paused = false;
    return Math.max(0, this.resumed - Date.now());
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(client: Socket): void {
    this.sockets.add(client);
    client.on('close', () => this.sockets.delete(client)).on('error', () => client.destroy());
    setTimeout(() => {
      if (client.destroyed) return;
      const database = connect(this.target(), '127.0.0.1');
      for (const side of [client, database])
        side
          .on('error', () => side.destroy())
          .on('close', () => {
            client.destroy();
            database.destroy();
          });
      client.pipe(database).pipe(client);
    }, this.wake());
  }
}
