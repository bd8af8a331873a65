import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Settings } from '../../config';
import { PIPELINE } from '../../constructs/delivery-parameters';
import { type DeliveryDuty, type DeliveryRole, deliveryRoleName } from '../../constructs/delivery-roles';
import { AwsClock } from './aws-clock';
import { DeliveryError, RefusedError } from './refused';

/** Name of an author who is neither a listed person nor a workflow. Nothing proves who that is. */
export const UNLISTED = 'unlisted';

/** Temporary credentials, as the SDK takes them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface SessionOptions {
  /** Prefix of the environment's names. */
  readonly name: string;
  readonly settings: Pick<Settings, 'account' | 'region' | 'delivery'>;
  /** The purpose of the session. */
  readonly duty: DeliveryDuty | 'read';
  /** Name of the person, where the user id does not tell. @default - the person with the caller's user id */
  readonly as?: string;
}

/** Throttling is waited for: a command writes little, and the store allows few writes a second. */
const PATIENT = { maxAttempts: 8, retryMode: 'standard' } as const;

const ROLES: Readonly<Record<SessionOptions['duty'], readonly DeliveryRole[]>> = {
  read: ['reader', 'planner', 'approver', 'deployer'],
  plan: ['planner', 'deployer'],
  approve: ['approver'],
  deploy: ['deployer'],
};

/** A session in the account of an environment: who it is, and clients for it. */
export class Session {
  readonly clock: AwsClock;
  private readonly common: object;
  private readonly regional = new Map<string, CloudFormationClient | S3Client>();

  private constructor(
    readonly account: string,
    readonly region: string,
    /** Name under which the session writes. */
    readonly writer: string,
    /** ARN of the session, or of the role it assumes. */
    readonly arn: string,
    clock: AwsClock,
    /** Credentials of the role that the session assumed; absent if it uses the caller's own. */
    readonly credentials?: () => Promise<SessionCredentials>,
  ) {
    this.clock = clock;
    this.common = { ...PATIENT, ...(credentials && { credentials }) };
  }

  /**
   * Opens a session, in the role for the duty where the caller is a listed person.
   * @throws RefusedError if the credentials are for another account, or the person may not
   */
  static async open({ name, settings, duty, as }: SessionOptions): Promise<Session> {
    const { account, region, delivery } = settings;
    const clock = new AwsClock();
    const sts = clock.watch(new STSClient({ region, ...PATIENT }));
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    const { Account = '', Arn = '', UserId } = identity;
    if (account !== undefined && Account !== account)
      throw new RefusedError('these credentials are for another account', [
        `${name} is in account ${account} (setting 'account'), the credentials are of ${Account} (${Arn}); set AWS_PROFILE to a profile of ${account}`,
      ]);
    const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1];
    if (ROLES[duty].some((kind) => role === deliveryRoleName(name, kind)))
      return new Session(Account, region, as ?? PIPELINE, Arn, clock);

    const person = delivery.people.find((one) => (as ? one.name === as : one.userId === UserId));
    if (as && !person)
      throw new RefusedError(`there is nobody called ${as}`, [
        `delivery.people has ${delivery.people.map((one) => one.name).join(', ') || 'nobody'}`,
      ]);
    if (person && duty !== 'read' && !person.may.includes(duty))
      throw new RefusedError(`${person.name} may not ${duty}`, [
        `delivery.people lets ${person.name} ${person.may.join(', ')}`,
      ]);
    if (!person) {
      if (duty === 'approve')
        throw new RefusedError('these credentials are of nobody who may approve', [
          `the user id ${UserId} is not in delivery.people; \`aws sts get-caller-identity\` prints it as UserId`,
        ]);
      return new Session(Account, region, UNLISTED, Arn, clock);
    }
    const wanted = { plan: 'planner', approve: 'approver', deploy: 'deployer', read: 'reader' } as const;
    const arn = `arn:${Arn.split(':')[1]}:iam::${Account}:role/${deliveryRoleName(name, wanted[duty])}`;
    const assume = assumer(sts, arn, person.name);
    await assume();
    return new Session(Account, region, person.name, arn, clock, assume);
  }

  /** A session in another role, such as the reader of another environment. */
  async in(roleArn: string, region: string): Promise<Session> {
    const sts = this.clock.watch(new STSClient({ region: this.region, ...this.common }));
    const assume = assumer(sts, roleArn, this.writer, false);
    await assume();
    return new Session(roleArn.split(':')[4]!, region, this.writer, roleArn, this.clock, assume);
  }

  get ssm(): SSMClient {
    return this.clock.watch(new SSMClient({ region: this.region, ...this.common }));
  }

  get ecr(): ECRClient {
    return new ECRClient({ region: this.region, ...this.common });
  }

  cloudFormation(region: string): CloudFormationClient {
    return this.of(`cloudformation ${region}`, () => new CloudFormationClient({ region, ...this.common }));
  }

  s3(region: string): S3Client {
    return this.of(`s3 ${region}`, () => new S3Client({ region, ...this.common }));
  }

  /** Variables with which another program has the same session. */
  async variables(): Promise<Record<string, string>> {
    const given = await this.credentials?.();
    return {
      AWS_REGION: this.region,
      ...(given && {
        AWS_ACCESS_KEY_ID: given.accessKeyId,
        AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
        AWS_SESSION_TOKEN: given.sessionToken ?? '',
        // A profile would win over them.
        AWS_PROFILE: '',
      }),
    };
  }

  /** Does work of which each part makes clients of its own, in this session. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (!this.credentials) return work();
    const variables = await this.variables();
    const before = Object.keys(variables).map((key) => [key, process.env[key]] as const);
    Object.assign(process.env, variables);
    try {
      return await work();
    } finally {
      for (const [key, value] of before) {
        if (value === undefined) delete process.env[key];
        else process.env[key] = value;
      }
    }
  }

  private of<T extends CloudFormationClient | S3Client>(key: string, make: () => T): T {
    const client = this.regional.get(key) ?? make();
    this.regional.set(key, client);
    return client as T;
  }
}

/**
 * Credentials of a role under a person's name. The SDK asks for new ones when they are about to expire: a session that
 * a session assumed lasts an hour at most.
 */
function assumer(sts: STSClient, roleArn: string, name: string, named = true) {
  return async (): Promise<SessionCredentials> => {
    const { Credentials } = await sts
      .send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: name,
          ...(named && { SourceIdentity: name }),
        }),
      )
      .catch((error: Error) => {
        throw new DeliveryError(
          `${name} cannot assume ${roleArn}: ${error.message}. Deploy the delivery stack anew if delivery.people changed; an IAM user needs a session with MFA`,
          { cause: error },
        );
      });
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken,
      expiration: Credentials!.Expiration,
    };
  };
}
