// @framework Framework 5.3
import config from '../config';
import { createApp } from './app';
import { serveClient } from './client';
import { logger } from './logger';
import { createSessionStore } from './sessionStore';

const app = createApp(createSessionStore());
await serveClient(app);

app.listen(config.server.port, config.server.host, () => {
  logger.info({ event: 'server.started', port: config.server.port });
});
