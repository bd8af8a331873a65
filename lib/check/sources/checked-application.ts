import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Program } from '@babel/types';
import type { ApplicationProblem } from '../../application/application-error';
import { type Client, detectClient } from '../../application/detect-client';
import { manifestProblems, type PackageManifest } from '../../application/package-manifest';
import { serverBuildOptions } from '../../application/server-build-options';
import { parseLinked } from '../../application/source/scope';
import { entryOfServer, type Packages } from '../../application/workspace';
import type { CheckSettings } from '../check-settings';
import { type CheckedServer, readCheckedServer, workEarly } from './checked-server';
import { configModules } from './config-modules';
import { type GitFiles, readGitFiles } from './git-files';
import { type ImportEdge, type ImportGraph, readImportGraph } from './import-graph';
import { type ListedFile, listFiles } from './list-files';
import { importSign, lineOfStatement, type RunTimeImports, runTimeImports } from './run-time-imports';
import { clientFolder, type Folders, type Side, serverFolder, sideOf } from './sides';
import { importsOfPage, unfollowedImports } from './unfollowed-imports';
import { viteAliases } from './vite-aliases';
import { packageAliases, readWorkspace } from './workspace';
import { type WrittenImports, writtenImports } from './written-imports';

/** Size in bytes above which a module counts as generated and is not parsed. */
const largeModule = 1_000_000;

/** An application's folder for the rules. Each part is read once, when a rule needs it. */
export class CheckedApplication {
  readonly directory: string;
  readonly files: readonly ListedFile[];
  /** The parsed package.json; undefined if the file is missing or invalid. */
  readonly manifest: PackageManifest | undefined;
  /** A clause that explains why there is no manifest. */
  readonly manifestProblem: string | undefined;
  /** The packages of the application: one, or those of a workspace. */
  readonly workspace: Packages;
  readonly client: Client;
  readonly folders: Folders;
  private graph: Promise<ImportGraph> | undefined;
  private compiled: RunTimeImports = new Map();
  private gitFiles: GitFiles | undefined | null = null;
  private readOfServer: CheckedServer | undefined | null = null;
  private readonly texts = new Map<string, string | undefined>();
  private readonly programs = new Map<string, Program | undefined>();
  private readonly written = new Map<string, WrittenImports>();
  private readonly names: ReadonlySet<string>;
  private ofTools: ReadonlySet<string> | undefined;

  constructor(
    directory: string,
    readonly settings: CheckSettings = {},
  ) {
    const { application: config = {} } = settings;
    this.directory = realpathSync(resolve(directory));
    this.files = listFiles(this.directory);
    this.names = new Set(this.files.map(({ file }) => file));
    const { manifest, problem } = readManifest(this.directory);
    this.manifest = manifest;
    this.manifestProblem = problem;
    const problems: ApplicationProblem[] = [];
    this.workspace = readWorkspace(this.directory, manifest ?? {}, config);
    const { server, client } = this.workspace;
    this.client = detectClient(this.directory, config.client ?? {}, problems, client);
    const entry = entryOfServer(this.directory, this.workspace, config.server?.entry, problems);
    const names = this.files.map(({ file }) => file);
    this.folders = {
      client: clientFolder(this.client.root, names),
      server: server === '.' ? serverFolder(entry, names) : server,
      entry,
    };
  }

  has(file: string): boolean {
    return this.names.has(file) || existsSync(join(this.directory, file));
  }

  sideOf(file: string): Side {
    this.ofTools ??= configModules(
      this.names,
      () => [...this.names].filter((each) => /\.[cm]?[jt]sx?$/.test(each) && this.isOfRelease(each)),
      (each) => this.text(each),
    );
    return this.ofTools.has(file) ? 'tools' : sideOf(this.folders, file);
  }

  private isOfRelease(file: string): boolean {
    return sideOf(this.folders, file) !== 'tools';
  }

  /** Returns the hand-written JavaScript and TypeScript modules of some sides. */
  modules(...sides: readonly Side[]): string[] {
    return this.files
      .filter(({ file, size }) => size <= largeModule && /\.[cm]?[jt]sx?$/.test(file))
      .map(({ file }) => file)
      .filter((file) => sides.includes(this.sideOf(file)));
  }

  /** Returns the text of a file, or undefined if it cannot be read. */
  text(file: string): string | undefined {
    if (!this.texts.has(file)) this.texts.set(file, readText(join(this.directory, file)));
    return this.texts.get(file);
  }

  /** Returns a module's syntax tree, or undefined if it cannot be parsed. */
  program(file: string): Program | undefined {
    // The server's modules are parsed already.
    const known = this.server()?.modules.get(file)?.program;
    if (known) return known;
    if (!this.programs.has(file)) this.programs.set(file, this.parsed(file));
    return this.programs.get(file);
  }

