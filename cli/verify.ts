import type { CheckResult } from '../constructs/verification';
import { type Command, progress, UsageError } from './command';
import { target, targetOptions } from './target';

export const verify: Command = {
  summary: 'Check that an address serves the application as it should',
  description: `Runs what every release is verified by against any address: the page, every file its HTML names, the health
path, and the checks of verification.checks. Needs no AWS account. Ends with 1 when a check fails.`,
  options: {
    url: { value: 'URL', description: 'Where the application is, such as https://shop.example.com' },
    ...targetOptions,
    json: { description: 'Print the results as JSON' },
  },
  examples: [
    'framework53 verify --url https://d111111abcdef8.cloudfront.net --env production',
    'framework53 verify --url http://localhost:3000 --app ../shop --json',
  ],
  async run(given) {
    const url = given['url'] as string | undefined;
    if (!url || !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new UsageError(
        `--url takes an address such as https://shop.example.com, got ${url ? `'${url}'` : 'none'}`,
      );
    const { verifyAddress } = await import('../lib/releases/verify-address.js');
    progress(`verifying ${url}`);
    const results = await verifyAddress(target(given), url);
    process.stdout.write(given['json'] ? `${JSON.stringify({ url, results }, null, 2)}\n` : listed(results));
    return results.every(({ passed }) => passed) ? 0 : 1;
  },
};

/** A line for each check, and how many passed. */
export function listed(results: readonly CheckResult[]): string {
  const lines = results.map(({ passed, message, attempts }) => {
    const tries = attempts > 1 ? ` (attempt ${attempts})` : '';
    return `  ${passed ? '✓' : '✗'} ${message}${passed ? tries : ''}\n`;
  });
  const passed = results.filter((result) => result.passed).length;
  return `${lines.join('')}${passed} of ${results.length} checks passed\n`;
}
