// @framework Framework 5.3
// biome-ignore-all format: the lines below are A.3 of the framework, character by character.
// biome-ignore-all assist/source/organizeImports: likewise.
import { Pool, neonConfig } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-serverless';
import ws from "ws";
import * as schema from "@shared/schema";

// WebSocket support for Neon
neonConfig.webSocketConstructor = ws;

// Environment-specific configuration
const isProd = process.env.NODE_ENV === 'production';

if (!process.env.DATABASE_URL) {
  throw new Error(
    "DATABASE_URL must be set. Did you forget to provision a database?",
  );
}

// Production-specific connection settings
const poolConfig = {
  connectionString: process.env.DATABASE_URL,
  max: isProd ? 20 : 5, // More connections for production
  idleTimeoutMillis: isProd ? 30000 : 10000,
  connectionTimeoutMillis: isProd ? 5000 : 2000,
};

export const pool = new Pool(poolConfig);

// Add production safeguards
if (isProd) {
  // Handle unexpected pool errors
  pool.on('error', (err) => {
    console.error('Unexpected database pool error', err);
    // In production, you might want to notify your error tracking service here
  });
  
  // Ensure pool is closed on application shutdown
  process.on('SIGTERM', () => {
    console.log('SIGTERM received, closing database pool');
    pool.end();
  });
}

export const db = drizzle({ client: pool, schema });
