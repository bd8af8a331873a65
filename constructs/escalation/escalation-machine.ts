import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { HandlerFunction } from '../handler/handler-function';
import { ProtectedLogGroup } from '../logs/protected-log-group';
import { historyPath } from '../release-record/entry';
import { escalationDefinition } from './escalation-definition';
import type { EscalationPlan } from './escalation-plan';
import { type EscalationTopics, grantPublish } from './escalation-topics';
import type { IncidentTable } from './incident-table';
import { stepsOf } from './recipients';
import { type NotifySettings, SETTINGS } from './settings';

export interface EscalationMachineProps {
  /** Prefix of physical names. */
  readonly name: string;
  readonly plan: EscalationPlan;
  readonly key: IKey;
  readonly incidents: IncidentTable;
  readonly topics: EscalationTopics;
  readonly testAlarmName: string;
  /** Names of alarms that suppress alarms in other regions. */
  readonly suppressors: readonly string[];
  /** Settings of the messages. */
  readonly messages: Omit<NotifySettings, 'name' | 'table' | 'region'>;
  /** Key that signs the requests to the webhook. */
  readonly webhookSecret?: ISecret;
}

/**
 * Notifies people of an incident until somebody acknowledges or the alarms clear.
 *
 * Defines the state machine, a function that selects the recipients of a step, and a function that notifies one
 * recipient.
 */
export class EscalationMachine extends Construct {
  readonly stateMachine: StateMachine;
  /** ARN built from the state machine's name, for resources that the state machine itself references. */
  readonly stateMachineArn: string;
  readonly selectRecipients: HandlerFunction;
  readonly notify: HandlerFunction;

  constructor(scope: Construct, id: string, props: EscalationMachineProps) {
    super(scope, id);
    const { name, plan, incidents, topics, testAlarmName } = props;
    const stack = Stack.of(this);
    const stateMachineName = `${name}-escalation`;
    this.stateMachineArn = stack.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: stateMachineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.selectRecipients = this.selector(props);
    this.notify = this.notifier(props);

    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      // With this prefix, Step Functions adds nothing to the resource policy of CloudWatch Logs.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
    });
    const definition = escalationDefinition({
      name,
      tableName: incidents.table.tableName,
      selectRecipientsArn: this.selectRecipients.function.functionArn,
      notifyArn: this.notify.function.functionArn,
      fallbackTopicArn: topics.fallback.topicArn,
      stateMachineArn: this.stateMachineArn,
      testAlarmName,
      alarmsUrl: `https://${stack.region}.console.aws.amazon.com/cloudwatch/home?region=${stack.region}#alarmsV2:`,
      suppressors: props.suppressors,
      steps: stepsOf(plan.tiers),
      rotation: plan.rotation,
      topics: Object.fromEntries(
        Object.entries(topics.contacts).map(([contact, { topicArn }]) => [contact, topicArn]),
      ),
      repageMinutes: plan.repageMinutes,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName,
      comment: 'Notifies people of an incident until one of them acknowledges',
      definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    this.grant(props);
  }

  private selector({ name }: EscalationMachineProps): HandlerFunction {
    // The construct id predates the name. Keep it, so that the log group keeps its logical id.
    const selector = new HandlerFunction(this, 'Choose', {
      bundle: 'escalation-select-recipients',
      description: `Selects the recipients of incidents of ${name}`,
      timeout: Duration.seconds(30),
    });
    selector.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudwatch:ListAlarmMuteRules', 'cloudwatch:DescribeAlarms'],
        resources: ['*'],
      }),
    );
    acknowledge(
      selector.function.role!,
      'IAM5[Resource::*]',
      'Mute rules are listed by alarm, so their names are unknown in advance; cloudwatch:DescribeAlarms supports no resource-level permissions.',
    );
    return selector;
  }

  private notifier(props: EscalationMachineProps): HandlerFunction {
    const { name, plan, key, incidents, topics, messages, webhookSecret } = props;
    const stack = Stack.of(this);
    // The construct id predates the name. Keep it, so that the log group keeps its logical id.
    const notifier = new HandlerFunction(this, 'Tell', {
      bundle: 'escalation-notify',
      description: `Notifies people of incidents of ${name}`,
      // Allows three webhook calls that time out.
      timeout: Duration.seconds(45),
      environment: {
        [SETTINGS]: stack.toJsonString({
          name,
          table: incidents.table.tableName,
          region: stack.region,
          ...messages,
        } satisfies NotifySettings),
      },
    });
    const { function: handler } = notifier;
    incidents.grant(handler, 'PutItem', 'UpdateItem');
    const foreign = plan.tiers.flatMap(({ targets }) =>
      targets.flatMap((target) => (target.kind === 'topic' ? target.topicArn : [])),
    );
    const named: ITopic[] = [...new Set(foreign)].map((arn, index) =>
      Topic.fromTopicArn(this, `Topic${index + 1}`, arn),
    );
    grantPublish(handler, key, [...Object.values(topics.contacts), ...named]);
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['ssm:GetParametersByPath'],
        resources: [
          stack.formatArn({
            service: 'ssm',
            resource: 'parameter',
            resourceName: historyPath(name).slice(1),
          }),
        ],
      }),
    );
    if (webhookSecret) {
      handler.addToRolePolicy(
        new PolicyStatement({
          actions: ['secretsmanager:GetSecretValue'],
          resources: [webhookSecret.secretArn],
        }),
      );
      handler.addToRolePolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
    }
    return notifier;
  }

  private grant({ name, key, incidents, topics, testAlarmName }: EscalationMachineProps): void {
    const { stateMachine } = this;
    const allow = (actions: string[], resources: string[]) =>
      stateMachine.addToRolePolicy(new PolicyStatement({ actions, resources }));
    incidents.grant(stateMachine, 'GetItem', 'UpdateItem');
    grantPublish(stateMachine, key, [topics.fallback]);
    allow(
      ['lambda:InvokeFunction'],
      [this.selectRecipients, this.notify].map(({ function: { functionArn } }) => functionArn),
    );
    allow(['states:StartExecution'], [this.stateMachineArn]);
    allow(
      ['cloudwatch:SetAlarmState'],
      [
        Stack.of(this).formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: testAlarmName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    );
    allow(['cloudwatch:DescribeAlarms'], ['*']);
    acknowledge(
      stateMachine,
      'IAM5[Resource::*]',
      `cloudwatch:DescribeAlarms supports no resource-level permissions; neither do the log deliveries and traces of ${name}.`,
    );
  }
}
