import type { AlarmBase, CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ConstructError } from '../construct-error';
import { CAUSE, CAUSE_LINE } from './alarm-notification';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_DESCRIPTION = 1024;

/** The alarm as CloudFormation has it. */
export function cfnAlarm(alarm: AlarmBase): CfnAlarm | CfnCompositeAlarm {
  return alarm.node.defaultChild as CfnAlarm | CfnCompositeAlarm;
}

/** Says in an alarm's description to which incident it belongs; `text` replaces what it said so far. */
export function setCause(alarm: AlarmBase, cause: string, text = cfnAlarm(alarm).alarmDescription): void {
  const problems: string[] = [];
  if (!CAUSE.test(cause))
    problems.push(
      `'cause' must be up to 30 small letters, digits and dashes, beginning with a letter, got '${cause}'`,
    );
  const description = [...(text ?? '').split('\n').filter((line) => !line.startsWith(CAUSE_LINE))]
    .filter((line) => line !== '')
    .concat(`${CAUSE_LINE}${cause}`)
    .join('\n');
  if (description.length > LONGEST_DESCRIPTION)
    problems.push(
      `the alarm's description must fit into ${LONGEST_DESCRIPTION} characters with its cause, got ${description.length}; say it shorter`,
    );
  if (problems.length > 0) throw new ConstructError(alarm, problems);
  cfnAlarm(alarm).alarmDescription = description;
}
