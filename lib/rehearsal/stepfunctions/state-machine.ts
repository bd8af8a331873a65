import { randomUUID } from 'node:crypto';
import type { Json } from '../core/assembly';
import { PlanError } from '../core/plan-error';
import type { Stage } from '../core/stage';
import { at, type Condition, filled, holds, placed, StateError, Unknown } from './state-language';
import { callService } from './state-task';

interface Handling {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly ResultPath?: string | null;
  readonly Next?: string;
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Parameters?: Json;
  readonly Result?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Choices?: readonly Condition[];
  readonly Default?: string;
  readonly Retry?: readonly Handling[];
  readonly Catch?: readonly Handling[];
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

const RESULT = ['Parameters', 'ResultSelector', 'ResultPath'];
/** Supported fields, by the type of the state. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: ['Result', 'Parameters', 'ResultPath', 'Next', 'End'],
  Wait: ['Seconds', 'SecondsPath', 'Next', 'End'],
  Choice: ['Choices', 'Default'],
  Task: ['Resource', 'TimeoutSeconds', 'Retry', 'Catch', 'Next', 'End', ...RESULT],
  Succeed: [],
  Fail: ['Error', 'ErrorPath', 'Cause', 'CausePath'],
};
const HANDLING = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'ResultPath', 'Next'];
const TOP = ['StartAt', 'States', 'TimeoutSeconds', 'Comment'];

/** One run of a state machine. */
export interface Execution {
  readonly arn: string;
  /** Logical id of the state machine. */
  readonly machine: string;
  readonly input: Json;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  /** Names of the entered states, the latest last. */
  readonly states: string[];
  output?: Json;
  /** The reason why the execution failed. */
  reason?: string;
  /** Settles when the execution has ended, even if it failed. */
  over: Promise<void>;
}

export interface StateMachineOptions {
  readonly logicalId: string;
  readonly arn: string;
  /** ARN of the role for the machine's tasks. */
  readonly role: string;
  /** Amazon States Language, as JSON. */
  readonly definition: string;
}

/** A state machine of Step Functions. It executes its definition. */
export class StateMachine {
  readonly executions: Execution[] = [];
  /** The first unsupported part of the definition; undefined if all parts are supported. */
  readonly notRehearsed?: string;
  private readonly definition: Definition;

  constructor(
    private readonly options: StateMachineOptions,
    private readonly stage: Stage,
  ) {
    try {
      this.definition = JSON.parse(options.definition) as Definition;
    } catch (error) {
      throw new PlanError(
        this.logicalId,
        'DefinitionString',
        `is not valid JSON: ${(error as Error).message}`,
      );
    }
    this.notRehearsed = unknownOf(this.definition);
  }

  get logicalId(): string {
    return this.options.logicalId;
  }

  /** True while an execution is running. */
  get running(): boolean {
    return this.executions.some(({ status }) => status === 'RUNNING');
  }

  /** Starts an execution. Throws a `PlanError` if the definition has an unsupported part. */
  start(input: Json): Execution {
    const { logicalId, notRehearsed } = this;
    if (notRehearsed)
      throw new PlanError(
        logicalId,
        'DefinitionString',
        `has ${notRehearsed}, which the rehearsal does not support`,
      );
    const execution: Execution = {
      arn: `${this.options.arn.replace(':stateMachine:', ':execution:')}:${randomUUID()}`,
      machine: logicalId,
      input,
      status: 'RUNNING',
      states: [],
      over: Promise.resolve(),
    };
    this.executions.push(execution);
    execution.over = this.run(execution);
    return execution;
  }

  private async run(execution: Execution): Promise<void> {
    const { StartAt, TimeoutSeconds = Number.POSITIVE_INFINITY } = this.definition;
    const { clock } = this.stage;
    const limit = clock.now + TimeoutSeconds * 1000;
    try {
      let data = execution.input;
      for (let name: string | undefined = StartAt; name !== undefined; ) {
        execution.states.push(name);
        [data, name] = await this.enter(name, data);
        if (clock.now > limit)
          throw new StateError('States.Timeout', `it took longer than ${TimeoutSeconds} s`);
      }
      execution.output = data;
      execution.status = 'SUCCEEDED';
    } catch (error) {
      const { name, message } = error as Error;
      execution.status = name === 'States.Timeout' ? 'TIMED_OUT' : 'FAILED';
      const why =
        error instanceof Unknown
          ? `it uses ${message}, which the rehearsal does not support`
          : `${name}: ${message}`;
      execution.reason = `in the state '${execution.states.at(-1)}': ${why}`;
      this.stage.fail(new PlanError(this.logicalId, 'DefinitionString', `failed ${execution.reason}`));
    }
  }

