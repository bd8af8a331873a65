import type { CheckResult } from '../constructs/verification/checks';
import { wrapped } from '../lib/findings/wrapped';
import { type Command, EXIT, optionValue, print, printJson, progress, UsageError } from './command';
import { environmentOptions, selected } from './environment-options';

export const verify: Command = {
  summary: 'Run the checks of a release against an address',
  description: `Runs the checks of a release against any address: the page, every file that its HTML references, the health path
and the checks in verification.checks. Needs no AWS account. Exits with 2 if a check fails.`,
  options: {
    url: { value: 'URL', description: 'Address of the application, such as https://shop.example.com' },
    ...environmentOptions,
    json: { description: 'Print the results as JSON' },
  },
  examples: [
    'framework53 verify --url https://d111111abcdef8.cloudfront.net --env production',
    'framework53 verify --url http://localhost:3000 --app ../shop --json',
  ],
  async run(given) {
    const url = optionValue(given, 'url');
    if (!url || !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new UsageError(
        `--url takes an address such as https://shop.example.com, got ${url ? `'${url}'` : 'none'}`,
      );
    const selection = selected(given);
    const { verifyAddress } = await import('../lib/releases/verify-address.js');
    progress(`verifying ${url}`);
    const results = await verifyAddress(selection, url);
    if (given['json']) printJson({ url, results });
    else print(listed(results));
    return results.every(({ passed }) => passed) ? EXIT.done : EXIT.foundWanting;
  },
};

/** Formats a line for each check, and the number of passed checks. */
export function listed(results: readonly CheckResult[]): string {
  const lines = results.map(({ passed, message, attempts }) => {
    const tries = attempts > 1 ? ` (attempt ${attempts})` : '';
    return `${wrapped(`${passed ? '✓' : '✗'} ${message}${passed ? tries : ''}`, '  ', '    ')}\n`;
  });
  const passed = results.filter((result) => result.passed).length;
  return `${lines.join('')}${passed} of ${results.length} checks passed\n`;
}
