import type { ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { isOn, items, turnedOff, turnedOn, value } from './setting';

const TASK = ['AWS::ECS::TaskDefinition'];
const HOLE = 'Whoever takes over the program gets further than the program.';
const ECS = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html';

const isHost = (now: unknown) => now === 'host';
const isRoot = (user: unknown) => /^(root|0)(:|$)/.test(String(user ?? ''));

const SETTINGS: readonly Setting[] = [
  {
    types: TASK,
    property: 'ContainerDefinitions[].Privileged',
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    what: 'Privileged container',
    why: `It has all rights of the machine it runs on. ${HOLE}`,
    fix: 'Keep it unprivileged; add the one capability that is needed.',
  },
  {
    types: TASK,
    property: 'ContainerDefinitions[].ReadonlyRootFilesystem',
    worse: turnedOff,
    severity: 'caution',
    what: 'Read-only root file system',
    why: 'Whoever takes over the program can change it, and put tools beside it.',
    fix: 'Keep it read-only; give the program a volume where it has to write.',
  },
  {
    types: TASK,
    property: 'ContainerDefinitions[].User',
    worse: (now, before) => (isRoot(now) || now === undefined) && !isRoot(before) && before !== undefined,
    bad: isRoot,
    severity: 'caution',
    what: 'The user that the program runs as',
    why: `It may run as root. ${HOLE}`,
    fix: 'Keep a user that owns nothing, such as node.',
  },
  ...['PidMode', 'IpcMode', 'NetworkMode'].map(
    (property): Setting => ({
      types: TASK,
      property,
      worse: isHost,
      bad: isHost,
      severity: 'danger',
      what: property,
      why: `It shares a namespace of the machine. ${HOLE}`,
      fix: 'Leave it to the task alone (awsvpc, task).',
    }),
  ),
  {
    types: ['AWS::ECS::Service'],
    property: 'EnableExecuteCommand',
    worse: turnedOn,
    bad: isOn,
    severity: 'caution',
    what: 'Commands in running tasks (ECS Exec)',
    why: 'A principal that may call ecs:ExecuteCommand has a shell in production, with the secrets of the tasks.',
    fix: 'Keep it off in production; use the database tool and logs.',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(Image|ImageIdentifier)$/,
    types: /^AWS::(CodeBuild|Batch|AppRunner|SageMaker)::/,
    worse: (now, before) => isForeign(now, before),
    severity: 'caution',
    why: 'The program, or the tools that build it, come from another repository, or from a name that others may change.',
    fix: 'Copy the image to a repository of yours, and name it by its digest.',
  },
  {
    property:
      /(^|\.)(Privileged(Mode)?|AllowPrivilegeEscalation|HostNetwork|ShareProcessNamespace|RootAccess)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    why: HOLE,
    fix: 'Leave it off.',
  },
  {
    property:
      /(^|\.)(ReadonlyRootFilesystem|ReadOnlyRootFilesystem|RunAsNonRoot|EnableNetworkIsolation|EnforceWorkGroupConfiguration)$/,
    worse: turnedOff,
    severity: 'caution',
    why: HOLE,
    fix: 'Keep it on.',
  },
  {
    property: /(^|\.)(EnableExecuteCommand|\w*ElevatedActions\w*)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'caution',
    why: 'Principals that may call it have a shell in production, with the secrets of the program.',
    fix: 'Keep it off in production.',
  },
];

/** A program, or whoever takes it over, may do more. */
export const container: Rule = {
  name: 'container',
  severities: ['danger', 'caution'],
  summary:
    'A container gets more rights (privileged, root, capabilities, a writable root, the host’s namespaces, ECS Exec), a foreign image, or a secret in plain text.',
  link: ECS,
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType, after }, { path }) =>
    resourceType === 'AWS::ECS::TaskDefinition' &&
    (/\.(Capabilities|Image)\b/.test(path) || isSecretNow(after, path)),
  judge: ({ resources }) => resources.flatMap(containers),
};

/** A variable that was plain text, and comes from a secret. */
function isSecretNow(after: ResourceChange['after'], path: string): boolean {
  const [, container, name] = /^Properties\.(.*)\.Environment\[([^\]]*)\]/.exec(path) ?? [];
  return name !== undefined && value(after?.Properties, `${container}.Secrets[${name}]`) !== undefined;
}

/** The environment variables of programs that are no containers of ECS. */
const VARIABLES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Environment.Variables',
  'AWS::Serverless::Function': 'Environment.Variables',
  'AWS::CodeBuild::Project': 'Environment.EnvironmentVariables',
  'AWS::AppRunner::Service':
    'SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables',
  'AWS::Amplify::App': 'EnvironmentVariables',
  'AWS::Amplify::Branch': 'EnvironmentVariables',
  'AWS::Batch::JobDefinition': 'ContainerProperties.Environment',
  'AWS::Glue::Job': 'DefaultArguments',
  'AWS::ElasticBeanstalk::Environment': 'OptionSettings',
  'AWS::SageMaker::Model': 'PrimaryContainer.Environment',
  'AWS::BedrockAgentCore::Runtime': 'EnvironmentVariables',
};

