import { builtinModules } from 'node:module';
import { type PackageManifest, packageName } from '../../application/package-manifest';

/** Packages that need a server: they open sockets, read files, or contain code that browsers must not receive. */
const serverPackages = new Set([
  ...[
    'pg',
    'pg-native',
    'pg-pool',
    'postgres',
    '@neondatabase/serverless',
    '@vercel/postgres',
    'mysql2',
    'mongodb',
  ],
  ...[
    'mongoose',
    'better-sqlite3',
    'sqlite3',
    'redis',
    'ioredis',
    'knex',
    'typeorm',
    'sequelize',
    '@prisma/client',
  ],
  ...[
    'express',
    'express-session',
    'connect-pg-simple',
    'memorystore',
    'cookie-parser',
    'body-parser',
    'cors',
  ],
  ...[
    'helmet',
    'compression',
    'morgan',
    'multer',
    'express-rate-limit',
    'passport',
    'passport-local',
    'fastify',
  ],
  ...['bcrypt', 'bcryptjs', 'argon2', 'jsonwebtoken', 'nodemailer', '@sendgrid/mail', 'stripe', 'twilio'],
  ...['ws', 'sharp', 'fs-extra', 'winston', 'firebase-admin', 'node-cron', 'bull', 'bullmq', 'puppeteer'],
  ...['openid-client', 'googleapis', 'google-auth-library', 'express-openid-connect', '@aws-sdk/client-s3'],
]);

/** Modules of Node.js that Vite replaces by empty ones, unless a package with the same name is installed. */
const withoutStandIn = new Set(['crypto', 'http', 'https', 'os', 'zlib']);

const serverDrivers =
  /^drizzle-orm\/(node-postgres|postgres-js|neon-serverless|neon-http|vercel-postgres|better-sqlite3|libsql|mysql2|planetscale-serverless|[\w-]+\/migrator)(\/|$)/;

/**
 * Modules of Node.js without an equivalent for browsers. Others, such as `events`, have packages with the same name.
 */
const nodeOnly = new Set([
  ...[
    'async_hooks',
    'child_process',
    'cluster',
    'dgram',
    'dns',
    'fs',
    'fs/promises',
    'http2',
    'inspector',
    'module',
  ],
  ...['net', 'perf_hooks', 'readline', 'repl', 'tls', 'v8', 'vm', 'worker_threads'],
]);

/**
 * Returns a clause that explains why a package runs only on a server, or undefined for a package that browsers can
 * run.
 */
export function serverOnlyReason(path: string, manifest: PackageManifest | undefined): string | undefined {
  const plain = path.replace(/^node:/, '');
  if (nodeOnly.has(plain)) return 'is a module of Node.js';
  // Bundlers replace modules such as `path`, even without the `node:` prefix.
  if (path.startsWith('node:') && builtinModules.includes(plain) && !isPolyfilled(manifest))
    return 'is a module of Node.js';
  const name = packageName(path);
  if (withoutStandIn.has(path) && !isPolyfilled(manifest) && !isDeclared(manifest, name))
    return 'is a module of Node.js';
  if (manifest?.serverDependencies?.[name] && !manifest.clientDependencies?.[name])
    return 'is in serverDependencies of package.json';
  if (manifest?.clientDependencies?.[name]) return undefined;
  return serverPackages.has(name) || serverDrivers.test(path) ? 'is a server package' : undefined;
}

function isDeclared(manifest: PackageManifest | undefined, name: string): boolean {
  const declared = {
    ...manifest?.dependencies,
    ...manifest?.devDependencies,
    ...manifest?.clientDependencies,
  };
  return declared[name] !== undefined || declared[`${name}-browserify`] !== undefined;
}

function isPolyfilled(manifest: PackageManifest | undefined): boolean {
  return Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies }).some((name) =>
    /node-polyfills|polyfill-node|stdlib-browser/.test(name),
  );
}
