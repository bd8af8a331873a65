import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '../../config';
import { prepareEnvironment } from '../../lib/prepare/prepare-environment';
import { synthesize } from '../../lib/synthesis/synthesize';

/** A resource of a template, to be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: tests change whatever a template has.
export type Resource = { Type: string; Properties: any; DependsOn?: string[] };

export const GUESTBOOK = resolve(__dirname, '..', '..', 'examples', 'guestbook');

/** The plan is built once in each test process. The test run removes its folder. */
const RELEASE = join(process.env['TEST_FOLDER']!, `release-${process.pid}`);

/** The guestbook's plan for an environment, in a folder that is gone when the function it returns was called. */
export async function guestbookPlan(
  environment: string,
  server: Partial<Settings['server']> = {},
  application = GUESTBOOK,
  further: Partial<Settings> = {},
): Promise<{ plan: string; releaseId: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-test-'));
  const out = application === GUESTBOOK ? RELEASE : join(folder, 'release');
  const prepared = await prepareEnvironment({ environment, application, out });
  const plan = join(folder, 'plan');
  const settings = { ...prepared.settings, ...further, server: { ...prepared.settings.server, ...server } };
  synthesize({ ...prepared, settings }, plan);
  const { releaseId } = prepared.release;
  return { plan, releaseId, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A template of a plan, with functions that find and change its resources. */
export class Mutation {
  private readonly templates: { file: string; template: { Resources: Record<string, Resource> } }[];

  constructor(readonly plan: string) {
    this.templates = ['data', 'release', 'operations'].map((stack) => {
      const file = join(plan, `guestbook-production-${stack}.template.json`);
      return { file, template: JSON.parse(readFileSync(file, 'utf8')) };
    });
  }

  /** A copy of a plan to be changed. */
  static of(plan: string, name: string): Mutation {
    const copy = `${plan}-${name.replace(/\W+/g, '-')}`;
    cpSync(plan, copy, { recursive: true });
    return new Mutation(copy);
  }

  /** Returns the logical id of the only resource of a type with matching text. */
  id(type: string, matching = /./): string {
    return this.ids(type, matching)[0]!;
  }

  /** Logical ids of all resources of a type that match, at least one. */
  ids(type: string, matching: RegExp): string[] {
    const found = this.templates.flatMap(({ template }) =>
      Object.entries(template.Resources).filter(
        ([id, resource]) => resource.Type === type && matching.test(id + JSON.stringify(resource)),
      ),
    );
    if (found.length === 0) throw new Error(`no ${type} matches ${matching}`);
    return found.map(([id]) => id);
  }

  resource(id: string): Resource {
    return this.templates.find(({ template }) => id in template.Resources)!.template.Resources[id]!;
  }

  /** Removes a dependency: all references and `DependsOn` entries. */
  independent(id: string, of: RegExp): void {
    const resource = this.resource(id);
    resource.DependsOn = resource.DependsOn?.filter((other) => !of.test(other));
  }

  drop(id: string): void {
    for (const { template } of this.templates) {
      delete template.Resources[id];
      for (const resource of Object.values(template.Resources))
        if (resource.DependsOn) resource.DependsOn = resource.DependsOn.filter((other) => other !== id);
    }
  }

  save(): string {
    for (const { file, template } of this.templates) writeFileSync(file, JSON.stringify(template));
    return this.plan;
  }
}
