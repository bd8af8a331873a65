// @framework Framework 5.3
import type { RequestHandler } from 'express';
import expressSession, { type Store } from 'express-session';
import config from '../config';

declare module 'express-session' {
  interface SessionData {
    userId: number;
    /** Milliseconds since 1970. */
    signedInAt: number;
  }
}

export const cookieName = 'guestbook.sid';

/**
 * Sessions, with both timeouts.
 *
 * Against forged requests from other sites there are two barriers, and no token: the cookie is
 * SameSite=Lax, so no other site's POST, PATCH or DELETE carries it; and bodies are accepted as JSON
 * only (see `app.ts`), which a form cannot send and a script of another origin may not.
 */
export function sessions(store: Store): RequestHandler[] {
  const { secret, secureCookie, idleTimeout, absoluteTimeout } = config.session;
  return [
    expressSession({
      store,
      secret,
      name: cookieName,
      resave: false,
      // No cookie for who only reads.
      saveUninitialized: false,
      // Each request starts the idle timeout anew.
      rolling: true,
      cookie: { httpOnly: true, sameSite: 'lax', secure: secureCookie, maxAge: idleTimeout },
    }),
    (request, _response, next) => {
      const { signedInAt } = request.session;
      if (signedInAt === undefined || Date.now() - signedInAt < absoluteTimeout) return next();
      request.session.regenerate(next);
    },
  ];
}
