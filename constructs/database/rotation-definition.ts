import {
  LOGIN_FAILED,
  type RotationStep,
  type RotationTarget,
  SERVICE_BUSY,
} from './database-rotation.properties';

/** Time until the proxy has read a new password from its secret, in seconds. */
const PROXY_SECONDS = 60;
/** Time after which a new task certainly has the new login, in seconds. It is longer than the handler's margin. */
const NEW_TASKS_SECONDS = 120;
const POLL_SECONDS = 30;

const RETRY_TRANSIENT = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'States.Timeout',
    'Sandbox.Timedout',
  ],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 6,
};
/** Retries for up to two hours while a release is in progress. */
const RETRY_BUSY = { ErrorEquals: [SERVICE_BUSY], IntervalSeconds: 300, BackoffRate: 1, MaxAttempts: 24 };
/** Retries because the Data API may use the previous password for a short time. */
const RETRY_LOGIN = { ErrorEquals: [LOGIN_FAILED], IntervalSeconds: 30, BackoffRate: 2, MaxAttempts: 3 };

/** Returns the state machine definition of a rotation, in the Amazon States Language. */
export function rotationDefinition(functionArn: string, target: RotationTarget): object {
  const task = (step: RotationStep, next: string, { first = false, undo = true } = {}) => ({
    Type: 'Task',
    Resource: functionArn,
    Parameters: { step, target, ...(!first && { 'rotation.$': '$.rotation' }) },
    ResultPath: '$.rotation',
    Retry: [RETRY_BUSY, RETRY_LOGIN, RETRY_TRANSIENT],
    ...(undo && { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Restore' }] }),
    Next: next,
  });
  const wait = (Seconds: number, Next: string) => ({ Type: 'Wait', Seconds, Next });
  return {
    StartAt: 'Renew',
    States: {
      // Until new tasks get the changed login, a failure has no effect on the service.
      Renew: task('renew', 'ProxyLearns', { first: true, undo: false }),
      ProxyLearns: wait(PROXY_SECONDS, 'Activate'),
      Activate: task('activate', 'NewTasksGetIt'),
      NewTasksGetIt: wait(NEW_TASKS_SECONDS, 'Roll'),
      Roll: task('roll', 'Settle'),
      Settle: wait(POLL_SECONDS, 'Check'),
      Check: task('check', 'Settled'),
      Settled: {
        Type: 'Choice',
        Choices: [{ Variable: '$.rotation.settled', BooleanEquals: true, Next: 'RenewOthers' }],
        Default: 'Settle',
      },
      RenewOthers: task('renew-others', 'Done', { undo: false }),
      Done: { Type: 'Succeed' },
      Restore: task('restore', 'Failed', { undo: false }),
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
  };
}
