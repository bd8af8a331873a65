// @framework Framework 5.3
import { entryIdSchema, entrySchema, pageSchema } from '@shared/api';
import { Router } from 'express';
import { requireUser, validate } from '../http';
import { EntryService } from '../services/entryService';

export const entries = Router();

// Everybody reads the same entries. Browsers cache them and revalidate each time (ETag). Shared caches must not cache
// the response, because it also renews the session's cookie.
entries.get('/', async (request, response) => {
  response.set('Cache-Control', 'private, no-cache');
  response.json(await EntryService.list(validate(pageSchema, request.query)));
});

entries.post('/', async (request, response) => {
  const userId = requireUser(request);
  response.status(201).json(await EntryService.sign(userId, validate(entrySchema, request.body)));
});

entries.patch('/:id', async (request, response) => {
  const userId = requireUser(request);
  const id = validate(entryIdSchema, request.params.id);
  response.json(await EntryService.edit(id, userId, validate(entrySchema, request.body)));
});

entries.delete('/:id', async (request, response) => {
  const userId = requireUser(request);
  await EntryService.remove(validate(entryIdSchema, request.params.id), userId);
  response.status(204).end();
});
