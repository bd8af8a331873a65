// @framework Framework 5.3
import type { User } from '@shared/api';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { api } from './api';
import { EnvironmentBanner } from './components/environmentBanner';
import { BookPage } from './pages/bookPage';

// Most people come to read: what it takes to have an account is loaded by those who want one.
const AccountPage = lazy(() => import('./pages/accountPage'));

export function App() {
  const [user, setUser] = useState<User | null>();
  const [signOutFailed, setSignOutFailed] = useState(false);
  const [sessionEnded, setSessionEnded] = useState(false);
  const [location, navigate] = useLocation();
  const content = useRef<HTMLElement>(null);
  const shown = useRef(location);

  useEffect(() => {
    api.whoAmI().then(
      (answer) => setUser(answer.user),
      // Reading goes on without; the list says so when the server cannot be reached.
      () => setUser(null),
    );
  }, []);

  useEffect(() => {
    // A page that replaces another takes the focus, as one that the browser loads would.
    if (shown.current !== location) content.current?.focus();
    shown.current = location;
  }, [location]);

  async function signOut() {
    try {
      await api.signOut();
    } catch {
      // Whoever asked to be signed out must not be told so when it is not true.
      return setSignOutFailed(true);
    }
    sessionStorage.clear();
    setUser(null);
    setSignOutFailed(false);
    navigate('/');
  }

  function startSession(who: User) {
    setUser(who);
    setSessionEnded(false);
  }

  function endSession() {
    setUser(null);
    setSessionEnded(true);
  }

  return (
    <>
      <a href="#content" className="button absolute -top-20 left-4 z-10 focus:top-4">
        Skip to the content
      </a>
      <EnvironmentBanner />
      <header className="mx-auto flex max-w-3xl flex-wrap items-center justify-between gap-x-4 px-5 py-4">
        <Link href="/" className="font-serif text-xl">
          Guestbook
        </Link>
        <nav aria-label="Account" className="-mr-3 flex min-h-11 items-center text-sm">
          {user === null && (
            <Link href="/sign-in" className="button-quiet">
              Sign in
            </Link>
          )}
          {user && (
            <button type="button" className="button-quiet" onClick={signOut}>
              Sign out
            </button>
          )}
        </nav>
        {signOutFailed && (
          <p role="alert" className="w-full text-alert text-sm">
            You are still signed in: the guestbook could not be reached. Please try again.
          </p>
        )}
      </header>
      <main
        ref={content}
        id="content"
        tabIndex={-1}
        className="mx-auto max-w-3xl px-5 pt-4 pb-20 focus:outline-none"
      >
        <Suspense fallback={<p className="text-center text-faded">One moment …</p>}>
          <Switch>
            <Route path="/">
              <BookPage user={user} sessionEnded={sessionEnded} onSessionEnded={endSession} />
            </Route>
            <Route path="/sign-in">
              <AccountPage mode="sign-in" onSignedIn={startSession} />
            </Route>
            <Route path="/sign-up">
              <AccountPage mode="sign-up" onSignedIn={startSession} />
            </Route>
            <Route>
              <h1 className="font-serif text-3xl">There is no such page</h1>
              <p className="mt-3">
                <Link href="/" className="button-quiet -ml-3">
                  To the guestbook
                </Link>
              </p>
            </Route>
          </Switch>
        </Suspense>
      </main>
    </>
  );
}
