import { setTimeout as wait } from 'node:timers/promises';
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { customResource } from './custom-resource';
import { SERVICE_LINKED_ROLES, type ServiceWithRole } from './service-linked-roles.properties';

const iam = new IAMClient({});

/**
 * Time that IAM takes to make a new role known to other services. IAM names no time; it says that changes are
 * eventually consistent. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 */
const SPREAD_MS = 20_000;

/** Creates the service-linked roles that the account does not have. A deletion changes nothing. */
export const handler = customResource(async (event) => {
  if (event.RequestType === 'Delete') return undefined;
  const services = event.ResourceProperties['Services'] as ServiceWithRole[];
  const outcomes = await Promise.allSettled(services.map(ensureRole));
  const reasons = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [(outcome.reason as Error).message] : [],
  );
  if (reasons.length > 0) throw new Error(reasons.join('; '));
  const isNew = outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value);
  if (isNew) await wait(Number(process.env['PAUSE_MS'] ?? SPREAD_MS));
  return undefined;
});

/** Creates a role, and returns whether it was missing. */
async function ensureRole(service: ServiceWithRole): Promise<boolean> {
  try {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
    return true;
  } catch (error) {
    // IAM refuses to create a role twice, and an organization may deny the creation of roles that exist.
    if (await exists(SERVICE_LINKED_ROLES[service])) return false;
    const { name, message } = error as Error;
    throw new Error(
      `could not create the service-linked role of ${service}: ${name}: ${message}. Let somebody who may do so run 'aws iam create-service-linked-role --aws-service-name ${service}', then deploy again`,
    );
  }
}

async function exists(roleName: string): Promise<boolean> {
  return iam.send(new GetRoleCommand({ RoleName: roleName })).then(
    () => true,
    () => false,
  );
}
