export const TIME_ZONE = 'a time zone such as Europe/Berlin or UTC';

/**
 * Returns true if the name is an IANA time zone. An offset such as `+02:00` is refused, because it ignores daylight
 * saving time.
 */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/**
 * Returns true if CloudFormation replaces a part of the text at deployment. Unlike `Token`, this function does not
 * load aws-cdk-lib.
 */
export function isToken(text: string): boolean {
  return text.includes('${Token[');
}

/** Returns true if a text looks like one e-mail address. */
export function isEmail(text: string): boolean {
  return /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/.test(text);
}
