import { Client } from 'pg';
import { type AwsApi, type Caller, type Input, type Operations, ServiceError } from '../core/aws-api';
import type { Stage } from '../core/stage';
import type { Database, Rds } from './rds';

/** The RDS Data API, on the real database. */
export function rdsDataOperations(rds: Rds, { api }: Stage): Operations {
  return {
    'rds-data:ExecuteStatement': async (input, caller) => {
      const { postgres, authority, endpoint, pausing } = reachable(rds, input);
      if (pausing && pausing.wake() > 0)
        throw new ServiceError('DatabaseResumingException', 'The database is resuming after being paused');
      const { username, password } = await credentials(api, caller, input);
      const client = new Client({
        host: '127.0.0.1',
        port: postgres.port,
        user: username,
        password,
        database: String(input['database']),
        ssl: { ca: authority.certificate, servername: endpoint },
      });
      try {
        await client.connect();
        const { rows, rowCount } = await client.query(String(input['sql']));
        if (isFirstRole(rds, input)) throw new LostAnswer();
        return { formattedRecords: JSON.stringify(rows), numberOfRecordsUpdated: rowCount ?? 0 };
      } catch (error) {
        if (error instanceof LostAnswer)
          throw new ServiceError('InternalServerErrorException', 'the answer is lost', 500);
        const { message, code } = error as Error & { code?: string };
        throw new ServiceError('DatabaseErrorException', `ERROR: ${message}; SQLState: ${code}`);
      } finally {
        await client.end().catch(() => {});
      }
    },
  };
}

function reachable({ database }: Rds, { resourceArn }: Input): Database {
  const refuse = (why: string): never => {
    throw new ServiceError('BadRequestException', why);
  };
  if (!database || resourceArn !== database.clusterArn) return refuse(`there is no cluster ${resourceArn}`);
  if (!database.dataApi) return refuse('EnableHttpEndpoint is not set on the cluster');
  if (!database.hasWriter)
    return refuse('the cluster has no instance yet; its DBInstance is missing or is created later');
  return database;
}

/** The Data API reads the secret with the permissions of its caller. */
async function credentials(
  api: AwsApi,
  caller: Caller,
  { secretArn: SecretId }: Input,
): Promise<{ username: string; password: string }> {
  const { SecretString } = await api.call<{ SecretString: string }>(caller, 'secretsmanager:GetSecretValue', {
    SecretId,
  });
  return JSON.parse(SecretString);
}

/** The statement has run, but its answer does not reach the caller. */
class LostAnswer extends Error {}

/** Returns true for the first statement that creates a role. Its answer is lost, as can happen with the Data API. */
function isFirstRole({ database }: Rds, { sql }: Input): boolean {
  if (database!.lostAnswer || !String(sql).startsWith('CREATE ROLE')) return false;
  database!.lostAnswer = true;
  return true;
}
