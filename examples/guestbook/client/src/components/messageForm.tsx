// @framework Framework 5.3
import { entrySchema, messageMaxLength } from '@shared/api';
import { type FormEvent, useId, useState } from 'react';
import { RequestError } from '../api';

interface MessageFormProps {
  label: string;
  submitLabel: string;
  initial?: string;
  placeholder?: string;
  autoFocus?: boolean;
  /** Told of every keystroke. */
  onChange?: (message: string) => void;
  onSubmit: (message: string) => Promise<void>;
  onCancel?: () => void;
}

/** The text of an entry, to sign with or to edit. */
export function MessageForm(props: MessageFormProps) {
  const id = useId();
  const [message, setMessage] = useState(props.initial ?? '');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const left = messageMaxLength - message.length;

  function change(text: string) {
    setMessage(text);
    setError(undefined);
    props.onChange?.(text);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    const checked = entrySchema.safeParse({ message });
    if (!checked.success) return setError(checked.error.issues[0]?.message);
    setBusy(true);
    try {
      await props.onSubmit(checked.data.message);
      change('');
    } catch (problem) {
      setError(problem instanceof RequestError ? problem.message : 'Something went wrong. Please try again.');
    }
    setBusy(false);
  }

  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {props.label}
      </label>
      <textarea
        id={id}
        rows={4}
        className="field resize-y font-serif text-lg"
        value={message}
        maxLength={messageMaxLength}
        placeholder={props.placeholder}
        // biome-ignore lint/a11y/noAutofocus: only where the person has just asked to edit.
        autoFocus={props.autoFocus}
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && props.onCancel?.()}
      />
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p id={`${id}-note`} role="status" className={`text-sm ${error ? 'text-alert' : 'text-faded'}`}>
          {error ?? (left <= 200 ? `${left} characters left` : '')}
        </p>
        <div className="ml-auto flex gap-1">
          {props.onCancel && (
            <button type="button" className="button-quiet" onClick={props.onCancel}>
              Cancel
            </button>
          )}
          <button type="submit" className="button" disabled={busy}>
            {props.submitLabel}
          </button>
        </div>
      </div>
    </form>
  );
}
