import { placeOf } from '../../application/source/module';
import type { CallNode } from '../../application/source/syntax';
import type { Found, Rule } from '../rule';
import { looksAtUser } from './authorization';
import { splitPlace } from './place';

const publicRoute =
  /log-?in|log-?out|sign-?(in|up|out)|register|session|auth|oauth|password|reset|verify|webhook|callback|contact|subscribe|newsletter|csp|report|track|health|users?$/i;
/** Matches a check that applies to all routes of a module. */
const checksAll = /\.use\([^)]*(auth|login|require|protect|guard)/i;

const routeWithoutAuthorization: Rule = {
  rule: 'route-without-authorization',
  asks: 'Routes that write check the user.',
  section: '11.1',
  severity: 'note',
  why: 'anybody on the internet can call the route',
  fix: ['check the user in the route or in middleware before it; leave a public route unchanged'],
  example: "app.post('/api/entries', requireUser, createEntry);",
  find(application) {
    const server = application.server();
    if (!server) return [];
    // The call of a route contains all other calls that begin on its line.
    const lengthOf = (call: CallNode | undefined) => (call?.end ?? 0) - (call?.start ?? 0);
    const calls = new Map<string, CallNode>();
    for (const call of server.code.calls) {
      const place = placeOf(call);
      if (lengthOf(call) > lengthOf(calls.get(place))) calls.set(place, call);
    }
    const known = new Map<string, boolean>();
    const isChecked = (file: string) => {
      const checked = known.get(file) ?? checksAll.test(application.text(file) ?? '');
      known.set(file, checked);
      return checked;
    };
    return server.reading.routes.flatMap(({ method, path, place, needsLogin }): Found[] => {
      if (!/^(post|put|patch|delete|del)$/.test(method) || needsLogin || publicRoute.test(path)) return [];
      const { file, line } = splitPlace(place);
      const call = calls.get(place);
      if (!call || isChecked(file) || looksAtUser(server.code, call)) return [];
      return [{ file, line, what: `${method.toUpperCase()} ${path} does not check the user` }];
    });
  },
};

const annotationOutdated: Rule = {
  rule: 'annotation-outdated',
  asks: '`@framework` annotations name Framework 5.3.',
  section: '12.2',
  severity: 'warning',
  why: 'readers follow the rules of a former version',
  fix: ['write Framework 5.3 after the file follows it'],
  example: '// @framework Framework 5.3',
  find(application) {
    return application.files.flatMap(({ file, size }): Found[] => {
      if (size > 1_000_000 || !annotated.test(file)) return [];
      const lines = (application.text(file) ?? '').split('\n');
      const line = lines.findIndex((text) => outdatedAnnotation.test(text));
      return line === -1
        ? []
        : [
            {
              file,
              line: line + 1,
              what: `the annotation names a former version: ${lines[line]!.trim().slice(0, 80)}`,
            },
          ];
    });
  },
};

/** Matches files with annotations. */
export const annotated = /\.([cm]?[jt]sx?|css|scss|html|sql|md|sh|ya?ml|vue|svelte)$/;
/** Matches `@framework Framework 5.2`, with the version as a group. */
export const outdatedAnnotation =
  /(@framework\b[:\s]*(?:Framework[\s-]*)?v?)(5\.[0-2](?:\.\d+)*)(?![\d.]*\d)/i;

export const securityRules: readonly Rule[] = [routeWithoutAuthorization, annotationOutdated];
