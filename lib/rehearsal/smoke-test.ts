import type { Assembly } from './core/assembly';
import { PlanError } from './core/template';
import { wildcard } from './elbv2/load-balancer';
import type { EmulatedAccount } from './emulated-account';

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

/** Looks at the application as users get it; throws where they would be stuck. */
export async function smokeTest({ edge, targetGroups, buckets }: EmulatedAccount): Promise<void> {
  const { url, options } = edge!;
  const fail = (property: string, problem: string): never => {
    throw new PlanError(options.logicalId, `DistributionConfig.${property}`, problem);
  };
  const get = async (path: string, headers?: Record<string, string>) => {
    const answer = await fetch(`${url}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };

  const page = await get('/', NAVIGATION);
  if (page.status !== 200)
    fail('DefaultCacheBehavior', `does not lead users to the page: / answers ${page.status}`);
  for (const [, path] of page.text.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="(\/[^"/][^"]*)"/g)) {
    const { status } = await get(path!);
    if (status !== 200) throw new Error(`index.html names ${path}, which answers ${status}`);
  }
  for (const { options: group } of [...targetGroups.values()].slice(0, 1)) {
    const path = group.healthPath;
    const meant = options.behaviors.some(
      ({ pattern, origin }) => origin.kind === 'server' && wildcard(pattern).test(path),
    );
    const { status } = meant ? await get(path) : { status: 200 };
    if (status !== 200) fail('CacheBehaviors', `do not lead ${path} to the server: it answers ${status}`);
  }
  const missing = await get('/assets/missing-0a1b2c3d.js', { accept: '*/*', 'sec-fetch-mode': 'no-cors' });
  const bucket = [...buckets.values()].find((one) => one.objects.size > 0);
  if (missing.status === 403 && bucket && !bucket.listable)
    throw new PlanError(
      bucket.policyId ?? bucket.logicalId,
      'PolicyDocument',
      'does not let CloudFront list: a missing file is 403 to it, not 404',
    );
  if (missing.status !== 404) fail('CacheBehaviors', `answer ${missing.status} for a file that is missing`);
}

/** Which release the pointer and the services say is the current one. */
export function liveReleases({ services, taskDefinitions, keyValueStores }: EmulatedAccount): string {
  const images = [...services.values()].map(
    ({ taskDefinition }) => taskDefinitions.get(taskDefinition ?? '')?.image.folder,
  );
  return JSON.stringify([images, [...keyValueStores.values()].map((store) => [...store])]);
}

/** What users ask for: the page, what the plan itself asks to verify a server, and `more` of the server. */
export function loadPaths(
  { stacks }: Assembly,
  { targetGroups }: EmulatedAccount,
  more: readonly string[] = [],
): string[] {
  const text = JSON.stringify(stacks.map(({ template }) => template));
  const checks = [...text.matchAll(/"checks":(\[\{.*?\}\])/g)].flatMap(([, list]) =>
    (JSON.parse(list!) as { path: string }[]).map(({ path }) => path),
  );
  const [group] = targetGroups.values();
  const server = [group?.options.healthPath ?? '/', ...checks, ...more];
  // The load balancer's alarms judge nothing below ten requests a minute, so that most go there.
  return ['/', ...server, ...server];
}
