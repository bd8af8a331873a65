import { type IWidget, LogQueryWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface ServerLogQueriesProps {
  /** Folder under which the queries are saved. */
  readonly name: string;
  /** Where the server writes its lines of JSON. */
  readonly logGroup: ILogGroup;
}

/** Questions people ask first, in the language of Logs Insights. */
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
 * Queries over the server's log, saved where people look for them.
 *
 * Defines one each for latency and errors by route, errors by class, by route and by release, one request, and lines that are no JSON.
 * @example
 * new ServerLogQueries(this, 'LogQueries', { name: 'guestbook-production', logGroup: server.logGroup });
 */
export class ServerLogQueries extends Construct {
  private readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, { name, logGroup }: ServerLogQueriesProps) {
    super(scope, id);
    this.logGroup = logGroup;
    for (const [queryId, { title, query }] of Object.entries(QUERIES))
      new QueryDefinition(this, queryId, {
        queryDefinitionName: `${name}/${title}`,
        queryString: query,
        logGroups: [logGroup],
      });
  }

  /** What the log says of each route, as tables for a dashboard: a query each time it is looked at. */
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
