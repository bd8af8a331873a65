import {
  DeleteParametersCommand,
  type Parameter,
  ParameterAlreadyExists,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { deserialize, type Entry, serialize } from './entry';

/** An entry, and what only the store knows of it. */
export type Recorded<E extends Entry = Entry> = E & {
  /** The request that made it. */
  readonly id: string;
  /** When it was written, by the store's clock, which is the same for all writers. */
  readonly at: Date;
};

/** Entries that are kept. */
const KEPT = 40;
/** What DeleteParameters takes at once. */
const BATCH = 10;

/** Folder of an environment's history in the Parameter Store. */
export function historyPath(name: string): string {
  return `/framework53/${name}/releases`;
}

/**
 * What an environment's users have had, newest first, in the Parameter Store: one parameter for each entry,
 * written once and never changed. The newest says what holds now.
 * @example
 * const history = new ReleaseHistory('guestbook-production', new SSMClient());
 * history.read().then(([newest]) => console.log(newest));
 */
export class ReleaseHistory {
  private readonly path: string;

  /** @param name prefix of the environment's physical names, such as `guestbook-production` */
  constructor(
    name: string,
    private readonly client: SSMClient,
  ) {
    this.path = historyPath(name);
  }

  async read(): Promise<Recorded[]> {
    const recorded: Recorded[] = [];
    const pages = paginateGetParametersByPath({ client: this.client, pageSize: 10 }, { Path: this.path });
    for await (const { Parameters = [] } of pages) recorded.push(...Parameters.flatMap(recordedOf));
    return recorded.sort((a, b) => b.at.getTime() - a.at.getTime() || b.id.localeCompare(a.id));
  }

  /**
   * Adds an entry, unless the same request has added one already.
   * @returns whether it was added
   */
  async add(id: string, entry: Entry): Promise<boolean> {
    try {
      await this.client.send(
        new PutParameterCommand({
          Name: `${this.path}/${id}`,
          Value: serialize(entry),
          Type: 'String',
          Description: `${entry.kind} ${entry.releaseId}`,
          // Standard up to 4 KB; the few that are longer cost some cents a month.
          Tier: 'Intelligent-Tiering',
          Overwrite: false,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ParameterAlreadyExists || (error as Error).name === 'ParameterAlreadyExists')
        return false;
      throw error;
    }
  }

  /** Removes the oldest entries; the newest that says what the schema is stays, however old. */
  async prune(keep = KEPT): Promise<void> {
    const entries = await this.read();
    const schema = entries.find(({ kind }) => kind === 'migrations');
    await this.remove(entries.slice(keep).filter((entry) => entry !== schema));
  }

  /** Removes all entries. */
  async clear(): Promise<void> {
    await this.remove(await this.read());
  }

  private async remove(entries: readonly Recorded[]): Promise<void> {
    const names = entries.map(({ id }) => `${this.path}/${id}`);
    for (let start = 0; start < names.length; start += BATCH)
      await this.client.send(new DeleteParametersCommand({ Names: names.slice(start, start + BATCH) }));
  }
}

function recordedOf({ Name, Value = '', LastModifiedDate }: Parameter): Recorded[] {
  const entry = deserialize(Value);
  return Name && entry
    ? [{ ...entry, id: Name.split('/').at(-1)!, at: LastModifiedDate ?? new Date(0) }]
    : [];
}
