import type { Inventory } from './inventory';
import { PlanError } from './plan-error';

/**
 * Requires subnets in two availability zones, as load balancers, database proxies and database subnet groups do. Each
 * subnet outside the plan counts as a zone of its own.
 */
export function requireTwoZones(
  inventory: Inventory,
  { id }: { readonly id: string },
  property: string,
  subnets: unknown,
): void {
  const zones = new Set(
    (Array.isArray(subnets) ? subnets : []).map((subnet: unknown) => {
      const { AvailabilityZone, AvailabilityZoneId } = inventory.having(subnet)?.properties ?? {};
      return String(AvailabilityZone ?? AvailabilityZoneId ?? subnet);
    }),
  );
  if (zones.size >= 2) return;
  throw new PlanError(id, property, `must have subnets in two availability zones, got ${zones.size}`);
}
