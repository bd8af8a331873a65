import type { ResourceChange } from '../change';
import { list, plain, show } from '../show';
import { type GeneralSetting, type Observation, observe, type Rule, type Setting } from './rule';
import { isOn, items, turnedOff, turnedOn, value } from './setting';

const TASK = ['AWS::ECS::TaskDefinition'];
const HOLE = 'An attacker who takes over the program can reach more of the host.';
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
    why: `The container has all permissions of its host. ${HOLE}`,
    fix: 'Keep the container unprivileged, and add only the one capability that it needs.',
  },
  {
    types: TASK,
    property: 'ContainerDefinitions[].ReadonlyRootFilesystem',
    worse: turnedOff,
    severity: 'caution',
    what: 'Read-only root file system',
    why: 'An attacker who takes over the program can modify it and install tools.',
    fix: 'Keep the root file system read-only, and mount a volume for the paths that the program writes.',
  },
  {
    types: TASK,
    property: 'ContainerDefinitions[].User',
    worse: (now, before) => (isRoot(now) || now === undefined) && !isRoot(before) && before !== undefined,
    bad: isRoot,
    severity: 'caution',
    what: 'User of the container',
    why: `The program may run as root. ${HOLE}`,
    fix: 'Keep an unprivileged user, such as `node`.',
  },
  ...['PidMode', 'IpcMode', 'NetworkMode'].map(
    (property): Setting => ({
      types: TASK,
      property,
      worse: isHost,
      bad: isHost,
      severity: 'danger',
      what: property,
      why: `The task shares a namespace of its host. ${HOLE}`,
      fix: 'Use the task’s own namespace (`task`, or `awsvpc` for the network).',
    }),
  ),
  {
    types: ['AWS::ECS::Service'],
    property: 'EnableExecuteCommand',
    worse: turnedOn,
    bad: isOn,
    severity: 'caution',
    what: 'Commands in running tasks (ECS Exec)',
    why: 'A principal with `ecs:ExecuteCommand` gets a shell in production, with the secrets of the tasks.',
    fix: 'Keep ECS Exec off in production; use the database tool and the logs.',
  },
];

const GENERAL: readonly GeneralSetting[] = [
  {
    property: /(^|\.)(Image|ImageIdentifier)$/,
    types: /^AWS::(CodeBuild|Batch|AppRunner|SageMaker)::/,
    worse: (now, before) => isForeign(now, before),
    severity: 'caution',
    why: 'The image comes from another repository, or from a tag that others can move.',
    fix: 'Copy the image to your own repository, and reference it by its digest.',
  },
  {
    property:
      /(^|\.)(Privileged(Mode)?|AllowPrivilegeEscalation|HostNetwork|ShareProcessNamespace|RootAccess)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'danger',
    why: HOLE,
    fix: 'Leave this setting off.',
  },
  {
    property:
      /(^|\.)(ReadonlyRootFilesystem|ReadOnlyRootFilesystem|RunAsNonRoot|EnableNetworkIsolation|EnforceWorkGroupConfiguration)$/,
    worse: turnedOff,
    severity: 'caution',
    why: HOLE,
    fix: 'Keep this setting on.',
  },
  {
    property: /(^|\.)(EnableExecuteCommand|\w*ElevatedActions\w*)$/,
    worse: turnedOn,
    bad: isOn,
    severity: 'caution',
    why: 'Principals with this permission get a shell in production, with the secrets of the program.',
    fix: 'Keep this setting off in production.',
  },
];

/** Finds containers with more permissions, foreign images or secrets in plain text. */
export const container: Rule = {
  name: 'container',
  severities: ['danger', 'caution'],
  summary:
    'A container gets more permissions (privileged, root, capabilities, a writable root file system, host namespaces, ECS Exec), a foreign image, or a secret in plain text.',
  link: ECS,
  settings: SETTINGS,
  general: GENERAL,
  judges: ({ resourceType, after }, { path }) =>
    resourceType === 'AWS::ECS::TaskDefinition' &&
    (/\.(Capabilities|Image)\b/.test(path) || isSecretNow(after, path)),
  judge: ({ resources }) => resources.flatMap(containers),
};

/** Returns true if a former plain-text variable now comes from a secret. */
function isSecretNow(after: ResourceChange['after'], path: string): boolean {
  const [, container, name] = /^Properties\.(.*)\.Environment\[([^\]]*)\]/.exec(path) ?? [];
  return name !== undefined && value(after?.Properties, `${container}.Secrets[${name}]`) !== undefined;
}

/** Paths of the environment variables of programs outside ECS, by resource type. */
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
  const what = [...added.map((one) => `gets ${one}`), ...kept.map((one) => `no longer drops ${one}`)];
  return [
    observe(change, {
      severity: added.some((one) => POWERFUL.test(one)) ? 'danger' : 'caution',
      property: `Properties.${property}`,
      what: `Capabilities: the container ${list(what)}.`,
      why: HOLE,
      fix: 'Drop ALL, and add only the capabilities that the program needs.',
    }),
  ];
}

const registryOf = (image: string): string => image.replace(/[:@][^/]*$/, '');

function isForeign(now: unknown, before: unknown): boolean {
  if (before === undefined || now === undefined) return false;
  const [was, is] = [plain(before), plain(now)];
  return registryOf(was) !== registryOf(is) || (was !== is && is.endsWith(':latest'));
}

/**
 * Finds images from another repository or with a tag that can move. Images that the CDK builds have a content hash as
 * their tag.
 */
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
        : 'Every principal that may push this tag can change the program without a deployment.',
      fix: 'Build the image as an asset, or copy it to your own repository and reference its digest.',
    }),
  ];
}

const SECRET = /(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_?KEY|CREDENTIALS?)$/i;

/** Finds new environment variables that contain a secret in plain text. */
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
      what: `${name} is in plain text${were.has(name) ? '; before, it came from a secret' : ''}.`,
      why: 'Everybody with access to the template, the console or the repository can read the value, and rotation cannot change it.',
      fix: [
        'Keep the value in a secret (`framework53 secrets set`).',
        'Rotate the value that was in the template.',
      ],
      link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
    });
  });
}
