/** Settings that cannot be used; the message lists every one, and needs no stack trace. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
