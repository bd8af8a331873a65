import type { Party } from './network';

/** The principal that makes an AWS API call. */
export interface Caller {
  /** The caller in error messages: the logical id of a function, a task definition or a state machine. */
  readonly name: string;
  /** ARN of the caller's role, or a service principal such as `events.amazonaws.com`. */
  readonly principal: string;
  /** ARN of the resource that a service calls for. AWS gives it as `aws:SourceArn`. */
  readonly source?: string;
  /** The task or function in a VPC that the call comes from; absent for a call from the network of AWS. */
  readonly from?: Party;
}

export type Input = Record<string, unknown>;

/** Answers one API operation. Throws a `ServiceError` where AWS answers with an error. */
export type Operation = (input: Input, caller: Caller) => unknown;

/** Operations by service prefix and name, such as `ecs:RunTask`. The prefix is that of IAM actions. */
export type Operations = Readonly<Record<string, Operation>>;

/**
 * The AWS API of the emulated account.
 *
 * Handlers reach it through the endpoint. State machines, event rules, CloudFormation, ECS, CloudFront, and RDS
 * call it directly for what they do to other services.
 */
export class AwsApi {
  /** Judges the permissions of a call. Throws a `ServiceError` for a call that AWS denies. */
  authorize: (caller: Caller, name: string, input: Input) => void = () => {};
  /** Answers a call in place of its service, with an error of AWS; nothing for a call that goes on. */
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
   * Makes one API call. Every call to AWS in a rehearsal passes this method, and nothing else sees all of them:
   * permissions, throttling and delays of AWS belong here.
   *
   * @param name the operation, such as `ecs:RunTask`
   * @throws ServiceError of type `NotRehearsed` for an operation that no service has
   */
  async call<Answer>(caller: Caller, name: string, input: Input): Promise<Answer> {
    this.authorize(caller, name, input);
    const operation = this.operation(name);
    const disturbance = this.disturb(name, caller);
    if (disturbance) throw disturbance;
    return (await operation(input, caller)) as Answer;
  }

  /** Answers a question of the rehearsal itself. AWS gets no such call, so nothing judges or disturbs the question. */
  async look<Answer>(name: string, input: Input): Promise<Answer> {
    return (await this.operation(name)(input, { name: 'the rehearsal', principal: '' })) as Answer;
  }

  private operation(name: string): Operation {
    const operation = this.operations.get(name);
    if (!operation) throw new ServiceError('NotRehearsed', `the rehearsal does not know ${name}`, 501);
    return operation;
  }

  /** An access key id for a process that signs its calls; `callerOf` takes it back to the caller. */
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
    /** The service's own name of the error, such as `ResourceNotFoundException`. */
    readonly type: string,
    message: string,
    /** HTTP status. */
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Throws the error of a service that does not have what it is asked for. */
export function missing(what: unknown): never {
  throw new ServiceError('ResourceNotFoundException', `${what} does not exist`, 404);
}

/** An error that a Lambda function ends with. `lambda:Invoke` throws it, as the SDK's callers would see it. */
export class HandlerError extends Error {
  constructor(
    /** Name of the error that the handler threw, or Lambda's own, such as `Sandbox.Timedout`. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}
