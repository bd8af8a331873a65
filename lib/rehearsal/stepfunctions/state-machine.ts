import type { Json } from '../core/assembly';
import { PlanError } from '../core/template';
import type { EmulatedAccount } from '../emulated-account';
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
/** What is interpreted: fields by the type of a state. */
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
  readonly machine: string;
  readonly input: Json;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  /** States it has been in, latest last. */
  readonly states: string[];
  output?: Json;
  /** Why it failed. */
  reason?: string;
  /** Settles when it is over, however that ends. */
  over: Promise<void>;
}

/** A state machine of Step Functions: its definition as the template has it, executed. */
export class StateMachine {
  readonly executions: Execution[] = [];
  /** What of the definition is not interpreted here. */
  readonly notRehearsed?: string;
  private readonly definition: Definition;

  constructor(
    readonly logicalId: string,
    definition: string,
    private readonly cloud: EmulatedAccount,
  ) {
    try {
      this.definition = JSON.parse(definition) as Definition;
    } catch (error) {
      throw new PlanError(logicalId, 'DefinitionString', `is no JSON: ${(error as Error).message}`);
    }
    this.notRehearsed = unknownOf(this.definition);
  }

  /** Whether an execution is under way. */
  get running(): boolean {
    return this.executions.some(({ status }) => status === 'RUNNING');
  }

  start(input: Json): Execution {
    const { logicalId, notRehearsed } = this;
    if (notRehearsed)
      throw new PlanError(logicalId, 'DefinitionString', `has ${notRehearsed}, which is not rehearsed`);
    const execution: Execution = {
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
    const { clock } = this.cloud;
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
        error instanceof Unknown ? `it uses ${message}, which is not rehearsed` : `${name}: ${message}`;
      execution.reason = `in the state '${execution.states.at(-1)}': ${why}`;
      this.cloud.broken ??= new PlanError(this.logicalId, 'DefinitionString', `failed ${execution.reason}`);
    }
  }

  /** What comes out of a state, and which one is next. */
  private async enter(name: string, data: Json): Promise<[Json, string | undefined]> {
    const state = this.definition.States[name];
    if (!state) throw new Unknown(`a next state '${name}', which is not there`);
    const { Type, Next, Parameters, ResultPath } = state;
    switch (Type) {
      case 'Wait':
        await this.cloud.clock.wait(state.Seconds ?? Number(at(state.SecondsPath!, data)));
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
        const asked = callService(this.cloud, Resource!, input, `${this.logicalId}: ${name}`);
        const answer = await within(state.TimeoutSeconds, asked);
        const result = ResultSelector === undefined ? answer : filled(ResultSelector, answer);
        return [placed(ResultPath, data, result), Next];
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        const retry = Retry.find((one) => handles(one, error));
        const before = retry ? (attempts.get(retry) ?? 0) : 0;
        if (retry && before < (retry.MaxAttempts ?? 3)) {
          attempts.set(retry, before + 1);
          await this.cloud.clock.wait((retry.IntervalSeconds ?? 1) * (retry.BackoffRate ?? 2) ** before);
          continue;
        }
        const caught = Catch.find((one) => handles(one, error));
        if (!caught) throw error;
        return [placed(caught.ResultPath, data, { Error: error.name, Cause: error.message }), caught.Next];
      }
  }
}

/** What a task answers, within seconds that are as long here as anywhere. */
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

/** What a definition has that is not interpreted here, in words. */
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
        return `no state '${next}', to which '${name}' leads`;
    }
  }
  return undefined;
}
