import { randomInt } from 'node:crypto';

interface Generation {
  readonly PasswordLength?: number | string;
  readonly ExcludeCharacters?: string;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly IncludeSpace?: boolean;
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
}

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** Secrets Manager: names and values by ARN. A secret may have no value. */
export class Secrets {
  private readonly values = new Map<string, string>();
  private readonly names = new Map<string, string>();

  create(arn: string, name: string, value: string | undefined): void {
    this.names.set(arn, name);
    if (value !== undefined) this.values.set(arn, value);
  }

  has(arn: string): boolean {
    return this.names.has(arn);
  }

  name(arn: string): string {
    return this.names.get(arn) ?? arn;
  }

  put(arn: string, value: string): void {
    this.values.set(arn, value);
  }

  value(arn: string): string | undefined {
    return this.values.get(arn);
  }
}

/** Generates a value from a template's `GenerateSecretString`. */
export function generateSecret(how: Generation): string {
  const characters = [
    how.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    how.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    how.ExcludeNumbers ? '' : '0123456789',
    how.ExcludePunctuation ? '' : PUNCTUATION,
    how.IncludeSpace ? ' ' : '',
  ]
    .join('')
    .split('')
    .filter((character) => !how.ExcludeCharacters?.includes(character));
  const length = Number(how.PasswordLength ?? 32);
  const password = Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
  if (!how.GenerateStringKey) return password;
  const fields = JSON.parse(how.SecretStringTemplate ?? '{}') as Record<string, string>;
  return JSON.stringify({ ...fields, [how.GenerateStringKey]: password });
}
