// @framework Framework 5.3
import { type InputHTMLAttributes, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  error?: string;
}

/** An input with its label, hint and error, tied together for assistive technology. */
export function Field({ label, hint, error, ...input }: FieldProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <input
        id={id}
        className="field"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        {...input}
      />
      {(error || hint) && (
        <p id={`${id}-note`} className={`mt-1.5 text-sm ${error ? 'text-alert' : 'text-faded'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
