import { spawnSync } from 'node:child_process';
import type { Workspace } from '../rehearsal/core/workspace';
import { Authority } from '../rehearsal/rds/authority';
import { Postgres } from '../rehearsal/rds/postgres';

/** Version of PostgreSQL that the stacks deploy. */
const major = '17';
const owner = { username: 'migrations', password: 'migrations' };
const server = { username: 'server', password: 'server' };

/** A real PostgreSQL with the schema of a release, and the same two roles as in an environment. */
export class TestDatabase {
  private readonly postgres: Postgres;

  constructor(workspace: Workspace) {
    this.postgres = new Postgres(workspace, {
      major,
      identity: new Authority('framework53 init').issue(['localhost']),
      forceTls: false,
      maxConnections: 100,
      database: 'application',
      master: owner,
      parameters: {},
    });
  }

  async start(): Promise<void> {
    await this.postgres.start();
    await this.postgres.query(`CREATE ROLE ${server.username} LOGIN PASSWORD '${server.password}';
      GRANT ALL ON SCHEMA public TO ${owner.username};
      ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.username} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${server.username};
      ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.username} GRANT USAGE, SELECT ON SEQUENCES TO ${server.username};
      ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.username} GRANT USAGE ON SCHEMAS TO ${server.username}`);
  }

  /** Returns the variables with which a server connects to the database. */
  environment(role: 'owner' | 'server'): Record<string, string> {
    const { username, password } = role === 'owner' ? owner : server;
    return {
      DATABASE_URL: `postgresql://127.0.0.1:${this.postgres.port}/application`,
      PGUSER: username,
      PGPASSWORD: password,
    };
  }

  /**
   * Runs the migrations of an image.
   * @returns the error of the migrations; undefined if they succeed
   */
  migrate(image: string): string | undefined {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['migrate.mjs'], {
      cwd: image,
      encoding: 'utf8',
      timeout: 120_000,
      env: { PATH: process.env['PATH'], ...this.environment('owner') },
    });
    return status === 0 ? undefined : `${stdout}${stderr}`.trim();
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
  }
}
