import type { Template as Synthesised } from 'aws-cdk-lib/assertions';
import { inOrder, Resolver } from '../../lib/rehearsal/cloudformation/template';
import type { Json, Resource, Template } from '../../lib/rehearsal/core/assembly';
import type { Properties } from '../../lib/rehearsal/core/properties';
import type { Attributes } from '../../lib/rehearsal/core/resource-handler';
import { Stage } from '../../lib/rehearsal/core/stage';
import type { Workspace } from '../../lib/rehearsal/core/workspace';
import type { Service } from '../../lib/rehearsal/ecs/service';
import { EmulatedAccount } from '../../lib/rehearsal/emulated-account';
import type { LambdaFunction } from '../../lib/rehearsal/lambda/lambda-function';

/** Types that start no process. */
const DEPLOYED = /^AWS::(StepFunctions::StateMachine|Events::Rule|Logs::MetricFilter|CloudWatch::\w*Alarm)$/;

const REGION = 'eu-central-1';

/** An account without resources, and without a workspace. */
export function emptyAccount(): EmulatedAccount {
  const stage = new Stage({} as Workspace, REGION, () => {});
  return new EmulatedAccount(stage, { progress: { now() {}, resource() {} }, edgePort: 0 });
}

/**
 * An account with the event rules, state machines, metric filters, and alarms of a template.
 *
 * @param change changes the template's resources first
 */
export function smallAccount(
  template: Synthesised,
  change: (resources: Template['Resources']) => void = () => {},
) {
  const account = emptyAccount();
  const plan = structuredClone(template.toJSON()) as Template;
  change(plan.Resources);
  const resolver = new Resolver(
    { name: 'test', region: REGION, template: plan },
    { outputs: new Map(), exports: new Map() },
  );
  const ids = inOrder(plan.Resources, () => false);
  for (const id of ids) resolver.attributes.set(id, { Ref: id, Arn: `${id}.Arn` });
  for (const id of ids) {
    const { Type: type, Properties: given = {} } = plan.Resources[id] as Resource;
    if (!DEPLOYED.test(type)) continue;
    const properties = resolver.resolve(given as Json, id) as Properties;
    const stack = { id: 'test', name: 'test', region: REGION };
    const request = { id, type, stack, properties, asset: () => undefined };
    resolver.attributes.set(id, account.cloudFormation.handlerOf(type)!.apply(request) as Attributes);
  }
  return {
    account,
    stage: account.stage,
    /** Adds a service with deployments that a test makes up. */
    service(
      deployments: { status: string; stage?: string; before?: string; stop?: (by: string) => void }[],
      redeploy = async () => {},
    ) {
      const arn = `arn:aws:ecs:${REGION}:123456789012:service/guestbook-test/guestbook-test`;
      for (const [index, one] of deployments.entries())
        Object.assign(one, { arn: `d-${index}`, createdAt: 0 });
      account.ecs.services.set(arn, { deployments, redeploy } as unknown as Service);
      return arn;
    },
    /** Replaces the answers of the function with a matching id. */
    functions(logicalId: RegExp, invoke: (event: never) => unknown) {
      const [id] = ids.filter(
        (one) => logicalId.test(one) && plan.Resources[one]!.Type === 'AWS::Lambda::Function',
      );
      account.functions.set(`${id}.Arn`, {
        invoke: async (event: never) => invoke(event),
      } as unknown as LambdaFunction);
    },
    machine: (id: RegExp) => [...account.stateMachines.values()].find(({ logicalId }) => id.test(logicalId))!,
  };
}
