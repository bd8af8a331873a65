// @framework Framework 5.3
import type { Entry, User } from '@shared/api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { api, RequestError } from '../api';
import { EntryCard } from '../components/entryCard';
import { MessageForm } from '../components/messageForm';
import cover from '../images/guestbook.webp';

// What is being written outlives a reload, and signing in again.
const draftKey = 'guestbook.draft';

interface BookPageProps {
  /** Undefined while it is not known yet. */
  user: User | null | undefined;
  /** Somebody was signed in until just now. */
  sessionEnded: boolean;
  onSessionEnded: () => void;
}

export function BookPage({ user, sessionEnded, onSessionEnded }: BookPageProps) {
  const [entries, setEntries] = useState<Entry[]>();
  const [next, setNext] = useState<number | null>(null);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [news, setNews] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  const load = useCallback(async (before?: number) => {
    setBusy(true);
    setError(undefined);
    try {
      const page = await api.listEntries(before);
      setEntries((shown) => (before && shown ? [...shown, ...page.entries] : page.entries));
      setNext(page.next);
    } catch (problem) {
      setError((problem as Error).message);
    }
    setBusy(false);
  }, []);

  useEffect(() => {
    document.title = 'Guestbook';
    load();
  }, [load]);

  async function loadOlder(before: number) {
    const shown = entries?.length ?? 0;
    await load(before);
    // The button moves away from under the focus: on to the first entry it brought.
    requestAnimationFrame(() => list.current?.querySelectorAll('article')[shown]?.focus());
  }

  /** Does what only the signed-in may; a session that has ended shows on the page. */
  async function asUser<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (problem) {
      if (problem instanceof RequestError && problem.status === 401) onSessionEnded();
      throw problem;
    }
  }

  async function sign(message: string) {
    const entry = await asUser(() => api.signBook({ message }));
    setEntries((shown) => [entry, ...(shown ?? [])]);
    setNews('Thank you. Your entry is in the book.');
  }

  async function edit(id: number, message: string) {
    const entry = await asUser(() => api.editEntry(id, { message }));
    setEntries((shown) => shown?.map((other) => (other.id === id ? entry : other)));
    setNews('Your entry was changed.');
  }

  async function remove(id: number) {
    await asUser(() => api.deleteEntry(id));
    setEntries((shown) => shown?.filter((other) => other.id !== id));
    setNews('Your entry was deleted.');
    heading.current?.focus();
  }

  return (
    <>
      <section className="grid items-center gap-6 sm:grid-cols-[1fr_auto]">
        <div>
          <h1 className="text-balance font-serif text-4xl leading-tight sm:text-5xl">
            Good that you came by
          </h1>
          <p className="mt-3 max-w-prose text-faded text-lg">
            Leave a few words for whoever comes after you, and see who was here before.
          </p>
        </div>
        <img src={cover} alt="" width={480} height={360} className="mx-auto h-auto w-44 sm:w-60" />
      </section>

      <section className="card mt-8" aria-label="Sign the guestbook">
        {user ? (
          <MessageForm
            label={`Your entry, ${user.name}`}
            submitLabel="Sign the guestbook"
            placeholder="It was lovely to …"
            initial={sessionStorage.getItem(draftKey) ?? ''}
            onChange={(text) => sessionStorage.setItem(draftKey, text)}
            onSubmit={sign}
          />
        ) : (
          <div className="flex flex-wrap items-center justify-between gap-4">
            <p role="status" className="font-serif text-xl">
              {sessionEnded ? 'Your session has ended. Sign in to go on.' : 'Would you like to sign?'}
            </p>
            <div className="flex flex-wrap gap-1">
              <Link href="/sign-up" className="button">
                Create an account
              </Link>
              <Link href="/sign-in" className="button-quiet">
                Sign in
              </Link>
            </div>
          </div>
        )}
      </section>

      <section className="mt-12" aria-busy={busy}>
        <h2 ref={heading} tabIndex={-1} className="font-serif text-2xl">
          Entries
        </h2>
        <p role="status" className={news ? 'mt-2 text-faded' : 'sr-only'}>
          {news}
        </p>
        {entries?.length === 0 && (
          <p className="card mt-5 text-center text-faded">
            The first page is still empty. The honour could be yours.
          </p>
        )}
        <ul ref={list} className="mt-5 grid gap-4">
          {entries?.map((entry) => (
            <li key={entry.id}>
              <EntryCard
                entry={entry}
                own={entry.author.id === user?.id}
                onEdit={(message) => edit(entry.id, message)}
                onDelete={() => remove(entry.id)}
              />
            </li>
          ))}
        </ul>
        {error && (
          <div role="alert" className="card mt-5 flex flex-wrap items-center justify-between gap-3">
            <p className="text-alert">{error}</p>
            <button type="button" className="button-quiet" onClick={() => load(entries?.at(-1)?.id)}>
              Try again
            </button>
          </div>
        )}
        {!entries && !error && <p className="mt-5 text-faded">Opening the book …</p>}
        {next !== null && !error && (
          <div className="mt-6 text-center">
            <button type="button" className="button" disabled={busy} onClick={() => loadOlder(next)}>
              Older entries
            </button>
          </div>
        )}
      </section>
    </>
  );
}
