import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Settings } from '../../config';
import { PIPELINE } from '../../constructs/delivery-parameters';
import { type DeliveryDuty, type DeliveryRole, deliveryRoleName } from '../../constructs/delivery-roles';
import { soundAnswers } from '../aws/sound-answers';
import { AwsClock } from './aws-clock';
import { DeliveryError, RefusedError } from './refused';

/** Name of an author who is neither a listed person nor a workflow. The identity is unproven. */
export const UNLISTED = 'unlisted';

/** Temporary credentials in the format of the SDK. */
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
  /**
   * Name of the person, if the user id does not identify the person. @default - the person with the caller's user id
   */
  readonly as?: string;
}

/** Number of retries. A command writes little, but the store allows few writes a second. */
const PATIENT = { maxAttempts: 8, retryMode: 'standard' } as const;

const ROLES: Readonly<Record<SessionOptions['duty'], readonly DeliveryRole[]>> = {
  read: ['reader', 'planner', 'approver', 'deployer'],
  plan: ['planner', 'deployer'],
  approve: ['approver'],
  deploy: ['deployer'],
};

/** A session in the account of an environment, with its identity and its clients. */
export class Session {
  readonly clock: AwsClock;
  private readonly common: object;
  private readonly regional = new Map<string, CloudFormationClient | S3Client>();

  private constructor(
    readonly account: string,
    readonly region: string,
    /** Name of the session as a writer. */
    readonly writer: string,
    /** ARN of the session, or of the role that it assumes. */
    readonly arn: string,
    clock: AwsClock,
    /** Credentials of the assumed role; absent if the session uses the caller's own. */
    readonly credentials?: () => Promise<SessionCredentials>,
  ) {
    this.clock = clock;
    this.common = { ...PATIENT, ...(credentials && { credentials }) };
  }

  /**
   * Opens a session. If the caller is a listed person, assumes the role for the purpose.
   * @throws RefusedError if the credentials belong to another account, or the person lacks the permission
   */
  static async open({ name, settings, duty, as }: SessionOptions): Promise<Session> {
    const { account, region, delivery } = settings;
    const clock = new AwsClock();
    const sts = clock.watch(soundAnswers(new STSClient({ region, ...PATIENT })));
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    const { Account = '', Arn = '', UserId } = identity;
    if (!/^\d{12}$/.test(Account) || !Arn.startsWith('arn:'))
      throw new DeliveryError('STS does not say to whom these credentials belong; run the command again');
    if (account !== undefined && Account !== account)
      throw new RefusedError('these credentials belong to another account', [
        `${name} is in account ${account} (setting 'account'), but the credentials belong to ${Account} (${Arn}); set AWS_PROFILE to a profile of ${account}`,
      ]);
    const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1];
    if (ROLES[duty].some((kind) => role === deliveryRoleName(name, kind)))
      return new Session(Account, region, as ?? PIPELINE, Arn, clock);

    const person = delivery.people.find((one) => (as ? one.name === as : one.userId === UserId));
    if (as && !person)
      throw new RefusedError(`there is no person called ${as}`, [
        `delivery.people has ${delivery.people.map((one) => one.name).join(', ') || 'nobody'}`,
      ]);
    if (person && duty !== 'read' && !person.may.includes(duty))
      throw new RefusedError(`${person.name} may not ${duty}`, [
        `delivery.people lets ${person.name} ${person.may.join(', ')}`,
      ]);
    if (!person) {
      if (duty === 'approve')
        throw new RefusedError('these credentials belong to nobody who may approve', [
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

  /** Opens a session with another role, such as the reader of another environment. */
  async in(roleArn: string, region: string): Promise<Session> {
    const sts = this.clock.watch(soundAnswers(new STSClient({ region: this.region, ...this.common })));
    const assume = assumer(sts, roleArn, this.writer, false);
    await assume();
    return new Session(roleArn.split(':')[4]!, region, this.writer, roleArn, this.clock, assume);
  }

  get ssm(): SSMClient {
    return this.clock.watch(soundAnswers(new SSMClient({ region: this.region, ...this.common })));
  }

  get ecr(): ECRClient {
    return soundAnswers(new ECRClient({ region: this.region, ...this.common }));
  }

  cloudFormation(region: string): CloudFormationClient {
    return this.of(`cloudformation ${region}`, () =>
      soundAnswers(new CloudFormationClient({ region, ...this.common })),
    );
  }

  s3(region: string): S3Client {
    return this.of(`s3 ${region}`, () => soundAnswers(new S3Client({ region, ...this.common })));
  }

  /** Environment variables that give another program the same session. */
  async variables(): Promise<Record<string, string>> {
    const given = await this.credentials?.();
    return {
      AWS_REGION: this.region,
      ...(given && {
        AWS_ACCESS_KEY_ID: given.accessKeyId,
        AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
        AWS_SESSION_TOKEN: given.sessionToken ?? '',
        // A profile would have precedence.
        AWS_PROFILE: '',
      }),
    };
  }

  /** Runs work in this session whose parts create their own clients. */
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
 * Returns credentials of a role with a person's name. The SDK refreshes them before they expire, because a chained
 * role session lasts at most an hour.
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
          `${name} cannot assume ${roleArn}: ${error.message}. If delivery.people has changed, deploy the delivery stack again; an IAM user needs a session with MFA`,
          { cause: error },
        );
      });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey)
      throw new DeliveryError(`STS sent no credentials of ${roleArn}; run the command again`);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
}
