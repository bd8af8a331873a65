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
import { splitPlace } from './place';
import { isWritten } from './written';

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
      .map(({ place }) => ({ ...splitPlace(place), what: 'sessions are kept in the memory of the server' }));
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
      const place = splitPlace(placeOf(call));
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
    return [...found, ...insecureConfiguration(application), ...ownCookies(application)];
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
      return isLimited ? [] : [{ ...splitPlace(placeOf(call)), what: 'the session cookie has no maxAge' }];
    });
  },
};

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

/** Cookies that the server sets itself and that say who somebody is. */
function ownCookies(application: CheckedApplication): Found[] {
  const code = application.server()?.code;
  return (code?.calls ?? []).flatMap((call): Found[] => {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || propertyName(callee) !== 'cookie' || call.arguments.length < 2)
      return [];
    const [name, , options] = (call.arguments as readonly Node[]).map((node) => code!.evaluator.value(node));
    const known = name && textOf(name);
    if (known === undefined || !identifying.test(known) || /csrf|xsrf/i.test(known)) return [];
    if (options !== undefined && !isWritten(options)) return [];
    const lacking = ['secure', 'httpOnly'].filter((flag) => {
      const value = option(code!, options, flag);
      return value === undefined || truthOf(value) === false;
    });
    if (lacking.length === 0) return [];
    return [
      { ...splitPlace(placeOf(call)), what: `the cookie ${known} is not ${lacking.join(' and not ')}` },
    ];
  });
}

const identifying = /sess|\bsid\b|token|auth|jwt|login|remember/i;

/** `secureCookie: false` in the configuration that production gets. */
function insecureConfiguration(application: CheckedApplication): Found[] {
  const files = configFiles(application);
  const found = new Map<string, Found | undefined>();
  // The file of the environment overrides the defaults.
  for (const file of [files.get('production'), files.get('default')]) {
    if (!file) continue;
    const config = readConfigFile(application.directory, file);
    const sections = valuesOf(config.value).flatMap((value) =>
      value.kind === 'object' ? entriesOf(config.evaluator, value) : [],
    );
    for (const { name } of sections) {
      const section = textOf(name) ?? '';
      if (!/session|cookie|auth|security/i.test(section)) continue;
      for (const key of ['secureCookie', 'cookieSecure', 'secure', 'httpOnly']) {
        const value = setting(config, section, key);
        const isMissing = value.kind === 'unknown' || (value.kind === 'literal' && value.value === undefined);
        if (isMissing || found.has(`${section}.${key}`)) continue;
        const isWrong = value.kind === 'literal' && value.value === false;
        const lines = (application.text(file) ?? '').split('\n');
        const line = lines.findIndex((text) => text.includes(`${key}:`)) + 1 || undefined;
        found.set(
          `${section}.${key}`,
          isWrong ? { file, line, what: `${section}.${key} is false in production` } : undefined,
        );
      }
    }
  }
  return [...found.values()].filter((each) => each !== undefined);
}

export const sessionRules: readonly Rule[] = [sessionsInMemory, sessionCookieInsecure, sessionWithoutTimeout];
