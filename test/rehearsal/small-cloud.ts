import type { Template as Synthesised } from 'aws-cdk-lib/assertions';
import type { Assembly, Json, Resource, Template } from '../../lib/rehearsal/core/assembly';
import { type Attributes, inOrder, Resolver } from '../../lib/rehearsal/core/template';
import type { Workspace } from '../../lib/rehearsal/core/workspace';
import type { Service } from '../../lib/rehearsal/ecs/service';
import { EmulatedAccount } from '../../lib/rehearsal/emulated-account';
import type { Lambda } from '../../lib/rehearsal/lambda/lambda';
import type { Properties } from '../../lib/rehearsal/resource-handler';
import { resourceHandlerOf } from '../../lib/rehearsal/resource-handlers';

/** What watches and acts: nothing of it starts a process. */
const PLAYED = /^AWS::(StepFunctions::StateMachine|Events::Rule|Logs::MetricFilter|CloudWatch::\w*Alarm)$/;

/** A cloud in which only events, machines and alarms of a template are played, as synthesised and then changed. */
export function smallCloud(
  template: Synthesised,
  change: (resources: Template['Resources']) => void = () => {},
) {
  const cloud = new EmulatedAccount({} as Workspace, { stacks: [] } as unknown as Assembly, () => {});
  const plan = structuredClone(template.toJSON()) as Template;
  change(plan.Resources);
  const region = 'eu-central-1';
  const resolver = new Resolver(
    { name: 'test', region, template: plan },
    { outputs: new Map(), exports: new Map() },
  );
  const ids = inOrder(plan.Resources, () => false);
  for (const id of ids) resolver.played.set(id, { Ref: id, Arn: `${id}.Arn` });
  for (const id of ids) {
    const { Type: type, Properties: given = {} } = plan.Resources[id] as Resource;
    if (!PLAYED.test(type)) continue;
    const properties = resolver.resolve(given as Json, id) as Properties;
    const stack = { id: 'test', name: 'test', region };
    resolver.played.set(
      id,
      resourceHandlerOf(type)!.apply({ cloud, id, type, stack, properties }) as Attributes,
    );
  }
  return {
    cloud,
    /** Has a service with deployments that a test makes up. */
    service(
      deployments: { status: string; stage?: string; stop?: (by: string) => void }[],
      redeploy = async () => {},
    ) {
      const arn = `arn:aws:ecs:${region}:123456789012:service/guestbook-test/guestbook-test`;
      for (const [index, one] of deployments.entries())
        Object.assign(one, { arn: `d-${index}`, createdAt: 0 });
      cloud.services.set(arn, { deployments, redeploy } as unknown as Service);
      return arn;
    },
    /** Has functions whose answers a test makes up. */
    functions(logicalId: RegExp, invoke: (event: never) => unknown) {
      const [id] = ids.filter(
        (one) => logicalId.test(one) && plan.Resources[one]!.Type === 'AWS::Lambda::Function',
      );
      cloud.functions.set(`${id}.Arn`, {
        invoke: async (event: never) => invoke(event),
      } as unknown as Lambda);
    },
    machine: (id: RegExp) => [...cloud.machines.values()].find(({ logicalId }) => id.test(logicalId))!,
  };
}
