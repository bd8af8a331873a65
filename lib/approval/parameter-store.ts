import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  type GetParameterHistoryCommandOutput,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { DeliveryError } from './refused';

/** One version of a parameter, as the store recorded it: nobody but the store chooses writer, time and version. */
export interface StoredVersion {
  readonly name: string;
  readonly value: string;
  readonly version: number;
  readonly at: Date;
  /** ARN of the session that wrote it. */
  readonly writer: string;
}

/** Reads of a version that the store has just accepted, before it shows in the history. */
const READS = 20;

/** The Parameter Store of one account and region. */
export class ParameterStore {
  constructor(
    private readonly client: SSMClient,
    private readonly pollMs = 500,
  ) {}

  /** Value of a parameter; undefined where there is none. */
  async read(name: string): Promise<string | undefined> {
    try {
      return (await this.client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Names of all parameters in a folder and in the folders within. */
  async names(folder: string): Promise<string[]> {
    const found: string[] = [];
    const query = { Path: folder, Recursive: true };
    for await (const { Parameters = [] } of paginateGetParametersByPath(
      { client: this.client, pageSize: 10 },
      query,
    ))
      found.push(...Parameters.flatMap(({ Name }) => (Name === undefined ? [] : [Name])));
    return found;
  }

  /** The newest version of a parameter, with its writer; undefined where there is none. */
  async latest(name: string): Promise<StoredVersion | undefined> {
    return (await this.history(name)).at(-1);
  }

  /** All versions of a parameter that the store keeps (100), the oldest first. */
  async history(name: string): Promise<StoredVersion[]> {
    const versions: StoredVersion[] = [];
    let NextToken: string | undefined;
    do {
      const page: GetParameterHistoryCommandOutput | undefined = await this.client
        .send(new GetParameterHistoryCommand({ Name: name, MaxResults: 50, NextToken }))
        .catch((error: unknown) => {
          if (isMissing(error)) return undefined;
          throw error;
        });
      if (!page) return [];
      for (const { Value, Version, LastModifiedDate, LastModifiedUser } of page.Parameters ?? [])
        if (Value !== undefined && Version !== undefined && LastModifiedDate)
          versions.push({
            name,
            value: Value,
            version: Version,
            at: LastModifiedDate,
            writer: LastModifiedUser ?? '',
          });
      NextToken = page.NextToken;
    } while (NextToken);
    return versions.sort((a, b) => a.version - b.version);
  }

  /** The history once it has a version, and all before it: reads may lag behind writes. */
  async historyWith(name: string, version: number): Promise<StoredVersion[]> {
    for (let read = 0; read < READS; read += 1) {
      const history = await this.history(name);
      const own = history.findIndex((entry) => entry.version === version);
      const gapless = history
        .slice(0, own + 1)
        .every((entry, index) => entry.version === history[0]!.version + index);
      if (own >= 0 && gapless) return history;
      await pause(this.pollMs);
    }
    throw new DeliveryError(`the Parameter Store does not show version ${version} of ${name}`);
  }

  /** Writes a parameter, over what was there. @returns the version */
  async write(name: string, value: object, description: string): Promise<number> {
    const { Version } = await this.client.send(
      new PutParameterCommand({
        Name: name,
        Value: JSON.stringify(value),
        Type: 'String',
        Description: description.slice(0, 1024),
        Tier: 'Intelligent-Tiering',
        Overwrite: true,
      }),
    );
    return Version!;
  }

  async remove(name: string): Promise<void> {
    await this.client.send(new DeleteParameterCommand({ Name: name })).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ParameterNotFound || (error as Error).name === 'ParameterNotFound';
}
