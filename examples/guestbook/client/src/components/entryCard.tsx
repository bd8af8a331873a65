// @framework Framework 5.3
import type { Entry } from '@shared/api';
import { useRef, useState } from 'react';
import { MessageForm } from './messageForm';

const shortDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const fullDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

interface EntryCardProps {
  entry: Entry;
  own: boolean;
  onEdit: (message: string) => Promise<void>;
  onDelete: () => Promise<void>;
}

export function EntryCard({ entry, own, onEdit, onDelete }: EntryCardProps) {
  const [editing, setEditing] = useState(false);
  const [error, setError] = useState<string>();
  const dialog = useRef<HTMLDialogElement>(null);
  const editButton = useRef<HTMLButtonElement>(null);
  const created = new Date(entry.createdAt);

  function stopEditing() {
    setEditing(false);
    // The form that had the focus is gone: back to where it was opened, once that is shown again.
    requestAnimationFrame(() => editButton.current?.focus());
  }

  async function remove() {
    dialog.current?.close();
    try {
      await onDelete();
    } catch (problem) {
      setError((problem as Error).message);
    }
  }

  return (
    <article className="card" tabIndex={-1} aria-label={`Entry by ${entry.author.name}`}>
      {editing ? (
        <MessageForm
          label="Edit your entry"
          submitLabel="Save"
          initial={entry.message}
          autoFocus
          onCancel={stopEditing}
          onSubmit={async (message) => {
            await onEdit(message);
            stopEditing();
          }}
        />
      ) : (
        <p className="wrap-anywhere whitespace-pre-line font-serif text-lg leading-relaxed">
          {entry.message}
        </p>
      )}
      <footer className="-mb-3 sm:-mb-5 mt-4 flex flex-wrap items-center gap-x-3 border-line border-t pt-1 text-faded text-sm sm:pt-2">
        <p className="py-3">
          <span className="font-medium text-ink">{entry.author.name}</span>
          {' · '}
          <time dateTime={entry.createdAt} title={fullDate.format(created)}>
            {shortDate.format(created)}
          </time>
          {entry.updatedAt && <span title={fullDate.format(new Date(entry.updatedAt))}> · edited</span>}
        </p>
        {own && !editing && (
          <div className="-mr-3 ml-auto flex">
            <button ref={editButton} type="button" className="button-quiet" onClick={() => setEditing(true)}>
              Edit<span className="sr-only"> your entry</span>
            </button>
            <button type="button" className="button-quiet" onClick={() => dialog.current?.showModal()}>
              Delete<span className="sr-only"> your entry</span>
            </button>
          </div>
        )}
      </footer>
      {error && (
        <p role="alert" className="mt-2 text-alert text-sm">
          {error}
        </p>
      )}
      {own && (
        <dialog
          ref={dialog}
          aria-labelledby={`delete-${entry.id}`}
          className="card m-auto max-w-sm text-ink backdrop:bg-black/50"
        >
          <h2 id={`delete-${entry.id}`} className="font-serif text-xl">
            Delete this entry?
          </h2>
          <p className="mt-2 text-faded">It cannot be brought back.</p>
          <div className="mt-5 flex justify-end gap-1">
            <button type="button" className="button-quiet" onClick={() => dialog.current?.close()}>
              Keep it
            </button>
            <button type="button" className="button" onClick={remove}>
              Delete
            </button>
          </div>
        </dialog>
      )}
    </article>
  );
}
