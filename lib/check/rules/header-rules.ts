import { posix } from 'node:path';
import { writtenText } from '../../application/reading/database';
import { option, packageCalls } from '../../application/reading/package-calls';
import { parsePolicy } from '../../application/reading/security-headers';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { truthOf, type Value } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { withoutComments } from './shutdown';

/** Matches a Content Security Policy, or its directive of scripts. */
const policyText = /(^|[;\s])(default|script)-src(-elem)?\s+\S/;

const contentPolicyLoose: Rule = {
  rule: 'content-policy-loose',
  asks: 'The Content Security Policy allows scripts of known origins alone, and no code from text.',
  section: '11.3',
  severity: 'warning',
  why: 'a script that somebody smuggles into a page runs, and acts in the name of the user; the release takes over the sources of this policy',
  fix: [
    "allow 'self' and single hosts in script-src",
    'move inline scripts to files, or allow each by its hash or by a nonce',
  ],
  example:
    "helmet({ contentSecurityPolicy: { directives: { scriptSrc: [\"'self'\", 'https://js.stripe.com'] } } })",
  find(application) {
    const policies = policiesOf(application);
    const found = policies.flatMap(({ place, directives }): Found[] => {
      const allowed = looseSources(directives);
      return allowed.length > 0
        ? [
            {
              ...splitPlace(place),
              what: `the Content Security Policy allows scripts from ${allowed.join(' and ')}`,
            },
          ]
        : [];
    });
    const own = application.server()?.reading.policy;
    // Another policy may replace that of helmet.
    if (!own?.off || policies.length > 0) return found;
    return [
      {
        ...splitPlace(own.place),
        what: 'the server switches the Content Security Policy of helmet off',
        why: 'a script that somebody smuggles into a page runs, unless CloudFront sets a policy as in a release',
        fix: ['remove contentSecurityPolicy: false, and list the hosts that pages need'],
      },
    ];
  },
};

interface Policy {
  readonly place: string;
  readonly directives: Readonly<Record<string, readonly string[]>>;
}

/** Returns the policies that the server and the client's pages state. */
function policiesOf(application: CheckedApplication): Policy[] {
  const server = application.server();
  const own = server?.reading.policy;
  const helmet = own?.by === 'helmet' && !own.off ? [own] : [];
  const texts = (server?.code.texts ?? []).flatMap((node): Policy[] => {
    // An unknown part may be a nonce or a host.
    const text = writtenText(node);
    return policyText.test(text) ? [{ place: placeOf(node), directives: parsePolicy(text) }] : [];
  });
  return [...helmet, ...texts, ...pagePolicies(application)];
}

/** Returns the policies in `<meta http-equiv="Content-Security-Policy">` of the client's pages. */
function pagePolicies(application: CheckedApplication): Policy[] {
  const { root } = application.client;
  return application.files.flatMap(({ file }): Policy[] => {
    if (!file.endsWith('.html') || posix.dirname(file) !== posix.normalize(root)) return [];
    const text = application.text(file) ?? '';
    const tag = /<meta[^>]+http-equiv\s*=\s*["']?content-security-policy["']?[^>]*>/i.exec(text);
    const content = /\bcontent\s*=\s*("([^"]*)"|'([^']*)')/i.exec(tag?.[0] ?? '');
    if (!tag || !content) return [];
    const line = text.slice(0, tag.index).split('\n').length;
    return [{ place: `${file}:${line}`, directives: parsePolicy(content[2] ?? content[3] ?? '') }];
  });
}

