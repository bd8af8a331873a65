import { option, type PackageCall, packageCalls } from '../../application/reading/package-calls';
import type { LiveCode } from '../../application/source/live-code';
import { placeOf } from '../../application/source/module';
import { findBinding } from '../../application/source/scope';
import {
  type CallNode,
  eachChild,
  functionAround,
  isMember,
  type Node,
  propertyName,
} from '../../application/source/syntax';
import { constantOf, textOf, type Value, valuesOf } from '../../application/source/value';
import type { Found, Rule } from '../rule';
import type { CheckedApplication } from '../sources/checked-application';
import { textOfNode } from '../sources/text-of-node';
import { splitPlace } from './place';
import { RequestValues } from './request-values';

const password = /(?<![A-Za-z])\w*(password|passwd|passphrase|pwd)(?![A-Za-z])/i;
/** Matches values that are random, or not of a user: tokens to reset a password, and passwords of the environment. */
const isOther = /[tT]oken|[rR]eset|process\.env|config\b|[A-Z]+_[A-Z_]+/;
/**
 * Matches code that uses a fast hash beside a slow one, searches for stolen passwords, or compares texts in constant
 * time.
 */
const isExcused =
  /(bcrypt|argon2|scrypt|pbkdf2)\w*[.(]|pwned|hibp|breach|legacy|rehash|upgrade|migrat|timingSafeEqual/i;
/** Matches packages that compute a fast hash of their first argument. */
const fastHash =
  /^(md5|js-md5|sha1|js-sha1|sha256|js-sha256|js-sha512|js-sha3|crypto-js|blueimp-md5|hash\.js)(\.(md5|sha\d\w*|MD5|SHA\d\w*|default))?$/;

/** Least rounds of bcrypt, and least iterations of PBKDF2: https://cheatsheetseries.owasp.org (Password Storage). */
const leastRounds = 10;
const leastIterations = 100_000;
/** Least cost of scrypt (N). */
const leastCost = 8_192;

export const passwordHashWeak: Rule = {
  rule: 'password-hash-weak',
  asks: 'Passwords are stored as slow hashes: scrypt, argon2, or bcrypt with at least 10 rounds.',
  section: '11.2',
  severity: 'warning',
  why: 'a person with a copy of the database tries billions of passwords in a second',
  fix: [
    'use scrypt of node:crypto, argon2, or bcrypt with 12 rounds',
    'hash each stored password again when its user signs in',
  ],
  example: 'const hash = await bcrypt.hash(password, 12);',
  find(application) {
    const code = application.server()?.code;
    if (!code) return [];
    const values = new RequestValues(application, code);
    const found = packageCalls(code).flatMap((call): Found[] => {
      const what = weakHash(application, code, call) ?? plainPassword(values, call);
      return what ? [{ ...splitPlace(placeOf(call.call)), what }] : [];
    });
    return [...found, ...comparedPasswords(application, code)];
  },
};

function weakHash(application: CheckedApplication, code: LiveCode, called: PackageCall): string | undefined {
  const { path, call, argument } = called;
  const below = (value: Value | undefined, least: number) => {
    const numbers = value ? valuesOf(value).map((each) => constantOf(each)) : [];
    return numbers.length > 0 && numbers.every((each) => typeof each === 'number' && each < least)
      ? Math.max(...(numbers as number[]))
      : undefined;
  };
  if (/^(bcrypt|bcryptjs|bcrypt-nodejs|@node-rs\/bcrypt)\.(hash|hashSync)$/.test(path)) {
    const rounds = below(argument(1), leastRounds);
    return rounds === undefined ? undefined : `bcrypt has only ${rounds} rounds`;
  }
  if (/^(bcrypt|bcryptjs)\.(genSalt|genSaltSync)$/.test(path)) {
    const rounds = below(argument(0), leastRounds);
    return rounds === undefined ? undefined : `bcrypt has only ${rounds} rounds`;
  }
  const isOfPassword = (position: number) => {
    const node = call.arguments[position] as Node | undefined;
    const value = node?.type === 'Identifier' ? findBinding(node.name, node)?.value : undefined;
    const text = [node, value].map((each) => (each ? textOfNode(application, each) : '')).join(' ');
    return password.test(text) && !isOther.test(text);
  };
  if (/^crypto\.(pbkdf2|pbkdf2Sync)$/.test(path) && isOfPassword(0)) {
    const iterations = below(argument(2), leastIterations);
    return iterations === undefined ? undefined : `PBKDF2 has only ${iterations} iterations`;
  }
  if (/^crypto\.(scrypt|scryptSync)$|^util\.promisify\(\)$/.test(path) && isOfPassword(0)) {
    const costs = ['N', 'cost'].map((name) => option(code, argument(3), name));
    const cost = below(costs.find(Boolean), leastCost);
    return cost === undefined ? undefined : `scrypt has a cost (N) of only ${cost}`;
  }
  const algorithm = /^crypto\.createHash\(\)\.update$/.test(path)
    ? algorithmOf(code, call)
    : path === 'crypto.hash'
      ? textIn(argument(0))
      : fastHash.test(path)
        ? path.split('.').at(-1)
        : undefined;
  if (algorithm === undefined || !isOfPassword(path === 'crypto.hash' ? 1 : 0)) return undefined;
  const around = functionAround(call);
  const excuse = textOfNode(application, around ?? call);
  return isExcused.test(excuse) ? undefined : `a password is hashed with ${algorithm}, which is fast`;
}

const column = /^(password|passwordHash|hashedPassword|password_hash|hashed_password|passwd)$/;
const writes = /\.(insert\(\)\.values|update\(\)\.set)$/;

/** Returns a clause about a query of Drizzle that stores a password as the request has it. */
function plainPassword(values: RequestValues, { path, call }: PackageCall): string | undefined {
  const [row] = call.arguments as readonly Node[];
  if (!writes.test(path) || row?.type !== 'ObjectExpression') return undefined;
  for (const property of row.properties) {
    const name = property.type === 'ObjectProperty' ? propertyName(property) : undefined;
    if (name === undefined || !column.test(name) || property.type !== 'ObjectProperty') continue;
    const source = values.of(property.value as Node);
    if (source !== undefined && /\.passw(or)?d$/i.test(source))
      return `the column ${name} gets ${source} without a hash`;
  }
  return undefined;
}

/** Matches `user.password === …` and `… === user.password`. */
const comparison =
  /\b(\w*user|u|found|existing|account|row|record|member)[?!]?\.(password|passwordHash|hashedPassword)\s*[!=]==?|[!=]==?\s*(\w*user|u|found|existing|account|row|record|member)[?!]?\.(password|passwordHash|hashedPassword)\b/i;

/** Finds `user.password === request.body.password`: the stored password has no hash. */
function comparedPasswords(application: CheckedApplication, code: LiveCode): Found[] {
  return code.modules.flatMap(({ file, program }): Found[] => {
    if (!comparison.test(application.text(file) ?? '')) return [];
    const found: Found[] = [];
    const visit = (node: Node): void => {
      if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator)) {
        const [left, right] = [node.left as Node, node.right].map((side) => textOfNode(application, side));
        const isText = comparison.test(textOfNode(application, node));
        if (isText && [left, right].every((side) => /passw(or)?d/i.test(side!)))
          found.push({
            file,
            line: node.loc?.start.line,
            what: 'the stored password is compared as a text, so it has no hash, or its hash has no salt',
          });
      }
      eachChild(node, visit);
    };
    visit(program);
    return found;
  });
}

/** Returns the algorithm of `createHash('sha256').update(…)`. */
function algorithmOf(code: LiveCode, call: CallNode): string | undefined {
  const { callee } = call;
  let made: Node | undefined = isMember(callee) ? callee.object : undefined;
  for (const value of made ? valuesOf(code.evaluator.value(made)) : [])
    if (value.kind === 'made' && value.by === 'crypto.createHash()') made = value.node;
  const [name] = made?.type === 'CallExpression' ? made.arguments : [];
  return name ? textIn(code.evaluator.value(name as Node)) : undefined;
}

function textIn(value: Value | undefined): string | undefined {
  return value && textOf(value);
}
