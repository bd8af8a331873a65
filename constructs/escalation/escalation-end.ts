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

/** Closes the incident, and notifies everybody who was notified of it. */
export function endStates(maker: StateMaker): States {
  return {
    ...testStates(maker),
    // The update fails if an alarm joined since the last check. Then the check is repeated.
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
      Cause:
        'The incident has been open for more than a week and is now closed. The next alarm opens a new incident.',
    },
  };
}

/** Ends a test page, acknowledged or not. */
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
