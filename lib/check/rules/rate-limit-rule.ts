import { option, packageCalls } from '../../application/reading/package-calls';
import { readTrustsProxy } from '../../application/reading/sessions';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { type CallNode, functionAround, type Node, unwrapped } from '../../application/source/syntax';
import { constantOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { textOfNode } from '../sources/text-of-node';
import { splitPlace } from './place';
import { isWritten } from './written';

export const rateLimitShared: Rule = {
  rule: 'rate-limit-shared',
  asks: 'Express trusts the proxy if the server limits requests by `req.ip`.',
  section: '11.1',
  severity: 'warning',
  why: 'behind CloudFront and the load balancer, req.ip is the address of the load balancer, so all users and the health checks share one limit',
  fix: [
    "add app.set('trust proxy', 1) before the limit",
    'exclude the health path from the limit (option skip), or register the health route before it; a health check that gets 429 rolls the release back',
  ],
  example: "app.set('trust proxy', 1);",
  find(application) {
    const code = application.server()?.code;
    if (!code || readTrustsProxy(code)) return [];
    const found = [...limitersOfPackages(application, code), ...ownLimiters(application, code)];
    return found.slice(0, 1).map(
      ({ call, what }): Found => ({
        ...splitPlace(placeOf(call)),
        what: `${what} counts by req.ip, but Express trusts no proxy`,
      }),
    );
  },
};

interface Limiter {
  readonly call: CallNode;
  readonly what: string;
}

const limiters = /^(express-rate-limit(\.(rateLimit|default))?|express-slow-down(\.(slowDown|default))?)$/;

function limitersOfPackages(application: CheckedApplication, code: LiveCode): Limiter[] {
  return packageCalls(code).flatMap(({ path, call, argument }): Limiter[] => {
    const what = path.split('.')[0]!;
    if (limiters.test(path)) {
      const options = argument(0);
      // Options that are unknown may contain a keyGenerator.
      if (options && !valuesOf(options).every(isWritten)) return [];
      const key = option(code, options, 'keyGenerator');
      return !key || valuesOf(key).some((each) => isByAddress(application, each)) ? [{ call, what }] : [];
    }
    const [key] = call.arguments as readonly Node[];
    const isConsumed = /^rate-limiter-flexible\.\w+\(\)\.consume$/.test(path);
    return isConsumed && key && readsAddress(textOfNode(application, key)) ? [{ call, what }] : [];
  });
}

/** Returns true for a function such as `(req) => req.user?.id ?? req.ip`. */
function isByAddress(application: CheckedApplication, key: Value): boolean {
  return key.kind === 'function' && readsAddress(textOfNode(application, key.node));
}

/** Finds functions that read `req.ip` and answer 429. */
function ownLimiters(application: CheckedApplication, code: LiveCode): Limiter[] {
  return code.calls.flatMap((call): Limiter[] => {
    const callee = unwrapped(call.callee as Node);
    const [status] = call.arguments as readonly Node[];
    if (callee.type !== 'MemberExpression' || !status) return [];
    if (constantOf(code.evaluator.value(status)) !== 429) return [];
    const around = functionAround(call);
    return around && readsAddress(textOfNode(application, around)) ? [{ call, what: 'the rate limit' }] : [];
  });
}

function readsAddress(text: string): boolean {
  return (
    /\breq(uest)?\??\.ip\b|\{[^{}]*\bip\b[^{}]*\}\s*=\s*req(uest)?\b/.test(text) &&
    !/x-forwarded-for|cf-connecting-ip|cloudfront-viewer-address/i.test(text)
  );
}
