import {
  catchAll,
  type EscalationDefinitionProps,
  ITEM,
  isTest,
  present,
  REFUSED,
  RETRY,
  RETRY_SOON,
  sdk,
  stateMakers,
} from './escalation-states';

/** Looks at an execution may take before the next one goes on: its history has room for 25,000 events. */
export const LOOKS = 600;
/** Executions an incident may take: eight days. */
export const LAPS = 20;
const LOOK_SECONDS = 60;
/** What an execution knows of where it is; everything else is read again. */
const CARRIED = ['cause', 'incident', 'execution', 'lap', 'phase', 'step', 'minutes', 'looks', 'waits'];

/**
 * The state machine that tells people of an incident until one of them answers, in the Amazon States Language
 * with JSONPath. It waits for nothing that could get lost: each minute it reads the incident and looks at its
 * alarms again. `$` holds where it is: the incident, the phase, the step of the plan, and the minutes until the
 * next one.
 */
export function escalationDefinition(props: EscalationDefinitionProps): object {
  const { steps, repageMinutes } = props;
  const last = steps.length;
  /** What is carried from state to state, but for what changes. */
  const carry = (changes: object) => ({
    ...Object.fromEntries(
      CARRIED.filter((field) => !(field in changes || `${field}.$` in changes)).map((field) => [
        `${field}.$`,
        `$.${field}`,
      ]),
    ),
    ...changes,
  });
  const pass = (changes: object, Next: string) => ({ Type: 'Pass', Parameters: carry(changes), Next });
  const { key, update, fallback, tellEach } = stateMakers(props);
  return {
    StartAt: 'Begin',
    // The looks, and time for what goes wrong in between.
    TimeoutSeconds: LOOKS * LOOK_SECONDS * 1.5,
    States: {
      Begin: {
        Type: 'Pass',
        Parameters: {
          'cause.$': '$.cause',
          'incident.$': '$.incident',
          'execution.$': '$.execution',
          'lap.$': '$.lap',
          'phase.$': '$.phase',
          'step.$': '$.step',
          'minutes.$': '$.minutes',
          looks: 0,
          waits: steps.map(({ minutes }) => minutes),
        },
        Next: 'Read incident',
      },
      'Read incident': {
        Type: 'Task',
        Resource: sdk('dynamodb:getItem'),
        Parameters: { TableName: props.tableName, Key: key, ConsistentRead: true },
        ResultPath: '$.read',
        Retry: RETRY,
        Next: 'Still ours?',
      },
      'Still ours?': {
        Type: 'Choice',
        Choices: [
          {
            And: [
              present(ITEM),
              { Variable: `${ITEM}.incident.S`, StringEqualsPath: '$.incident' },
              { Variable: `${ITEM}.execution.S`, StringEqualsPath: '$.execution' },
              { Variable: `${ITEM}.status.S`, StringEquals: 'running' },
            ],
            Next: 'Look at alarms',
          },
        ],
        Default: 'Superseded',
      },
      'Look at alarms': {
        Type: 'Task',
        Resource: sdk('aws-sdk:cloudwatch:describeAlarms'),
        Parameters: {
          'AlarmNames.$': `${ITEM}.alarms.SS`,
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          StateValue: 'ALARM',
          MaxRecords: 100,
        },
        ResultPath: '$.seen',
        Retry: RETRY,
        // Who cannot see that it is over goes on.
        Catch: catchAll('Acknowledged?'),
        Next: 'Firing?',
      },
      'Firing?': {
        Type: 'Choice',
        Choices: [
          {
            Or: [
              present('$.seen.MetricAlarms[0]'),
              present('$.seen.CompositeAlarms[0]'),
              present(`${ITEM}.elsewhere.SS[0]`),
            ],
            Next: 'Acknowledged?',
          },
        ],
        Default: 'Close',
      },
      'Acknowledged?': {
        Type: 'Choice',
        Choices: [
          { And: [present(`${ITEM}.acknowledgedBy`), isTest], Next: 'Reset test' },
          {
            And: [
              present(`${ITEM}.acknowledgedBy`),
              { Variable: '$.phase', StringEquals: 'acknowledged' },
              { Variable: '$.minutes', NumericLessThanEquals: 0 },
            ],
            Next: 'Page again',
          },
          {
            And: [present(`${ITEM}.acknowledgedBy`), { Variable: '$.phase', StringEquals: 'acknowledged' }],
            Next: 'Wait',
          },
          {
            And: [present(`${ITEM}.acknowledgedBy`), present(`${ITEM}.told.SS[0]`)],
            Next: 'Tell that it is taken',
          },
          { ...present(`${ITEM}.acknowledgedBy`), Next: 'Taken' },
        ],
        Default: 'Due?',
      },
      'Tell that it is taken': tellEach('taken', `${ITEM}.told.SS`, 'Taken'),
      Taken: pass({ phase: 'acknowledged', minutes: repageMinutes }, 'Wait'),
      'Page again': {
        ...update('REMOVE acknowledgedBy, acknowledgedAt', {}),
        Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Read incident' }],
        Next: 'From the top',
      },
      'From the top': pass({ phase: 'telling', step: 0, minutes: 0 }, 'Read incident'),
      'Due?': {
        Type: 'Choice',
        Choices: [
          { Variable: '$.minutes', NumericGreaterThan: 0, Next: 'Wait' },
          {
            And: [isTest, { Variable: '$.step', NumericGreaterThan: 0 }],
            Next: 'Nobody answered the test',
          },
          { Variable: '$.step', NumericGreaterThanEquals: last, Next: 'Nobody answered' },
        ],
        Default: 'Choose whom to tell',
      },
      'Choose whom to tell': {
        Type: 'Task',
        Resource: props.chooseArn,
        Parameters: {
          'step.$': '$.step',
          'alarms.$': `${ITEM}.alarms.SS`,
          plan: {
            steps: steps.map(({ targets }) => targets),
            ...(props.rotation && { rotation: props.rotation }),
            topics: props.topics,
          },
        },
        ResultPath: '$.chosen',
        TimeoutSeconds: 60,
        Retry: RETRY_SOON,
        Catch: catchAll('Could not choose'),
        Next: 'Muted?',
      },
      'Could not choose': fallback(
        'nobody knows whom to tell',
        'An alarm fires and whom to tell could not be found out.',
        'Next step',
      ),
      'Muted?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.chosen.muted', BooleanEquals: true, Next: 'Wait' }],
        Default: 'Tell',
      },
      Tell: tellEach('page', '$.chosen.recipients', 'Next step'),
      'Next step': pass(
        { 'step.$': 'States.MathAdd($.step, 1)', 'minutes.$': 'States.ArrayGetItem($.waits, $.step)' },
        'Wait',
      ),
      'Nobody answered': fallback(
        'nobody answered',
        'An alarm fires and nobody of the whole plan has acknowledged it.',
        'Start over later',
      ),
      'Start over later': pass({ step: 0, minutes: repageMinutes }, 'Wait'),
      Wait: { Type: 'Wait', Seconds: LOOK_SECONDS, Next: 'Count' },
      Count: pass(
        { 'minutes.$': 'States.MathAdd($.minutes, -1)', 'looks.$': 'States.MathAdd($.looks, 1)' },
        'Long enough?',
      ),
      'Long enough?': {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.looks', NumericGreaterThanEquals: LOOKS },
              { Variable: '$.lap', NumericGreaterThanEquals: LAPS - 1 },
            ],
            Next: 'Give up',
          },
          { Variable: '$.looks', NumericGreaterThanEquals: LOOKS, Next: 'Name the next' },
        ],
        Default: 'Read incident',
      },
      'Name the next': {
        Type: 'Pass',
        Parameters: {
          'cause.$': '$.cause',
          'incident.$': '$.incident',
          'execution.$': "States.Format('{}-{}', $.incident, States.MathAdd($.lap, 1))",
          'lap.$': 'States.MathAdd($.lap, 1)',
          'phase.$': '$.phase',
          'step.$': '$.step',
          'minutes.$': '$.minutes',
        },
        Next: 'Record the next',
      },
      'Record the next': {
        ...update('SET execution = :next', { ':next': { 'S.$': '$.execution' } }),
        Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Superseded' }],
        Next: 'Start the next',
      },
      'Start the next': {
        Type: 'Task',
        Resource: sdk('states:startExecution'),
        Parameters: { StateMachineArn: props.stateMachineArn, 'Name.$': '$.execution', 'Input.$': '$' },
        Retry: RETRY,
        Next: 'Handed over',
      },
      'Handed over': { Type: 'Succeed' },
      'Nobody answered the test': fallback(
        'nobody answered the test page',
        'The weekly test page was not acknowledged in time.',
        'Reset test',
      ),
      'Reset test': {
        Type: 'Task',
        Resource: sdk('aws-sdk:cloudwatch:setAlarmState'),
        Parameters: {
          AlarmName: props.testAlarmName,
          StateValue: 'OK',
          StateReason: 'The test page has come to its end',
        },
        ResultPath: null,
        Retry: RETRY,
        Next: 'Close',
      },
      // Refused when an alarm has joined since the last look: then there is more to look at.
      Close: {
        ...update(
          'SET #status = :closed',
          { ':closed': { S: 'closed' }, ':joins': { 'N.$': `${ITEM}.joins.N` } },
          ' AND joins = :joins',
        ),
        Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Read incident' }],
        Next: 'Anybody to tell?',
      },
      'Anybody to tell?': {
        Type: 'Choice',
        Choices: [
          { ...isTest, Next: 'Over' },
          { ...present(`${ITEM}.told.SS[0]`), Next: 'Tell that it is over' },
        ],
        Default: 'Over',
      },
      'Tell that it is over': tellEach('cleared', `${ITEM}.told.SS`, 'Over'),
      Over: { Type: 'Succeed' },
      Superseded: { Type: 'Succeed' },
      'Give up': {
        ...update('SET #status = :closed', { ':closed': { S: 'closed' } }),
        Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Superseded' }],
        Next: 'Too long',
      },
      'Too long': {
        Type: 'Fail',
        Error: 'TooLong',
        Cause: 'The incident has not ended in more than a week; its next alarm begins a new one.',
      },
    },
  };
}