  private parsed(file: string): Program | undefined {
    const text = this.text(file);
    if (text === undefined || text.length > largeModule) return undefined;
    try {
      return parseLinked(file, text);
    } catch (error) {
      // The module is nested deeper than the stack allows, or uses syntax newer than the parser.
      if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Returns false for a type-only import, which does not exist at run time. Needs `imports()` first. */
  runs(file: string, { written, dynamic, line }: ImportEdge): boolean {
    if (dynamic || line !== undefined) return true;
    const compiled = this.compiled.get(file);
    return compiled ? compiled.has(written) : this.writtenImports(file).has(written) || !this.program(file);
  }

  /** Returns the line of an import, or undefined for a type-only import. Needs `imports()` first. */
  lineOf(file: string, edge: ImportEdge): number | undefined {
    if (edge.line !== undefined) return edge.line;
    if (!this.runs(file, edge)) return undefined;
    const ofStatement = edge.dynamic ? undefined : lineOfStatement(this.text(file) ?? '', edge.written);
    // Modules that only esbuild can parse, and dynamic imports with a computed path, have no known line.
    return ofStatement ?? this.writtenImports(file).get(edge.written) ?? 1;
  }

  /** Returns the imports that a module has at run time, with their lines. Empty for a module that cannot be parsed. */
  writtenImports(file: string): WrittenImports {
    let known = this.written.get(file);
    if (!known) {
      const program = this.program(file);
      known = program ? writtenImports(program, file) : new Map();
      this.written.set(file, known);
    }
    return known;
  }

  /** Returns the imports of all modules and pages, including those that esbuild does not follow. */
  imports(): Promise<ImportGraph> {
    this.graph ??= this.readImports();
    return this.graph;
  }

  private async readImports(): Promise<ImportGraph> {
    const files = this.modules('client', 'server', 'shared').filter(
      // Modules in other folders count if one of these imports them.
      (file) => this.sideOf(file) !== 'shared' || /^(shared|config|common|lib)\//.test(file),
    );
    const reading = readImportGraph({
      directory: this.directory,
      files,
      aliases: { ...packageAliases(this.workspace), ...viteAliases(this) },
      modules: this.workspace.modules,
      extensions: Object.entries(serverBuildOptions(this.directory, this.manifest ?? {}, '.').loader).flatMap(
        ([extension, loader]) => (/^(jsx?|tsx?)$/.test(loader) ? [] : extension),
      ),
      root: this.client.root,
    });
    // The server's modules are parsed anyway.
    const importing = files.filter(
      (file) => this.sideOf(file) !== 'server' && importSign.test(this.text(file) ?? ''),
    );
    const [graph, compiled] = await Promise.all([reading, runTimeImports(this.directory, importing)]);
    this.compiled = compiled;
    const imports = new Map(graph.imports);
    const known = { files: this.names, root: this.client.root === '.' ? '' : this.client.root };
    for (const [file, edges] of graph.imports) {
      const text = this.text(file) ?? '';
      const more = unfollowedImports({ ...known, file, text, program: () => this.program(file) });
      if (more.length > 0) imports.set(file, [...edges, ...more]);
    }
    const { client } = this.folders;
    for (const { file } of this.files)
      if (client && file.startsWith(`${client}/`) && file.endsWith('.html'))
        imports.set(file, importsOfPage(file, this.text(file) ?? '', known));
    return { ...graph, imports };
  }

  /** Reads the imports and the server side by side, so that the rules do not wait for one after the other. */
  async read(): Promise<void> {
    // The rules report the errors.
    this.imports().catch(() => undefined);
    const early = await workEarly(this, () => {
      for (const file of this.modules('server')) this.programs.set(file, this.parsed(file));
      return this.programs;
    });
    try {
      if (this.readOfServer === null) this.readOfServer = readCheckedServer(this, early);
    } catch {
      // Each rule that needs the server reads it again, and says what is wrong.
    }
  }

  /** Returns the code of the server, or undefined if there is no server or esbuild cannot bundle it. */
  server(): CheckedServer | undefined {
    if (this.readOfServer === null) this.readOfServer = readCheckedServer(this);
    return this.readOfServer;
  }

  /** Returns the files that git tracks and ignores, or undefined outside a repository. */
  git(): GitFiles | undefined {
    if (this.gitFiles === null) this.gitFiles = readGitFiles(this.directory);
    return this.gitFiles;
  }
}

function readManifest(directory: string): { manifest?: PackageManifest; problem?: string } {
  const text = readText(join(directory, 'package.json'));
  if (text === undefined) return { problem: 'there is no package.json' };
  try {
    const manifest = JSON.parse(text.replace(/^\uFEFF/, '')) as PackageManifest;
    const [first] = manifestProblems(manifest);
    return first ? { problem: `${first.file} ${first.problem}` } : { manifest };
  } catch (error) {
    return { problem: `package.json is not valid JSON: ${(error as Error).message}` };
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
