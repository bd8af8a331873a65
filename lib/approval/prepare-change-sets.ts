import { type Assembly, type AssemblyStack, keepProtection } from './assembly';
import type { Cdk } from './cdk-cli';
import { digestOfTemplateText, RegionalStacks } from './change-sets';
import type { StackRecord } from './plan-record';
import { fileVersions } from './published-assets';
import { DeliveryError } from './refused';
import type { Session } from './session';

/** Matches CloudFormation's refusal of a change set that needs a stack or an export that does not exist yet. */
const NOT_YET = /No export named|does not exist|not found|Fn::GetStackOutput/i;
const NOT_ALLOWED = /not authorized|AccessDenied|is not authorised/i;

/** Statuses of stacks whose creation failed. CloudFormation creates no change sets for them. */
const NEVER_CREATED = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'];

export interface PrepareOptions {
  readonly assembly: Assembly;
  readonly session: Session;
  readonly cdk: Cdk;
  /** Name of the change sets. */
  readonly name: string;
  readonly progress: (line: string) => void;
  /** @default 2000 */
  readonly pollMs?: number;
}

/** Reads and prepares the stacks of a plan. */
export class ChangeSetPreparation {
  private readonly regions = new Map<string, RegionalStacks>();

  constructor(private readonly options: PrepareOptions) {}

  /** The stacks of a region, as CloudFormation has them. */
  in(region: string): RegionalStacks {
    const { session, pollMs } = this.options;
    const known = this.regions.get(region) ?? new RegionalStacks(session.cloudFormation(region), pollMs);
    this.regions.set(region, known);
    return known;
  }

  /**
   * Publishes the assets of each stack and prepares its change set, in the order of deployment. A stack that needs an
   * output of a stack not yet deployed is left for the deployment, with the reason.
   */
  async all(): Promise<StackRecord[]> {
    const records: StackRecord[] = [];
    await this.keepProtection();
    for (const stack of this.options.assembly.stacks) {
      const before = records.filter(({ name }) => stack.dependencies.includes(name));
      records.push(await this.one(stack, before));
    }
    return records;
  }

  /** Prepares one stack after its predecessors are deployed. @throws DeliveryError if that fails */
  async now(stack: AssemblyStack): Promise<string> {
    await this.keepProtection();
    const record = await this.one(stack, []);
    if (record.changeSet !== undefined) return record.changeSet;
    throw new DeliveryError(`creating the change set of ${stack.name} failed: ${record.unprepared}`);
  }

  private async keepProtection(): Promise<void> {
    const { assembly } = this.options;
    const protection = await Promise.all(
      assembly.stacks.map(async ({ name, region }) => {
        const stack = await this.in(region).stack(name);
        return [name, stack?.EnableTerminationProtection ?? false] as const;
      }),
    );
    keepProtection(assembly.directory, new Map(protection));
  }

  private async one(stack: AssemblyStack, before: readonly StackRecord[]): Promise<StackRecord> {
    const { assembly, session, cdk, name, progress } = this.options;
    const stacks = this.in(stack.region);
    const status = (await stacks.stack(stack.name))?.StackStatus ?? '';
    const base = await stacks.deployedTemplate(stack.name);
    const record = {
      name: stack.name,
      region: stack.region,
      template: stack.template,
      ...(base !== undefined && { base }),
    };
    if (NEVER_CREATED.includes(status))
      throw new DeliveryError(
        `${stack.name} is ${status}: its creation failed, and CloudFormation cannot update it; delete it with aws cloudformation delete-stack --stack-name ${stack.name} --region ${stack.region}, then plan again`,
      );
    progress(`preparing ${stack.name}`);
    const { code, output } = await cdk(
      [
        ...['deploy', stack.name, '--app', assembly.directory, '--exclusively'],
        ...['--method', 'prepare-change-set', '--change-set-name', name],
        ...['--require-approval', 'never', '--progress', 'events'],
        ...['--ci', '--no-color', '--no-notices'],
      ],
      await session.variables(),
    );
    const made = await stacks.changeSet(stack.name, name);
    if (made?.status === 'ready') {
      await this.sameTemplate(stack, made.id);
      return { ...record, ...(await this.files(stack)), changeSet: made.id };
    }
    if (made?.status === 'empty') {
      await stacks.deleteChangeSet(stack.name, made.id);
      return { ...record, changeSet: 'none' };
    }
    const why = made?.reason ?? lastLines(output);
    const waits = before.some(({ changeSet }) => changeSet !== 'none');
    if (code !== 0 && ((waits && NOT_YET.test(why)) || NOT_ALLOWED.test(why)))
      return { ...record, ...(await this.files(stack)), unprepared: why.slice(0, 200) };
    throw new DeliveryError(`creating the change set of ${stack.name} failed: ${why}`);
  }

  private async files({ text, region }: AssemblyStack): Promise<Pick<StackRecord, 'files'>> {
    const files = await fileVersions(this.options.session, region, text);
    return files === undefined ? {} : { files };
  }

  /** Compares CloudFormation's own copy of the template with the plan's. */
  async sameTemplate(stack: Pick<AssemblyStack, 'name' | 'region' | 'template'>, id: string): Promise<void> {
    const text = await this.in(stack.region).changeSetTemplate(stack.name, id);
    if (digestOfTemplateText(text) === stack.template) return;
    throw new DeliveryError(
      `the change set ${id} of ${stack.name} has another template than the plan; nothing was executed. The files in the bootstrap bucket may have been changed`,
    );
  }
}

function lastLines(output: string): string {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-3)
    .join(' ');
}