function containers(change: ResourceChange): Observation[] {
  const { resourceType, before, after } = change;
  const variables = VARIABLES[resourceType];
  if (variables && after) return plainSecrets(change, variables);
  if (resourceType !== 'AWS::ECS::TaskDefinition' || !after) return [];
  const old = items(value(before?.Properties, 'ContainerDefinitions'));
  return [...items(value(after.Properties, 'ContainerDefinitions'))].flatMap(([name, now]) => {
    const at = `ContainerDefinitions[${name}]`;
    return [
      ...capabilities(change, `${at}.LinuxParameters.Capabilities`),
      ...image(change, at, value(old.get(name), 'Image'), value(now, 'Image')),
      ...plainSecrets(change, `${at}.Environment`),
    ];
  });
}

const POWERFUL = /^(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|NET_ADMIN|DAC_OVERRIDE|DAC_READ_SEARCH)$/;

function capabilities(change: ResourceChange, property: string): Observation[] {
  const of = (resource: ResourceChange['before'], name: string) =>
    ([value(resource?.Properties, `${property}.${name}`) ?? []].flat() as unknown[]).map(String);
  const added = of(change.after, 'Add').filter((one) => !of(change.before, 'Add').includes(one));
  const kept = change.before
    ? of(change.before, 'Drop').filter((one) => !of(change.after, 'Drop').includes(one))
    : [];
  if (added.length === 0 && kept.length === 0) return [];
  const what = [...added.map((one) => `gets ${one}`), ...kept.map((one) => `no longer gives up ${one}`)];
  return [
    observe(change, {
      severity: added.some((one) => POWERFUL.test(one)) ? 'danger' : 'caution',
      property: `Properties.${property}`,
      what: `Capabilities: the container ${list(what)}.`,
      why: HOLE,
      fix: 'Drop ALL, and add only the capabilities that the program cannot do without.',
    }),
  ];
}

const registryOf = (image: string): string => image.replace(/[:@][^/]*$/, '');

function isForeign(now: unknown, before: unknown): boolean {
  if (before === undefined || now === undefined) return false;
  const [was, is] = [plain(before), plain(now)];
  return registryOf(was) !== registryOf(is) || (was !== is && is.endsWith(':latest'));
}

/** Our own images are named by the hash of their content. */
function image(change: ResourceChange, at: string, before: unknown, after: unknown): Observation[] {
  const [was, is] = [before === undefined ? '' : plain(before), plain(after)];
  const isOurs = /\.dkr\.ecr\./.test(is) && /[:@][^/]*[0-9a-f]{16,}/.test(is);
  if (isOurs || was === is || (was !== '' && registryOf(was) === registryOf(is) && !/:latest$/.test(is)))
    return [];
  const isFixed = /@sha256:/.test(is);
  return [
    observe(change, {
      severity: 'caution',
      property: `Properties.${at}.Image`,
      what: `Image: ${was === '' ? '' : `${show(before)} → `}${show(after)}.`,
      why: isFixed
        ? 'The image comes from another repository.'
        : 'Whoever may push to that name changes the program without a deployment.',
      fix: 'Build it as an asset, or copy it to a repository of yours, and name it by its digest.',
    }),
  ];
}

const SECRET = /(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_?KEY|CREDENTIALS?)$/i;

/** A secret in the template is one in every copy of the template. */
function plainSecrets(change: ResourceChange, property: string): Observation[] {
  const of = (resource: ResourceChange['before']) =>
    new Map(
      [...items(value(resource?.Properties, property))].map(([name, entry]) => [
        name,
        typeof entry === 'object' ? value(entry, 'Value') : entry,
      ]),
    );
  const before = of(change.before);
  const secrets = property.replace(/Environment$/, 'Secrets');
  const were = secrets === property ? new Map() : items(value(change.before?.Properties, secrets));
  return [...of(change.after)].flatMap(([name, text]) => {
    if (before.has(name) || typeof text !== 'string' || text === '') return [];
    if (!were.has(name) && !SECRET.test(name)) return [];
    if (/^(arn:|\/|\{\{resolve:)/.test(text)) return [];
    return observe(change, {
      severity: 'danger',
      property: `Properties.${property}[${name}]`,
      what: `${name} is given in plain text${were.has(name) ? '; before, it came from a secret' : ''}.`,
      why: 'Everybody who may read the template, the console or the repository can read it, and no rotation reaches it.',
      fix: ['Keep it a secret (`framework53 secrets set`).', 'Renew the value that was in the template.'],
      link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
    });
  });
}
