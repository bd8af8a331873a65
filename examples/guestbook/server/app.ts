// @framework Framework 5.3
import express from 'express';
import type { Store } from 'express-session';
import config from '../config';
import { answerErrors, jsonOnly, logRequests, notFound } from './http';
import { accounts } from './routes/accounts';
import { entries } from './routes/entries';
import { sessions } from './session';

/** The API, and the configuration that the client requests when it starts. */
export function createApp(sessionStore: Store) {
  const app = express();
  app.set('trust proxy', config.server.trustProxy);
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin' });
    next();
  });

  // One build of the client serves all environments. The client requests the name of its environment here.
  app.get('/config.json', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ environment: config.environment });
  });

  const api = express.Router();
  // Uses neither database nor session, so that load balancers' health checks do not wake an idle database.
  api.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  // No CORS header is set, so only our own origin may read responses. Nobody caches one, unless its route allows it.
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'private, no-store');
    next();
  });
  api.use(jsonOnly, express.json({ limit: '16kb' }), sessions(sessionStore));
  api.use(accounts);
  api.use('/entries', entries);
  api.use(notFound, answerErrors);
  app.use('/api', logRequests, api);
  return app;
}
