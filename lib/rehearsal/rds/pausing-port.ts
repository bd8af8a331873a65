import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Milliseconds that a paused cluster needs to resume. Clients that connect meanwhile wait.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
export const RESUME_MS = 15_000;

/** The port of a cluster that pauses when idle: Serverless v2 with a minimum capacity of 0. */
export class PausingPort {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  /** True until a client connects. */
  private paused = false;
  /** Time at which the cluster has resumed. */
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

  /** Pauses the cluster. Open connections stay open. */
  pause(): void {
    this.paused = true;
  }

  /** Resumes a paused cluster. Returns the milliseconds until it accepts connections. */
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
