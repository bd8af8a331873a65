import type { ResourceChange } from '../change';
import type { Severity } from '../finding';
import { list, plain, show } from '../show';
import { type Observation, observe, type Rule } from './rule';
import { items, value } from './setting';

/** Directives that stop script injection and data theft. Loosening one is at least a caution. */
const STRICT = [
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'default-src',
  'object-src',
  'base-uri',
  'frame-ancestors',
  'form-action',
];

/** Finds Content-Security-Policies that let pages load scripts or data from more hosts. */
export const contentSecurityPolicy: Rule = {
  name: 'content-security-policy',
  severities: ['danger', 'caution', 'note'],
  summary: 'The Content-Security-Policy is removed, becomes report-only, or allows more sources.',
  link: 'https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP',
  judges: ({ resourceType }, { path }) =>
    /ContentSecurityPolicy|content-security-policy/i.test(path) ||
    (resourceType === 'Custom::CDKBucketDeployment' && path.startsWith('Properties.UserMetadata')),
  judge({ resources }) {
    return resources.flatMap((change) => {
      if (!change.before || !change.after) return [];
      const [before, after] = [policies(change.before.Properties), policies(change.after.Properties)];
      return [...before].flatMap(([path, was]) => {
        const is = after.get(path);
        return is === was ? [] : judgePolicy(change, `Properties.${path}`, was, is);
      });
    });
  },
};

/** Returns the policies of a resource, by the path of their property. */
function policies(properties: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const add = (path: string, text: unknown) => {
    if (text !== undefined) found.set(path, plain(text));
  };
  const config = 'ResponseHeadersPolicyConfig';
  const own = `${config}.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy`;
  add(own, value(properties, own));
  for (const item of items(value(properties, `${config}.CustomHeadersConfig.Items`)).values()) {
    const header = String(value(item, 'Header')).toLowerCase();
    if (header === 'content-security-policy')
      add(`${config}.CustomHeadersConfig.Items[${header}]`, value(item, 'Value'));
  }
  for (const [name, text] of items(value(properties, 'UserMetadata')))
    if (/^content-security-policy$/i.test(name)) add(`UserMetadata.${name}`, text);
  return found;
}

function judgePolicy(
  change: ResourceChange,
  property: string,
  was: string,
  is: string | undefined,
): Observation[] {
  if (is === undefined)
    return [
      observe(change, {
        severity: 'danger',
        property,
        what: `Content-Security-Policy: ${show(was)} → none.`,
        why: 'An injected script can run without restrictions.',
        fix: 'Keep the policy. To try a stricter one, send it as Content-Security-Policy-Report-Only in addition.',
      }),
    ];
  const [before, after] = [directives(was), directives(is)];
  const looser = new Map<Severity, string[]>();
  for (const [name, severity, text] of loosened(before, after))
    looser.set(severity, [...(looser.get(severity) ?? []), `${name} ${text}`]);
  return [...looser].map(([severity, what]) =>
    observe(change, {
      severity,
      property,
      what: `Content-Security-Policy: ${list(what)}.`,
      why:
        severity === 'danger'
          ? 'An injected script can run, or send data to another host.'
          : 'Pages may load from or connect to more hosts than before.',
      fix: 'Add only the needed host to the one directive. For inline scripts, add their hash.',
    }),
  );
}

type Directives = ReadonlyMap<string, readonly string[]>;

function directives(policy: string): Directives {
  return new Map(
    policy
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .filter(([name]) => name)
      .map(([name, ...sources]) => [name!.toLowerCase(), sources.filter((source) => source !== "'none'")]),
  );
}

/** Directives without a fallback to `default-src`: if one is missing, everything is allowed. */
const ALONE =
  /^(base-uri|form-action|frame-ancestors|sandbox|require-trusted-types-for|trusted-types|upgrade-insecure-requests)$/;

function* loosened(before: Directives, after: Directives): Generator<[string, Severity, string]> {
  const fetch = (policy: Directives, name: string) =>
    policy.get(name) ?? (ALONE.test(name) ? undefined : policy.get('default-src'));
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const was = fetch(before, name);
    const is = fetch(after, name);
    if (was === undefined) continue;
    if (is === undefined) {
      yield [name, STRICT.includes(name) ? 'danger' : 'caution', 'is gone'];
      continue;
    }
    const added = is.filter((source) => !was.includes(source));
    if (added.length === 0) continue;
    yield [name, weigh(name, added), `also allows ${added.join(' ')}`];
  }
}

/** Judges added sources. The most severe are `*`, a whole scheme and inline code. */
function weigh(name: string, added: readonly string[]): Severity {
  const wide = added.some((source) =>
    /^(\*|https?:|\*\.[a-z]+|'unsafe-eval'|'unsafe-inline'|'unsafe-hashes')$/.test(source),
  );
  const script = STRICT.includes(name);
  if (wide || (script && added.some((source) => /^(data|blob):$/.test(source))))
    return script || name === 'connect-src' ? 'danger' : 'caution';
  if (added.every((source) => /^'(self|sha(256|384|512)-.*|nonce-.*)'$/.test(source))) return 'note';
  return script || name === 'connect-src' || name === 'frame-src' ? 'caution' : 'note';
}
