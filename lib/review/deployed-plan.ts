import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { PlannedStack, Template } from './plan';
import { PlanError } from './plan-error';
import { digestOfStacks, pathsOfTemplate, type ReadPlan } from './read-plan';

/** The suffixes of an environment's stack names. The plan need not have all of the stacks. */
const OURS = ['data', 'release', 'operations', 'edge', 'edge-operations'];

/** The region of CloudFront's own resources. */
const EDGE_REGION = 'us-east-1';

export interface DeployedOptions {
  /** The plan that would be deployed: its stacks are looked up, and those it no longer has. */
  readonly head: ReadPlan;
  readonly progress: (line: string) => void;
}

/**
 * The templates that CloudFormation has, as they were deployed. A stack that is not there is not deployed yet.
 * @throws PlanError for a template that CDK did not write
 */
export async function deployedPlan({ head, progress }: DeployedOptions): Promise<ReadPlan> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const clients = new Map<string | undefined, CloudFormationClient>();
  const clientOf = (region: string | undefined) => {
    const client = clients.get(region) ?? new CloudFormationClient(region ? { region } : {});
    clients.set(region, client);
    return client;
  };
  try {
    progress('reading what CloudFormation has deployed');
    const read = await Promise.all(
      candidates(head).map(async (stack): Promise<PlannedStack | undefined> => {
        const template = await templateOf(clientOf(stack.region), stack.name);
        return (
          template && {
            ...stack,
            template,
            constructPaths: pathsOfTemplate(template),
          }
        );
      }),
    );
    const stacks = read.filter((stack) => stack !== undefined);
    return { stacks, planDigest: digestOfStacks(stacks) };
  } finally {
    for (const client of clients.values()) client.destroy();
  }
}

/** The plan's stacks, and those of the same environment that it could have had before. */
function candidates({ stacks }: ReadPlan): { name: string; region?: string }[] {
  const own = stacks
    // Stacks within a stack have a name of CloudFormation's.
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, region }) => ({ name, ...(region && { region }) }));
  const data = own.find(({ name }) => name.endsWith('-data'));
  const prefix = data?.name.slice(0, -'data'.length);
  if (!prefix || !own.some(({ name }) => name === `${prefix}release`)) return own;
  const gone = OURS.map((part) => `${prefix}${part}`)
    .filter((name) => !own.some((stack) => stack.name === name))
    .map((name) => ({ name, region: EDGE_REGION }));
  return [...own, ...gone];
}

async function templateOf(client: CloudFormationClient, name: string): Promise<Template | undefined> {
  const { GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  let body: string | undefined;
  try {
    // Not `Processed`: what macros made of it is not what a plan holds.
    const command = new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' });
    body = (await client.send(command)).TemplateBody;
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === 'ValidationError' && /does not exist/.test(message)) return undefined;
    // Several stacks are asked at once, and all fail with the same error.
    if (kind === 'CredentialsProviderError') throw error;
    throw Object.assign(new Error(`${name}: ${message}`, { cause: error }), { name: kind });
  }
  // A stack of which only a change set was made has none.
  if (!body) return undefined;
  try {
    const template = JSON.parse(body) as Template;
    if (typeof template.Resources === 'object') return template;
  } catch {
    // Said below.
  }
  throw new PlanError(
    `the deployed template of ${name} is not JSON: the stack was not deployed by the CDK, and cannot be compared`,
  );
}
