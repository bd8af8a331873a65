import { endStates } from './escalation-end';
import {
  catchAll,
  type EscalationDefinitionProps,
  ITEM,
  isTest,
  type StateMaker as Maker,
  pass,
  present,
  REFUSED,
  RETRY,
  RETRY_SOON,
  StateMaker,
  type States,
  sdk,
} from './escalation-states';

/**
 * Number of alarm checks in one execution. A check takes up to 100 of the 25,000 events that an execution's history
 * can hold.
 */
export const LOOKS = 240;
/** Maximum number of executions for one incident: eight days. */
export const LAPS = 48;
const LOOK_SECONDS = 60;

/**
 * Returns the state machine in the Amazon States Language with JSONPath. It notifies people of an incident until
 * somebody acknowledges or the alarms clear. It polls the incident and its alarms every minute, because a callback
 * could get lost. `$` holds the incident, the phase, the step of the plan, and the minutes until the next step.
 */
export function escalationDefinition(props: EscalationDefinitionProps): object {
  const maker = new StateMaker(props);
  return {
    StartAt: 'Begin',
    // Time for all checks, including retries.
    TimeoutSeconds: LOOKS * LOOK_SECONDS * 1.5,
    States: {
      ...readStates(maker),
      ...acknowledgementStates(maker),
      ...pagingStates(maker),
      ...waitStates(),
      ...nextExecutionStates(maker),
      ...endStates(maker),
    },
  };
}

/** Reads the incident and its alarms. Continues with `Acknowledged?` while an alarm fires. */
function readStates({ key, props }: Maker): States {
  return {
    Begin: {
      Type: 'Pass',
      Parameters: {
        ...nextInput('$.execution', '$.lap'),
        looks: 0,
        waits: props.steps.map(({ minutes }) => minutes),
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
      // If alarm states cannot be read, treat the incident as open.
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
  };
}

/** Notifies people once of an acknowledgement. Pages again if the alarms still fire after `repageMinutes`. */
function acknowledgementStates(maker: Maker): States {
  const acknowledged = present(`${ITEM}.acknowledgedBy`);
  const known = { Variable: '$.phase', StringEquals: 'acknowledged' };
  return {
    'Acknowledged?': {
      Type: 'Choice',
      Choices: [
        { And: [acknowledged, isTest], Next: 'Reset test' },
        {
          And: [acknowledged, known, { Variable: '$.minutes', NumericLessThanEquals: 0 }],
          Next: 'Page again',
        },
        {
          And: [acknowledged, known, present(`${ITEM}.news.SS[0]`), present(`${ITEM}.told.SS[0]`)],
          Next: 'Notify of more alarms',
        },
        { And: [acknowledged, known], Next: 'Wait' },
        { And: [acknowledged, present(`${ITEM}.told.SS[0]`)], Next: 'Notify of acknowledgement' },
        { ...acknowledged, Next: 'Wait for repage' },
      ],
      Default: 'Due?',
    },
    'Notify of acknowledgement': maker.notifyEach('taken', `${ITEM}.told.SS`, 'Wait for repage'),
    'Notify of more alarms': maker.notifyEach('joined', `${ITEM}.told.SS`, 'Forget the news'),
    'Forget the news': {
      ...maker.update('DELETE news :news', { ':news': { 'SS.$': `${ITEM}.news.SS` } }),
      Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Read incident' }],
      Next: 'Wait',
    },
    'Wait for repage': pass({ phase: 'acknowledged', minutes: maker.props.repageMinutes }, 'Wait'),
    'Page again': {
      ...maker.update('REMOVE acknowledgedBy, acknowledgedAt, news', {}),
      Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Read incident' }],
      Next: 'From the top',
    },
    'From the top': pass({ phase: 'telling', step: 0, minutes: 0 }, 'Read incident'),
  };
}

/** Notifies the recipients of the next step when it is due. */
function pagingStates(maker: Maker): States {
  const { steps, rotation, topics, repageMinutes, selectRecipientsArn } = maker.props;
  return {
    'Due?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.minutes', NumericGreaterThan: 0, Next: 'Wait' },
        {
          And: [isTest, { Variable: '$.step', NumericGreaterThan: 0 }],
          Next: 'Nobody answered the test',
        },
        { Variable: '$.step', NumericGreaterThanEquals: steps.length, Next: 'Nobody answered' },
      ],
      Default: 'Select recipients',
    },
    'Select recipients': {
      Type: 'Task',
      Resource: selectRecipientsArn,
      Parameters: {
        'step.$': '$.step',
        'alarms.$': `${ITEM}.alarms.SS`,
        'item.$': ITEM,
        suppressors: maker.props.suppressors,
        plan: { steps: steps.map(({ targets }) => targets), ...(rotation && { rotation }), topics },
      },
      ResultPath: '$.chosen',
      TimeoutSeconds: 60,
      Retry: RETRY_SOON,
      Catch: catchAll('No recipients'),
      Next: 'Muted?',
    },
    'No recipients': maker.fallback(
      'recipients unknown',
      'An alarm fires, but the function that selects recipients failed.',
      'Next step',
    ),
    'Muted?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.chosen.muted', BooleanEquals: true, Next: 'Wait' }],
      Default: 'Notify',
    },
    Notify: maker.notifyEach('page', '$.chosen.recipients', 'Next step'),
    'Next step': pass(
      { 'step.$': 'States.MathAdd($.step, 1)', 'minutes.$': 'States.ArrayGetItem($.waits, $.step)' },
      'Wait',
    ),
    'Nobody answered': maker.fallback(
      'nobody answered',
      'An alarm fires, and nobody in the plan has acknowledged it.',
      'Start over later',
    ),
    'Start over later': pass({ step: 0, minutes: repageMinutes }, 'Wait'),
  };
}

