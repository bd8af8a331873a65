import { option, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { type CallNode, type Node, propertyName } from '../../application/source/syntax';
import { textOf, type Value } from '../../application/source/value';
import type { Found } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import type { CheckedServer } from '../sources/checked-server';
import { textOfNode } from '../sources/text-of-node';
import { splitPlace } from './place';
import { isWritten } from './written';

/** A use of express-session or cookie-session. */
export interface SessionCall {
  readonly server: CheckedServer;
  readonly call: CallNode;
  readonly options: Value | undefined;
  readonly cookie: Value | undefined;
}

/** Returns the uses of express-session and cookie-session. */
export function sessions(application: CheckedApplication): SessionCall[] {
  const server = application.server();
  if (!server) return [];
  return packageCalls(server.code).flatMap(({ path, call, argument }): SessionCall[] => {
    if (path !== 'express-session' && path !== 'cookie-session') return [];
    const options = argument(0);
    // cookie-session has the cookie options at the top level.
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

/** A cookie that the server sets itself, and that tells who the user is. */
export interface IdentityCookie {
  readonly code: LiveCode;
  readonly call: CallNode;
  readonly name: string;
  readonly options: Value | undefined;
}

const identifying = /sess|\bsid\b|token|auth|jwt|login|remember/i;

/** Returns calls such as `response.cookie('token', …)`. */
export function identityCookies(application: CheckedApplication): IdentityCookie[] {
  const code = application.server()?.code;
  if (!code) return [];
  return code.calls.flatMap((call): IdentityCookie[] => {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || propertyName(callee) !== 'cookie' || call.arguments.length < 2)
      return [];
    const [first, , options] = (call.arguments as readonly Node[]).map((node) => code.evaluator.value(node));
    const name = first && textOf(first);
    if (name === undefined || !identifying.test(name) || /csrf|xsrf/i.test(name)) return [];
    return [{ code, call, name, options }];
  });
}

/** Finds tokens of jsonwebtoken and jose that never expire. */
export function endlessTokens(application: CheckedApplication): Found[] {
  const code = application.server()?.code;
  return (code ? packageCalls(code) : []).flatMap(({ path, call, argument }): Found[] => {
    const isJose = /^jose\.SignJWT\(\).*\.sign$/.test(path);
    if (!isJose && path !== 'jsonwebtoken.sign') return [];
    const payload = isJose ? undefined : argument(0);
    const options = argument(2);
    const isLimited = isJose
      ? path.includes('.setExpirationTime()') || /\bexp\b/.test(textOfNode(application, call))
      : (options !== undefined && !isWritten(options)) ||
        option(code!, options, 'expiresIn') !== undefined ||
        payload?.kind !== 'object' ||
        !isWritten(payload) ||
        option(code!, payload, 'exp') !== undefined;
    return isLimited
      ? []
      : [
          {
            ...splitPlace(placeOf(call)),
            what: 'this token never expires',
            fix: ['set expiresIn of the token, such as 1h'],
          },
        ];
  });
}
