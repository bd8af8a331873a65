import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from './mock-client';

/** A Parameter Store in memory. Each write is one second later than the previous one. */
export function mockParameterStore() {
  const ssm = mockClient(SSMClient);
  const parameters = new Map<string, { Value: string; LastModifiedDate: Date; by: string }>();
  let clock = Date.parse('2026-11-01T10:00:00Z');
  const store = {
    ssm,
    parameters,
    names: () => [...parameters.keys()].map((name) => name.split('/').at(-1)),
    values: () => [...parameters.values()].map(({ Value }) => JSON.parse(Value)),
    put(Name: string, Value: string, by = 'arn:aws:sts::123456789012:assumed-role/handler/x') {
      clock += 1000;
      parameters.set(Name, { Value, LastModifiedDate: new Date(clock), by });
    },
    reset() {
      parameters.clear();
      ssm.reset();
      ssm.on(PutParameterCommand).callsFake(({ Name, Value, Overwrite }) => {
        if (parameters.has(Name) && !Overwrite)
          throw new ParameterAlreadyExists({ message: 'exists', $metadata: {} });
        if (Value.length > 8192) throw new Error('a parameter takes 8 KB');
        store.put(Name, Value);
        return {};
      });
      ssm.on(GetParameterCommand).callsFake(({ Name }) => {
        const found = parameters.get(Name);
        if (!found) throw new ParameterNotFound({ message: Name, $metadata: {} });
        return { Parameter: { Name, Value: found.Value, LastModifiedDate: found.LastModifiedDate } };
      });
      ssm.on(GetParametersByPathCommand).callsFake(({ Path, MaxResults = 10, NextToken = '0' }) => {
        const all = [...parameters].filter(([name]) => name.startsWith(`${Path}/`));
        const start = Number(NextToken);
        const next = start + MaxResults;
        return {
          Parameters: all
            .slice(start, next)
            .map(([Name, { Value, LastModifiedDate }]) => ({ Name, Value, LastModifiedDate })),
          ...(next < all.length && { NextToken: String(next) }),
        };
      });
      ssm.on(DeleteParametersCommand).callsFake(({ Names }) => {
        if (Names.length > 10) throw new Error('10 at once');
        for (const name of Names) parameters.delete(name);
        return {};
      });
      ssm.on(GetParameterHistoryCommand).callsFake(({ Name }) => ({
        Parameters: [{ Name, LastModifiedUser: parameters.get(Name)?.by }],
      }));
    },
  };
  store.reset();
  return store;
}
