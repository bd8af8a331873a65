import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Creates the smallest application named `shop` that commands can read. Returns the folder and a function that removes
 * it.
 */
export function applicationFolder(more: Record<string, string> = {}): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'application-'));
  const files = {
    'package.json': JSON.stringify({ name: 'shop', dependencies: { express: '5' } }),
    'vite.config.ts': "export default { root: 'client' };",
    'client/index.html': '<!doctype html>',
    'server/index.ts': `import express from 'express';
      const app = express();
      app.get('/api/health', (_, response) => response.json({ ok: true }));
      app.listen(process.env.PORT ?? 8080);`,
    ...more,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
