import type { AlarmBase, CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ConstructError } from '../construct-error';
import { CAUSE, CAUSE_LINE } from './alarm-notification';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_DESCRIPTION = 1024;

/** The CloudFormation resource of an alarm. */
export function cfnAlarm(alarm: AlarmBase): CfnAlarm | CfnCompositeAlarm {
  return alarm.node.defaultChild as CfnAlarm | CfnCompositeAlarm;
}

/** Writes the cause into an alarm's description, which says to which incident the alarm belongs. */
export function setCause(alarm: AlarmBase, cause: string, text = cfnAlarm(alarm).alarmDescription): void {
  const problems: string[] = [];
  if (!CAUSE.test(cause))
    problems.push(
      `'cause' must be up to 30 lower-case letters, digits and hyphens, from a letter on, got '${cause}'`,
    );
  const description = [...(text ?? '').split('\n').filter((line) => !line.startsWith(CAUSE_LINE))]
    .filter((line) => line !== '')
    .concat(`${CAUSE_LINE}${cause}`)
    .join('\n');
  if (description.length > LONGEST_DESCRIPTION)
    problems.push(
      `the alarm's description must fit into ${LONGEST_DESCRIPTION} characters with its cause, got ${description.length}; shorten it`,
    );
  if (problems.length > 0) throw new ConstructError(alarm, problems);
  cfnAlarm(alarm).alarmDescription = description;
}
