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
import { historyPath } from '../release-record/release-history';
import { escalationDefinition } from './escalation-definition';
import type { EscalationPlan } from './escalation-plan';
import { type EscalationTopics, grantPublish } from './escalation-topics';
import type { IncidentTable } from './incident-table';
import { stepsOf } from './recipients';
import { SETTINGS, type TellSettings } from './settings';

export interface EscalationMachineProps {
  /** Prefix of physical names. */
  readonly name: string;
  readonly plan: EscalationPlan;
  readonly key: IKey;
  readonly incidents: IncidentTable;
  readonly topics: EscalationTopics;
  readonly testAlarmName: string;
  /** What messages are made with, beside what is known here. */
  readonly messages: Omit<TellSettings, 'name' | 'table' | 'region'>;
  /** Signs what the webhook is sent. */
  readonly webhookSecret?: ISecret;
}

/**
 * Tells people of an incident until one of them answers, or it is over.
 *
 * Defines the state machine, the function that finds out who is on call, and the function that tells.
 */
export class EscalationMachine extends Construct {
  readonly stateMachine: StateMachine;
  /** By its name, for those that the state machine itself refers to. */
  readonly stateMachineArn: string;
  readonly choose: HandlerFunction;
  readonly tell: HandlerFunction;

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
    this.choose = this.chooser(props);
    this.tell = this.teller(props);

    const { logGroup } = new ProtectedLogGroup(this, 'Logs', {
      // Step Functions writes under this prefix without a growing resource policy.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
    });
    const definition = escalationDefinition({
      name,
      tableName: incidents.table.tableName,
      chooseArn: this.choose.function.functionArn,
      tellArn: this.tell.function.functionArn,
      fallbackTopicArn: topics.fallback.topicArn,
      stateMachineArn: this.stateMachineArn,
      testAlarmName,
      steps: stepsOf(plan.tiers),
      rotation: plan.rotation,
      topics: Object.fromEntries(
        Object.entries(topics.contacts).map(([contact, { topicArn }]) => [contact, topicArn]),
      ),
      repageMinutes: plan.repageMinutes,
    });
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName,
      comment: 'Tells people of an incident until one of them answers',
      definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    this.grant(props);
  }

  private chooser({ name }: EscalationMachineProps): HandlerFunction {
    const choose = new HandlerFunction(this, 'Choose', {
      bundle: 'escalation-select-recipients',
      description: `Says whom to tell of incidents of ${name} now`,
      timeout: Duration.seconds(30),
    });
    choose.function.addToRolePolicy(
      new PolicyStatement({ actions: ['cloudwatch:ListAlarmMuteRules'], resources: ['*'] }),
    );
    acknowledge(
      choose.function.role!,
      'IAM5[Resource::*]',
      'Mute rules are listed by the alarm they are for, and have no name before; nothing else is allowed.',
    );
    return choose;
  }

  private teller(props: EscalationMachineProps): HandlerFunction {
    const { name, plan, key, incidents, topics, messages, webhookSecret } = props;
    const stack = Stack.of(this);
    const tell = new HandlerFunction(this, 'Tell', {
      bundle: 'escalation-notify',
      description: `Tells people of incidents of ${name}`,
      // Three calls of a webhook that does not answer, and the rest.
      timeout: Duration.seconds(45),
      environment: {
        [SETTINGS]: stack.toJsonString({
          name,
          table: incidents.table.tableName,
          region: stack.region,
          ...messages,
        } satisfies TellSettings),
      },
    });
    const { function: handler } = tell;
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
    }
    return tell;
  }

  private grant({ name, key, incidents, topics, testAlarmName }: EscalationMachineProps): void {
    const { stateMachine } = this;
    const allow = (actions: string[], resources: string[]) =>
      stateMachine.addToRolePolicy(new PolicyStatement({ actions, resources }));
    incidents.grant(stateMachine, 'GetItem', 'UpdateItem');
    grantPublish(stateMachine, key, [topics.fallback]);
    allow(
      ['lambda:InvokeFunction'],
      [this.choose, this.tell].map(({ function: { functionArn } }) => functionArn),
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
      `CloudWatch describes alarms to those only who may see all of them; deliveries of the logs and traces of ${name} have no name to restrict by.`,
    );
  }
}
