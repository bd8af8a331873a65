/** A state in the Amazon States Language, as far as the rotation uses it. */
interface State {
  Type: 'Task' | 'Wait' | 'Choice' | 'Succeed' | 'Fail';
  Next: string;
  Parameters: object;
  ResultPath: string;
  Seconds: number;
  Retry?: { ErrorEquals: string[]; IntervalSeconds: number; BackoffRate: number; MaxAttempts: number }[];
  Catch?: { ErrorEquals: string[]; ResultPath: string; Next: string }[];
  Choices: { Variable: string; BooleanEquals: boolean; Next: string }[];
  Default: string;
  ErrorPath: string;
  CausePath: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the data of a state machine has no type
type Data = any;

/** Executes a state machine. `wait` simulates the passing of time. Returns the final state and the visited states. */
export async function playStateMachine(
  definition: object,
  invoke: (input: Data) => Promise<unknown>,
  wait: (seconds: number) => void | Promise<void>,
): Promise<{ status: 'SUCCEEDED' | 'FAILED'; error?: string; cause?: string; path: string[] }> {
  const { StartAt, States } = definition as { StartAt: string; States: Record<string, State> };
  const data: Data = {};
  const path: string[] = [];
  for (let name = StartAt; ; ) {
    path.push(name);
    const state = States[name]!;
    switch (state.Type) {
      case 'Wait':
        await wait(state.Seconds);
        name = state.Next;
        break;
      case 'Choice': {
        const choice = state.Choices.find(
          ({ Variable, BooleanEquals }) => at(data, Variable) === BooleanEquals,
        );
        name = choice?.Next ?? state.Default;
        break;
      }
      case 'Succeed':
        return { status: 'SUCCEEDED', path };
      case 'Fail':
        return { status: 'FAILED', error: at(data, state.ErrorPath), cause: at(data, state.CausePath), path };
      case 'Task':
        try {
          data[key(state.ResultPath)] = await retried(
            state,
            () => invoke(parameters(state.Parameters, data)),
            wait,
          );
          name = state.Next;
        } catch (error) {
          const { name: thrown, message } = error as Error;
          const handler = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, thrown));
          if (!handler) return { status: 'FAILED', error: thrown, cause: message, path };
          data[key(handler.ResultPath)] = { Error: thrown, Cause: message };
          name = handler.Next;
        }
    }
  }
}

async function retried(
  state: State,
  call: () => Promise<unknown>,
  wait: (seconds: number) => void | Promise<void>,
) {
  const attempts = new Map<object, number>();
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const retry = state.Retry?.find(({ ErrorEquals }) => matches(ErrorEquals, (error as Error).name));
      const made = (retry && attempts.get(retry)) ?? 0;
      if (!retry || made >= retry.MaxAttempts) throw error;
      attempts.set(retry, made + 1);
      await wait(retry.IntervalSeconds * retry.BackoffRate ** made);
    }
  }
}

const matches = (names: string[], name: string) => names.includes('States.ALL') || names.includes(name);
const key = (path: string) => path.replace('$.', '');
const at = (data: Data, path: string): Data =>
  key(path)
    .split('.')
    .reduce((value, part) => value?.[part], data);
const parameters = (template: object, data: Data) =>
  Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$') ? [name.slice(0, -2), at(data, value)] : [name, value],
    ),
  );
