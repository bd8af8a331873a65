import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { Identity } from './authority';

export interface DatabaseProxyOptions {
  readonly identity: Identity;
  /** Certificate of the authority that signed the database's certificate, as PEM. */
  readonly authority: string;
  readonly requireTls: boolean;
  /** Returns the users that may log in, from the present secrets. */
  readonly users: () => Promise<readonly string[]>;
  readonly maxConnections: number;
  /** Called for each refused login. */
  readonly refused: () => void;
  /** Milliseconds that a client waits for a connection. */
  readonly borrowTimeout: number;
  /** Host name of the database. */
  readonly database: string;
  /** Returns the port of this machine for a connection to the database, or undefined if the database is unreachable. */
  readonly reach: () => number | undefined;
}

const TLS_REQUEST = 80877103;

/**
 * An RDS proxy between clients and the database. It uses TLS on both sides, admits users with a known secret, and lets
 * clients wait while the database has no free connection. Unlike RDS, it gives each client its own database
 * connection.
 */
export class DatabaseProxy {
  private lent = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly options: DatabaseProxyOptions) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
      this.serve(socket).catch((error: Error) => refuse(socket, error.message));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as { port: number }).port;
  }

  /** Stops lending connections until the returned function is called. */
  occupyConnections(): () => void {
    const { maxConnections } = this.options;
    this.lent += maxConnections;
    return () => {
      this.lent -= maxConnections;
    };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(socket: Socket): Promise<void> {
    const { identity, requireTls, users } = this.options;
    let client: Socket = socket;
    let hello = await packet(client);
    if (hello.readInt32BE(4) === TLS_REQUEST) {
      socket.write('S');
      client = new TLSSocket(socket, { isServer: true, cert: identity.certificate, key: identity.key });
      client.on('error', () => socket.destroy());
      hello = await packet(client);
    } else if (requireTls) return refuse(client, 'This RDS Proxy requires TLS connections');
    const [, user] = /user\0([^\0]*)\0/.exec(hello.subarray(8).toString()) ?? [];
    if (!user || !(await users()).includes(user)) {
      this.options.refused();
      return refuse(client, `This RDS proxy has no credentials for the role ${user}. Check the credentials`);
    }

    const database = await this.borrow(client);
    if (!database) return refuse(client, 'Timed-out waiting to acquire database connection');
    const end = () => {
      client.destroy();
      socket.destroy();
      database.destroy();
    };
    for (const side of [client, socket, database]) side.on('close', end).on('error', end);
    database.on('close', () => this.lent--);
    database.write(hello);
    client.pipe(database).pipe(client);
  }

  /** Opens a connection to the database, or returns undefined if none is available within the borrow timeout. */
  private async borrow(client: Socket): Promise<Socket | undefined> {
    const deadline = Date.now() + this.options.borrowTimeout;
    while (Date.now() < deadline && !client.destroyed) {
      if (this.lent < this.options.maxConnections) {
        this.lent++;
        const database = await this.open().catch(() => undefined);
        if (database) return database;
        this.lent--;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  }

  private async open(): Promise<Socket> {
    const { database, authority: ca, reach } = this.options;
    const port = reach();
    if (port === undefined) throw new Error('the database is unreachable');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    await new Promise<void>((resolve, reject) => {
      socket.once('data', (answer) => (String(answer) === 'S' ? resolve() : reject(new Error('no TLS'))));
      socket.once('close', () => reject(new Error('closed')));
    });
    const secure = connectTls({ socket, servername: database, ca });
    await once(secure, 'secureConnect');
    return secure;
  }
}

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
  });
}

/** Reads the first message of a connection: its length, then its content. */
async function packet(socket: Socket): Promise<Buffer> {
  let read = Buffer.alloc(0);
  while (read.length < 8 || read.length < read.readInt32BE(0)) {
    const chunk = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('close', () => reject(new Error('closed')));
    });
    read = Buffer.concat([read, chunk]);
  }
  socket.pause();
  return read;
}

function refuse(socket: Socket, message: string): void {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C53300\0M${message}\0\0`);
  const header = Buffer.from([0x45, 0, 0, 0, 0]);
  header.writeInt32BE(fields.length + 4, 1);
  if (!socket.destroyed) socket.end(Buffer.concat([header, fields]));
}
