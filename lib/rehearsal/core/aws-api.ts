import type { Party } from './network';

/** The principal of an AWS API call. */
export interface Caller {
  /** Name of the caller in error messages: the logical id of a function, a task definition or a state machine. */
  readonly name: string;
  /** ARN of the caller's role, or a service principal such as `events.amazonaws.com`. */
  readonly principal: string;
  /** ARN of the resource that a service acts for. AWS passes it as `aws:SourceArn`. */
  readonly source?: string;
  /** The task or function in a VPC that the call comes from; absent for a call from the network of AWS. */
  readonly from?: Party;
}

export type Input = Record<string, unknown>;

/** Implements one API operation. Throws a `ServiceError` to answer with an AWS error. */
export type Operation = (input: Input, caller: Caller) => unknown;

/** Operations by service prefix and name, such as `ecs:RunTask`. The prefix is that of IAM actions. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * The AWS API of the emulated account.
 *
 * Handlers call it through the endpoint. State machines, event rules, CloudFormation, ECS, CloudFront and RDS call it
 * directly.
 */
export class AwsApi {
  /** Checks the permissions of a call. Throws a `ServiceError` if AWS denies the call. */
  authorize: (caller: Caller, name: string, input: Input) => void = () => {};
  /** Returns an AWS error to answer a call with, or undefined to let the call proceed. */
  disturb: (name: string, caller: Caller) => ServiceError | undefined = () => undefined;
  private readonly operations = new Map<string, Operation>();
  private readonly callers = new Map<string, Caller>();

  /** Adds a service's operations. */
  serve(operations: Operations): void {
    for (const [name, operation] of Object.entries(operations)) this.operations.set(name, operation);
  }

  knows(name: string): boolean {
    return this.operations.has(name);
  }

  /**
   * Makes one API call. Every AWS call of a rehearsal goes through this method, so permissions, throttling and delays
   * belong here.
   * @param name the operation, such as `ecs:RunTask`
   * @throws ServiceError of type `NotRehearsed` for an operation that no emulated service has
   */
  async call<Answer>(caller: Caller, name: string, input: Input): Promise<Answer> {
    this.authorize(caller, name, input);
    const operation = this.operation(name);
    const disturbance = this.disturb(name, caller);
    if (disturbance) throw disturbance;
    return (await operation(input, caller)) as Answer;
  }

  /** Makes a call for the rehearsal itself. The call does not happen in AWS, so it is neither judged nor disturbed. */
  async look<Answer>(name: string, input: Input): Promise<Answer> {
    return (await this.operation(name)(input, { name: 'the rehearsal', principal: '' })) as Answer;
  }

  private operation(name: string): Operation {
    const operation = this.operations.get(name);
    if (!operation) throw new ServiceError('NotRehearsed', `the rehearsal does not support ${name}`, 501);
    return operation;
  }

  /** Returns an access key id for a process that signs its calls. `callerOf` returns the caller for the key id. */
  accessKeyOf(caller: Caller): string {
    const key = `REHEARSAL${this.callers.size}`;
    this.callers.set(key, caller);
    return key;
  }

  callerOf(accessKey: string): Caller {
    const caller = this.callers.get(accessKey);
    if (!caller) throw new ServiceError('UnrecognizedClientException', 'the access key id is unknown', 403);
    return caller;
  }
}

/** An error that an AWS service answers with. */
export class ServiceError extends Error {
  constructor(
    /** The service's error code, such as `ResourceNotFoundException`. */
    readonly type: string,
    message: string,
    /** HTTP status. */
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Throws the error of a service for a resource that does not exist. */
export function missing(what: unknown): never {
  throw new ServiceError('ResourceNotFoundException', `${what} does not exist`, 404);
}

/** An error of a Lambda function. `lambda:Invoke` throws it in the form that callers of the SDK receive. */
export class HandlerError extends Error {
  constructor(
    /** Name of the handler's error, or Lambda's own, such as `Sandbox.Timedout`. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}
