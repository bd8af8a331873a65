import type { PreparedEnvironment } from './prepared-environment';

/** A plain variable of the server's environment. */
export interface ServerVariable {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/**
 * Shortest connection timeout, in seconds, if the database pauses. Resuming takes about 15 s, and 30 s or more after a
 * day. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
const RESUME_SECONDS = 45;

/** Returns true for a database that pauses when idle. */
function pauses({ minimumCapacity, instanceClass }: PreparedEnvironment['settings']['database']): boolean {
  return minimumCapacity === 0 && instanceClass === undefined;
}

type ReleaseInEnvironment = Pick<PreparedEnvironment, 'environment' | 'settings' | 'release'>;

/**
 * Returns the plain variables of every task, except the database's address. The application's own variables override
 * the others.
 */
export function serverVariables({ environment, settings, release }: ReleaseInEnvironment): ServerVariable[] {
  const { database, server, application } = settings;
  const milliseconds = (seconds: number) => String(seconds * 1000);
  const own = { ...release.server.environment, ...application.environment };
  const ours: ServerVariable[] = [
    {
      name: 'NODE_ENV',
      value: 'production',
      meaning: 'always this value, which turns development tools off',
    },
    { name: 'APP_ENV', value: environment, meaning: 'name of the environment' },
    { name: 'LOG_LEVEL', value: server.logLevel, meaning: 'lowest level of logged messages' },
    {
      name: 'DATABASE_POOL_SIZE',
      value: String(database.poolSize),
      meaning: 'maximum connections of a task; the connection budget uses this number',
    },
    {
      name: 'DATABASE_IDLE_TIMEOUT_MS',
      value: milliseconds(database.idleTimeout),
      meaning: 'time after which an idle connection is closed',
    },
    {
      name: 'DATABASE_CONNECT_TIMEOUT_MS',
      value: milliseconds(Math.max(database.connectTimeout, pauses(database) ? RESUME_SECONDS : 0)),
      meaning: 'time limit for connecting',
    },
  ];
  if (pauses(database))
    ours.push({
      name: 'FRAMEWORK53_LEAST_CONNECT_TIMEOUT_MS',
      value: milliseconds(RESUME_SECONDS),
      meaning:
        'minimum time limit for connecting, even if the code sets less: an idle database pauses, and takes 15 s to resume',
    });
  if (showsEnvironment({ environment, settings, release }))
    ours.push({
      name: 'FRAMEWORK53_SHOWN_ENVIRONMENT',
      value: environment,
      meaning: 'name that the image shows on pages that the server renders; not set in production',
    });
  return [
    ...ours.filter(({ name }) => !(name in own)),
    ...Object.entries(own).map(([name, value]) => ({
      name,
      value,
      meaning: 'set by the application, in its code or in framework53.config.ts',
    })),
  ];
}

/**
 * Returns true if the server's pages show the environment (§6.3). Pages with real user monitoring have another script,
 * so the bucket lacks the script of the banner.
 */
function showsEnvironment({ environment, settings, release }: ReleaseInEnvironment): boolean {
  const { rendersPages = false, paths } = release.server;
  if (environment === 'production' || release.client.readsEnvironment || !rendersPages) return false;
  return paths.includes('/*') || settings.monitoring.rumPercent === 0;
}

/** Returns all variables of the server as an `.env.example`: names, meanings, and values that are not secret. */
export function environmentExample(options: ReleaseInEnvironment): string {
  const { release, environment } = options;
  const lines = [
    `# The variables of the server of ${release.application} in ${environment}. Nothing reads this file.`,
    '',
    "# Where the database is, without user and password, which the driver takes from the two below. The server's",
    '# certificate is verified: NODE_EXTRA_CA_CERTS holds the authorities of RDS.',
    'DATABASE_URL=postgresql://HOST:5432/DATABASE?sslmode=verify-full',
    '',
    '# Secrets, kept and renewed for you.',
    'PGUSER=',
    'PGPASSWORD=',
    '',
    '# Port to listen on.',
    `PORT=${release.server.port}`,
    ...serverVariables(options)
      .filter(({ name }) => name !== 'PORT')
      .flatMap(({ name, value, meaning }) => ['', `# ${sentence(meaning)}`, `${name}=${value}`]),
    ...release.server.secrets.flatMap(({ name, kind }) => [
      '',
      kind === 'generated'
        ? '# Secret, generated once for the environment.'
        : `# Secret, provided by you: framework53 secrets set ${name} --env ${environment}`,
      `${name}=`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
