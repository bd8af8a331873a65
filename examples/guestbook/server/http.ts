// @framework Framework 5.3
import type { ApiError } from '@shared/api';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type * as z from 'zod/mini';
import { AppError, asAppError, classify } from './errors';
import { logger } from './logger';

/** Returns the id of the user. Refuses the request if nobody is signed in. */
export function requireUser(request: Request): number {
  const { userId } = request.session;
  if (userId === undefined) throw new AppError('authentication', 'Sign in first.');
  return userId;
}

/** Returns the value in the form of the schema. Throws an error with a message for each invalid field. */
export function validate<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const { path, message } of result.error.issues) fields[path.join('.') || 'body'] ??= message;
  throw new AppError('validation', Object.values(fields).join(' '), fields);
}

/** Logs one line per request, with the error that `answerErrors` sent. */
export const logRequests: RequestHandler = (request, response, next) => {
  const start = performance.now();
  const path = request.originalUrl.split('?')[0];
  response.on('finish', () => {
    const level = response.statusCode >= 500 ? 'error' : path === '/api/health' ? 'debug' : 'info';
    logger[level]({
      event: 'http.request',
      requestId: request.get('x-amzn-trace-id') ?? request.get('x-request-id'),
      method: request.method,
      path,
      status: response.statusCode,
      durationMs: Math.round(performance.now() - start),
      error: response.locals.error,
    });
  });
  next();
};

/** Accepts JSON bodies only; see `session.ts` for the reason. */
export const jsonOnly: RequestHandler = (request, _response, next) => {
  if (request.is('json') === false)
    throw new AppError('validation', 'Send JSON, with Content-Type: application/json.');
  next();
};

export const notFound: RequestHandler = (request) => {
  throw new AppError('not-found', `There is no ${request.method} ${request.originalUrl.split('?')[0]}.`);
};

export const answerErrors: ErrorRequestHandler = (thrown, _request, response, next) => {
  if (response.headersSent) return next(thrown);
  const error = asAppError(thrown);
  response.locals.error = error;
  const body: ApiError['error'] =
    error instanceof AppError
      ? { class: error.errorClass, message: error.message, fields: error.fields }
      : { class: classify(error), message: 'Something went wrong on our side. Please try again.' };
  response.status(error instanceof AppError ? error.status : 500).json({ error: body });
};
