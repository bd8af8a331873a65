import type { Rule } from '../rule';
import { lineOf } from './script-rules';
import { sessions } from './session-calls';
import { withoutComments } from './shutdown';

/** Matches code that writes the user into the session: `request.session.userId = user.id`. */
const signsIn =
  /\breq(?:uest)?\.session(?:\s+as\s+[\w.<>]+\s*\))?[?!]?\.(?:user|userId|user_id|uid|account|accountId|admin|adminId|isAdmin|isAuthenticated|authenticated|loggedIn|isLoggedIn)\s*=(?![=>])(?!\s*(?:null|undefined|false|''|""))/;

/** Matches a call of `regenerate()`, and imports of functions such as `startSession` from another module. */
const renews = /regenerate|import\s*\{[^}]*Session\b[^}]*\}\s*from\s*['"][.@]/i;

export const sessionIdKept: Rule = {
  rule: 'session-id-kept',
  asks: 'A session gets a new id when its user signs in.',
  section: '11.1',
  severity: 'warning',
  why: 'a person who knew the id before, for example on a shared computer, is signed in too (session fixation)',
  fix: ['call request.session.regenerate() before the code writes the user into the session'],
  example:
    'await promisify(request.session.regenerate).call(request.session);\nrequest.session.userId = user.id;',
  find(application) {
    const [first] = sessions(application);
    if (!first) return [];
    const modules = first.server.code.modules.map(({ file }) => ({
      file,
      text: application.text(file) ?? '',
    }));
    // passport makes a new session itself.
    if (modules.some(({ text }) => /\breq(uest)?\.log[iI]n\(/.test(text))) return [];
    for (const { file, text } of modules) {
      const written = withoutComments(text);
      // A function of another module may make the new session; its name then says so.
      if (renews.test(written)) continue;
      const found = signsIn.exec(written)?.[0];
      if (found === undefined) continue;
      const line = lineOf(application, found.split('\n')[0]!, file);
      return [{ file, line, what: 'the session keeps its id when the user signs in' }];
    }
    return [];
  },
};
