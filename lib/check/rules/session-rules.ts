import { option } from '../../application/reading/package-calls';
import { placeOf } from '../../application/source/module';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { splitPlace } from './place';
import { productionSettings } from './production-settings';
import { endlessTokens, identityCookies, sessions } from './session-calls';
import { sessionIdKept } from './session-id-rule';
import { falseWithout, nodeOfOption } from './without-variables';
import { isWritten } from './written';

const sessionsInMemory: Rule = {
  rule: 'sessions-in-memory',
  asks: 'Sessions are stored outside the server process.',
  section: '11.1',
  severity: 'warning',
  why: 'sessions are lost with every release and differ between servers, so users are signed out at random',
  fix: ['store sessions in PostgreSQL with connect-pg-simple'],
  example: 'session({ store: new (connectPgSimple(session))({ pool }), … })',
  find(application) {
    return (application.server()?.reading.sessions ?? [])
      .filter(({ inMemory }) => inMemory)
      .map(({ place }) => ({
        ...splitPlace(place),
        what: 'sessions are stored in the memory of the server',
      }));
  },
};

const sessionCookieInsecure: Rule = {
  rule: 'session-cookie-insecure',
  asks: 'The session cookie is secure and httpOnly in production.',
  section: '11.1',
  severity: 'warning',
  why: 'without secure, the cookie travels unencrypted; without httpOnly, every script of the page can read it',
  fix: ['set secure: true and httpOnly: true in production'],
  example: "cookie: { secure: true, httpOnly: true, sameSite: 'lax', maxAge: 30 * 60_000 }",
  find(application) {
    const found = sessions(application).flatMap(({ server: { code }, call, options, cookie }): Found[] => {
      const place = splitPlace(placeOf(call));
      const secure = option(code, cookie, 'secure');
      const httpOnly = option(code, cookie, 'httpOnly');
      const written = nodeOfOption(code, cookie, 'secure');
      const variable = written && unsetVariable(application, falseWithout(code.evaluator, written));
      return [
        ...(variable
          ? [{ ...place, what: `the session cookie is not secure unless ${variable} has a value` }]
          : []),
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
  asks: 'A session expires after at most 30 days.',
  section: '11.1',
  severity: 'warning',
  why: 'a session on a shared computer stays open as long as the browser does',
  fix: ['set maxAge of the cookie'],
  example: 'cookie: { maxAge: 30 * 60_000 }',
  find(application) {
    const found = sessions(application).flatMap(({ server: { code }, call, options, cookie }): Found[] => {
      if (!isWritten(options) || (cookie && !isWritten(cookie))) return [];
      const limits = ['maxAge', 'expires'].map((name) => option(code, cookie, name));
      const isLimited = limits.some((limit) => limit && !(limit.kind === 'literal' && !limit.value));
      if (!isLimited) return [{ ...splitPlace(placeOf(call)), what: 'the session cookie has no maxAge' }];
      const [maxAge] = limits;
      const milliseconds = maxAge ? longest(maxAge) : 0;
      return milliseconds > longestSession
        ? [{ ...splitPlace(placeOf(call)), what: `the session cookie lasts ${daysText(milliseconds)}` }]
        : [];
    });
    const told = found.some(({ what }) => what.includes('lasts'));
    return [...found, ...(told ? [] : longConfiguration(application)), ...endlessTokens(application)];
  },
};

/** Matches packages that protect against requests of other sites. */
const protections = /^(csurf|@dr\.pogodin\/csurf|csrf|csrf-csrf|csrf-sync|tiny-csrf|lusca)$/;

const sessionCookieCrossSite: Rule = {
  rule: 'session-cookie-cross-site',
  asks: 'Browsers send the session cookie with requests of the own site alone.',
  section: '11.1',
  severity: 'warning',
  why: 'another site can send requests in the name of a user who is signed in (cross-site request forgery)',
  fix: [
    "set sameSite: 'lax': client and server have one site, as behind CloudFront",
    'if another site needs the session, add a package with tokens, such as csrf-csrf',
  ],
  example: "cookie: { secure: true, httpOnly: true, sameSite: 'lax', maxAge: 30 * 60_000 }",
  find(application) {
    const packages = application.server()?.reading.packages ?? [];
    if (packages.some((name) => protections.test(name))) return [];
    const isNone = (value: Value | undefined) =>
      value !== undefined && valuesOf(value).some((each) => textOf(each)?.toLowerCase() === 'none');
    const found = sessions(application).flatMap(({ server: { code }, call, options, cookie }): Found[] => {
      const place = splitPlace(placeOf(call));
      const sameSite = option(code, cookie, 'sameSite');
      if (isNone(sameSite)) return [{ ...place, what: "the session cookie has sameSite: 'none'" }];
      const isUnset = sameSite ? truthOf(sameSite) === false : !cookie || isWritten(cookie);
      return isWritten(options) && isUnset
        ? [
            {
              ...place,
              severity: 'note',
              what: 'the session cookie has no sameSite',
              why: 'some browsers then send the cookie with requests that other sites make',
            },
          ]
        : [];
    });
    const own = identityCookies(application)
      .filter(({ code, options }) => isNone(option(code, options, 'sameSite')))
      .map(({ call, name }) => ({
        ...splitPlace(placeOf(call)),
        what: `the cookie ${name} has sameSite: 'none'`,
      }));
    return [...found, ...own];
  },
};

/** Milliseconds that a session may last: longer than a person stays away from an application in use. */
const longestSession = 30 * 86_400_000;

function longest(value: Value): number {
  const numbers = valuesOf(value).flatMap((each) =>
    each.kind === 'literal' && typeof each.value === 'number' ? [each.value] : [],
  );
  return Math.max(0, ...numbers);
}

function daysText(milliseconds: number): string {
  return `${Math.round(milliseconds / 86_400_000)} days`;
}

/** `idleTimeout: 365 * 24 * 60 * 60_000` in the configuration that production gets. */
function longConfiguration(application: CheckedApplication): Found[] {
  if (sessions(application).length === 0) return [];
  return productionSettings(
    application,
    /session|cookie/i,
    /^(maxAge|idleTimeout|timeout|ttl|lifetime)$/,
  ).flatMap(({ file, line, name, value }): Found[] => {
    const milliseconds = longest(value);
    return milliseconds > longestSession
      ? [{ file, line, what: `${name} lets a session last ${daysText(milliseconds)}` }]
      : [];
  });
}

/** Finds identity cookies that the server sets itself without the two flags. */
function ownCookies(application: CheckedApplication): Found[] {
  return identityCookies(application).flatMap(({ code, call, name, options }): Found[] => {
    if (options !== undefined && !isWritten(options)) return [];
    const lacking = ['secure', 'httpOnly'].filter((flag) => {
      const value = option(code, options, flag);
      return value === undefined || truthOf(value) === false;
    });
    if (lacking.length === 0) return [];
    return [{ ...splitPlace(placeOf(call)), what: `the cookie ${name} is not ${lacking.join(' and not ')}` }];
  });
}

/** Finds `secureCookie: false` in the configuration of production. */
function insecureConfiguration(application: CheckedApplication): Found[] {
  return productionSettings(
    application,
    /session|cookie|auth|security/i,
    /^(secureCookie|cookieSecure|secure|httpOnly)$/,
  ).flatMap(({ file, line, name, value, needs }): Found[] => {
    if (value.kind === 'literal' && value.value === false)
      return [{ file, line, what: `${name} is false in production` }];
    const variable = unsetVariable(application, needs);
    return variable ? [{ file, line, what: `${name} is false unless ${variable} has a value` }] : [];
  });
}

/** Returns a variable if the settings give it no value in the environment. */
function unsetVariable(application: CheckedApplication, name: string | undefined): string | undefined {
  const given = application.settings.application?.environment ?? {};
  return name !== undefined && given[name] === undefined ? name : undefined;
}

export const sessionRules: readonly Rule[] = [
  sessionsInMemory,
  sessionIdKept,
  sessionCookieInsecure,
  sessionCookieCrossSite,
  sessionWithoutTimeout,
];
