/** Runbook of one or more alarms: the steps after the alarm's first action. */
export interface Runbook {
  /** Heading. Alarms refer to its anchor in `runbook`. */
  readonly title: string;
  /** Steps in Markdown. */
  readonly steps: readonly string[];
  /** Shell commands. `$NAME` is the name of the environment. */
  readonly commands?: readonly string[];
  /** Titles of related saved queries. */
  readonly ask?: readonly string[];
}

const SERVICE = 'aws ecs describe-services --cluster $NAME --services $NAME';
const STOPPED = `aws ecs describe-tasks --cluster $NAME --query "tasks[].[stoppedAt,stoppedReason,containers[].exitCode]" \\
  --tasks $(aws ecs list-tasks --cluster $NAME --desired-status STOPPED --query taskArns --output text)`;
const BACK = 'npx framework53 rollback --env $ENVIRONMENT --dry-run';

/** Runbooks, ordered from symptoms that users notice to causes. */
export const RUNBOOKS: readonly Runbook[] = [
  {
    title: 'Canary fails',
    steps: [
      'Open the last run of the canary. Its log names the check, with the expected and the actual result. `verify` runs the same checks from your machine.',
      "If only the browser fails, the screenshot and the script's error show which release is the cause. Roll that release back.",
      'If the checks fail as well, continue with [edge errors](#edge-errors).',
      'If the application works but the canary does not run, look at the canary itself. Missing runs count as failures.',
    ],
    commands: ['npx framework53 verify --env $ENVIRONMENT --url ADDRESS', BACK],
  },
  {
    title: 'Script errors',
    steps: [
      'Open the app monitor in CloudWatch RUM. It groups errors by message, with browser, page and release.',
      'If an error began with the release, roll the release back. The version in RUM is the release id.',
      'If only one browser or extension has the error, the page is probably not the cause. Check whether users report problems before you fix anything.',
      'If files could not be loaded, see [edge errors](#edge-errors).',
    ],
    commands: [BACK],
  },
  {
    title: 'Edge errors',
    steps: [
      'Compare with the 5xx of the server and of the load balancer on the dashboard.',
      'If those rise as well, continue with [availability](#availability).',
      'If they do not, CloudFront cannot reach the load balancer. Check that the VPC origin is deployed and that the security group admits CloudFront.',
      'If only one path fails, the query shows the path, and whether CloudFront or the origin answered.',
    ],
    ask: ['edge: errors by path'],
  },
  {
    title: 'Availability',
    steps: [
      'Check with `status` whether a release has just been deployed. If so, run `rollback` first, and look for the cause later.',
      'Run the query for errors by class and route. If one class dominates, its message names the cause. For the class `database`, see [database and proxy](#database-and-proxy).',
      'If the load balancer returns 5xx and the server does not, see [missing tasks](#missing-tasks) and [connection errors](#connection-errors).',
      'If only one route fails, the error is in that route. If users can do without it, tell them, and fix it during working hours.',
    ],
    commands: ['npx framework53 status --env $ENVIRONMENT', BACK],
    ask: ['errors by class and route', 'errors by class and release', 'routes by errors'],
  },
  {
    title: 'Latency',
    steps: [
      'If a release has just been deployed, roll it back.',
      "Run the query for routes by latency. If only one route is slow, look for its statements among the database's slowest.",
      'If all routes are slow, look at the CPU of the server and at the wait for a database connection on the dashboard. See [server CPU](#server-cpu) and [database and proxy](#database-and-proxy).',
      'If neither is high, a service that the server calls is slow. The timeouts of those calls limit the effect on users.',
    ],
    commands: [BACK],
    ask: ['routes by latency', 'slowest-queries'],
  },
  {
    title: 'Server fails',
    steps: [
      'A rollback alarm is firing. During a deployment, ECS rolls the release back automatically. Watch the deployment and wait.',
      'Outside a deployment, the gate refuses the next release while the alarm is firing. Continue with [availability](#availability), or with [missing tasks](#missing-tasks) for unhealthy tasks.',
      'To release a fix while the alarm is firing, set `server.deployDespiteAlarms`.',
    ],
    commands: [`${SERVICE} --query "services[0].[deployments,events[:5].message]"`],
    ask: ['errors by class and release', 'errors by class and route'],
  },
  {
    title: 'Missing tasks',
    steps: [
      'Read the events of the service. They show why no task starts: image, secret, subnet, capacity or quota.',
      'If tasks start and then stop, see [failing tasks](#failing-tasks).',
      'If a zone has no capacity, ECS keeps trying, also in the other zones. Raise `server.minimumTasks` to keep spare tasks.',
    ],
    commands: [`${SERVICE} --query "services[0].events[:10].message"`],
  },
  {
    title: 'Failing tasks',
    steps: [
      'Read the stop reason and the exit code of a stopped task. 137 means out of memory; see [server memory](#server-memory). With 1, the log ends with the error.',
      "If only the new release's tasks fail, the release never served users. Fix it and release again.",
      'If all tasks fail without a release, find out what else has changed: a secret, a quota, the database, or a service that the server calls on startup.',
    ],
    commands: [STOPPED],
    ask: ['lines that are no JSON', 'errors by class and release'],
  },
  {
    title: 'Failed release',
    steps: [
      'The first failed event of the release stack names the failed resource and the reason.',
      'Users are on the previous release, so nobody needs to be woken. Fix the cause and release again. [Releases](releases.md) describes the state after each failed step.',
      'With `UPDATE_ROLLBACK_FAILED`, the rollback of the stack failed, too. Its last failed event has the reason. Fix the cause, then run `continue-update-rollback`.',
    ],
    commands: [
      `aws cloudformation describe-stack-events --stack-name $NAME-release \\
  --query "StackEvents[?contains(ResourceStatus, 'FAILED')].[Timestamp,LogicalResourceId,ResourceStatusReason]"`,
      'npx framework53 status --env $ENVIRONMENT',
    ],
  },
  {
    title: 'Server CPU',
    steps: [
      'If the server runs its maximum number of tasks, raise `server.maximumTasks`. Synthesis checks the connection budget.',
      'If it runs fewer tasks, autoscaling is still adding tasks, or one task has all the load.',
      'If the same requests need more CPU than before the release, roll the release back. Raise `server.cpu` to gain time.',
    ],
    ask: ['routes by latency'],
  },
  {
    title: 'Server memory',
    steps: [
      'If memory rises steadily from the start of each task, the release has a memory leak. Roll the release back, or replace the tasks to gain time.',
      'If memory rose once with the release, the release needs more memory. Raise `server.memory`.',
    ],
    commands: ['aws ecs update-service --cluster $NAME --service $NAME --force-new-deployment'],
  },
  {
    title: 'Client errors',
    steps: [
      'Run the query for routes by errors. A 404 or 405 after a release means that the client and the server are incompatible. Roll the release back.',
      '401 and 403 from few addresses mean that somebody is guessing passwords. The firewall limits requests by `client.requestsPerFiveMinutes`.',
      '400 and 422 on one route mean that a client sends requests that the server no longer accepts.',
    ],
    ask: ['routes by errors', 'firewall: blocked by rule and address'],
  },
  {
    title: 'Connection errors',
    steps: [
      'If tasks stop at that time, see [failing tasks](#failing-tasks).',
      "If no task stops, compare the keep-alive timeout of the server. It must exceed the load balancer's 60 seconds ([server](server.md#time-limits-that-depend-on-each-other)).",
    ],
    commands: [STOPPED],
  },
  {
    title: 'Errors logged',
    steps: [
      'Run the query for errors by class and route, and compare with the time before the release.',
      'If `UnclassifiedErrors` rises as well, the application throws errors that it does not classify.',
      'For the request of a user who reports a problem, put its id into the query for one request.',
    ],
    ask: ['errors by class and route', 'errors by class and release', 'one request (put its id in)'],
  },
  {
    title: 'Database and proxy',
    steps: [
      "If all connections are in use, start the [operator's tool](database.md#listing-and-ending-sessions), which shows all sessions of the writer. End leaking sessions with `pg_terminate_backend`. Sessions that are idle in transaction show that the application does not end its transactions. If there are too many tasks, lower `server.maximumTasks`.",
      "If requests wait for a connection, read the proxy's log, which names the statements that pin sessions. The operator's tool also shows long transactions.",
      'If logins are refused after a rotation, start a new deployment. The new tasks get the current login ([rotation](database.md#rotation)).',
      'If CPU, memory or capacity is exhausted, raise `database.maximumCapacity`. Look at the slowest statements for the cause. The new capacity takes effect at once; a higher number of connections takes effect after the instances restart.',
      'If data is wrong or missing, stop writes first. Then see [restoring](database.md#restoring).',
    ],
    commands: [
      'aws ecs update-service --cluster $NAME --service $NAME --force-new-deployment   # tasks with the current login',
    ],
    ask: ['slowest-queries'],
  },
  {
    title: 'Business metrics',
    steps: [
      "The alarm's description comes from the application's settings, with its meaning and first action.",
      'If no other alarm is firing, try the affected function in production.',
      'If everything works, the threshold is wrong. Change it in `monitoring.businessMetrics`.',
    ],
    ask: ['routes by errors', 'errors by class and route'],
  },
  {
    title: 'Escalation',
    steps: [
      'Pages may not reach anybody now. Until paging works again, the person on call must watch the dashboard. `oncall` prints who that is.',
      'If an execution failed, its last event has the reason. Nobody is notified of its incident any more. The next alarm of the same cause opens a new incident.',
      'If there are dead letters, receive one, fix the cause, send its body to the queue for pages, and delete it. `start-message-move-task` does not work here, because SQS does not redrive messages that came from SNS.',
      'If an address is not confirmed, find the mail with the confirmation link from AWS. AWS [deletes the subscription](on-call.md#before-the-first-page) after two days.',
      'If text messages are not delivered, check the [spending limit](on-call.md#text-messages), and whether the recipient has answered STOP.',
      'If nobody answered the test page, call the person on call by phone, and find out why the page did not arrive.',
    ],
    commands: [
      'npx framework53 oncall --env $ENVIRONMENT',
      `aws stepfunctions list-executions --status-filter FAILED --state-machine-arn \
  $(aws stepfunctions list-state-machines --query "stateMachines[?name=='$NAME-escalation'].stateMachineArn" --output text)`,
      'aws sqs receive-message --queue-url URL_OF_THE_DEAD_LETTERS --visibility-timeout 600',
      `aws sqs send-message --message-body file://BODY.json --queue-url \
  $(aws sqs get-queue-url --queue-name $NAME-pages --query QueueUrl --output text)`,
      'aws sqs delete-message --queue-url URL_OF_THE_DEAD_LETTERS --receipt-handle HANDLE',
    ],
  },
  {
    title: 'Test page',
    steps: [
      'Nothing is wrong. Acknowledge the page as you would at night: with the link, on the phone that would wake you.',
      'If the page took more than two minutes, or arrived by one channel only, see [escalation](#escalation).',
    ],
  },
];

/** Returns the anchor of a heading, as GitHub creates it. */
export function anchorOf(title: string): string {
  return `#${title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')}`;
}
