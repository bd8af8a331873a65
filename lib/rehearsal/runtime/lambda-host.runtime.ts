// The runtime of a Lambda function: loads the bundle, passes each event to the handler, and reports the result.
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Invocation {
  readonly code: string;
  readonly handler: string;
  readonly event: unknown;
  /** ARN of the function. */
  readonly arn: string;
  /** The function's timeout, in milliseconds. */
  readonly timeout: number;
  /** Milliseconds by which the rehearsal's clock is ahead. */
  readonly ahead: number;
  /** Addresses of this machine, by the public address that each one replaces. */
  readonly addresses: Readonly<Record<string, string>>;
}

let { ahead, addresses }: Pick<Invocation, 'ahead' | 'addresses'> = { ahead: 0, addresses: {} };
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const url = String(input);
  const known = Object.keys(addresses).find((address) => url.startsWith(address));
  return fetch(known ? url.replace(known, addresses[known]!) : input, init);
};
const { now } = Date;
globalThis.Date = class extends Date {
  constructor(...given: []) {
    super(...(given.length > 0 ? given : ([now() + ahead] as unknown as [])));
  }
  static override now = () => now() + ahead;
} as DateConstructor;

/** End of the invocation, in the time of this machine. */
let end = 0;
process.on('message', (message: Invocation | { readonly skip: number }) => {
  if ('skip' in message) {
    ahead += message.skip;
    end -= message.skip;
    return;
  }
  const { code, handler, event, timeout, arn } = message;
  ({ ahead, addresses } = message);
  end = now() + timeout;
  const answer = (outcome: object) => process.send!(outcome);
  const [file, name] = handler.split('.') as [string, string];
  const context = {
    getRemainingTimeInMillis: () => end - now(),
    functionName: 'rehearsal',
    invokedFunctionArn: arn,
  };
  Promise.resolve()
    .then(() => createRequire(join(code, 'x'))(join(code, file))[name](event, context))
    .then(
      (result: unknown) => answer({ result }),
      (error: Error) => answer({ error: String(error), type: error?.name }),
    );
});
