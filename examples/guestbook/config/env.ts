// @framework Framework 5.3
// Variables of a local .env file, for whoever has one; those already set win. Imported before anything
// that reads process.env.
import { existsSync } from 'node:fs';

if (existsSync('.env')) process.loadEnvFile('.env');
