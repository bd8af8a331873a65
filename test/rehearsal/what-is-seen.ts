import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WORKSPACE = /framework53-rehearsal-[^/]+\/tmp$/;

/** A process that this one has started. */
interface Child {
  readonly environment: Readonly<Record<string, string>>;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process has ended, or the file is gone.
    return '';
  }
}

const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** The command lines of all processes, which every user of the machine can read. */
export function commandLines(): string[] {
  return pids().map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
}

/** The tasks and functions that a rehearsal in this process runs. */
export function rehearsed(): Child[] {
  return pids()
    .filter((pid) => new RegExp(`\\) \\S ${process.pid} `).test(read(`/proc/${pid}/stat`)))
    .map((pid) => {
      const lines = read(`/proc/${pid}/environ`).split('\0').filter(Boolean);
      return { environment: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s))) };
    })
    .filter(({ environment }) => WORKSPACE.test(environment['TMPDIR'] ?? ''));
}

/** The values of secrets that processes have in their environment. */
export function secretsOf(processes: readonly Child[]): string[] {
  const named = processes.flatMap(({ environment }) =>
    Object.entries(environment).filter(([name]) => /^(?!AWS_).*(SECRET|PASSWORD|_KEY$)/.test(name)),
  );
  return [...new Set(named.map(([, value]) => value))].filter((value) => value.length >= 8);
}

/** The folders of the rehearsals that processes belong to. */
export function foldersOf(processes: readonly Child[]): string[] {
  return [...new Set(processes.map(({ environment }) => dirname(environment['TMPDIR']!)))];
}

/** The files of a folder that hold one of the texts. Files and folders may go at any time. */
export function filesWith(folder: string, texts: readonly string[]): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesWith(path, texts);
    if (!entry.isFile()) return [];
    const content = read(path);
    return texts.filter((text) => content.includes(text)).map((text) => `${path}: ${text.slice(0, 4)}…`);
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
