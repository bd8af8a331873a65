import { type Operations, ServiceError } from '../core/aws-api';

/** The Parameter Store. The plan's handlers fill it. */
export function ssmOperations(): Operations {
  const parameters = new Map<string, { readonly Value: string; readonly LastModifiedDate: number }>();
  return {
    'ssm:PutParameter': ({ Name, Value, Overwrite }) => {
      if (parameters.has(String(Name)) && !Overwrite)
        throw new ServiceError('ParameterAlreadyExists', `${Name} already exists`);
      parameters.set(String(Name), { Value: String(Value), LastModifiedDate: Date.now() / 1000 });
      return { Version: 1, Tier: 'Standard' };
    },
    'ssm:GetParameter': ({ Name }) => {
      const found = parameters.get(String(Name));
      if (!found) throw new ServiceError('ParameterNotFound', `there is no parameter ${Name}`);
      return { Parameter: { Name, Type: 'String', ...found } };
    },
    'ssm:GetParametersByPath': ({ Path }) => ({
      Parameters: [...parameters]
        .filter(([name]) => name.startsWith(`${Path}/`))
        .map(([Name, parameter]) => ({ Name, Type: 'String', ...parameter })),
    }),
    'ssm:DeleteParameters': ({ Names }) => {
      for (const name of Names as string[]) parameters.delete(name);
      return { DeletedParameters: Names, InvalidParameters: [] };
    },
  };
}
