import { option, packageCalls } from '../../application/reading/package-calls';
import { placeOf } from '../../application/source/module';
import { constantOf, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import { splitPlace } from './place';

const parsers = /^(express|body-parser)\.(json|urlencoded|raw|text)$/;
/** Largest body that a server of usual size can hold for several requests at once, in bytes. */
const largest = 100 * 1024 ** 2;
const units = ['b', 'kb', 'mb', 'gb', 'tb'];

export const bodyLimitLarge: Rule = {
  rule: 'body-limit-large',
  asks: 'Express accepts bodies of at most 100 MB.',
  section: '9.1',
  severity: 'warning',
  why: 'the server keeps each body in its memory, so a few requests of one visitor end it',
  fix: [
    'set the limit to the largest body that the client sends, such as 1mb',
    'let the client send large files to S3 with a signed URL, or stream them, for example with busboy',
  ],
  example: "app.use(express.json({ limit: '1mb' }));",
  find(application) {
    const code = application.server()?.code;
    return (code ? packageCalls(code) : []).flatMap(({ path, call, argument }): Found[] => {
      const limit = parsers.test(path) ? option(code!, argument(0), 'limit') : undefined;
      const limits = (limit ? valuesOf(limit) : []).flatMap((value) =>
        value.kind === 'package' && value.path === 'globalThis.Infinity'
          ? Infinity
          : (constantOf(value) ?? []),
      );
      const isLarge = limits.length > 0 && limits.every((each) => bytesOf(each) > largest);
      return isLarge
        ? [{ ...splitPlace(placeOf(call)), what: `${path} accepts bodies of ${limits[0]}` }]
        : [];
    });
  },
};

/** Returns the bytes of a limit as Express reads it, such as 1024 or `10mb`. */
function bytesOf(limit: string | number): number {
  if (typeof limit === 'number') return limit;
  const [, number, unit] = /^([\d.]+) *([kmgt]?b)?$/i.exec(limit.trim()) ?? [];
  return number === undefined ? 0 : Number(number) * 1024 ** units.indexOf(unit?.toLowerCase() ?? 'b');
}
