import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { handler as acknowledge } from '../../../constructs/escalation/escalation-acknowledge.lambda';
import { handler as intake } from '../../../constructs/escalation/escalation-intake.lambda';
import { handler as notify } from '../../../constructs/escalation/escalation-notify.lambda';
import { handler as selectRecipients } from '../../../constructs/escalation/escalation-select-recipients.lambda';
import { SETTINGS } from '../../../constructs/escalation/settings';
import { DynamoTable } from '../../support/dynamo';
import { type Definition, execute } from '../server/state-machine';
import { NAME } from './escalation-stack';

export const START = new Date('2026-11-24T03:00:00Z');
const MACHINE = `arn:aws:states:eu-central-1:123456789012:stateMachine:${NAME}-escalation`;
/** Alarm that fires while the server is deployed. */
export const SUPPRESSOR = `${NAME}-part-deploying`;
const URL_PREFIX = 'https://acknowledge.example.com/';

export interface Sent {
  /** Minutes since the beginning. */
  readonly minute: number;
  /** Name of the contact, `webhook`, or `fallback`. */
  readonly to: string;
  /** First word of the subject, without TEST; of the webhook the kind. */
  readonly what: string;
  readonly email?: string;
  readonly sms?: string;
  readonly subject?: string;
}

/** Everything around the state machine, with a clock that only its waits move. */
export class World {
  readonly table = new DynamoTable();
  readonly sent: Sent[] = [];
  readonly firing = new Set<string>();
  readonly muted = new Set<string>();
  /** Recipients that are unreachable now. */
  readonly down = new Set<string>();
  readonly executions: string[] = [];
  readonly resets: string[] = [];
  minute = 0;
  /** Alarms that made a composite one fire, as CloudWatch describes them. */
  metricAlarms: object[] = [
    {
      AlarmName: 'child',
      StateReason:
        'Threshold Crossed: 2 out of the last 2 datapoints [12.5 (24/11/26 02:59:00)] were greater',
      Threshold: 5,
    },
  ];
  /** The parameters of releases in the Parameter Store. */
  parameters: object[] = [];
  /** Happens once, between the last look and the end. */
  beforeClose?: () => Promise<void>;
  private readonly plans = new Map<number, (() => unknown)[]>();
  private readonly waiting: { name: string; input: object }[] = [];
  private running?: string;
  private readonly restores: (() => void)[] = [];

