import { schemaPath } from '../resource-schemas';
import { number } from './setting';

/** Matches names of properties that control access. */
const WHO =
  /user|access|permission|privilege|grant|cop(y|ies)|download|upload|print|clipboard|paste|transfer|redirect|shar(e|ed|ing)|public|cross|external|guest|anonym|invit|export(?!er)|delegat|trust|federat|impersonat|everyone|internet|remote|inbound|outbound|propagat|peering|visitor|self_?(sign|serv|reg)/i;

/** Matches names of properties that monitor, protect or restrict. A larger value of these gives nobody access. */
const GUARDS =
  /log(?!in)|audit|monitor|metric|trac(e|ing)|insight|encrypt|kms|protect|retention|backup|snapshot|block|deny|denied|exclu|forbid|reject|require|restrict|enforce|verif|mfa|mask|redact|detect|alarm|notif|scan|recover|crosszone|acceler|access_?control|private|token_?revoc|existence/i;

const CLOSED =
  /^(disabled?|off|false|den(y|ied)|none|no|never|block(ed)?|private|restrict(ed)?|read_?only|internal|not_?allowed|forbidden|closed)$/i;
const ON = /^(enabled?|on|true|yes)$/i;
const OPEN =
  /^(allow(ed|_?all)?|permit(ted)?|all|any(one|where|body)?|everyone|public\w*|open|unrestricted|full(_\w+)?|write|read_?write|external|\*)$/i;

/** Matches names of lists of principals or permissions. */
const LISTS =
  /(Permission|Privilege|Principal|Grant(ee)?|Origin|Account|Cidr\w*|CIDR\w*|IpRange|Role|User|Owner|Admin\w*|Scope|Trusted\w*|Organi[sz]ation\w*|Reader|Writer|Editor|Viewer|Member|Consumer|Identity|Identities|Orgs?|(^|\.)Allow(?!edMethods|edHeaders)\w*)(Ids?|Arns?|ARNs|Lists?|Names?)?s?$/;
const PERMISSION = /^[a-z][a-z0-9-]*:([A-Z*][A-Za-z]*\*?)$/;
const PRINCIPAL = /^(\*|\d{12}|arn:aws[\w-]*:iam::.*|o-[a-z0-9]{10,})$/;

/** Matches names of shares of requests or users. */
const SHARES = /weight|traffic|split|canary|rollout|dial/i;

/**
 * Returns a sentence if the value gives more access, judged by the words and shapes of the values: a word such as
 * `public`, another item in a list of principals, or a moved traffic share. Returns undefined otherwise, and for
 * properties that restrict.
 */
export function opening(path: string, after: unknown, before: unknown): string | undefined {
  const at = schemaPath(path);
  if (SHARES.test(at) && moves(after, before)) return 'The shares of requests or users change.';
  if (GUARDS.test(at)) return undefined;
  const [was, is] = [before, after].map((one) => (typeof one === 'object' ? '' : String(one)));
  const wasClosed = before === undefined || CLOSED.test(was!);
  if (before !== undefined && wasClosed && OPEN.test(is!)) return 'By its name, the new value opens access.';
  if (wasClosed && WHO.test(at) && (ON.test(is!) || OPEN.test(is!)))
    return 'By its name, the property gives somebody new access.';
  if (before === undefined && after !== undefined && joinsList(path, is!))
    return 'The list gets one more entry.';
  return undefined;
}

/** Returns true if a new value is an item in a list of principals or permissions. */
function joinsList(path: string, text: string): boolean {
  if (!/\[[^\]]*\]/.test(path)) return false;
  if (PERMISSION.test(text) || PRINCIPAL.test(text)) return true;
  return (path.match(/[^.[\]]+(?=\[)/g) ?? []).some((name) => LISTS.test(name));
}

/**
 * Returns true if a number changes by more than a tenth of its scale. The scale is 1, 10, 100 and so on, whichever
 * fits both values.
 */
function moves(after: unknown, before: unknown): boolean {
  const [now, old] = [number(after), number(before)];
  if (now === undefined || old === undefined) return false;
  const whole = 10 ** Math.ceil(Math.log10(Math.max(now, old, 1)));
  return Math.abs(now - old) > whole / 10;
}
