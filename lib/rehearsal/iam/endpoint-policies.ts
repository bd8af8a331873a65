import type { Inventory, InventoryItem } from '../core/inventory';
import type { JudgedCall } from '../core/trace';
import { egressRoute } from '../ec2/egress-route';
import { interfaceOf } from '../ec2/interfaces';
import { type Policy, readPolicy } from './policy';
import type { ContextValues } from './request-context';

/** Objects of Amazon ECR with the layers of images. A task fetches the layers from S3, through its own network. */
export const IMAGE_LAYERS = /^arn:aws:s3:::prod-[\w-]+-starport-layer-bucket\//;

/** Names that endpoints have for services, where those of IAM differ. */
const SERVICES: Readonly<Record<string, string>> = { cloudwatch: 'monitoring', ecr: 'ecr.api' };
/** Services that are called in the network of AWS, on behalf of the caller. */
const INSIDE_AWS = new Set(['iam', 'kms', 'sts']);

/** A VPC endpoint, as it takes part in the decision about a call. */
export interface Passage {
  readonly endpoint?: InventoryItem;
  /** Absent for an endpoint without a policy, which lets everything through. */
  readonly policies?: readonly Policy[];
  readonly context: ContextValues;
}

/**
 * The VPC endpoint that a call passes. A function or task in several subnets passes the endpoint of the first subnet that
 * has a policy.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export function endpointOf(
  inventory: Inventory,
  { from, action }: Pick<JudgedCall, 'from' | 'action'>,
): Passage {
  const outside: Passage = { context: { 'aws:SourceVpc': [], 'aws:SourceVpce': [], 'aws:VpcSourceIp': [] } };
  const [service = ''] = action.split(':');
  if (!from?.resource || INSIDE_AWS.has(service)) return outside;
  const { placement } = from;
  const party = {
    name: from.resource.logicalId,
    stack: from.resource.stack,
    ...(placement && { placement }),
  };
  const { subnets = [], hasPublicIp = false } = interfaceOf(inventory, party) ?? {};
  const endpoints = subnets.flatMap((id) => {
    const subnet = inventory.having(id);
    const way = subnet && egressRoute(inventory, subnet, SERVICES[service] ?? service, hasPublicIp);
    return way && 'endpoint' in way ? [way.endpoint] : [];
  });
  const endpoint = endpoints.find(({ properties }) => properties['PolicyDocument']) ?? endpoints[0];
  if (!endpoint) return outside;
  const { PolicyDocument, VpcId } = endpoint.properties;
  return {
    endpoint,
    ...(PolicyDocument && {
      policies: [readPolicy({ stack: endpoint.stack, logicalId: endpoint.id }, PolicyDocument)],
    }),
    context: { 'aws:SourceVpc': VpcId, 'aws:SourceVpce': endpoint.attributes?.Ref ?? [] },
  };
}
