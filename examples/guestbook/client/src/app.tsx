// @framework Framework 5.3
import type { User } from '@shared/api';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { api } from './api';
import { EnvironmentBanner } from './components/environmentBanner';
import { BookPage } from './pages/bookPage';

// Most people come to read: what it takes to have an account is loaded by those who want one.
const AccountPage = lazy(() => import('./pages/accountPage'));

export function App() {
  const [user, setUser] = useState<User | null>();
  const [, navigate] = useLocation();

  useEffect(() => {
    api.whoAmI().then(
      (answer) => setUser(answer.user),
      // Reading goes on without; the list says so when the server cannot be reached.
      () => setUser(null),
    );
  }, []);

  async function signOut() {
    await api.signOut().catch(() => undefined);
    setUser(null);
    navigate('/');
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
      </header>
      <main id="content" tabIndex={-1} className="mx-auto max-w-3xl px-5 pt-4 pb-20 focus:outline-none">
        <Suspense fallback={<p className="text-center text-faded">One moment …</p>}>
          <Switch>
            <Route path="/">
              <BookPage user={user} onSessionEnded={() => setUser(null)} />
            </Route>
            <Route path="/sign-in">
              <AccountPage mode="sign-in" onSignedIn={setUser} />
            </Route>
            <Route path="/sign-up">
              <AccountPage mode="sign-up" onSignedIn={setUser} />
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
