import { schemaPath } from '../resource-schemas';
import { number } from './setting';

/** Words in the names of properties that say who may do what. */
const WHO =
  /user|access|permission|privilege|grant|cop(y|ies)|download|upload|print|clipboard|paste|transfer|redirect|shar(e|ed|ing)|public|cross|external|guest|anonym|invit|export(?!er)|delegat|trust|federat|impersonat|everyone|internet|remote|inbound|outbound|propagat|peering|visitor|self_?(sign|serv|reg)/i;

/** Names of what watches, guards or holds back: more of it opens nothing. */
const GUARDS =
  /log(?!in)|audit|monitor|metric|trac(e|ing)|insight|encrypt|kms|protect|retention|backup|snapshot|block|deny|denied|exclu|forbid|reject|require|restrict|enforce|verif|mfa|mask|redact|detect|alarm|notif|scan|recover|crosszone|acceler|access_?control|private|token_?revoc|existence/i;

const CLOSED =
  /^(disabled?|off|false|den(y|ied)|none|no|never|block(ed)?|private|restrict(ed)?|read_?only|internal|not_?allowed|forbidden|closed)$/i;
const ON = /^(enabled?|on|true|yes)$/i;
const OPEN =
  /^(allow(ed|_?all)?|permit(ted)?|all|any(one|where|body)?|everyone|public\w*|open|unrestricted|full(_\w+)?|write|read_?write|external|\*)$/i;

/** Lists of those who may do something, and of what they may. */
const LISTS =
  /(Permission|Privilege|Principal|Grant(ee)?|Origin|Account|Cidr\w*|CIDR\w*|IpRange|Role|User|Owner|Admin\w*|Scope|Trusted\w*|Organi[sz]ation\w*|Reader|Writer|Editor|Viewer|Member|Consumer|Identity|Identities|Orgs?|(^|\.)Allow(?!edMethods|edHeaders)\w*)(Ids?|Arns?|ARNs|Lists?|Names?)?s?$/;
const PERMISSION = /^[a-z][a-z0-9-]*:([A-Z*][A-Za-z]*\*?)$/;
const PRINCIPAL = /^(\*|\d{12}|arn:aws[\w-]*:iam::.*|o-[a-z0-9]{10,})$/;

/** Shares of requests or users. */
const SHARES = /weight|traffic|split|canary|rollout|dial/i;

/**
 * Says how a value lets more in, by its shape: a word that opens, a further item in a list of those who may, a share
 * that moves. Returns undefined when it does not, or when the property holds something back.
 */
export function opening(path: string, after: unknown, before: unknown): string | undefined {
  const at = schemaPath(path);
  if (SHARES.test(at) && moves(after, before)) return 'Other shares of requests or users go each way.';
  if (GUARDS.test(at)) return undefined;
  const [was, is] = [before, after].map((one) => (typeof one === 'object' ? '' : String(one)));
  const wasClosed = before === undefined || CLOSED.test(was!);
  if (before !== undefined && wasClosed && OPEN.test(is!))
    return 'It was closed and is open, by the words for it.';
  if (wasClosed && WHO.test(at) && (ON.test(is!) || OPEN.test(is!)))
    return 'Somebody may do what nobody could, by the name of the property.';
  if (before === undefined && after !== undefined && joinsList(path, is!))
    return 'The list takes in one more.';
  return undefined;
}

/** Returns true if a value that came is an item of a list of those who may do something. */
function joinsList(path: string, text: string): boolean {
  if (!/\[[^\]]*\]/.test(path)) return false;
  if (PERMISSION.test(text) || PRINCIPAL.test(text)) return true;
  return (path.match(/[^.[\]]+(?=\[)/g) ?? []).some((name) => LISTS.test(name));
}

/** Returns true if a number moves by more than a tenth of the whole: of 1, 10, 100 and so on, whatever fits it. */
function moves(after: unknown, before: unknown): boolean {
  const [now, old] = [number(after), number(before)];
  if (now === undefined || old === undefined) return false;
  const whole = 10 ** Math.ceil(Math.log10(Math.max(now, old, 1)));
  return Math.abs(now - old) > whole / 10;
}
