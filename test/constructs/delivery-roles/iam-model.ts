/** A statement as CloudFormation gets it, with its references resolved. */
interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  Principal?: Record<string, string>;
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface Policy {
  Statement: Statement[];
}

/** The keys of a request, such as `aws:SourceIdentity`; a key that is absent is not in the request. */
export type Context = Readonly<Record<string, string>>;

const list = (value: string | string[] = []) => (Array.isArray(value) ? value : [value]);

/**
 * Returns true if IAM would allow a request. An explicit denial wins, and a request that no statement allows
 * is denied.
 */
export function allows(policies: readonly Policy[], action: string, resource: string, context: Context) {
  const matching = policies
    .flatMap(({ Statement }) => Statement)
    .filter(
      (statement) =>
        list(statement.Action).some((pattern) => like(pattern, action)) &&
        list(statement.Resource).some((pattern) => likeWith(pattern, resource, context)) &&
        satisfied(statement.Condition, context),
    );
  return (
    matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny')
  );
}

/** Returns true if a trust policy accepts a caller. */
export function trusts({ Statement }: Policy, action: string, context: Context): boolean {
  return Statement.some(
    (statement) => list(statement.Action).includes(action) && satisfied(statement.Condition, context),
  );
}

function satisfied(condition: Statement['Condition'] = {}, context: Context): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = context[key];
      switch (operator) {
        case 'StringEquals':
        case 'ArnEquals':
        case 'Bool':
          return value !== undefined && list(wanted).includes(value);
        case 'ArnLike':
          return value !== undefined && list(wanted).some((pattern) => like(pattern, value));
        case 'Null':
          return list(wanted).includes(String(value === undefined));
        default:
          throw new Error(`the model does not know ${operator}`);
      }
    }),
  );
}

/** A variable without a value in the request matches nothing. The value of a variable is not a pattern. */
function likeWith(pattern: string, text: string, context: Context): boolean {
  const variables = [...pattern.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name!);
  if (variables.some((name) => context[name] === undefined)) return false;
  const parts = pattern.split(/(\$\{[^}]+\})/).map((part) => {
    const name = /^\$\{([^}]+)\}$/.exec(part)?.[1];
    return name === undefined ? source(part) : escaped(context[name]!);
  });
  return new RegExp(`^${parts.join('')}$`).test(text);
}

const escaped = (text: string) => text.replace(/[.+^${}()|[\]\\*?]/g, '\\$&');
const source = (pattern: string) => escaped(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.');
const like = (pattern: string, text: string) => new RegExp(`^${source(pattern)}$`).test(text);
