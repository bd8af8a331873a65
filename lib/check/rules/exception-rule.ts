import { packageCalls } from '../../application/reading/package-calls';
import { calledFunctions } from '../../application/source/calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import {
  type CallNode,
  calledName,
  isFunction,
  lastName,
  type Node,
  someChild,
} from '../../application/source/syntax';
import { textOf, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import { splitPlace } from './place';
import { callsUnder } from './shutdown';

/** Matches names of functions that end the process, or prepare its end. */
const ending =
  /exit|abort|kill|shut|terminat|close|stop|crash|restart|destroy|panic|quit|graceful|bail|^(die|end)$/i;

export const exceptionIgnored: Rule = {
  rule: 'exception-ignored',
  asks: 'After an exception that no code catches, the server ends.',
  section: '10.2',
  severity: 'warning',
  why: 'the server goes on in an unknown state: connections and locks stay taken, and later requests fail or never end',
  fix: [
    'log the error and end the process; ECS starts a new task',
    'or remove the handler, because Node.js itself prints the error and ends',
  ],
  example: "process.on('uncaughtException', (error) => {\n  logger.fatal(error);\n  process.exit(1);\n});",
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    const uncaught = listeners(code, 'uncaughtException');
    const goesOn =
      uncaught.length > 0 && uncaught.every(({ handlers }) => handlers.length > 0 && !ends(code, handlers));
    const silent = listeners(code, 'unhandledRejection').filter(
      ({ handlers }) => handlers.length > 0 && handlers.every(isEmpty),
    );
    return [
      ...(goesOn ? uncaught.slice(0, 1) : []).map(
        ({ call }): Found => ({
          ...splitPlace(placeOf(call)),
          what: 'the handler of uncaughtException does not end the process',
        }),
      ),
      ...silent.map(
        ({ call }): Found => ({
          ...splitPlace(placeOf(call)),
          what: 'the handler of unhandledRejection is empty',
          why: 'nobody learns of the error, and the request that caused it never ends',
          fix: ['log the error, or remove the handler, because Node.js itself prints the error and ends'],
        }),
      ),
    ];
  },
};

interface Listener {
  readonly call: CallNode;
  /** The functions that run; empty if they are not known. */
  readonly handlers: readonly Node[];
}

/** Returns the calls `process.on(event, …)`. */
function listeners(code: LiveCode, event: string): Listener[] {
  return packageCalls(code).flatMap(({ path, call, argument }): Listener[] => {
    const name = /^process\.(on|once|addListener|prependListener)$/.test(path) ? argument(0) : undefined;
    if (!name || !valuesOf(name).some((value) => textOf(value) === event)) return [];
    const handler = call.arguments[1] as Node | undefined;
    return [{ call, handlers: handler ? calledFunctions(code.evaluator.value(handler)) : [] }];
  });
}

/** Returns true if handlers throw, or call or pass on a function that ends the process. */
function ends(code: LiveCode, handlers: readonly Node[]): boolean {
  return (
    handlers.some(throws) ||
    [...callsUnder(code, handlers)].some(
      (call) =>
        ending.test(calledName(call) ?? '') ||
        (call.arguments as readonly Node[]).some((each) => ending.test(lastName(each) ?? '')),
    )
  );
}

function throws(node: Node): boolean {
  return node.type === 'ThrowStatement' || someChild(node, throws);
}

/** Returns true for `() => {}`. */
function isEmpty(handler: Node): boolean {
  return isFunction(handler) && handler.body.type === 'BlockStatement' && handler.body.body.length === 0;
}
