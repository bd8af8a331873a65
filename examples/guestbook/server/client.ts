// @framework Framework 5.3
import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Express } from 'express';
import config from '../config';

/** No inline code, and nothing from other origins. */
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000',
};

/**
 * Serves the client: built files in production, Vite in development, and nothing behind a CDN that has the files.
 * @returns a function that closes what this function opened
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
    // These names stay the same in all releases. Browsers revalidate the page itself on each request.
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
