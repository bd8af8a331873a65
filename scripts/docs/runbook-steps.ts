/** The steps that follow an alarm's first action. */
export interface Runbook {
  /** Heading; its anchor is what alarms have as `runbook`. */
  readonly title: string;
  /** Markdown, a step each. */
  readonly steps: readonly string[];
  /** Commands for a terminal; `$NAME` is the environment's name. */
  readonly commands?: readonly string[];
  /** Titles of saved queries that help. */
  readonly ask?: readonly string[];
}

const SERVICE = 'aws ecs describe-services --cluster $NAME --services $NAME';
const STOPPED = `aws ecs describe-tasks --cluster $NAME --query "tasks[].[stoppedAt,stoppedReason,containers[].exitCode]" \\
  --tasks $(aws ecs list-tasks --cluster $NAME --desired-status STOPPED --query taskArns --output text)`;
const BACK = 'npx framework53 rollback --env $ENVIRONMENT --dry-run';

/** The runbooks: symptoms that users feel first, then causes. */
export const RUNBOOKS: readonly Runbook[] = [
  {
    title: 'Canary fails',
    steps: [
      "Open the canary's last run. Its log names the check, with what was expected and what came; `verify` runs the same checks from where you are.",
      "Only the browser fails: the screenshot and the script's error tell which release to blame. Roll it back.",
      'The checks fail as well: go on as for [edge errors](#edge-errors).',
      'Nothing is wrong, and there are no runs: look at the canary itself; silence counts as failure.',
    ],
    commands: ['npx framework53 verify --env $ENVIRONMENT --url ADDRESS', BACK],
  },
  {
    title: 'Script errors',
    steps: [
      'Open the app monitor in CloudWatch RUM; its errors are grouped by message, with browser, page and release.',
      'One that began with the release: roll it back. Its version is the release id.',
      'One browser or extension only: it is theirs; see whether users ask for help before you mend it.',
      'Files that could not be loaded: see [edge errors](#edge-errors).',
    ],
    commands: [BACK],
  },
  {
    title: 'Edge errors',
    steps: [
      'Compare with the 5xx of the server and of the load balancer on the dashboard.',
      'They rise as well: go on as for [availability](#availability).',
      'They do not: CloudFront does not reach the load balancer. Look at the VPC origin (deployed?) and at the security group that lets it in.',
      'One path only: the query shows which, and whether CloudFront or the origin answered.',
    ],
    ask: ['edge: errors by path'],
  },
  {
    title: 'Availability',
    steps: [
      'Has a release just moved? `status` says so; `rollback` takes it back. Do that first, understand later.',
      'Ask for errors by class and route. One class: its message names the cause. `database`: see [database and proxy](#database-and-proxy).',
      '5xx of the load balancer without any of the server: see [missing tasks](#missing-tasks) and [connection errors](#connection-errors).',
      'One route only: the error is in it; if it can be done without, say so to users and mend it by day.',
    ],
    commands: ['npx framework53 status --env $ENVIRONMENT', BACK],
    ask: ['errors by class and route', 'errors by class and release', 'routes by errors'],
  },
  {
    title: 'Latency',
    steps: [
      'Has a release just moved? Roll it back.',
      "Ask for routes by latency. One route: its statements are among the database's slowest.",
      'All routes: look at the CPU of the server and at the wait for a database connection on the dashboard; see [server CPU](#server-cpu) and [database and proxy](#database-and-proxy).',
      'Neither: something the server calls is slow. Its own timeouts decide how much of that users feel.',
    ],
    commands: [BACK],
    ask: ['routes by latency', 'slowest-queries'],
  },
  {
    title: 'Server fails',
    steps: [
      'A rollback alarm fires. During a deployment ECS takes the release back by itself: watch it, and wait.',
      'Without a deployment the next release is refused until this is over. Go on as for [availability](#availability); unhealthy tasks as for [missing tasks](#missing-tasks).',
      'The mend is a release itself: `server.deployDespiteAlarms` lets it through.',
    ],
    commands: [`${SERVICE} --query "services[0].[deployments,events[:5].message]"`],
    ask: ['errors by class and release', 'errors by class and route'],
  },
  {
    title: 'Missing tasks',
    steps: [
      'The events of the service say why no task starts: image, secret, subnet, capacity or quota.',
      'Tasks that start and end: see [failing tasks](#failing-tasks).',
      'No capacity in a zone: ECS goes on trying, in the others, too; more tasks in advance are `server.minimumTasks`.',
    ],
    commands: [`${SERVICE} --query "services[0].events[:10].message"`],
  },
  {
    title: 'Failing tasks',
    steps: [
      'Read the reason and the exit code of a stopped task. 137: memory, see [server memory](#server-memory). 1: the log ends with the error.',
      "Only the new release's tasks fail: it never got users. Mend it and release again.",
      'All fail, and nothing was released: what has changed beside it? A secret, a quota, the database, an address the server calls when it starts.',
    ],
    commands: [STOPPED],
    ask: ['lines that are no JSON', 'errors by class and release'],
  },
  {
    title: 'Failed release',
    steps: [
      'The first failed event of the release stack names the step; its message has the reason.',
      'Users are on the release before: nobody has to be woken. Mend it and release again; [releases](releases.md) says what each step leaves.',
      '`UPDATE_ROLLBACK_FAILED`: the stack could not go back either; its last failed event says why. Mend that, then `continue-update-rollback`.',
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
      'At the maximum number of tasks: raise `server.maximumTasks`; synthesis checks the connection budget.',
      'Below it: autoscaling is still at work, or one task has all the load.',
      'More CPU for the same requests than before the release: roll it back, or raise `server.cpu` to gain time.',
    ],
    ask: ['routes by latency'],
  },
  {
    title: 'Server memory',
    steps: [
      'A saw-tooth that rises with the time since the release: a leak. Roll back, or replace the tasks to gain time.',
      'A step with the release: it needs more; raise `server.memory`.',
    ],
    commands: ['aws ecs update-service --cluster $NAME --service $NAME --force-new-deployment'],
  },
  {
    title: 'Client errors',
    steps: [
      'Ask for routes by errors. A 404 or 405 after a release: client and server do not fit together. Roll back.',
      '401 and 403 from few addresses: somebody tries names and passwords; the firewall limits them by `client.requestsPerFiveMinutes`.',
      '400 and 422 on one route: a client that sends what the server no longer takes.',
    ],
    ask: ['routes by errors', 'firewall: blocked by rule and address'],
  },
  {
    title: 'Connection errors',
    steps: [
      'Tasks that end at that time: see [failing tasks](#failing-tasks).',
      "None: the server's keep-alive must outlast the load balancer's 60 seconds ([server](server.md#time-limits-that-depend-on-each-other)).",
    ],
    commands: [STOPPED],
  },
  {
    title: 'Errors logged',
    steps: [
      'Ask for errors by class and route; compare with the time before the release.',
      '`UnclassifiedErrors` rise as well: something is thrown that the application does not know.',
      'One request of a user who complains: put its id into the query for one request.',
    ],
    ask: ['errors by class and route', 'errors by class and release', 'one request (put its id in)'],
  },
  {
    title: 'Database and proxy',
    steps: [
      "All connections taken: start the [operator's tool](database.md#seeing-and-ending-sessions), which sees all sessions of the writer, and end those that leak with `pg_terminate_backend`. Idle in transaction: the application forgets to end one. Too many tasks: lower `server.maximumTasks`.",
      "Requests wait for a connection: the proxy's log names what pins sessions; long transactions are in the same view.",
      'Refused logins after a rotation: a new deployment hands tasks the current login ([rotation](database.md#rotation)).',
      'CPU, memory or capacity at its end: raise `database.maximumCapacity`; the slowest statements say what drives it. A larger capacity works at once, more connections once the instances have restarted.',
      'Data is wrong or gone: stop writing first. Then [restoring](database.md#restoring).',
    ],
    commands: [
      'aws ecs update-service --cluster $NAME --service $NAME --force-new-deployment   # tasks with the current login',
    ],
    ask: ['slowest-queries'],
  },
  {
    title: 'Business metrics',
    steps: [
      "The alarm's description is the application's own: its meaning and its first step come from the settings.",
      'All other alarms are quiet: try what users do, in production.',
      'Nothing is wrong: the limit is. Change it in `monitoring.businessMetrics`.',
    ],
    ask: ['routes by errors', 'errors by class and route'],
  },
  {
    title: 'Escalation',
    steps: [
      'Pages may not reach anybody now. The person on call, whom `oncall` names, looks at the dashboard by hand until this is mended.',
      'An execution failed: its last event says why. The incident it was about is without anybody; the next alarm of the same cause begins a new one.',
      'Dead letters: receive one, mend what refuses it, send its body to the queue of pages, then delete it. SQS does not move messages back that SNS could not deliver, so `start-message-move-task` does not help.',
      'An address is not confirmed: AWS has sent it a mail with a link, and [forgets the address](on-call.md#before-the-first-page) after two days.',
      'Not delivered: text messages end at the [spending limit](on-call.md#text-messages), and for who has answered STOP.',
      'No test was answered: page whoever is on call by telephone, and find out why the page did not.',
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
      'Nothing is wrong. Acknowledge it as you would at night: with the link, on the telephone that would wake you.',
      'It took longer than a minute or two, or came by one way only: see [escalation](#escalation).',
    ],
  },
];

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(title: string): string {
  return `#${title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')}`;
}