  constructor(
    private readonly definition: Definition,
    private readonly beginning = START,
  ) {
    vi.useFakeTimers({ toFake: ['Date'], now: beginning });
    this.restores.push(() => vi.useRealTimers());
    for (const level of ['log', 'warn', 'error'] as const) {
      const spy = vi.spyOn(console, level).mockImplementation(() => {});
      this.restores.push(() => spy.mockRestore());
    }
    vi.stubEnv(
      SETTINGS,
      JSON.stringify({
        name: NAME,
        table: 'incidents',
        region: 'eu-central-1',
        stateMachineArn: MACHINE,
        acknowledgeUrl: URL_PREFIX,
        acknowledgeFunction: 'acknowledge',
        rollbackCommand: 'framework53 rollback --env production',
        webhook: { url: 'https://hooks.example.com/pages', secretArn: 'secret' },
      }),
    );
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => this.webhook(body));
    this.restores.push(
      () => vi.unstubAllEnvs(),
      () => vi.unstubAllGlobals(),
    );
    this.mock();
  }

  stop(): void {
    for (const restore of this.restores.reverse()) restore();
  }

  /** Has something happen when so many minutes have passed. */
  at(minute: number, what: () => unknown): this {
    this.plans.set(minute, [...(this.plans.get(minute) ?? []), what]);
    return this;
  }

  /** Makes an alarm fire and publishes CloudWatch's notification. */
  async fire(alarm: string, options: { cause?: string; region?: string; at?: Date } = {}): Promise<void> {
    const { region = 'eu-central-1' } = options;
    if (region === 'eu-central-1') this.firing.add(alarm);
    await this.notify(alarm, 'ALARM', options);
  }

  async notify(
    alarm: string,
    state: 'ALARM' | 'OK',
    { cause, region = 'eu-central-1', at = new Date() }: { cause?: string; region?: string; at?: Date } = {},
  ): Promise<void> {
    await this.deliver(notification(alarm, state, { cause, region, at }));
  }

  /** Delivers a message of CloudWatch from the queue. */
  async deliver(message: object): Promise<void> {
    const body = JSON.stringify(message);
    const { batchItemFailures } = await intake({ Records: [{ messageId: 'm', body }] } as never);
    if (batchItemFailures.length > 0) throw new Error('the intake has failed');
  }

  /** Opens the newest acknowledge link, and submits the form. */
  async answer(who: string, name = who): Promise<{ status: number; html: string }> {
    const email = this.sent.findLast(({ to, what }) => to === who && what === 'PAGE')?.email;
    const link = /Acknowledge: (\S+)/.exec(email ?? '')?.[1];
    if (!link) throw new Error(`${who} has no link`);
    return this.request('POST', `/${link.slice(URL_PREFIX.length)}`, `name=${name}`);
  }

  async request(method: string, rawPath: string, body?: string) {
    const result = await acknowledge({ rawPath, body, requestContext: { http: { method } } } as never);
    if (typeof result === 'string') throw new Error('no page');
    const { statusCode, body: html } = result as { statusCode: number; body: string };
    return { status: statusCode, html };
  }

  /** Loses the executions that were started, before they do anything. */
  lose(): void {
    this.waiting.length = 0;
  }

  /** Lets all that was started come to its end. */
  async run(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      this.running = next.name;
      await execute(this.definitionWithClock(), this.tasks() as never, next.input);
      this.running = undefined;
    }
  }

  /** The messages that people received, as `minute recipient: message`. */
  get story(): string[] {
    return this.sent.map(({ minute, to, what }) => `${minute} ${to}: ${what}`);
  }

  get item() {
    return [...this.table.items.entries()].find(([id]) => id.startsWith('incident#'))?.[1];
  }

  /** The deployed definition, with one wait replaced by the clock of this test. */
  private definitionWithClock(): Definition {
    const wait = this.definition.States['Wait'] as { Seconds: number; Next: string };
    if (wait.Seconds !== 60) throw new Error('the clock counts minutes');
    return {
      ...this.definition,
      States: {
        ...this.definition.States,
        Wait: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:clock',
          ResultPath: null,
          Next: wait.Next,
        },
      },
    };
  }

  private tasks(): Record<string, (input: never) => Promise<unknown>> {
    const write = async (input: never) => this.write(input);
    const fallback = async ({ Subject, Message }: { Subject: string; Message: string }) => {
      if (this.down.has('fallback')) throw new Error('down');
      const what = Subject.slice(`${NAME}: `.length);
      this.sent.push({ minute: this.minute, to: 'fallback', what, email: Message });
    };
    const notifying = async (input: { recipient: unknown }) => {
      await notify(input as never);
      return null;
    };
    return {
      Wait: async () => {
        this.minute += 1;
        vi.setSystemTime(this.beginning.getTime() + this.minute * 60_000);
        for (const what of this.plans.get(this.minute) ?? []) await what();
      },
      'Read incident': async ({ Key }: { Key: never }) => {
        const Item = this.table.get(Key);
        return Item ? { Item } : {};
      },
      'Look at alarms': async ({ AlarmNames }: { AlarmNames: string[] }) => ({
        MetricAlarms: [],
        CompositeAlarms: AlarmNames.filter((alarm) => this.firing.has(alarm)).map((AlarmName) => ({
          AlarmName,
        })),
      }),
      'Select recipients': async (question: never) => {
        if (this.down.has('select recipients')) throw new Error('down');
        return selectRecipients(question);
      },
      'Notify one: page': notifying,
      'Notify one: taken': notifying,
      'Notify one: joined': notifying,
      'Notify one: cleared': notifying,
      'Not notified: page': fallback,
      'Not notified: taken': fallback,
      'Not notified: joined': fallback,
      'Not notified: cleared': fallback,
      'No recipients': fallback,
      'Nobody answered': fallback,
      'Nobody answered the test': fallback,
      'Page again': write,
      'Forget the news': write,
      'Record the next': write,
      Close: async (input: never) => {
        const { beforeClose } = this;
        this.beforeClose = undefined;
        await beforeClose?.();
        this.write(input);
      },
      'Give up': write,
      'Reset test': async ({ AlarmName }: { AlarmName: string }) => {
        this.resets.push(AlarmName);
        this.firing.delete(AlarmName);
      },
      'Start the next': async ({ Name, Input }: { Name: string; Input: object }) =>
        this.start(Name, structuredClone(Input)),
    } as Record<string, (input: never) => Promise<unknown>>;
  }

  /** Errors of DynamoDB have another name in Step Functions. */
  private write(input: never): void {
    try {
      this.table.write(input);
    } catch (error) {
      (error as Error).name = `DynamoDB.${(error as Error).name}`;
      throw error;
    }
  }

  private async start(name: string, input: object): Promise<void> {
    if (this.executions.includes(name)) return;
    this.executions.push(name);
    this.waiting.push({ name, input });
  }

  private webhook(body: string) {
    if (this.down.has('webhook')) return { ok: false, status: 404 };
    this.sent.push({ minute: this.minute, to: 'webhook', what: JSON.parse(body).kind });
    return { ok: true, status: 200 };
  }

  private mock(): void {
    const dynamo = this.table.mock();
    const sns = mockClient(SNSClient);
    const sfn = mockClient(SFNClient);
    const cloudWatch = mockClient(CloudWatchClient);
    const secrets = mockClient(SecretsManagerClient);
    const ssm = mockClient(SSMClient);
    sns.on(PublishCommand).callsFake(async ({ TopicArn, Subject, Message }) => {
      if (this.down.has(TopicArn)) throw new Error('down');
      const { email, sms } = JSON.parse(Message);
      const what = Subject.replace('TEST ', '').split(' ')[0];
      this.sent.push({ minute: this.minute, to: TopicArn, what, email, sms, subject: Subject });
      return {};
    });
    sfn.on(StartExecutionCommand).callsFake(async ({ name, input }) => {
      await this.start(name, JSON.parse(input));
      return {};
    });
    sfn.on(DescribeExecutionCommand).callsFake(async ({ executionArn }) => {
      const name = executionArn.split(':').at(-1);
      if (!this.executions.includes(name))
        throw new ExecutionDoesNotExist({ $metadata: {}, message: 'no such execution' });
      const alive = name === this.running || this.waiting.some((one) => one.name === name);
      return { status: alive ? 'RUNNING' : 'FAILED' };
    });
    cloudWatch.on(ListAlarmMuteRulesCommand).callsFake(async ({ AlarmName }) => ({
      AlarmMuteRuleSummaries: this.muted.has(AlarmName) ? [{}] : [],
    }));
    cloudWatch.on(DescribeAlarmsCommand).callsFake(async ({ AlarmNames }) => ({
      MetricAlarms: AlarmNames.includes(SUPPRESSOR)
        ? [...this.firing].filter((name) => name === SUPPRESSOR).map((AlarmName) => ({ AlarmName }))
        : this.metricAlarms,
    }));
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'signing key' });
    ssm.on(GetParametersByPathCommand).callsFake(async () => ({ Parameters: this.parameters }));
    this.restores.push(
      ...[dynamo, sns, sfn, cloudWatch, secrets, ssm].map((client) => () => client.restore()),
    );
  }
}

/** Returns a notification as CloudWatch sends it. */
export function notification(
  alarm: string,
  state: 'ALARM' | 'OK',
  { cause, region, at }: { cause?: string; region: string; at: Date },
): object {
  return {
    AlarmName: alarm,
    AlarmDescription: [
      'People get errors.',
      'Fires when more than 5 % of requests fail, in 2 of 3 periods of 5 minutes; no data: good; few requests: gated.',
      'First: Look at the errors by class.',
      'Severity: page. Runbook: docs/monitoring.md#server-fails',
      ...(cause ? [`Incident: ${cause}`] : []),
    ].join('\n'),
    AWSAccountId: '123456789012',
    NewStateValue: state,
    NewStateReason:
      'Threshold Crossed: 2 out of the last 3 datapoints [12.5 (24/11/26 02:55:00), 9.0 (24/11/26 02:50:00)] were greater than the threshold (5.0).',
    StateChangeTime: at.toISOString().replace('Z', '+0000'),
    Region: 'EU (Frankfurt)',
    AlarmArn: `arn:aws:cloudwatch:${region}:123456789012:alarm:${alarm}`,
    OldStateValue: state === 'ALARM' ? 'OK' : 'ALARM',
    Trigger: { Threshold: 5 },
  };
}
