import type { Properties } from './properties';
import type { Attributes } from './resource-handler';

/** A resource that CloudFormation has made, or is about to make. */
export interface InventoryItem {
  readonly stack: string;
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  /** All references are resolved. */
  readonly properties: Properties;
  /** Return values; nothing while CloudFormation makes the resource. */
  readonly attributes?: Attributes;
}

/**
 * The resources of the account as they are now, by stack and logical id. The judges of permissions and connections read
 * nothing else, so a policy that comes too late is not there yet.
 */
export class Inventory {
  private readonly items = new Map<string, InventoryItem>();
  private readonly byValue = new Map<string, InventoryItem>();
  /** Goes up with each change, for caches. */
  version = 0;

  put(item: InventoryItem): void {
    this.version++;
    const key = keyOf(item);
    const old = this.items.get(key);
    this.items.set(key, { ...item, attributes: item.attributes ?? old?.attributes });
    // A later resource may return the names of others, as a subnet does with its VPC.
    if (item.type.startsWith('Custom::')) return;
    for (const value of Object.values(item.attributes ?? {}))
      if (isName(value) && !this.having(value)) this.byValue.set(value, item);
  }

  /** Removes the resources of a stack that its template does not have. */
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

  /** The resources whose type matches. */
  ofType(...types: readonly string[]): InventoryItem[] {
    return this.all.filter(({ type }) => types.includes(type));
  }

  get all(): InventoryItem[] {
    return [...this.items.values()];
  }

  /** The resource that has a return value, such as an ARN or a generated id. */
  having(value: unknown): InventoryItem | undefined {
    const found = this.byValue.get(String(value));
    return found && this.items.get(keyOf(found));
  }
}

const keyOf = ({ stack, id }: { stack: string; id: string }): string => `${stack}/${id}`;

/** True for a value that can name one resource: numbers and short words do not. */
const isName = (value: string): boolean => value.length > 4 && /\D/.test(value);
