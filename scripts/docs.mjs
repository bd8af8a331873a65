// Writes the documents that are made from the sources; a test fails when one is out of date.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import './build.mjs';
import { createRequire } from 'node:module';

const { configurationTable } = createRequire(import.meta.url)('../dist/config/document.js');
const file = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));
writeFileSync(file, configurationTable());
process.stdout.write(`wrote ${file}\n`);
