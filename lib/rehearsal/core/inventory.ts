import type { Properties } from './properties';
import type { Attributes } from './resource-handler';

/** A resource that CloudFormation has created, or is creating. */
export interface InventoryItem {
  readonly stack: string;
  /** Region of the stack. @default - the region of the rehearsal */
  readonly region?: string;
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  /** Properties with all references resolved. */
  readonly properties: Properties;
  /** Return values; undefined while CloudFormation creates the resource. */
  readonly attributes?: Attributes;
}

/**
 * The present resources of the account, by stack and logical id. The judges of permissions and connections read only
 * this inventory, so a policy that is created too late does not count yet.
 */
export class Inventory {
  private readonly items = new Map<string, InventoryItem>();
  private readonly byValue = new Map<string, InventoryItem>();
  /** Increases with each change; used by caches. */
  version = 0;

  put(item: InventoryItem): void {
    this.version++;
    const key = keyOf(item);
    const old = this.items.get(key);
    this.items.set(key, { ...item, attributes: item.attributes ?? old?.attributes });
    // A resource may return the name of another one, as a subnet does with its VPC. The first resource with a name
    // keeps it.
    if (item.type.startsWith('Custom::')) return;
    for (const value of Object.values(item.attributes ?? {}))
      if (isName(value) && !this.having(value)) this.byValue.set(value, item);
  }

  /** Removes the resources of a stack that are not in its template. */
  prune(stack: string, isKept: (id: string) => boolean): void {
    for (const [key, item] of this.items)
      if (item.stack === stack && !isKept(item.id)) {
        this.version++;
        this.items.delete(key);
      }
  }

  get(stack: string, id: string): InventoryItem | undefined {
    return this.items.get(keyOf({ stack, id }));
  }

  /** Returns the resources of some types. */
  ofType(...types: readonly string[]): InventoryItem[] {
    return this.all.filter(({ type }) => types.includes(type));
  }

  get all(): InventoryItem[] {
    return [...this.items.values()];
  }

  /** Returns the resource with a return value, such as an ARN or a generated id. */
  having(value: unknown): InventoryItem | undefined {
    const found = this.byValue.get(String(value));
    return found && this.items.get(keyOf(found));
  }
}

const keyOf = ({ stack, id }: { stack: string; id: string }): string => `${stack}/${id}`;

/** Returns true for a value that can identify one resource. Numbers and short words cannot. */
const isName = (value: string): boolean => value.length > 4 && /\D/.test(value);