/** Waits a minute. Starts another execution before the history of this one is full. */
function waitStates(): States {
  const isFull = { Variable: '$.looks', NumericGreaterThanEquals: LOOKS };
  return {
    Wait: { Type: 'Wait', Seconds: LOOK_SECONDS, Next: 'Count' },
    Count: pass(
      { 'minutes.$': 'States.MathAdd($.minutes, -1)', 'looks.$': 'States.MathAdd($.looks, 1)' },
      'Long enough?',
    ),
    'Long enough?': {
      Type: 'Choice',
      Choices: [
        { And: [isFull, { Variable: '$.lap', NumericGreaterThanEquals: LAPS - 1 }], Next: 'Give up' },
        { ...isFull, Next: 'Name the next' },
      ],
      Default: 'Read incident',
    },
  };
}

/** Records the next execution in the incident, and starts the execution. */
function nextExecutionStates(maker: Maker): States {
  const lap = 'States.MathAdd($.lap, 1)';
  return {
    'Name the next': {
      Type: 'Pass',
      Parameters: nextInput(`States.Format('{}-{}', $.incident, ${lap})`, lap),
      Next: 'Record the next',
    },
    'Record the next': {
      ...maker.update('SET execution = :next', { ':next': { 'S.$': '$.execution' } }),
      Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Superseded' }],
      Next: 'Start the next',
    },
    'Start the next': {
      Type: 'Task',
      Resource: sdk('states:startExecution'),
      Parameters: {
        StateMachineArn: maker.props.stateMachineArn,
        'Name.$': '$.execution',
        'Input.$': '$',
      },
      Retry: RETRY,
      Next: 'Handed over',
    },
    'Handed over': { Type: 'Succeed' },
  };
}

/** Input of the next execution. */
function nextInput(execution: string, lap: string): object {
  return {
    'cause.$': '$.cause',
    'incident.$': '$.incident',
    'execution.$': execution,
    'lap.$': lap,
    'phase.$': '$.phase',
    'step.$': '$.step',
    'minutes.$': '$.minutes',
  };
}
