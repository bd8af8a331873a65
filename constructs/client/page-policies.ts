import {
  type ContentSecurityPolicy,
  type ContentSecurityPolicyOptions,
  contentSecurityPolicy,
} from './content-security-policy';

/** A policy and the pages that use it. */
export interface PagePolicy extends ContentSecurityPolicy {
  /** Paths of the pages, sorted. */
  readonly paths: readonly string[];
}

/** Policies of all pages of a client. */
export interface PagePolicies {
  /** The policy of `index.html` comes first. */
  readonly policies: readonly PagePolicy[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Maximum size of the user-defined metadata of an S3 object, including names, in bytes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
const METADATA_BYTES = 2048;
/** Maximum number of separate policies. With more, pages share policies, because each policy needs its own uploads. */
const MAX_POLICIES = 4;

/** Pages that share a policy. */
interface Group {
  readonly paths: readonly string[];
  /** True if the policy allows all inline styles instead of listing their hashes. */
  readonly looseStyles: boolean;
  readonly policy: ContentSecurityPolicy;
}

/**
 * Computes the policy of each page. If a policy would be too long, it allows all inline styles instead of listing
 * their hashes. If there would be too many policies, pages other than `index.html` share one.
 * @param pages HTML by path
 */
export function pagePolicies(
  pages: Readonly<Record<string, string>>,
  options: ContentSecurityPolicyOptions = {},
): PagePolicies {
  const group = (paths: readonly string[], looseStyles: boolean): Group => ({
    paths,
    looseStyles,
    policy: contentSecurityPolicy(
      paths.map((path) => pages[path]!),
      looseStyles ? withInlineStyles(options) : options,
    ),
  });
  const fitting = (paths: readonly string[], looseStyles: boolean): Group => {
    const strict = group(paths, looseStyles);
    return looseStyles || fits(strict) ? strict : group(paths, true);
  };

  const [first, ...others] = Object.keys(pages)
    .sort(indexFirst)
    .map((path) => fitting([path], false));
  let groups = merge(others, same, group);
  if (groups.length >= MAX_POLICIES) groups = merge(groups, () => true, group);
  if (groups.length >= MAX_POLICIES)
    groups = merge(
      groups.map(({ paths }) => group(paths, true)),
      () => true,
      group,
    );
  const all = first ? merge([first, ...groups], same, group) : [];

  return {
    policies: all.map(({ paths, policy }) => ({ ...policy, paths })),
    problems: all
      .filter((each) => !fits(each))
      .map(
        ({ paths, policy }) =>
          `the Content Security Policy of ${named(paths)} must fit into ${METADATA_BYTES} bytes, got ${bytesOf(policy)}; move inline scripts into files, or list fewer sources`,
      ),
    warnings: all
      .filter(({ looseStyles }) => looseStyles)
      .map(
        ({ paths }) =>
          `The Content Security Policy of ${named(paths)} allows all inline styles ('unsafe-inline'), because the hashes of ${paths.length === 1 ? 'its' : 'their'} styles do not fit into the ${METADATA_BYTES} bytes that S3 keeps with a file; move the styles into a CSS file.`,
      ),
  };
}

/** Merges each group into the first earlier group with which it may share a policy, if the common policy fits. */
function merge(
  groups: readonly Group[],
  mayJoin: (one: Group, other: Group) => boolean,
  group: (paths: readonly string[], looseStyles: boolean) => Group,
): Group[] {
  const merged: Group[] = [];
  for (const each of groups) {
    const joint = (one: Group): Group =>
      group([...one.paths, ...each.paths].sort(indexFirst), one.looseStyles || each.looseStyles);
    const index = merged.findIndex((one) => mayJoin(one, each) && (same(one, each) || fits(joint(one))));
    const one = merged[index];
    if (one) merged[index] = joint(one);
    else merged.push(each);
  }
  return merged;
}

function same(one: Group, other: Group): boolean {
  return one.policy.value === other.policy.value;
}

function named([first, ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : first!;
}

function withInlineStyles(options: ContentSecurityPolicyOptions): ContentSecurityPolicyOptions {
  const { sources = {} } = options;
  return {
    ...options,
    sources: { ...sources, 'style-src': [...(sources['style-src'] ?? []), "'unsafe-inline'"] },
  };
}

function fits({ policy }: Group): boolean {
  return bytesOf(policy) <= METADATA_BYTES;
}

function bytesOf({ header, value }: ContentSecurityPolicy): number {
  return Buffer.byteLength(header + value);
}

function indexFirst(one: string, other: string): number {
  if (one === 'index.html' || other === 'index.html') return one === 'index.html' ? -1 : 1;
  return one < other ? -1 : 1;
}
