// @framework Framework 5.3
import config from '../config';
import { AppError, classify, errorCode } from './errors';
import { redact } from './redact';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** `event` is the name of the line for metrics and searches, such as `entry.signed`. */
type Fields = { event: string; error?: unknown } & Record<string, unknown>;

/** Leaves out the message and first stack line of a database error, because they quote personal data of the query. */
function describe(error: unknown) {
  const errorClass = classify(error);
  if (!(error instanceof Error)) return { class: errorClass, text: String(error) };
  if (error instanceof AppError) return { class: errorClass, text: error.message };
  return {
    class: errorClass,
    type: error.name,
    code: errorCode(error),
    text: errorClass === 'database' ? undefined : error.message,
    query: 'query' in error ? error.query : undefined,
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
  };
}

function write(level: Level, { event, error, ...rest }: Fields) {
  if (levels.indexOf(level) < levels.indexOf(config.logging.level)) return;
  const fields = redact({ ...rest, ...(error !== undefined && { error: describe(error) }) }) as object;
  const line =
    config.logging.format === 'json'
      ? JSON.stringify({
          time: new Date().toISOString(),
          level,
          event,
          environment: config.environment,
          ...fields,
        })
      : `${level.padEnd(5)} ${event} ${JSON.stringify(fields)}`;
  process.stdout.write(`${line}\n`);
}

export const logger = {
  debug: (fields: Fields) => write('debug', fields),
  info: (fields: Fields) => write('info', fields),
  warn: (fields: Fields) => write('warn', fields),
  error: (fields: Fields) => write('error', fields),
};
