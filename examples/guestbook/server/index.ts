// @framework Framework 5.3
import config from '../config';
import { createApp } from './app';
import { serveClient } from './client';
import { logger } from './logger';
import { createSessionStore } from './sessionStore';

const app = createApp(createSessionStore());
await serveClient(app);

const server = app.listen(config.server.port, config.server.host, () => {
  logger.info({ event: 'server.started', port: config.server.port });
});

// Answers what is under way, and takes nothing new. The process ends when nothing is open any more; db.ts ends the pool.
process.on('SIGTERM', () => {
  logger.info({ event: 'server.stopping' });
  server.close();
  server.closeIdleConnections();
});