  /** Enters a state. Returns its output and the name of the next state. */
  private async enter(name: string, data: Json): Promise<[Json, string | undefined]> {
    const state = this.definition.States[name];
    if (!state) throw new Unknown(`a missing next state '${name}'`);
    const { Type, Next, Parameters, ResultPath } = state;
    switch (Type) {
      case 'Wait':
        await this.stage.clock.wait(state.Seconds ?? Number(at(state.SecondsPath!, data)));
        return [data, Next];
      case 'Pass': {
        const given = Parameters === undefined ? data : filled(Parameters, data);
        return [placed(ResultPath, data, state.Result ?? given), Next];
      }
      case 'Choice': {
        const chosen = state.Choices!.find((choice) => holds(choice, data))?.['Next'] ?? state.Default;
        if (chosen === undefined) throw new StateError('States.NoChoiceMatched', 'and there is no default');
        return [data, String(chosen)];
      }
      case 'Task':
        return this.task(name, state, data);
      case 'Fail': {
        const { Error: error = 'Failed', ErrorPath, Cause: cause = '', CausePath } = state;
        const read = (path: string | undefined, text: string) => (path ? String(at(path, data)) : text);
        throw new StateError(read(ErrorPath, error), read(CausePath, cause));
      }
      default:
        return [data, undefined];
    }
  }

  private async task(name: string, state: State, data: Json): Promise<[Json, string | undefined]> {
    const { Resource, Parameters, ResultSelector, ResultPath, Retry = [], Catch = [], Next } = state;
    const attempts = new Map<Handling, number>();
    for (;;)
      try {
        const input = Parameters === undefined ? data : filled(Parameters, data);
        const caller = { name: `${this.logicalId}: ${name}`, principal: this.options.role };
        const asked = callService(this.stage.api, caller, Resource!, input);
        const answer = await within(state.TimeoutSeconds, asked);
        const result = ResultSelector === undefined ? answer : filled(ResultSelector, answer);
        return [placed(ResultPath, data, result), Next];
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        const retry = Retry.find((one) => handles(one, error));
        const before = retry ? (attempts.get(retry) ?? 0) : 0;
        if (retry && before < (retry.MaxAttempts ?? 3)) {
          attempts.set(retry, before + 1);
          await this.stage.clock.wait((retry.IntervalSeconds ?? 1) * (retry.BackoffRate ?? 2) ** before);
          continue;
        }
        const caught = Catch.find((one) => handles(one, error));
        if (!caught) throw error;
        return [placed(caught.ResultPath, data, { Error: error.name, Cause: error.message }), caught.Next];
      }
  }
}

/** Returns the answer of a task. Throws `States.Timeout` after some seconds, which are not compressed. */
async function within(seconds: number | undefined, answer: Promise<Json>): Promise<Json> {
  if (seconds === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = new StateError('States.Timeout', `there is no answer within ${seconds} s`);
    timer = setTimeout(() => reject(late), seconds * 1000);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

function handles({ ErrorEquals }: Handling, { name }: StateError): boolean {
  if (name === 'States.Runtime') return false;
  return ErrorEquals.includes('States.ALL') || ErrorEquals.includes(name);
}

/** Describes the first unsupported part of a definition, or returns undefined. */
function unknownOf(definition: Definition): string | undefined {
  const odd = (object: object, known: readonly string[]) =>
    Object.keys(object).find((name) => !known.includes(name));
  const top = odd(definition, TOP);
  if (top) return `the field ${top}`;
  for (const [name, { Type, ...state }] of Object.entries(definition.States)) {
    const known = FIELDS[Type];
    if (!known) return `the type ${Type} in the state '${name}'`;
    const field =
      odd(state, [...known, 'Comment']) ??
      [...(state.Retry ?? []), ...(state.Catch ?? [])].map((one) => odd(one, HANDLING)).find(Boolean);
    if (field) return `the field ${field} in the state '${name}'`;
    const targets = [state.Next, state.Default, ...(state.Choices ?? []), ...(state.Catch ?? [])];
    for (const target of targets) {
      const next = typeof target === 'object' ? target['Next'] : target;
      if (next !== undefined && !(String(next) in definition.States))
        return `no state '${next}', which '${name}' names as the next one`;
    }
  }
  return undefined;
}
