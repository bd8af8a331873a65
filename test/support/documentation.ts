import ts from 'typescript';
import type { PublishedItem } from './published-api';

/** Matches forbidden first words of a sentence, because the subject comes first. */
const RIDDLE = /(?:^|[.!?]\s+)((?:What|Who|Whoever|Whose|Of|Those|Where|Whether)\b)/;

/** Words that state the unit of a number. */
const UNIT =
  /\b(milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|percent|[KMG]i?B|bytes?|bits?|USD|ACUs?|vCPUs?|units?|number|count|port|status|ratio|share|times|attempts?|how many|connections|tasks|requests|periods|events|\d+ to \d+)\b|%/i;

/** All that is missing from the documentation of a published declaration, in words. */
export function declarationProblems({ node }: PublishedItem): string[] {
  return summaryProblems(summaryOf(node));
}

/** All that is missing from the documentation of a member of a published declaration, in words. */
export function memberProblems({ node, name }: PublishedItem): string[] {
  const summary = summaryOf(node);
  return [
    ...summaryProblems(summary),
    ...(isOptional(node) ? defaultProblems(docsOf(node)) : []),
    ...(isNumber(node) ? numberProblems(name, summary) : []),
  ];
}

function summaryProblems(summary: string): string[] {
  if (!summary) return ['has no summary'];
  const [, riddle] = RIDDLE.exec(summary) ?? [];
  return riddle ? [`has a sentence that begins with '${riddle}'; begin with its subject`] : [];
}

export function docsOf(node: ts.Node): ts.JSDoc[] {
  const documented = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return ts.getJSDocCommentsAndTags(documented).filter(ts.isJSDoc);
}

function summaryOf(node: ts.Node): string {
  const texts = docsOf(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
  return texts.join('\n').trim();
}

function isOptional(node: ts.Node): boolean {
  if (!ts.isPropertySignature(node) || !node.questionToken) return false;
  // Such a member of a union's kind only says that this kind has none.
  return !['never', 'undefined'].includes(node.type?.getText() ?? '');
}

function defaultProblems(docs: readonly ts.JSDoc[]): string[] {
  const tags = docs.flatMap(({ tags = [] }) => tags.filter(({ tagName }) => tagName.text === 'default'));
  if (tags.length === 0) return ['has no @default'];
  return tags
    .map(({ comment }) => ts.getTextOfJSDocComment(comment)?.trim() ?? '')
    .filter((text) => !text.startsWith('- ') && !isCode(text))
    .map((text) => `has '@default ${text}'; write code alone, or begin prose with '- '`);
}

/** True for a literal, a constant such as `RemovalPolicy.RETAIN` and a call such as `Duration.days(14)`. */
function isCode(text: string): boolean {
  const source = ts.createSourceFile('default.ts', `(${text})`, ts.ScriptTarget.Latest, true);
  const { parseDiagnostics } = source as unknown as { parseDiagnostics: readonly unknown[] };
  const [statement, more] = source.statements;
  if (parseDiagnostics.length > 0 || more || !statement || !ts.isExpressionStatement(statement)) return false;
  const { expression } = statement.expression as ts.ParenthesizedExpression;
  return (
    ts.isLiteralExpression(expression) ||
    ts.isPropertyAccessExpression(expression) ||
    ts.isCallExpression(expression) ||
    ts.isNewExpression(expression) ||
    ts.isArrayLiteralExpression(expression) ||
    ts.isObjectLiteralExpression(expression) ||
    ts.isPrefixUnaryExpression(expression) ||
    ['true', 'false', 'undefined'].includes(text)
  );
}

function isNumber(node: ts.Node): boolean {
  return (
    (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)) &&
    node.type?.kind === ts.SyntaxKind.NumberKeyword
  );
}

/** The CDK's own props that are numbers of a unit. */
const NAMED_AS_IN_THE_CDK = ['memoryLimitMiB', 'ephemeralStorageGiB'];

function numberProblems(path: string, summary: string): string[] {
  const [owner = '', name = ''] = path.split('.');
  const measure = /(Milliseconds|Seconds|Minutes|Hours|Days|Weeks|Ms)$/.test(name)
    ? 'Duration'
    : /(Bytes|KiB|MiB|GiB)$/.test(name)
      ? 'Size'
      : undefined;
  // Plain data, such as a plan that handlers read as JSON, cannot hold the CDK's types.
  const takesTypes = /(Props|Options)$/.test(owner) && !NAMED_AS_IN_THE_CDK.includes(name);
  if (measure && takesTypes) return [`is a number; take a ${measure} as the CDK does`];
  const words = `${name.replaceAll(/([a-z])([A-Z])/g, '$1 $2')} ${summary}`;
  // A plural such as `readers` is a unit, too.
  return measure || name.endsWith('s') || UNIT.test(words)
    ? []
    : ['is a number without a unit in its summary'];
}
