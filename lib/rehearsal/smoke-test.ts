import { wildcard } from '../files/wildcard';
import type { Distribution } from './cloudfront/distribution';
import type { Assembly } from './core/assembly';
import { PlanError } from './core/plan-error';
import { HEALTH_LIMITED } from './elbv2/target-group';
import type { EmulatedAccount } from './emulated-account';

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

/** Sends the requests of a user's browser. Throws a `PlanError` if a user could not use the application. */
export async function smokeTest({ cloudFront, elbv2, buckets }: EmulatedAccount): Promise<void> {
  const { url, options } = cloudFront.distribution!;
  const fail = (property: string, problem: string): never => {
    throw new PlanError(options.logicalId, `DistributionConfig.${property}`, problem);
  };
  const get = async (path: string, headers?: Record<string, string>) => {
    const answer = await fetch(`${url}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };

  const page = await get('/', NAVIGATION);
  if (page.status !== 200)
    fail('DefaultCacheBehavior', `does not serve the page to users: / answers ${page.status}`);
  for (const [tag, path] of page.text.matchAll(
    /<(?:script|link)\b[^>]*\b(?:src|href)="(\/[^"/][^"]*)"[^>]*>/g,
  )) {
    // A page works without its icon, and some have none.
    const isNeeded =
      /^<script|\brel="?(stylesheet|modulepreload)\b/.test(tag) || path!.startsWith('/assets/');
    if (!isNeeded) continue;
    const { status } = await get(path!);
    if (status !== 200) throw new Error(`index.html names ${path}, which answers ${status}`);
  }
  for (const { options: group } of [...elbv2.targetGroups.values()].slice(0, 1)) {
    const path = group.healthPath;
    const meant = options.behaviors.some(
      ({ pattern, origin }) => origin.kind === 'server' && wildcard(pattern).test(path),
    );
    const { status } = meant ? await get(path) : { status: 200 };
    if (status === 429) throw new Error(`${path} answers 429; ${HEALTH_LIMITED}`);
    if (status !== 200) fail('CacheBehaviors', `do not route ${path} to the server: it answers ${status}`);
    if (meant) await checkUsersApart(cloudFront.distribution!, path);
  }
  const missing = await get('/assets/missing-0a1b2c3d.js', { accept: '*/*', 'sec-fetch-mode': 'no-cors' });
  const bucket = [...buckets.values()].find((one) => one.objects.size > 0);
  if (missing.status === 403 && bucket && !bucket.listable)
    throw new PlanError(
      bucket.policyId ?? bucket.logicalId,
      'PolicyDocument',
      'does not let CloudFront list the bucket, so a missing file gives 403 instead of 404',
    );
  if (missing.status !== 404) fail('CacheBehaviors', `answer ${missing.status} for a missing file`);
}

/**
 * Sends simultaneous requests of several users. CloudFront gives them all one answer if the requests differ only in
 * headers outside the cache key, and the server does not mark the answer as private.
 */
async function checkUsersApart({ url, options, collapsing }: Distribution, path: string): Promise<void> {
  const users = ['ada', 'grace', 'mary', 'joan'];
  await Promise.all(
    users.map(async (user) => {
      const answer = await fetch(`${url}${path}`, { headers: { 'x-api-key': user } });
      await answer.arrayBuffer();
    }),
  );
  if (collapsing.shared.size > 0)
    throw new PlanError(
      options.logicalId,
      'DistributionConfig.CacheBehaviors.CachePolicyId',
      `gives several users the same answer for ${[...collapsing.shared].join(', ')}: the server sends no Cache-Control, such as 'private'`,
    );
}

/** Describes the live release by the services' images and the pointers. The text differs between releases. */
export function liveReleases({ ecs, cloudFront }: EmulatedAccount): string {
  const images = [...ecs.services.values()].map(
    ({ taskDefinition }) => ecs.taskDefinitions.get(taskDefinition ?? '')?.image.folder,
  );
  return JSON.stringify([images, [...cloudFront.keyValueStores.values()].map((store) => [...store])]);
}

/** A check of a release, as the plan has it. CloudFormation turns numbers into texts. */
interface PlannedCheck {
  readonly path: string;
  readonly p95Ms?: number | string;
}

/** Returns the checks of a release that custom resources of the plan run. */
export function plannedChecks({ stacks }: Assembly): PlannedCheck[] {
  const text = JSON.stringify(stacks.map(({ template }) => template));
  return [...text.matchAll(/"checks":(\[\{.*?\}\])/g)].flatMap(
    ([, list]) => JSON.parse(list!) as PlannedCheck[],
  );
}

/** Returns the paths for the load: the page, the paths that verify a server in the plan, and `more`. */
export function loadPaths(
  assembly: Assembly,
  { elbv2 }: EmulatedAccount,
  more: readonly string[] = [],
): string[] {
  const checks = plannedChecks(assembly).map(({ path }) => path);
  const [group] = elbv2.targetGroups.values();
  const server = [group?.options.healthPath ?? '/', ...checks, ...more];
  // The load balancer's alarms need ten requests a minute, so most requests go to the server.
  return ['/', ...server, ...server];
}
