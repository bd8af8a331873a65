// @framework Framework 5.3
import { promisify } from 'node:util';
import { credentialsSchema, type User } from '@shared/api';
import { type Request, Router } from 'express';
import { validate } from '../http';
import { UserService } from '../services/userService';
import { cookieName } from '../session';

/** Creates a new session id at every sign-in, so that an earlier id has no value (session fixation). */
async function startSession(request: Request, user: User) {
  await promisify(request.session.regenerate).call(request.session);
  request.session.userId = user.id;
  request.session.signedInAt = Date.now();
}

export const accounts = Router();

accounts.post('/users', async (request, response) => {
  const user = await UserService.signUp(validate(credentialsSchema, request.body));
  await startSession(request, user);
  response.status(201).json({ user });
});

accounts.get('/session', async (request, response) => {
  const { userId } = request.session;
  response.json({ user: (userId !== undefined && (await UserService.getUserProfile(userId))) || null });
});

accounts.post('/session', async (request, response) => {
  const user = await UserService.signIn(validate(credentialsSchema, request.body));
  await startSession(request, user);
  response.json({ user });
});

accounts.delete('/session', async (request, response) => {
  await promisify(request.session.destroy).call(request.session);
  response.clearCookie(cookieName).status(204).end();
});
