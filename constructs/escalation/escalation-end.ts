import {
  ITEM,
  isTest,
  present,
  REFUSED,
  RETRY,
  type StateMaker,
  type States,
  sdk,
} from './escalation-states';

/** Closes the incident, and notifies those who heard of it. */
export function endStates(maker: StateMaker): States {
  return {
    ...testStates(maker),
    // Refused if an alarm has joined since the last look, which is then repeated.
    Close: {
      ...maker.update(
        'SET #status = :closed',
        { ':closed': { S: 'closed' }, ':joins': { 'N.$': `${ITEM}.joins.N` } },
        ' AND joins = :joins',
      ),
      Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Read incident' }],
      Next: 'Anybody to notify?',
    },
    'Anybody to notify?': {
      Type: 'Choice',
      Choices: [
        { ...isTest, Next: 'Over' },
        { ...present(`${ITEM}.told.SS[0]`), Next: 'Notify of the end' },
      ],
      Default: 'Over',
    },
    'Notify of the end': maker.notifyEach('cleared', `${ITEM}.told.SS`, 'Over'),
    Over: { Type: 'Succeed' },
    Superseded: { Type: 'Succeed' },
    'Give up': {
      ...maker.update('SET #status = :closed', { ':closed': { S: 'closed' } }),
      Catch: [{ ErrorEquals: REFUSED, ResultPath: null, Next: 'Superseded' }],
      Next: 'Too long',
    },
    'Too long': {
      Type: 'Fail',
      Error: 'TooLong',
      Cause: 'The incident has not ended in more than a week; its next alarm begins a new one.',
    },
  };
}

/** Ends a test page, whether somebody has answered or not. */
function testStates(maker: StateMaker): States {
  return {
    'Nobody answered the test': maker.fallback(
      'nobody answered the test page',
      'The weekly test page was not acknowledged in time.',
      'Reset test',
    ),
    'Reset test': {
      Type: 'Task',
      Resource: sdk('aws-sdk:cloudwatch:setAlarmState'),
      Parameters: {
        AlarmName: maker.props.testAlarmName,
        StateValue: 'OK',
        StateReason: 'The test page has come to its end',
      },
      ResultPath: null,
      Retry: RETRY,
      Next: 'Close',
    },
  };
}
