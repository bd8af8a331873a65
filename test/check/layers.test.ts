import { expect, test } from 'vitest';
import { type Files, places } from './support';

const server: Files = {
  'server/index.ts':
    "import express from 'express';\nimport { routes } from './routes/entries';\nexpress().use(routes).listen(8080);",
  'server/routes/entries.ts':
    "import { Router } from 'express';\nimport { EntryService } from '../services/entryService';\nexport const routes = Router().get('/', (_, response) => response.json(EntryService.all()));\nexport const page = 20;",
  'server/services/entryService.ts':
    "import { EntryRepository } from '../repositories/entryRepository';\nexport const EntryService = { all: () => EntryRepository.all() };\nexport interface Page { size: number }",
  'server/repositories/entryRepository.ts': 'export const EntryRepository = { all: () => [] };',
};
const found = (files: Files) => places('layers-reversed', { ...server, ...files });

const reversed: Record<string, [files: Files, place: string]> = {
  'a repository that imports a service': [
    {
      'server/repositories/entryRepository.ts':
        "import { EntryService } from '../services/entryService';\nexport const EntryRepository = { all: () => EntryService };",
    },
    'server/repositories/entryRepository.ts:1',
  ],
  'a repository that imports a service through the index of the services, when a function runs': [
    {
      'server/services/index.ts': "export * from './entryService';",
      'server/userRepository.ts':
        "export const all = async () =>\n  (await import('./services')).EntryService.all();",
    },
    'server/userRepository.ts:2',
  ],
  'a service that imports routes': [
    {
      'server/services/pageService.ts':
        "import { page } from '../routes/entries';\nexport const size = () => page;",
    },
    'server/services/pageService.ts:1',
  ],
  'a service that requires a controller': [
    {
      'server/entryController.ts': 'exports.list = (req, res) => res.json([]);',
      'server/services/mail.ts':
        "\nconst { list } = require('../entryController');\nexport const send = () => list;",
    },
    'server/services/mail.ts:2',
  ],
  'a repository that imports a router': [
    {
      'server/repositories/pageRepository.ts':
        "import * as entries from '../routes/entries';\nexport const size = () => entries.page;",
    },
    'server/repositories/pageRepository.ts:1',
  ],
};

test.each(Object.entries(reversed))('layers are the wrong way round: %s', async (_, [files, place]) => {
  expect(await found(files)).toEqual([place]);
});

const right: Record<string, Files> = {
  'a route imports a service, which imports a repository': {},
  'a repository imports types of a service': {
    'server/repositories/pageRepository.ts':
      "import type { Page } from '../services/entryService';\nimport { Page as Other } from '../services/entryService';\nexport const size = (page: Page & Other) => page.size;",
  },
  'a repository imports a cache and an encryption among the services': {
    'server/services/encryptionService.ts': 'export const encrypt = (text: string) => text;',
    'server/repositories/keyRepository.ts':
      "import { encrypt } from '../services/encryptionService';\nexport const store = (key: string) => encrypt(key);",
  },
  'a service imports paths in the folder of routes': {
    'server/routes/paths.ts': "export const entries = '/entries';",
    'server/services/linkService.ts':
      "import { entries } from '../routes/paths';\nexport const link = () => entries;",
  },
  'a folder of a service has its own router': {
    'server/services/mail/index.ts': "export { router } from './routes';",
    'server/services/mail/routes.ts': "import { Router } from 'express';\nexport const router = Router();",
  },
  'a job imports a service, and a repository another repository': {
    'server/jobs/nightly.ts':
      "import { EntryService } from '../services/entryService';\nexport const run = () => EntryService.all();",
    'server/repositories/pageRepository.ts':
      "import { EntryRepository } from './entryRepository';\nexport const all = () => EntryRepository.all();",
  },
};

test.each(Object.entries(right))('layers are the right way round: %s', async (_, files) => {
  expect(await found(files)).toEqual([]);
});
