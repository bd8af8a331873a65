import { balanced } from './mask-comments';
import { place, type ServerSources } from './server-sources';

/** The port the server listens on and how that is known. */
export interface Port {
  readonly port: number;
  readonly from: 'config' | 'PORT' | 'code';
  readonly place?: string;
}

const readsPort =
  /\b(?:process\.env|env)\s*(?:\.\s*PORT\b|\[\s*['"`]PORT['"`]\s*\])|\{[^{}]*\bPORT\b[^{}]*\}\s*=\s*process\.env\b/g;

/** A port of its own is used where PORT decides and the code names no default. */
const freePort = 8080;

/** `PORT` when the server reads it, else the number it listens on; undefined when neither is found. */
export function detectPort({ files }: ServerSources, configured?: number): Port | undefined {
  if (configured) return { port: configured, from: 'config' };
  for (const source of files)
    for (const match of source.code.matchAll(readsPort)) {
      const rest = source.code.slice(match.index + match[0].length, match.index + match[0].length + 60);
      const fallback = /^\s*(?:\|\||\?\?)\s*['"`]?(\d{2,5})\b/.exec(rest)?.[1];
      return {
        port: fallback ? Number(fallback) : freePort,
        from: 'PORT',
        place: place(source, match.index),
      };
    }
  // A schema of variables (`PORT: z.coerce.number()`) reads PORT without naming process.env beside it.
  const schema = files.find(
    ({ code }) => /\bPORT\s*:\s*(z|num|port|str|Joi)\b/.test(code) && /process\.env\b/.test(code),
  );
  if (schema) return { port: freePort, from: 'PORT', place: schema.file };
  for (const source of files)
    for (const match of source.code.matchAll(/\.\s*listen\s*\(/g)) {
      const args = balanced(source.code, match.index + match[0].length - 1);
      const number = literalPort(args, source.code) ?? importedPort(args, files);
      if (number) return { port: number, from: 'code', place: place(source, match.index) };
    }
  return undefined;
}

function literalPort(args: string, code: string): number | undefined {
  const inline = /^\s*(\d{2,5})\b/.exec(args) ?? /\bport\s*:\s*(\d{2,5})\b/.exec(args);
  if (inline) return Number(inline[1]);
  const name = /\bport\s*:\s*([A-Za-z_$][\w$]*)/.exec(args)?.[1] ?? argumentName(args);
  const value = name && new RegExp(`\\b${name}\\s*(?::\\s*\\w+\\s*)?=\\s*['"]?(\\d{2,5})\\b`).exec(code)?.[1];
  return value ? Number(value) : undefined;
}

/** `{ port }` shorthand, or a plain identifier. */
function argumentName(args: string): string | undefined {
  if (/^\s*\{[^}]*\bport\b\s*[,}]/.test(args)) return 'port';
  return /^\s*([A-Za-z_$][\w$]*)\s*(,|$)/.exec(args)?.[1];
}

function importedPort(args: string, files: ServerSources['files']): number | undefined {
  const name = /([A-Za-z_$]*port)\b/i.exec(args)?.[1];
  if (!name) return undefined;
  for (const { code } of files) {
    const value = new RegExp(`\\b${name}\\s*[:=]\\s*['"]?(\\d{2,5})\\b`).exec(code)?.[1];
    if (value) return Number(value);
  }
  return undefined;
}
