import { same } from '../canonical';
import type { LeafChange, ResourceChange } from '../change';
import { matches } from '../iam/conditions';
import { schemaOf, schemaPath } from '../resource-schemas';
import type { GeneralSetting, Rule } from './rule';
import { changed, isAsOften, isOn, less, more, number, turnedOn } from './setting';

/** Switches that are safer off, by their names. */
const SAFER_OFF =
  /(^|\.)(Allow\w*|\w*PullRequestPreview|Disable(?!Api(Termination|Stop)|ExecuteApi|PasswordAuth)\w*|\w*Disabled|Bypass\w*|Skip\w*|Ignore\w*|Force\w*|Exclude\w*|\w*Public\w*|Insecure\w*|Suppress\w*|Overwrite\w*|Delete(On|With|Associated|All|Reports|Source)\w*|EmptyOnDelete|AutoMinorVersionUpgrade|TerminateInstance\w*|No[A-Z]\w*|Inverted?|Negated?|DryRun|Debug\w*|ReplaceComputeEnvironment|UsePrevious\w*|\w*Suspended|IsPaused|Blackhole|ExpiredObjectDeleteMarker)$/;

/** Numbers of which less is no loss, by their names. */
const LESS_IS_FINE =
  /(^|\.)(\w*(Threshold|Cutoff\w*|Ttl|TTL|Priority|Weight|Interval|Delay|Age|Latency|Order|Port|Jitter|Offset|Timeout\w*|Period|Cooldown|Window\w*|Duration\w*|Expiration|BatchSize|Price|Amount|Cost\w*|Percent(age)?|Version|Level|Rate|Row|Column|Width|Height|Degree|Id|Index|Percentile))$/;

/** From off to fully on, whatever a service calls it. */
const OFF =
  /^(off|none|disabled?|suppress(ed)?|archive|inactive|suspended|stopped|paused|ignore|no|never|allow|allow_?all|allow_list_all|permissive|unrestricted|open|no_protection|no-?op|fail_open|not_required|skip|unlimited|best_effort|unblocked|pass|mutable|bypass|plaintext|clear_?text|public|anonymous|unauthenticated)$/i;
const PARTLY =
  /^(optional|count|log_?only|log|warn|warning|alert|audit|detect(ion)?|monitor|learn(ing)?|simulat\w*|pass_?through|basic|standard|partial|report_?only|governance|eventual|at_least_once)$/i;

const GENERAL: readonly GeneralSetting[] = [
  {
    property: SAFER_OFF,
    worse: turnedOn,
    severity: 'caution',
    why: 'A check or a safeguard no longer holds, by the name of the property.',
    fix: 'Leave it off, or say in the change what protects instead.',
  },
  {
    property: /^(Definition|Content|SchemaDefinition|Body)$/,
    types: /^AWS::(AppSync::GraphQLSchema|EventSchemas::Schema|Glue::Schema(Version)?|ApiGateway(V2)?::\w+)$/,
    worse: losesWords,
    severity: 'caution',
    why: 'Programs that ask for a type, a field or a path that is gone get an error.',
    fix: 'Keep what is gone until no client asks for it any more.',
  },
  {
    property: /(^|\.)ServerProperties$/,
    worse: changed,
    severity: 'caution',
    why: 'The brokers obey other properties: how many copies a record has, who may connect, what is kept.',
    fix: 'Compare the properties one by one.',
    link: 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html',
  },
  {
    property: /(^|\.)(Branch|BranchName|SourceVersion)$/,
    worse: changed,
    severity: 'caution',
    why: 'Other sources are built and deployed from then on.',
    fix: 'Check who may push to that branch.',
  },
  {
    property: /(^|\.)IntrospectionConfig$/,
    worse: turnedOn,
    severity: 'caution',
    why: 'Everybody who may send a query can list all types, fields and mutations.',
    fix: 'Keep it DISABLED in production.',
    link: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-best-practices.html',
  },
  {
    property: /^Condition(\.|$)/,
    worse: (now, before) => !same(now, before),
    severity: 'caution',
    why: 'If the condition is false in this environment, CloudFormation deletes the resource.',
    fix: 'Check the value of the condition in each environment.',
    link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html',
  },
];

/** A text without some of the words it had: a definition of an interface that lost a type or a field. */
function losesWords(after: unknown, before: unknown): boolean {
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  const left = new Set(words(after));
  return words(before).some((word) => !left.has(word));
}

