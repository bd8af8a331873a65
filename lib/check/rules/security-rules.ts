import { option, packageCalls } from '../../application/reading/package-calls';
import { readConfigFile, setting } from '../../application/source/config-file';
import { entriesOf } from '../../application/source/members';
import { placeOf } from '../../application/source/module';
import { type CallNode, type Node, propertyName } from '../../application/source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import type { CheckedServer } from '../sources/checked-server';
import { configFiles } from './configuration-rules';

const sessionsInMemory: Rule = {
  rule: 'sessions-in-memory',
  asks: 'Sessions are kept outside the server process.',
  section: '11.1',
  severity: 'warning',
  why: 'they are lost with every release and differ between servers, so people are signed out at random',
  fix: ['keep sessions in PostgreSQL with connect-pg-simple'],
  example: 'session({ store: new (connectPgSimple(session))({ pool }), … })',
  find(application) {
    return (application.server()?.reading.sessions ?? [])
      .filter(({ inMemory }) => inMemory)
      .map(({ place }) => ({ ...split(place), what: 'sessions are kept in the memory of the server' }));
  },
};

const sessionCookieInsecure: Rule = {
  rule: 'session-cookie-insecure',
  asks: 'The session cookie is secure and httpOnly in production.',
  section: '11.1',
  severity: 'warning',
  why: 'without secure the cookie travels unencrypted; without httpOnly every script of the page can read it',
  fix: ['set secure: true and httpOnly: true in production'],
  example: "cookie: { secure: true, httpOnly: true, sameSite: 'lax', maxAge: 30 * 60_000 }",
  find(application) {
    const found = sessions(application).flatMap(({ server: { code }, call, options, cookie }): Found[] => {
      const place = split(placeOf(call));
      const secure = option(code, cookie, 'secure');
      const httpOnly = option(code, cookie, 'httpOnly');
      return [
        ...(isWritten(options) && (secure ? truthOf(secure) === false : isWritten(cookie) || !cookie)
          ? [{ ...place, what: 'the session cookie is not secure' }]
          : []),
        ...(httpOnly && truthOf(httpOnly) === false
          ? [{ ...place, what: 'scripts can read the session cookie: httpOnly is false' }]
          : []),
      ];
    });
    return [...found, ...insecureConfiguration(application)];
  },
};

const sessionWithoutTimeout: Rule = {
  rule: 'session-without-timeout',
  asks: 'A session ends after a time.',
  section: '11.1',
  severity: 'warning',
  why: 'a session on a shared computer stays open as long as the browser does',
  fix: ['set maxAge of the cookie'],
  example: 'cookie: { maxAge: 30 * 60_000 }',
  find(application) {
    return sessions(application).flatMap(({ server: { code }, call, options, cookie }): Found[] => {
      if (!isWritten(options) || (cookie && !isWritten(cookie))) return [];
      const limits = ['maxAge', 'expires'].map((name) => option(code, cookie, name));
      const isLimited = limits.some((limit) => limit && !(limit.kind === 'literal' && !limit.value));
      return isLimited ? [] : [{ ...split(placeOf(call)), what: 'the session cookie has no maxAge' }];
    });
  },
};

const corsOpen: Rule = {
  rule: 'cors-open',
  asks: 'CORS is open to known origins alone.',
  section: '11.3',
  severity: 'warning',
  why: 'pages of any other site can read what the server answers',
  fix: [
    'remove CORS where client and server have one origin, as they have behind CloudFront',
    'name the origins otherwise',
  ],
  example: "app.use(cors({ origin: ['https://partner.example'] }));",
  find(application) {
    const server = application.server();
    if (!server) return [];
    const { code } = server;
    const calls = packageCalls(code).flatMap(({ path, call, argument }): Found[] => {
      if (path !== 'cors') return [];
      const options = argument(0);
      const origin = option(code, options, 'origin');
      const reflects = origin?.kind === 'literal' && origin.value === true;
      const isOpen =
        call.arguments.length === 0 || (isWritten(options) && !origin) || reflects || isAny(origin);
      const credentials = option(code, options, 'credentials');
      const withCredentials = credentials !== undefined && truthOf(credentials) === true;
      return isOpen
        ? [
            {
              ...split(placeOf(call)),
              what: `CORS is open to every origin${withCredentials && reflects ? ', with credentials' : ''}`,
            },
          ]
        : [];
    });
    const headers = code.calls.filter((call) => allowsAnyOrigin(server, call));
    return [
      ...calls,
      ...headers.map((call) => ({ ...split(placeOf(call)), what: 'Access-Control-Allow-Origin is *' })),
    ];
  },
};

const authorization =
  /auth|login|logged|signed|session|user(id)?\b|req(uest)?\.user|requireUser|permission|role|admin|token|jwt|passport|protect|guard|owner|api[-_]?key|signature|webhook/i;
const publicRoute =
  /log-?in|log-?out|sign-?(in|up|out)|register|session|auth|oauth|password|reset|verify|webhook|callback|contact|subscribe|newsletter|csp|report|track|health|users?$/i;

