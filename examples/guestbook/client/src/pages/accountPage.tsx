// @framework Framework 5.3
import { credentialsSchema, type User } from '@shared/api';
import { type FormEvent, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, type RequestError } from '../api';
import { Field } from '../components/field';

const wording = {
  'sign-in': {
    title: 'Sign in',
    intro: 'Welcome back.',
    other: { href: '/sign-up', text: 'No account yet? Create one' },
  },
  'sign-up': {
    title: 'Create an account',
    intro: 'A name and a password are all it takes.',
    other: { href: '/sign-in', text: 'Have an account already? Sign in' },
  },
};

interface AccountPageProps {
  mode: keyof typeof wording;
  onSignedIn: (user: User) => void;
}

export default function AccountPage({ mode, onSignedIn }: AccountPageProps) {
  const [, navigate] = useLocation();
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const { title, intro, other } = wording[mode];

  useEffect(() => {
    document.title = `${title} · Guestbook`;
    setErrors({});
  }, [title]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const values = Object.fromEntries(new FormData(form));
    const checked = credentialsSchema.safeParse(values);
    if (!checked.success) {
      const problems: Record<string, string> = {};
      for (const { path, message } of checked.error.issues) problems[String(path[0])] ??= message;
      return fail(form, problems);
    }
    setBusy(true);
    try {
      const { user } = await (mode === 'sign-up' ? api.signUp : api.signIn)(checked.data);
      onSignedIn(user);
      navigate('/');
    } catch (problem) {
      const { fields, message } = problem as RequestError;
      setBusy(false);
      fail(form, Object.keys(fields ?? {}).length > 0 ? fields : { form: message });
    }
  }

  /** Shows the errors and puts the focus on the first field that has one. */
  function fail(form: HTMLFormElement, problems: Record<string, string>) {
    setErrors(problems);
    const [first = ''] = Object.keys(problems);
    (form.elements.namedItem(first) as HTMLElement | null)?.focus();
  }

  return (
    <section className="card mx-auto max-w-md">
      <h1 className="font-serif text-3xl">{title}</h1>
      <p className="mt-1 text-faded">{intro}</p>
      <form onSubmit={submit} noValidate className="mt-6 grid gap-5">
        <Field label="Name" name="name" autoComplete="username" error={errors.name} />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={mode === 'sign-up' ? 'new-password' : 'current-password'}
          hint={mode === 'sign-up' ? 'At least 10 characters.' : undefined}
          error={errors.password}
        />
        {errors.form && (
          <p role="alert" className="text-alert">
            {errors.form}
          </p>
        )}
        <button type="submit" className="button" disabled={busy}>
          {title}
        </button>
      </form>
      <Link href={other.href} className="button-quiet -ml-3 mt-4">
        {other.text}
      </Link>
    </section>
  );
}
