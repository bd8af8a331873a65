import { setTimeout as wait } from 'node:timers/promises';
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { customResource } from './custom-resource';
import { SERVICE_LINKED_ROLES, type ServiceWithRole } from './service-linked-roles.properties';

const iam = new IAMClient({});

/**
 * Time to wait until other services see a new role, in milliseconds. IAM gives no duration, only that changes are
 * eventually consistent. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 */
const PROPAGATION_MS = 20_000;

/** Creates the missing service-linked roles. A Delete changes nothing. */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const services = event.ResourceProperties['Services'] as ServiceWithRole[];
  const outcomes = await Promise.allSettled(services.map(ensureRole));
  const reasons = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as Error).message] : [],
  );
  if (reasons.length > 0) throw new Error(reasons.join('; '));
  const isNew = outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value);
  if (isNew) await wait(Number(process.env['PAUSE_MS'] ?? PROPAGATION_MS));
  return undefined;
});

/** Creates a role if it is missing, and returns true if it was missing. */
async function ensureRole(service: ServiceWithRole): Promise<boolean> {
  const roleName = SERVICE_LINKED_ROLES[service];
  // An organization may deny the creation of a role that exists.
  if (await exists(roleName)) return false;
  try {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
    return true;
  } catch (error) {
    // IAM refuses to create an existing role. Another deployment may have created the role meanwhile.
    if (await exists(roleName)) return false;
    const { name, message } = error as Error;
    throw new Error(
      `could not create the service-linked role of ${service}: ${name}: ${message}. Let an administrator run 'aws iam create-service-linked-role --aws-service-name ${service}', then deploy again`,
    );
  }
}

async function exists(roleName: string): Promise<boolean> {
  return iam.send(new GetRoleCommand({ RoleName: roleName })).then(
    () => true,
    () => false,
  );
}
