import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { validName } from '../physical-name';

/** Properties of `EdgeLogQueries`. */
export interface EdgeLogQueriesProps {
  /**
   * Folder of the saved queries.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Log group of CloudFront's access logs, such as `AccessLogs.logGroup`. */
  readonly accessLogs: ILogGroup;
  /** Log group of the firewall, such as `WebFirewall.logGroup`. */
  readonly firewallLogs: ILogGroup;
}

/** Logs Insights needs backticks around field names with a hyphen. */
const ACCESS: Readonly<Record<string, { readonly title: string; readonly query: QueryString }>> = {
  EdgeErrors: {
    title: 'edge: errors by path',
    query: new QueryString({
      filterStatements: ['`sc-status` >= 400'],
      statsStatements: [
        'count(*) as answers, latest(@timestamp) as last by `sc-status`, `x-edge-detailed-result-type`, `cs-method`, `cs-uri-stem`',
      ],
      sort: 'answers desc',
      limit: 50,
    }),
  },
  EdgeLatency: {
    title: 'edge: paths by latency',
    query: new QueryString({
      statsStatements: [
        'count(*) as requests, pct(`time-to-first-byte`, 50) as p50, pct(`time-to-first-byte`, 95) as p95 by `cs-method`, `cs-uri-stem`',
      ],
      sort: 'p95 desc',
      limit: 50,
    }),
  },
  EdgeCache: {
    title: 'edge: what comes from the cache',
    query: new QueryString({
      statsStatements: [
        'count(*) as requests, sum(`sc-bytes`) as bytes by `x-edge-result-type`, `cs-uri-stem`',
      ],
      sort: 'requests desc',
      limit: 100,
    }),
  },
};

const FIREWALL: typeof ACCESS = {
  FirewallBlocked: {
    title: 'firewall: blocked by rule and address',
    query: new QueryString({
      filterStatements: ['action = "BLOCK"'],
      statsStatements: [
        'count(*) as requests, latest(@timestamp) as last by terminatingRuleId, httpRequest.clientIp, httpRequest.country',
      ],
      sort: 'requests desc',
      limit: 50,
    }),
  },
  FirewallCounted: {
    title: 'firewall: what would be blocked if it were not only counted',
    query: new QueryString({
      // A log line names a counting rule in the same way, whether the rule is in a group or not.
      parseStatements: ['@message /"ruleId":"(?<rule>[^"]+)","action":"COUNT"/'],
      filterStatements: ['ispresent(rule)'],
      statsStatements: ['count(*) as requests by rule, httpRequest.httpMethod, httpRequest.uri'],
      sort: 'requests desc',
      limit: 50,
    }),
  },
};

/**
 * Saved queries over the logs of CloudFront and its firewall, for a stack in us-east-1, where these logs are.
 *
 * Defines three queries over CloudFront's access logs and two over the firewall's log.
 * @example
 * // In a stack of us-east-1.
 * const name = 'guestbook-production';
 * new EdgeLogQueries(this, 'EdgeLogQueries', {
 *   name,
 *   accessLogs: new AccessLogs(this, 'AccessLogs', { name, distribution: client.distribution }).logGroup,
 *   firewallLogs: new WebFirewall(this, 'Firewall', { name }).logGroup,
 * });
 */
export class EdgeLogQueries extends Construct {
  constructor(scope: Construct, id: string, props: EdgeLogQueriesProps) {
    super(scope, id);
    const { accessLogs, firewallLogs } = props;
    const name = validName(this, props.name);
    for (const [logGroup, queries] of [
      [accessLogs, ACCESS],
      [firewallLogs, FIREWALL],
    ] as const)
      for (const [queryId, { title, query }] of Object.entries(queries))
        new QueryDefinition(this, queryId, {
          queryDefinitionName: `${name}/${title}`,
          queryString: query,
          logGroups: [logGroup],
        });
  }
}
