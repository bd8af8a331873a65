import { option, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { findBinding } from '../../application/source/scope';
import {
  type CallNode,
  eachChild,
  functionAround,
  isFunction,
  type Node,
  parentOf,
} from '../../application/source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../../application/source/value';
import { escapePattern } from '../../files/escape-pattern';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { textOfNode } from '../sources/text-of-node';
import { splitPlace } from './place';

export const tokenUnverified: Rule = {
  rule: 'token-unverified',
  asks: 'The server verifies the signature and the expiry of each token.',
  section: '11.1',
  severity: 'warning',
  why: 'everybody can write a token with the id of another user',
  fix: ['call verify with the key and the algorithm, and answer 401 if it throws'],
  example: "const claims = jwt.verify(token, key, { algorithms: ['HS256'] });",
  find(application) {
    const code = application.server()?.code;
    return code ? [...decoded(application, code), ...loose(application, code)] : [];
  },
};

const decoders =
  /^(jsonwebtoken\.decode|jose\.(decodeJwt|UnsecuredJWT\.decode)|jwt-decode(\.(jwtDecode|default))?)$/;
/** Matches code that verifies tokens, itself or with a package or a provider. */
const verifies =
  /\b(jwt|jsonwebtoken|jose|JWT|token\w*|\w*[vV]erifier)\.verify|(?<!\.)\bverify\s*[,(]|\b(jwt|compact)Verify\b|\bverify\w*(Token|Jwt|JWT)|express-?jwt|passport-jwt|express-oauth2-jwt-bearer|jwks|createVerify|introspect|auth\.getUser\(|getClaims/;
/** Matches parts of a request that contain its token. */
const ofRequest =
  /\b(req|request|socket|handshake)\b[\w.?!]*\.(headers|cookies|signedCookies|handshake|auth)\b|\.(get|header)\(\s*['"`](authorization|x-[\w-]*token)['"`]|\b(req|request)\.(body|query)\??\.\w*([tT]oken|jwt|credential)|\w*([tT]oken|[bB]earer|[jJ]wt)\w*\(\s*(req|request)\b/i;
/** Matches tokens that the server gets from another server, or that a proxy has verified. */
const ofServer = /\bawait\b|x-amzn-oidc|x-goog-iap|cf-access/i;

/** Finds tokens of requests that the server decodes, although it verifies none, or takes the user from them. */
function decoded(application: CheckedApplication, code: LiveCode): Found[] {
  const calls = packageCalls(code).filter(({ path }) => decoders.test(path));
  if (calls.length === 0) return [];
  const verifiesAny = code.modules.some(({ file }) => verifies.test(application.text(file) ?? ''));
  return calls.flatMap(({ call, path }): Found[] => {
    const [token] = call.arguments as readonly Node[];
    const around = functionAround(call);
    if (!token || !around) return [];
    const text = sourcesOf(application, code, token);
    if (!ofRequest.test(text) || ofServer.test(text)) return [];
    const isTrusted = setsUser(application, call) && !verifies.test(textOfNode(application, around));
    return verifiesAny && !isTrusted
      ? []
      : [
          {
            ...splitPlace(placeOf(call)),
            what: `${path} reads the token of a request, and nothing verifies the token`,
          },
        ];
  });
}

/** Returns the source texts of an expression and of the expressions that its names stand for. */
function sourcesOf(application: CheckedApplication, code: LiveCode, given: Node): string {
  const seen = new Set<Node>();
  const texts: string[] = [];
  const add = (node: Node): void => {
    if (seen.has(node) || seen.size > 30) return;
    seen.add(node);
    texts.push(textOfNode(application, node));
    visit(node);
  };
  const visit = (node: Node): void => {
    if (node.type === 'Identifier') {
      const binding = findBinding(node.name, node);
      if (binding?.kind === 'parameter' && isFunction(binding.node))
        for (const call of code.evaluator.callsOf(binding.node)) {
          const argument = call.arguments[binding.position ?? 0] as Node | undefined;
          if (argument) add(argument);
        }
      else if (binding?.kind === 'variable') {
        if (binding.value) texts.push(`${textOfNode(application, binding.value)}.${binding.path.join('.')}`);
        for (const value of [...(binding.value ? [binding.value] : []), ...binding.assignments]) add(value);
      }
    } else if (!isFunction(node)) eachChild(node, visit);
  };
  add(given);
  return texts.join('\n');
}

/** Returns true for `request.user = jwt.decode(token)`, and if the claims get a name first. */
function setsUser(application: CheckedApplication, call: CallNode): boolean {
  let at: Node = call;
  let declared: string | undefined;
  for (let up = parentOf(at); up && !isFunction(up); at = up, up = parentOf(at))
    if (up.type === 'VariableDeclarator' && up.id.type === 'Identifier') declared = up.id.name;
  const text = textOfNode(application, functionAround(call)!);
  const claims = declared === undefined ? String.raw`\w*[dD]ecode\w*\(` : `\\b${escapePattern(declared)}\\b`;
  return new RegExp(
    String.raw`\b(req|request|res\.locals|response\.locals|socket|ctx)\b[^=;\n]*\.(user\w*|auth\w*|claims|principal|account\w*|tenant\w*)\s*=(?!=)[^;]*?${claims}`,
  ).test(text);
}

/** Matches code that accepts a token after its end on purpose, to renew or to revoke it, or that checks the end itself. */
const renews = /refresh|renew|new_?token|expired|revoke|logout|sign_?out|blacklist|denylist|\bexp\b/i;

/** Finds options that accept tokens without a signature, or after their end. */
function loose(application: CheckedApplication, code: LiveCode): Found[] {
  return packageCalls(code).flatMap(({ path, call, argument }): Found[] => {
    const place = splitPlace(placeOf(call));
    const options = optionsOf(code, path, argument);
    if (options.length === 0) return [];
    const algorithms = options.map((each) => option(code, each, 'algorithms')).find(Boolean);
    const allowed = (algorithms ? valuesOf(algorithms) : []).flatMap((each) =>
      each.kind === 'array' ? each.items.map((item) => textOf(code.evaluator.operand(item))) : [],
    );
    const ignores = options.map((each) => option(code, each, 'ignoreExpiration')).find(Boolean);
    const around = functionAround(call);
    const isRenewal = around !== undefined && renews.test(textOfNode(application, around));
    return [
      ...(allowed.includes('none')
        ? [{ ...place, what: `${path} accepts tokens without a signature (algorithm none)` }]
        : []),
      ...(ignores && truthOf(ignores) === true && !isRenewal
        ? [
            {
              ...place,
              what: `${path} accepts tokens after their end (ignoreExpiration)`,
              why: 'a token that was stolen, or belongs to a former user, is valid without end',
              fix: ['remove ignoreExpiration'],
            },
          ]
        : []),
    ];
  });
}

/** Returns the objects with options that a call of a package of tokens gets. */
function optionsOf(code: LiveCode, path: string, argument: (position: number) => Value | undefined): Value[] {
  const isVerify = /^jsonwebtoken\.verify$/.test(path);
  const isStrategy = /^(passport-jwt\.Strategy|express-jwt(\.(expressjwt|default))?)$/.test(path);
  const given = isVerify ? argument(2) : isStrategy ? argument(0) : undefined;
  const inner = isStrategy ? option(code, given, 'jsonWebTokenOptions') : undefined;
  return [given, inner].filter((each) => each !== undefined);
}
