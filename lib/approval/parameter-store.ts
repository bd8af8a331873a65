import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { pages } from '../../constructs/pages';
import { DeliveryError } from './refused';

/** One version of a parameter. The store itself records its writer, time and version. */
export interface StoredVersion {
  readonly name: string;
  readonly value: string;
  readonly version: number;
  readonly at: Date;
  /** ARN of the session that wrote it. */
  readonly writer: string;
}

/** Most reads of a version that the store has just accepted, until it appears in the history. */
const READS = 20;

/** The Parameter Store of one account and region. */
export class ParameterStore {
  constructor(
    private readonly client: SSMClient,
    private readonly pollMs = 500,
  ) {}

  /** Returns the value of a parameter, or undefined if there is none. */
  async read(name: string): Promise<string | undefined> {
    try {
      return (await this.client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Returns the names of all parameters in a folder and its subfolders. */
  async names(folder: string): Promise<string[]> {
    const found: string[] = [];
    const query = { Path: folder, Recursive: true, MaxResults: 10 };
    const lists = pages(
      (NextToken) => this.client.send(new GetParametersByPathCommand({ ...query, NextToken })),
      ({ NextToken }) => NextToken,
    );
    for await (const { Parameters = [] } of lists)
      found.push(...Parameters.flatMap(({ Name }) => (Name === undefined ? [] : [Name])));
    return found;
  }

  /** Returns the newest version of a parameter, with its writer, or undefined if there is none. */
  async latest(name: string): Promise<StoredVersion | undefined> {
    return (await this.history(name)).at(-1);
  }

  /** Returns all stored versions of a parameter (at most 100), the oldest first. */
  async history(name: string): Promise<StoredVersion[]> {
    const versions: StoredVersion[] = [];
    const lists = pages(
      (NextToken) =>
        this.client.send(new GetParameterHistoryCommand({ Name: name, MaxResults: 50, NextToken })),
      ({ NextToken }) => NextToken,
    );
    try {
      for await (const { Parameters = [] } of lists)
        for (const { Value, Version, LastModifiedDate, LastModifiedUser } of Parameters)
          if (Value !== undefined && Version !== undefined && LastModifiedDate)
            versions.push({
              name,
              value: Value,
              version: Version,
              at: LastModifiedDate,
              writer: LastModifiedUser ?? '',
            });
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return versions.sort((a, b) => a.version - b.version);
  }

  /** Returns the history once it contains a version, because reads may lag behind writes. */
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

  /** Overwrites a parameter. @returns the version */
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
    if (Version !== undefined) return Version;
    throw new DeliveryError(`the Parameter Store does not say which version of ${name} it has written`);
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
