import { type IWidget, LogQueryWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { validName } from '../physical-name';

/** Properties of `ServerLogQueries`. */
export interface ServerLogQueriesProps {
  /**
   * Folder of the saved queries.
   * @default - derived from the stack's name and the construct's path
   */
  readonly name?: string;
  /** Log group to which the server writes JSON lines. */
  readonly logGroup: ILogGroup;
}

const QUERIES = {
  RoutesByLatency: {
    title: 'routes by latency',
    query: new QueryString({
      filterStatements: ['event = "http.request"'],
      statsStatements: [
        'count(*) as requests, pct(durationMs, 50) as p50, pct(durationMs, 95) as p95, pct(durationMs, 99) as p99 by method, path',
      ],
      sort: 'p95 desc',
      limit: 50,
    }),
  },
  RoutesByErrors: {
    title: 'routes by errors',
    query: new QueryString({
      filterStatements: ['event = "http.request" and status >= 400'],
      statsStatements: ['count(*) as answers, latest(@timestamp) as last by status, method, path'],
      sort: 'answers desc',
      limit: 50,
    }),
  },
  ErrorsByClass: {
    title: 'errors by class and route',
    query: new QueryString({
      fields: ['coalesce(error.class, "unclassified") as class'],
      filterStatements: ['level = "error"'],
      statsStatements: [
        'count(*) as errors, latest(@timestamp) as last, latest(error.text) as text by class, path',
      ],
      sort: 'errors desc',
      limit: 50,
    }),
  },
  ErrorsByRelease: {
    title: 'errors by class and release',
    query: new QueryString({
      fields: ['coalesce(error.class, "unclassified") as class'],
      filterStatements: ['level = "error"'],
      parseStatements: ['@logStream "*/" as release'],
      statsStatements: ['count(*) as errors, earliest(@timestamp) as since by release, class'],
      sort: 'since desc',
      limit: 100,
    }),
  },
  OneRequest: {
    title: 'one request (put its id in)',
    query: new QueryString({
      fields: ['@timestamp', 'level', 'event', '@message'],
      filterStatements: ['requestId like "Root=1-"'],
      sort: '@timestamp asc',
      limit: 200,
    }),
  },
  PlainText: {
    title: 'lines that are no JSON',
    query: new QueryString({
      fields: ['@timestamp', '@logStream', '@message'],
      filterStatements: ['@message not like /^\\s*[{]/'],
      sort: '@timestamp desc',
      limit: 200,
    }),
  },
} satisfies Readonly<Record<string, { readonly title: string; readonly query: QueryString }>>;

/**
 * Saved queries over the server's log.
 *
 * Defines queries for latency by route, errors by route, errors by class and route, errors by class and release, one
 * request, and lines that are not JSON.
 * @example
 * new ServerLogQueries(this, 'LogQueries', { name: 'guestbook-production', logGroup: server.logGroup });
 */
export class ServerLogQueries extends Construct {
  private readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: ServerLogQueriesProps) {
    super(scope, id);
    const { logGroup } = props;
    const name = validName(this, props.name);
    this.logGroup = logGroup;
    for (const [queryId, { title, query }] of Object.entries(QUERIES))
      new QueryDefinition(this, queryId, {
        queryDefinitionName: `${name}/${title}`,
        queryString: query,
        logGroups: [logGroup],
      });
  }

  /**
   * Returns tables of latency and errors by route, for a dashboard. Each view of the dashboard runs the queries, which
   * are billed by scanned data.
   */
  routeWidgets(): IWidget[] {
    return [QUERIES.RoutesByLatency, QUERIES.RoutesByErrors].map(
      ({ title, query }) =>
        new LogQueryWidget({
          title: title[0]!.toUpperCase() + title.slice(1),
          width: 12,
          height: 8,
          logGroupNames: [this.logGroup.logGroupName],
          queryString: query.toString().replaceAll('\n', ' '),
        }),
    );
  }
}
