export const TIME_ZONE = 'a time zone such as Europe/Berlin or UTC';

/** Whether a name is that of a time zone. An offset such as `+02:00` is none: it has no summer time. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Whether CloudFormation fills a text in later. Unlike `Token` of aws-cdk-lib, this costs the command no loading. */
export function isToken(text: string): boolean {
  return text.includes('${Token[');
}

/** Whether a text looks like one e-mail address. */
export function isEmail(text: string): boolean {
  return /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/.test(text);
}
