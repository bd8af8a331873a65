// @framework Framework 5.3
import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Express } from 'express';
import config from '../config';

/** Nothing inline, nothing from elsewhere. */
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000',
};

/**
 * Serves the client: the built files beside the built server; while developing, where there are none, Vite.
 * Behind a CDN that has the files itself, neither.
 * @returns a function that closes what was opened for it
 */
export async function serveClient(app: Express): Promise<() => void> {
  const root = path.join(import.meta.dirname, 'public');
  if (existsSync(root)) {
    app.use((_request, response, next) => {
      response.set(securityHeaders);
      next();
    });
    const assets = express.static(path.join(root, 'assets'), {
      immutable: true,
      maxAge: config.client.assetMaxAge * 1000,
    });
    // A missing asset is a 404, not the page.
    app.use('/assets', assets, (_request, response) => {
      response.sendStatus(404);
    });
    // Their names stay the same from release to release. The page itself is asked for every time.
    app.use(express.static(root, { index: false, maxAge: config.cache.ttl * 1000 }));
    app.get('/{*path}', (_request, response) => {
      response.sendFile('index.html', { root });
    });
  } else if (process.env.NODE_ENV !== 'production') {
    const { createServer } = await import('vite');
    const vite = await createServer({ server: { middlewareMode: true }, appType: 'spa' });
    app.use(vite.middlewares);
    return () => void vite.close();
  }
  return () => {};
}