const words = (text: string): string[] =>
  text.replace(/#.*|"""[\s\S]*?"""/g, '').match(/[^\s"'`,;:!?(){}[\]]+/g) ?? [];

/** The net for values: a switch that is off, a weaker word, a smaller number, in any service. */
export const weakened: Rule = {
  name: 'weakened',
  severities: ['caution'],
  summary:
    'In any service, a switch that was on is off, a mode is weaker or another, a number is lower, or another resource is named, and no rule knows the property better.',
  link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html',
  general: GENERAL,
};

/** How a value that no other rule is about got weaker; undefined when it did not, or nobody can tell. */
export function weakness(
  { resourceType }: ResourceChange,
  { path, before, after }: LeafChange,
  isKnown: boolean,
): string | undefined {
  const at = schemaPath(path);
  if (before === undefined || after === undefined) return undefined;
  if (OF_PROGRAMS.test(at) && !OF_GROUPS.test(resourceType)) return undefined;
  if (typeof before === 'string' && typeof after === 'string' && step(after) < step(before))
    return 'It is weaker than before, by the words for it.';
  if (/SecurityGroup(Id)?s$/.test(at)) return 'It names another security group than before.';
  if (isWider(after, before)) return 'It reaches more than before: all below that path, or all that fits.';
  if (isArn(before) && isArn(after)) return 'It names another resource than before.';
  if (isKnown) return undefined;
  if (isSwitch(before) && isSwitch(after))
    return String(before) === 'true' && !SAFER_OFF.test(at) ? 'It was on and is off.' : undefined;
  if (number(after) === 0 && more(before, 0) && !NOTHING_IS_FINE.test(at))
    return 'It is off: there is none of it.';
  // More or less of a parameter is fine-tuning.
  if (OF_GROUPS.test(resourceType))
    return number(after) === undefined ? 'It is another mode than before.' : undefined;
  if (LIMITS_WORK.test(at) && less(after, before) && !more(number(after)! * 4, before))
    return 'It is a quarter of what it was, or less.';
  if (less(after, before)) return LESS_IS_FINE.test(at) ? undefined : 'It is lower than before.';
  if (typeof before === 'object' && typeof after === 'object')
    return namesResource(before) && namesResource(after)
      ? 'It names another resource than before.'
      : undefined;
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  if (NAMES_ANOTHER.test(at)) return 'It names another resource than before.';
  const name = at.slice(at.lastIndexOf('.') + 1);
  const isChoice =
    schemaOf(resourceType)?.choices?.includes(name) === true ||
    (CONSTANT.test(before) && CONSTANT.test(after));
  if (isChoice) return step(after) === step(before) ? 'It is another mode than before.' : undefined;
  return isAnotherText(resourceType, at, after, before);
}

/** How a text got another one that nobody knows; undefined for those that say more, later or to people. */
function isAnotherText(type: string, at: string, after: string, before: string): string | undefined {
  if (type.startsWith('Custom::') || (type === 'AWS::SSM::Parameter' && at === 'Value')) return undefined;
  if (/^\s*[[{]|\n/.test(before))
    return losesWords(after, before) ? 'The text loses something that it said before.' : undefined;
  if (number(before) !== undefined && number(after) !== undefined) return undefined;
  if (/ScheduleExpression$|Schedule$/.test(at) && isAsOften(after, before)) return undefined;
  if (isOn(before) && step(after) === 2) return undefined;
  if (OF_VERSIONS.test(at) && isLater(after, before)) return undefined;
  return 'It is another value than before.';
}

/** Properties that name one of several versions. */
const OF_VERSIONS = /(Version|Runtime|Image|Release|Revision|Label|EndpointConfigName|Tag|Model\w*)$/;

/** `syn-nodejs-puppeteer-10.0` after `syn-nodejs-puppeteer-9.1`: a higher number in the same text. */
function isLater(after: string, before: string): boolean {
  const [now, old] = [after, before].map((text) => text.split(/(\d+)/));
  if (now!.length !== old!.length) return false;
  const at = now!.findIndex((part, index) => part !== old![index]);
  return at % 2 === 1 && Number(now![at]) > Number(old![at]);
}

/** Groups of parameters, each of which a database or cache obeys. */
const OF_GROUPS = /ParameterGroup$/;

/** Properties that name a role, a key, a place or another resource. */
const NAMES_ANOTHER =
  /(^|\.)\w*(Arn|ARN|Arns|ARNs|Roles?|RoleName|InstanceProfile|Bucket|BucketName|TableName|TopicName|StreamName|FunctionName|RepositoryName|KeyId|GroupIds?|SecurityGroups?|Groups|PolicyId|CertificateId|HomeDirectory|InvocationEndpoint)$/;

/** Times after which work is ended, and shares of what is looked at. */
const LIMITS_WORK = /(^|\.)\w*(Rate|Timeout|TimeoutInMinutes|TimeoutSeconds|AttemptDurationSeconds)$/;

/** Numbers that may as well be zero. */
const NOTHING_IS_FINE =
  /(^|\.)\w*(Delay\w*|Cooldown\w*|Offset|Order|Jitter\w*|Priority|Row|Column|Index|\w*Batching\w*|Compression\w*|FromPort|X|Y)$/;

/** Matches the properties that a program receives. Only the program knows their meaning. */
const OF_PROGRAMS =
  /(^|\.)(\w*Environment\w*|\w*Variables|DefaultArguments|Parameters|InputTemplate|Input|Definition\w*|DashboardBody|Payload|Command|EntryPoint|UserData|BuildSpec)(\.|$)/;

/** A word of a few that a service knows. */
const CONSTANT = /^[A-Z][A-Z0-9]+(_[A-Z0-9]+)*$/;

/** `/inbox` after `/inbox/partner`, or `geo:*` after `geo:GetMap*`: the new text takes the former one in. */
function isWider(after: unknown, before: unknown): boolean {
  if (typeof after !== 'string' || typeof before !== 'string') return false;
  if (after.includes('*') && !/^(cron|rate)\(/.test(after)) return matches(after, before);
  if (!/^(s3:\/)?\/[\w${}.*-]/.test(before)) return false;
  return after.length < before.length && before.startsWith(after.endsWith('/') ? after : `${after}/`);
}

const isArn = (value: unknown): boolean => typeof value === 'string' && value.startsWith('arn:');

const isSwitch = (value: unknown): boolean => /^(true|false)$/.test(String(value));

function namesResource(value: object | null): boolean {
  return value !== null && ('Ref' in value || 'Fn::GetAtt' in value || 'Fn::ImportValue' in value);
}

function step(word: string): number {
  const text = word.replace(/^aws:/, '');
  return OFF.test(text) ? 0 : PARTLY.test(text) ? 1 : 2;
}
