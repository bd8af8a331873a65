import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';

/** Amazon States Language, as far as the tests look into it. */
export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, object>>;
}

const INTERPRETER = join(__dirname, '../../tools/node_modules/aws-local-stepfunctions');
/** True if state machines can be executed here. `npm ci` in test/tools installs the interpreter. */
export const canExecute = existsSync(INTERPRETER);
if (!canExecute) console.warn('state machines are not executed: run `npm ci` in test/tools');

/** Types of the interpreter. Its own types are in an ES module. */
interface Interpreter {
  readonly StateMachine: new (
    definition: Definition,
    options: object,
  ) => { run(input: object, options: object): { result: Promise<unknown> } };
}

/** The interpreter wants what Node has from 22 on. */
function polyfillWithResolvers(): void {
  (Promise as { withResolvers?: unknown }).withResolvers ??= () => {
    const deferred: Record<string, unknown> = {};
    deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
    return deferred;
  };
}

/** Returns the deployed definition of a state machine by name. */
export function deployedDefinition(template: Template, name: string): Definition {
  const [machine] = Object.values(
    template.findResources('AWS::StepFunctions::StateMachine', { Properties: { StateMachineName: name } }),
  );
  const definition: string | { 'Fn::Join': [string, unknown[]] } = machine?.Properties.DefinitionString;
  if (typeof definition === 'string') return JSON.parse(definition);
  const parts = definition['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'aws'));
  return JSON.parse(parts.join(''));
}

/** Definitions found to be valid: the interpreter takes longer to look at one than to execute it. */
const valid = new Set<string>();

/** Executes a definition on this machine; `tasks` answer for AWS, waits and retries take no time. */
export async function execute(
  definition: Definition,
  // biome-ignore lint/suspicious/noExplicitAny: each task knows its own input
  tasks: Record<string, (input: any) => Promise<unknown>>,
  input: object = {},
): Promise<unknown> {
  polyfillWithResolvers();
  const { StateMachine } = require(INTERPRETER) as Interpreter;
  const noTime = Object.fromEntries(Object.keys(definition.States).map((state) => [state, 0]));
  const text = JSON.stringify(definition);
  const machine = new StateMachine(definition, {
    validationOptions: { checkArn: false, noValidate: valid.has(text) },
  });
  valid.add(text);
  const overrides = {
    taskResourceLocalHandlers: tasks,
    waitTimeOverrides: noTime,
    retryIntervalOverrides: noTime,
  };
  return await machine.run(input, { overrides }).result;
}
