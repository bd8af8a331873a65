// @framework Framework 5.3
import config from '../config';
import { createApp } from './app';
import { serveClient } from './client';
import { logger } from './logger';
import { createSessionStore } from './sessionStore';

const app = createApp(createSessionStore());
const stopServing = await serveClient(app);

const server = app.listen(config.server.port, config.server.host, () => {
  logger.info({ event: 'server.started', port: config.server.port });
});

// The server finishes requests in progress and accepts no new ones. The process ends when nothing is open any more;
// db.ts ends the pool. A request that never ends does not keep the process alive.
process.once('SIGTERM', () => {
  logger.info({ event: 'server.stopping' });
  server.close();
  server.closeIdleConnections();
  stopServing();
  setTimeout(() => server.closeAllConnections(), config.server.shutdownTimeout).unref();
});
