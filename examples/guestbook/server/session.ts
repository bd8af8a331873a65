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
 * Sessions, with idle and absolute timeouts.
 *
 * Two measures prevent cross-site request forgery, without a token. The cookie is SameSite=Lax, so browsers do not
 * send it with another site's POST, PATCH or DELETE. The server also accepts JSON bodies only (see `app.ts`), which a
 * form cannot send and a script of another origin may not send.
 */
export function sessions(store: Store): RequestHandler[] {
  const { secret, secureCookie, idleTimeout, absoluteTimeout } = config.session;
  return [
    expressSession({
      store,
      secret,
      name: cookieName,
      resave: false,
      // Visitors who only read get no cookie.
      saveUninitialized: false,
      // Each request restarts the idle timeout.
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
