import { Client } from 'pg';
import { AwsServiceError } from './aws-service';

export interface DataApiEmulation {
  /** For `startAwsService`. */
  readonly operations: { ExecuteStatement(input: DataApiInput): Promise<object> };
  /** Statements that came, in order, each with the user that ran it. */
  readonly statements: { user: string; sql: string }[];
  /** Makes the next calls (of `user`) fail with an error of the Data API, such as `DatabaseResumingException`. */
  failNext(error: string, times?: number, user?: string): void;
  /** Runs the next statement that matches, and answers with an error as if the answer were lost. */
  loseAnswer(pattern: RegExp): void;
  /** Forgets failures still to come and statements that came. */
  reset(): void;
  /** Closes its connections. */
  stop(): Promise<void>;
}

export interface DataApiInput {
  readonly secretArn: string;
  readonly database: string;
  readonly sql: string;
}

/**
 * The RDS Data API in front of a PostgreSQL server: logs in with the credentials of a secret, and runs one
 * statement. As strict as the real one, or stricter: a second statement or a `:name` without a parameter fails.
 */
export function emulateDataApi(options: {
  readonly host: string;
  readonly port: number;
  /** Current value of a secret. */
  readonly secret: (arn: string) => { username: string; password: string };
}): DataApiEmulation {
  const statements: { user: string; sql: string }[] = [];
  const failures: { error: string; user?: string }[] = [];
  const lost: RegExp[] = [];
  const connections = new Map<string, Promise<Client>>();

  async function ExecuteStatement({ secretArn, database, sql }: DataApiInput): Promise<object> {
    const { username: user, password } = options.secret(secretArn);
    const failure = failures.findIndex((one) => one.user === undefined || one.user === user);
    if (failure >= 0) throw new AwsServiceError(failures.splice(failure, 1)[0]!.error);
    if (/(^|[^:]):[A-Za-z_]/.test(sql)) throw new AwsServiceError('BadRequestException', 'Missing parameter');

    try {
      const client = await connection({ user, password, database });
      // The extended protocol takes a single statement, as the Data API does.
      const { rows = [], rowCount } = await client.query({ text: sql, queryMode: 'extended' } as never);
      statements.push({ user, sql });
      const loss = lost.findIndex((pattern) => pattern.test(sql));
      if (loss >= 0) {
        lost.splice(loss, 1);
        throw new LostAnswer();
      }
      return { formattedRecords: JSON.stringify(rows), numberOfRecordsUpdated: rowCount ?? 0 };
    } catch (error) {
      if (error instanceof LostAnswer) throw new AwsServiceError('InternalServerErrorException');
      const { message, code } = error as Error & { code?: string };
      throw new AwsServiceError('BadRequestException', `ERROR: ${message}; SQLState: ${code}`);
    }
  }

  /** Kept for the next statement of the same login; a new password needs a new connection. */
  function connection(login: { user: string; password: string; database: string }): Promise<Client> {
    const key = JSON.stringify(login);
    const known = connections.get(key);
    if (known) return known;
    const client = new Client({ host: options.host, port: options.port, ...login });
    client.on('error', () => connections.delete(key));
    const connected = client.connect().then(() => client);
    connected.catch(() => connections.delete(key));
    connections.set(key, connected);
    return connected;
  }

  return {
    operations: { ExecuteStatement },
    statements,
    failNext: (error, times = 1, user) => {
      for (let time = 0; time < times; time++) failures.push({ error, user });
    },
    loseAnswer: (pattern) => void lost.push(pattern),
    reset: () => {
      lost.length = 0;
      failures.length = 0;
      statements.length = 0;
    },
    async stop() {
      await Promise.all([...connections.values()].map(async (client) => (await client).end()));
      connections.clear();
    },
  };
}

/** The statement runs, but its answer is lost. */
class LostAnswer extends Error {}
