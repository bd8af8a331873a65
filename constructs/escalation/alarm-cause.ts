import type { AlarmBase, CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ConstructError } from '../construct-error';
import { CAUSE, CAUSE_LINE } from './alarm-notification';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const LONGEST_DESCRIPTION = 1024;

/** The CloudFormation resource of an alarm. */
export function cfnAlarm(alarm: AlarmBase): CfnAlarm | CfnCompositeAlarm {
  return alarm.node.defaultChild as CfnAlarm | CfnCompositeAlarm;
}

/** Writes the cause into an alarm's description. The cause decides which incident the alarm belongs to. */
export function setCause(alarm: AlarmBase, cause: string, text = cfnAlarm(alarm).alarmDescription): void {
  const problems: string[] = [];
  if (!CAUSE.test(cause))
    problems.push(
      `'cause' must be up to 30 lower-case letters, digits and hyphens, and begin with a letter; got '${cause}'`,
    );
  const description = [...(text ?? '').split('\n').filter((line) => !line.startsWith(CAUSE_LINE))]
    .filter((line) => line !== '')
    .concat(`${CAUSE_LINE}${cause}`)
    .join('\n');
  if (description.length > LONGEST_DESCRIPTION)
    problems.push(
      `the alarm's description and cause together must have at most ${LONGEST_DESCRIPTION} characters, got ${description.length}; shorten the description`,
    );
  if (problems.length > 0) throw new ConstructError(alarm, problems);
  cfnAlarm(alarm).alarmDescription = description;
}
