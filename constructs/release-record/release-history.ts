import type { Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { pages } from '../pages';
import { deserialize, type Entry, historyPath, serialize } from './entry';

/** Entry of a release history, with metadata from the Parameter Store. */
export type Recorded<E extends Entry = Entry> = E & {
  /** Id of the request that wrote the entry. */
  readonly id: string;
  /** Time at which the Parameter Store wrote the entry. */
  readonly at: Date;
};

/** Number of entries to keep. */
const KEPT = 40;
/** Maximum number of names in one call of DeleteParameters. */
const BATCH = 10;

/** Loads the AWS SDK on first use, so that synthesis does not load it. */
const sdk = () => import('@aws-sdk/client-ssm');

/**
 * Releases that the users of an environment have had, newest first.
 *
 * Each entry is a parameter in the Parameter Store. It is written once and never changed. The newest entry describes
 * the release that users have now.
 * @example
 * const history = new ReleaseHistory('guestbook-production', new SSMClient());
 * history.read().then(([newest]) => console.log(newest));
 */
export class ReleaseHistory {
  private readonly path: string;

  /** @param name name of the history, such as `guestbook-production` */
  constructor(
    name: string,
    private readonly client: SSMClient,
  ) {
    this.path = historyPath(name);
  }

  /** Returns all entries, newest first. */
  async read(): Promise<Recorded[]> {
    const { GetParametersByPathCommand } = await sdk();
    const recorded: Recorded[] = [];
    const query = { Path: this.path, MaxResults: 10 };
    const lists = pages(
      (NextToken) => this.client.send(new GetParametersByPathCommand({ ...query, NextToken })),
      ({ NextToken }) => NextToken,
    );
    for await (const { Parameters = [] } of lists) recorded.push(...Parameters.flatMap(recordedOf));
    return recorded.sort((a, b) => b.at.getTime() - a.at.getTime() || b.id.localeCompare(a.id));
  }

  /**
   * Adds an entry, unless the same request has already added one.
   * @returns true if the entry was added
   */
  async add(id: string, entry: Entry): Promise<boolean> {
    const { PutParameterCommand } = await sdk();
    try {
      await this.client.send(
        new PutParameterCommand({
          Name: `${this.path}/${id}`,
          Value: serialize(entry),
          Type: 'String',
          Description: `${entry.kind} ${entry.releaseId}`,
          // Standard parameters hold 4 KB; the few larger entries cost some cents a month.
          Tier: 'Intelligent-Tiering',
          Overwrite: false,
        }),
      );
      return true;
    } catch (error) {
      if ((error as Error).name === 'ParameterAlreadyExists') return false;
      throw error;
    }
  }

  /** Deletes the oldest entries. Always keeps the newest entry for migrations. */
  async prune(keep = KEPT): Promise<void> {
    const entries = await this.read();
    const schema = entries.find(({ kind }) => kind === 'migrations');
    await this.remove(entries.slice(keep).filter((entry) => entry !== schema));
  }

  /** Deletes all entries. */
  async clear(): Promise<void> {
    await this.remove(await this.read());
  }

  private async remove(entries: readonly Recorded[]): Promise<void> {
    const { DeleteParametersCommand } = await sdk();
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