const routeWithoutAuthorization: Rule = {
  rule: 'route-without-authorization',
  asks: 'Routes that write ask who is calling.',
  section: '11.1',
  severity: 'note',
  why: 'anybody on the internet can call the route',
  fix: ['check the user in the route or before it; leave a route as it is that everybody may call'],
  example: "app.post('/api/entries', requireUser, createEntry);",
  find(application) {
    const server = application.server();
    if (!server) return [];
    const calls = new Map(server.code.calls.map((call) => [placeOf(call), call]));
    return server.reading.routes.flatMap(({ method, path, place, needsLogin }): Found[] => {
      if (!/^(post|put|patch|delete|del)$/.test(method) || needsLogin || publicRoute.test(path)) return [];
      const { file, line } = split(place);
      const call = calls.get(place);
      const text = call && application.text(file)?.slice(call.start ?? 0, call.end ?? 0);
      if (text === undefined || authorization.test(text.replace(path, ''))) return [];
      // A check that stands before all routes of the module.
      if (/\.use\([^)]*(auth|login|require|protect|guard|session\s*\()/i.test(application.text(file) ?? ''))
        return [];
      return [{ file, line, what: `${method.toUpperCase()} ${path} asks for no user` }];
    });
  },
};

const annotationOutdated: Rule = {
  rule: 'annotation-outdated',
  asks: 'Annotations @framework name Framework 5.3.',
  section: '12.2',
  severity: 'warning',
  why: 'readers follow the rules of a former version',
  fix: ['write Framework 5.3 once the file follows it'],
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

/** Files that have annotations. */
export const annotated = /\.([cm]?[jt]sx?|css|scss|html|sql)$/;
/** `@framework Framework 5.2`, with the version in a group of its own. */
export const outdatedAnnotation = /(@framework\s+(?:Framework\s+)?v?)(5\.[0-2])(?![\d.])/i;

interface SessionCall {
  readonly server: CheckedServer;
  readonly call: CallNode;
  readonly options: Value | undefined;
  readonly cookie: Value | undefined;
}

function sessions(application: CheckedApplication): SessionCall[] {
  const server = application.server();
  if (!server) return [];
  return packageCalls(server.code).flatMap(({ path, call, argument }): SessionCall[] => {
    if (path !== 'express-session' && path !== 'cookie-session') return [];
    const options = argument(0);
    // cookie-session has the cookie's options among its own.
    return [
      {
        server,
        call,
        options,
        cookie: path === 'cookie-session' ? options : option(server.code, options, 'cookie'),
      },
    ];
  });
}

/** `response.set('Access-Control-Allow-Origin', '*')`, or the same in an object. */
function allowsAnyOrigin({ code }: CheckedServer, call: CallNode): boolean {
  const { callee } = call;
  if (callee.type !== 'MemberExpression' || !/^(set|header|setHeader)$/.test(propertyName(callee) ?? ''))
    return false;
  const [name, value] = (call.arguments as readonly Node[]).map((node) => code.evaluator.value(node));
  const isName = (text: string | undefined) => text?.toLowerCase() === 'access-control-allow-origin';
  if (name && isName(textOf(name))) return isAny(value);
  return (
    name?.kind === 'object' &&
    entriesOf(code.evaluator, name).some(
      (entry) => isName(textOf(entry.name)) && isAny(code.evaluator.operand(entry.value)),
    )
  );
}

/** `secureCookie: false` in the configuration of production. */
function insecureConfiguration(application: CheckedApplication): Found[] {
  const file = configFiles(application).get('production');
  if (!file) return [];
  const config = readConfigFile(application.directory, file);
  const sections = valuesOf(config.value).flatMap((value) =>
    value.kind === 'object' ? entriesOf(config.evaluator, value) : [],
  );
  return sections.flatMap(({ name }) => {
    const section = textOf(name) ?? '';
    const wrong = ['secureCookie', 'cookieSecure', 'secure', 'httpOnly'].find((key) => {
      const value = setting(config, section, key);
      return value.kind === 'literal' && value.value === false;
    });
    if (!wrong || !/session|cookie|auth|security/i.test(section)) return [];
    const line =
      (application.text(file) ?? '').split('\n').findIndex((text) => text.includes(`${wrong}:`)) + 1;
    return [{ file, line: line || undefined, what: `${section}.${wrong} is false in production` }];
  });
}

/** True for an object whose properties are all written out. */
function isWritten(value: Value | undefined): boolean {
  return value?.kind === 'object' && !value.node.properties.some(({ type }) => type === 'SpreadElement');
}

function isAny(value: Value | undefined): boolean {
  return value !== undefined && valuesOf(value).some((each) => textOf(each) === '*');
}

function split(place: string): { file: string; line: number | undefined } {
  const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? [];
  return file ? { file, line: Number(line) } : { file: place, line: undefined };
}

export const securityRules: readonly Rule[] = [
  sessionsInMemory,
  sessionCookieInsecure,
  sessionWithoutTimeout,
  corsOpen,
  routeWithoutAuthorization,
  annotationOutdated,
];
