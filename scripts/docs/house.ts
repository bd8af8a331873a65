import { reach } from './circles';
import { type ImportGraph, readImports, roomImports } from './import-graph';
import { withSection } from './marked-section';

/** Purpose of each folder, in reading order. */
const ROOMS: Readonly<Record<string, string>> = {
  bin: 'entry points of the commands `framework53` and `framework53-app`',
  cli: 'a file per command: options, output, exit code',
  config: "settings: schema, defaults of each environment, reader of the application's configuration",
  'lib/app.ts': 'the entry `framework53-cdk/app`',
  'lib/application': "reads an application's folder, and builds its image context and client files",
  'lib/check': "compares an application's sources with Framework 5.3: an object per rule",
  'lib/migration-lint': "checks migrations with PostgreSQL's grammar",
  'lib/prepare': 'selects, resolves and prepares an environment: its settings and its release',
  'lib/stacks': 'the stacks of an environment, and the references between them',
  'lib/synthesis': 'synthesises an environment, and counts the resources in the plan',
  'lib/rehearsal':
    'deploys a plan to emulated AWS services on one machine: a folder per service around a small core',
  'lib/review': 'compares two plans, and reports risks of the difference: a file per rule',
  'lib/releases': 'reads the deployed release, verifies it, rolls back',
  'lib/approval': 'registers plans, counts approvals, deploys approved plans',
  'lib/init': 'runs an application to examine it, and writes its configuration',
  'lib/pipeline': 'writes the workflows that call the commands',
  'lib/secrets': 'sets and lists the secrets of an environment',
  'lib/aws': 'refuses answers that do not come from AWS',
  'lib/findings': 'types of findings and warnings, and their output on a terminal',
  'lib/files': 'the cache, temporary folders and bundles',
  'constructs/network': 'the VPC',
  'constructs/database': 'the cluster, its proxy, its roles and their rotation',
  'constructs/secrets': 'the secrets of an application',
  'constructs/migrations': 'migrations that end before the server starts',
  'constructs/server': 'the service, its load balancer, its deployments',
  'constructs/client': 'the client files, the distribution, the firewall',
  'constructs/verification': 'checks of a release',
  'constructs/release': 'the order of a release and of its rollback',
  'constructs/release-record': 'the history of releases',
  'constructs/monitoring': 'metrics, alarms, the canary, the dashboard',
  'constructs/escalation': 'incidents, and the people that they notify',
  'constructs/delivery-roles': 'roles of people and pipelines that deploy',
  'constructs/handler': 'Lambda functions and custom resources',
  'constructs/logs': 'log groups that mask data and expire',
};

/** Returns `docs/design.md` with the diagram and the list of folders, generated from the imports of the sources. */
export function designDocument(document: string, root: string): string {
  const rooms = roomImports(readImports(root));
  const withParts = withSection(document, 'rooms', `${wholeHouse(rooms)}\n\n${listOf(rooms)}`);
  return withSection(withParts, 'constructs', constructsHouse(rooms));
}

/** Returns the folders without a purpose. */
export function unknownRooms(root: string): string[] {
  return [...roomImports(readImports(root)).keys()].filter((room) => !(room in ROOMS) && !isShared(room));
}

/** Returns true for files that all constructs share, their index, and the document generators. */
function isShared(room: string): boolean {
  return room.startsWith('scripts') || /^constructs\/.*\.ts$/.test(room);
}

/** Returns the diagram of the command, the settings, `lib`, and the constructs as one node. */
function wholeHouse(rooms: ImportGraph): string {
  const name = (room: string) => (room.startsWith('constructs/') ? 'constructs' : room);
  const graph = new Map<string, string[]>();
  for (const [room, targets] of rooms) {
    if (room.startsWith('scripts')) continue;
    const known = graph.get(name(room)) ?? [];
    const others = targets.map(name).filter((target) => target !== name(room));
    graph.set(name(room), [...new Set([...known, ...others])]);
  }
  return drawn(graph, [['lib', [...graph.keys()].filter((room) => room.startsWith('lib/'))]]);
}

/** Returns the diagram of the construct folders, without the folders that all of them use. */
function constructsHouse(rooms: ImportGraph): string {
  const used = ['constructs/handler', 'constructs/logs'];
  const inside = (room: string) => room.startsWith('constructs/') && !isShared(room) && !used.includes(room);
  return drawn(
    new Map(
      [...rooms].filter(([room]) => inside(room)).map(([room, targets]) => [room, targets.filter(inside)]),
    ),
    [],
  );
}

/** Returns a Mermaid flowchart, without arrows that follow from others. */
function drawn(
  graph: ImportGraph,
  groups: readonly (readonly [title: string, members: readonly string[]])[],
): string {
  const id = (room: string) => room.replaceAll(/\W/g, '_');
  const node = (room: string) => `${id(room)}["${room.replace(/^(lib|constructs)\/|\.ts$/g, '')}"]`;
  const grouped = groups.flatMap(([, members]) => members);
  return [
    '```mermaid',
    'flowchart TB',
    ...groups.flatMap(([title, members]) => [
      `    subgraph ${title}`,
      ...members.map((room) => `        ${node(room)}`),
      '    end',
    ]),
    ...[...graph.keys()].filter((room) => !grouped.includes(room)).map((room) => `    ${node(room)}`),
    ...[...graph].flatMap(([room, targets]) =>
      direct(graph, targets).map((target) => `    ${id(room)} --> ${id(target)}`),
    ),
    '```',
  ].join('\n');
}

/** Returns the targets that no other target leads to. */
function direct(graph: ImportGraph, targets: readonly string[]): string[] {
  return targets.filter(
    (target) => !targets.some((other) => other !== target && reach(graph, other).has(target)),
  );
}

function listOf(rooms: ImportGraph): string {
  const rows = Object.entries(ROOMS)
    .filter(([room]) => rooms.has(room))
    .map(([room, purpose]) => `| \`${room}\` | ${purpose} |`);
  return `| room | purpose |\n|---|---|\n${rows.join('\n')}`;
}
