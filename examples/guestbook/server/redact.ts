// @framework Framework 5.3

const personal =
  /^(name|email|message|password|passwordHash|secret|token|cookie|set-cookie|authorization|ip)$/i;
const emailAddress = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
const urlPassword = /(\/\/[^:/\s]+:)[^@\s]+@/g;

/** Returns a copy that is safe to log, without personal fields and secrets, and with addresses in free text masked. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(urlPassword, '$1[redacted]@').replace(emailAddress, '[redacted]');
  }
  if (Array.isArray(value)) return value.map(redact);
  if (value instanceof Date) return value;
  if (value && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, personal.test(key) ? '[redacted]' : redact(inner)]),
    );
  }
  return value;
}
