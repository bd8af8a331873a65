import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { soundAnswers } from '../aws/sound-answers';
import { dictionary } from '../files/dictionary';
import { DEEPEST, depthOf } from '../files/json-depth';
import { isObject } from '../files/read-object';
import { soundTemplate } from './assembly-files';
import type { PlannedStack, Template } from './plan';
import { PlanError } from './plan-error';
import { digestOfStacks, pathsOfTemplate, type ReadPlan } from './read-plan';

/** Suffixes of an environment's stack names. A plan may lack some of them. */
const OURS = ['data', 'release', 'operations', 'edge', 'edge-operations'];

/** The region of CloudFront's certificates and firewalls. */
const EDGE_REGION = 'us-east-1';

export interface DeployedOptions {
  /** The plan to deploy. The function also looks up stacks that the plan no longer has. */
  readonly head: ReadPlan;
  readonly progress: (line: string) => void;
}

/**
 * Reads the templates of the deployed stacks. Stacks that do not exist are omitted.
 * @throws PlanError for a template that the CDK did not write
 */
export async function deployedPlan({ head, progress }: DeployedOptions): Promise<ReadPlan> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const clients = new Map<string | undefined, CloudFormationClient>();
  const clientOf = (region: string | undefined) => {
    const client = clients.get(region) ?? soundAnswers(new CloudFormationClient(region ? { region } : {}));
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
            constructPaths: dictionary(pathsOfTemplate(template)),
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

/** Returns the plan's stacks, and further stacks that the environment may have had before. */
function candidates({ stacks }: ReadPlan): { name: string; region?: string }[] {
  const own = stacks
    // CloudFormation generates the names of nested stacks.
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
    // `Processed` would include the output of macros, which a plan does not contain.
    const command = new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' });
    body = (await client.send(command)).TemplateBody;
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === 'ValidationError' && /does not exist/.test(message)) return undefined;
    // All parallel requests fail with the same error; throw it once.
    if (kind === 'CredentialsProviderError') throw error;
    throw Object.assign(new Error(`${name}: ${message}`, { cause: error }), { name: kind });
  }
  // A stack with only an unexecuted change set has no template.
  if (!body) return undefined;
  try {
    const value: unknown = depthOf(body) > DEEPEST ? undefined : JSON.parse(body);
    const template = isObject(value) ? soundTemplate(value) : undefined;
    if (template) return template;
  } catch {
    // The following lines report it.
  }
  throw new PlanError(
    `the deployed template of ${name} is not JSON with valid Resources, so the CDK did not deploy this stack, and it cannot be compared`,
  );
}
