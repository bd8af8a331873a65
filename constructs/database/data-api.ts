import { setTimeout as wait } from 'node:timers/promises';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import type { RoleStatement } from './role-statements';

/** Options of `DataApi`. */
export interface DataApiOptions {
  readonly clusterArn: string;
  /** ARN of the secret with `username` and `password` for the login. */
  readonly secretArn: string;
  readonly database: string;
  /** Time at which to stop waiting for the cluster, in milliseconds since the epoch. */
  readonly deadline: number;
}

/**
 * Transient errors: a paused cluster resumes, a new cluster opens its endpoint, or a new permission or password
 * propagates.
 */
const TRANSIENT = new Set([
  'DatabaseResumingException',
  'DatabaseUnavailableException',
  'HttpEndpointNotEnabledException',
  'InternalServerErrorException',
  'InvalidResourceStateException',
  'SecretsErrorException',
  'ServiceUnavailableError',
  'StatementTimeoutException',
  'ForbiddenException',
  'AccessDeniedException',
  'TimeoutError',
]);

const RETRY_MILLISECONDS = Number(process.env['PAUSE_MS'] ?? 2_000);

/** Client that runs SQL through the RDS Data API, one statement per call. */
export class DataApi {
  private readonly client = new RDSDataClient({});

  constructor(private readonly options: DataApiOptions) {}

  /** Runs one statement and returns its rows. Waits for a cluster that is resuming. */
  async execute<Row = unknown>({ purpose, sql, doneState }: RoleStatement): Promise<Row[]> {
    const { clusterArn, secretArn, database, deadline } = this.options;
    const command = new ExecuteStatementCommand({
      resourceArn: clusterArn,
      secretArn,
      database,
      sql,
      formatRecordsAs: 'JSON',
    });
    for (;;) {
      try {
        const { formattedRecords } = await this.client.send(command);
        return JSON.parse(formattedRecords ?? '[]') as Row[];
      } catch (error) {
        const { name, message } = error as Error;
        // The Data API appends the SQLSTATE to the message of PostgreSQL.
        if (doneState && message.includes(`SQLState: ${doneState}`)) return [];
        if (!TRANSIENT.has(name) || Date.now() + RETRY_MILLISECONDS > deadline)
          throw new Error(`could not ${purpose}: ${name}: ${message}`);
        console.log(JSON.stringify({ level: 'info', message: 'waiting for the database', reason: name }));
        await wait(RETRY_MILLISECONDS);
      }
    }
  }
}
