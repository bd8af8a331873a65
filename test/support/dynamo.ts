import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

type Item = Record<string, AttributeValue>;

/** A write, as DynamoDB's commands have it. */
interface Write {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/** Simulates one table with the key `id`. Evaluates the expressions that this project uses. */
export class DynamoTable {
  readonly items = new Map<string, Item>();

  get(key: Item): Item | undefined {
    return structuredClone(this.items.get(key['id']!.S!));
  }

  write(write: Write): void {
    const id = (write.Key ?? write.Item)!['id']!.S!;
    const before = this.items.get(id);
    this.check(write, before);
    this.items.set(
      id,
      write.Item ? structuredClone(write.Item) : updated(write, before ?? { id: { S: id } }),
    );
  }

  check(write: Write, before = this.items.get((write.Key ?? write.Item)!['id']!.S!)): void {
    if (write.ConditionExpression && !new Condition(write, before ?? {}).holds()) {
      throw new ConditionalCheckFailedException({
        $metadata: {},
        message: 'The conditional request failed',
        Item: write.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? structuredClone(before) : undefined,
      });
    }
  }

  transact(writes: readonly Write[]): void {
    const reasons = writes.map((write) => {
      try {
        this.check(write);
        return { Code: 'None' };
      } catch {
        return { Code: 'ConditionalCheckFailed' };
      }
    });
    if (reasons.some(({ Code }) => Code !== 'None'))
      throw new TransactionCanceledException({
        $metadata: {},
        message: 'Transaction cancelled',
        CancellationReasons: reasons,
      });
    for (const write of writes) this.write(write);
  }

  /** Has every client of the SDK use this table; `restore()` of the answer undoes it. */
  mock() {
    const client = mockClient(DynamoDBClient);
    client.on(GetItemCommand).callsFake(async ({ Key }) => ({ Item: this.get(Key) }));
    client.on(PutItemCommand).callsFake(async (input) => this.write(input) ?? {});
    client.on(UpdateItemCommand).callsFake(async (input) => this.write(input) ?? {});
    client.on(TransactWriteItemsCommand).callsFake(
      // biome-ignore lint/suspicious/noExplicitAny: a mock has no types
      async ({ TransactItems }: any) =>
        // biome-ignore lint/suspicious/noExplicitAny: a mock has no types
        this.transact(TransactItems.map(({ Update }: any) => Update)) ?? {},
    );
    return client;
  }
}

const TOKEN = /\s*(<>|<=|>=|[=<>(),]|[#:]?[A-Za-z0-9_.#]+)/y;

function tokens(text: string): string[] {
  TOKEN.lastIndex = 0;
  const found: string[] = [];
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`expression not understood: ${text}`);
    found.push(match[1]!);
  }
  return found;
}

function path(token: string, names: Record<string, string> = {}): string[] {
  return token.split('.').map((part) => (part.startsWith('#') ? names[part]! : part));
}

function at(item: Item, [first, second]: string[]): AttributeValue | undefined {
  const value = item[first!];
  return second === undefined ? value : value?.M?.[second];
}

class Condition {
  private readonly rest: string[];

  constructor(
    private readonly write: Write,
    private readonly item: Item,
  ) {
    this.rest = tokens(write.ConditionExpression!);
  }

  holds(): boolean {
    const result = this.or();
    if (this.rest.length > 0) throw new Error(`left over: ${this.rest.join(' ')}`);
    return result;
  }

  private or(): boolean {
    let result = this.and();
    while (this.rest[0] === 'OR') {
      this.rest.shift();
      const right = this.and();
      result = result || right;
    }
    return result;
  }

  private and(): boolean {
    let result = this.one();
    while (this.rest[0] === 'AND') {
      this.rest.shift();
      const right = this.one();
      result = result && right;
    }
    return result;
  }

  private one(): boolean {
    const token = this.rest.shift()!;
    if (token === '(') {
      const result = this.or();
      this.rest.shift();
      return result;
    }
    if (token === 'attribute_not_exists') {
      const [, name] = [this.rest.shift(), this.rest.shift()!, this.rest.shift()];
      return at(this.item, path(name, this.write.ExpressionAttributeNames)) === undefined;
    }
    const left = this.value(token);
    const operator = this.rest.shift()!;
    const right = this.value(this.rest.shift()!);
    // Comparisons with a missing attribute are false, except `<>`.
    if (left === undefined || right === undefined) return operator === '<>';
    switch (operator) {
      case '=':
        return left === right;
      case '<>':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      default:
        throw new Error(`operator not played: ${operator}`);
    }
  }

  private value(token: string): string | number | undefined {
    const value = token.startsWith(':')
      ? this.write.ExpressionAttributeValues![token]
      : at(this.item, path(token, this.write.ExpressionAttributeNames));
    if (value === undefined) return undefined;
    return value.N === undefined ? value.S : Number(value.N);
  }
}

function updated(write: Write, before: Item): Item {
  const item = structuredClone(before);
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values = {} } = write;
  for (const clause of write.UpdateExpression!.split(/\s+(?=(?:SET|ADD|DELETE|REMOVE)\b)/)) {
    const [, action, rest] = /^(\w+)\s+(.*)$/s.exec(clause.trim())!;
    for (const part of rest!.split(/,\s*/)) {
      const [name, given] = part.split(action === 'SET' ? /\s*=\s*/ : /\s+/);
      const where = path(name!, names);
      const value = given === undefined ? undefined : values[given]!;
      const now = at(item, where);
      put(item, where, changed(action!, now, value));
    }
  }
  return item;
}

function changed(
  action: string,
  now: AttributeValue | undefined,
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  switch (action) {
    case 'SET':
      return value;
    case 'REMOVE':
      return undefined;
    case 'ADD':
      return value!.N === undefined
        ? { SS: [...new Set([...(now?.SS ?? []), ...value!.SS!])] }
        : { N: String(Number(now?.N ?? 0) + Number(value!.N)) };
    case 'DELETE': {
      const left = (now?.SS ?? []).filter((one) => !value!.SS!.includes(one));
      // DynamoDB has no empty sets.
      return left.length > 0 ? { SS: left } : undefined;
    }
    default:
      throw new Error(`clause not played: ${action}`);
  }
}

function put(item: Item, [first, second]: string[], value: AttributeValue | undefined): void {
  if (second !== undefined) {
    item[first!]!.M![second] = value!;
    return;
  }
  if (value === undefined) delete item[first!];
  else item[first!] = value;
}