/** Returns the sources of scripts that allow any script. */
function looseSources(directives: Policy['directives']): string[] {
  const sources = directives['script-src'] ?? directives['default-src'] ?? [];
  const isProved = sources.some((source) => /^'(nonce-|sha\d+-)/.test(source));
  const isStrict = isProved && sources.includes("'strict-dynamic'");
  return sources.filter((source) => {
    if (source === "'unsafe-eval'") return true;
    // Browsers ignore these beside a nonce, or beside 'strict-dynamic'.
    if (source === "'unsafe-inline'") return !isProved;
    return /^(\*|https?:|https?:\/\/\*|data:)$/.test(source) && !isStrict;
  });
}

const securityHeadersMissing: Rule = {
  rule: 'security-headers-missing',
  asks: 'The server sets a Content Security Policy, X-Content-Type-Options and Strict-Transport-Security.',
  section: '11.3',
  severity: 'note',
  why: 'CloudFront adds these headers in a release, but no other environment has them, so nobody sees what they forbid before the release',
  fix: ['set the headers in the server, for example with helmet'],
  example: 'app.use(helmet());',
  find(application) {
    const server = application.server();
    const created = server && packageCalls(server.code).find(({ path }) => path === 'express');
    if (!created || server.reading.routes.length === 0) return [];
    const { code, reading } = server;
    const texts = code.modules.map(({ file }) => withoutComments(application.text(file) ?? ''));
    const says = (pattern: RegExp) => texts.some((text) => pattern.test(text));
    const hasHelmet = reading.packages.some((name) => /^(helmet|lusca)$/.test(name));
    const sniffs = packageCalls(code).some(
      ({ path, argument }) =>
        path === 'helmet' &&
        ['noSniff', 'xContentTypeOptions'].some((name) => {
          const value = option(code, argument(0), name);
          return value !== undefined && truthOf(value) === false;
        }),
    );
    const forbids = says(/content-security-policy(?!-report-only)/i);
    const reports = !forbids && says(/content-security-policy-report-only/i);
    const hasPolicy = (hasHelmet && !reading.policy?.off) || (policiesOf(application).length > 0 && !reports);
    const missing = [
      // The rule content-policy-loose reports a policy that is switched off.
      ...(hasPolicy || reading.policy || forbids ? [] : ['Content-Security-Policy']),
      ...((hasHelmet && !sniffs) || says(/\bnosniff\b/i) ? [] : ['X-Content-Type-Options']),
      ...(hasHelmet || says(/strict-transport-security/i) ? [] : ['Strict-Transport-Security']),
    ];
    return missing.length > 0
      ? [{ ...splitPlace(placeOf(created.call)), what: `the server does not set ${missing.join(' or ')}` }]
      : [];
  },
};

/** Matches the directive of a policy that says which sites may show the page in a frame. */
const framesText = /(^|[;\s])frame-ancestors\s+\S/;
/** Matches modules of pages that other sites embed on purpose. */
const embeds = /embed|widget|iframe/i;

const framingAllowed: Rule = {
  rule: 'framing-allowed',
  asks: 'Other sites cannot show the pages in a frame.',
  section: '11.3',
  severity: 'warning',
  why: 'another site shows a page in an invisible frame, and visitors click on buttons that they do not see (clickjacking)',
  fix: ["set frame-ancestors to 'self' and the sites that embed the pages", 'keep frameguard of helmet'],
  example: 'helmet({ contentSecurityPolicy: { directives: { frameAncestors: ["\'self\'"] } } })',
  find(application) {
    const server = application.server();
    const texts = (server?.code.texts ?? []).filter((node) => framesText.test(writtenText(node)));
    const own = server?.reading.policy;
    const policies = [
      ...(own?.by === 'helmet' ? [own] : []),
      ...texts.map((node) => ({ place: placeOf(node), directives: parsePolicy(writtenText(node)) })),
    ];
    const open = policies.flatMap(({ place, directives }): Found[] => {
      const every = (directives['frame-ancestors'] ?? []).filter((source) => anySite.test(source));
      const severity = embeds.test(application.text(splitPlace(place).file) ?? '') ? 'note' : 'warning';
      const what = `the Content Security Policy lets every site show the pages in a frame (${every.join(' ')})`;
      return every.length > 0 ? [{ ...splitPlace(place), severity, what }] : [];
    });
    if (open.length > 0 || !server || own?.by !== 'helmet' || own.directives['frame-ancestors']) return open;
    const others = server.code.modules.some(({ file }) =>
      /x-frame-options|frame-ancestors/i.test(withoutComments(application.text(file) ?? '')),
    );
    return packageCalls(server.code)
      .filter(({ path, argument }) => path === 'helmet' && !others && isOff(server.code, argument(0)))
      .map(({ call }) => ({
        ...splitPlace(placeOf(call)),
        what: 'the server switches frameguard of helmet off, and no policy has frame-ancestors',
      }));
  },
};

/** Matches a source that any site fits. */
const anySite = /^(\*|https?:|https?:\/\/\*)$/;

/** Returns true for `helmet({ frameguard: false })`, in both spellings. */
function isOff(code: LiveCode, options: Value | undefined): boolean {
  return ['frameguard', 'xFrameOptions'].some((name) => {
    const value = option(code, options, name);
    return value !== undefined && truthOf(value) === false;
  });
}

export const headerRules: readonly Rule[] = [contentPolicyLoose, framingAllowed, securityHeadersMissing];
