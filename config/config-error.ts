/** Error for invalid settings. The message lists every problem, so the CLI prints no stack trace. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
