import type { CheckReport } from './check-application';
import { placeText } from './finding';

/** An application that may not be deployed to production, because the check has errors. */
export class CheckError extends Error {
  override readonly name = 'CheckError';

  constructor({ findings }: CheckReport) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const lines = errors.map(
      (finding) =>
        `  ${placeText(finding)}: ${finding.what} (${finding.rule}, §${finding.section})\n    → ${finding.fix.join('\n    → ')}`,
    );
    super(
      `the check has ${errors.length === 1 ? '1 error' : `${errors.length} errors`}, so the application cannot be deployed to production:\n${lines.join('\n')}\n` +
        '  to suppress a finding, write `framework53-ignore RULE: reason` in a comment above the line (docs/check.md)',
    );
  }
}
