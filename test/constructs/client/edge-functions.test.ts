import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { builtFunction, Edge } from './edge';

const FUNCTIONS = ['client-request', 'client-response', 'cors-preflight'];
const { SyntaxKind } = ts;

/**
 * Syntax beyond ES 5.1 that the documentation of cloudfront-js-2.0 does not list.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
const UNSUPPORTED = new Set([
  SyntaxKind.ArrayBindingPattern,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.ClassExpression,
  SyntaxKind.ComputedPropertyName,
  SyntaxKind.ExportAssignment,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.ForOfStatement,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.ObjectBindingPattern,
  SyntaxKind.QuestionDotToken,
  SyntaxKind.QuestionQuestionToken,
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.SpreadAssignment,
  SyntaxKind.SpreadElement,
  SyntaxKind.TaggedTemplateExpression,
  SyntaxKind.YieldExpression,
]);

function nodes(source: string): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('index.js', source, ts.ScriptTarget.ESNext, true));
  return found;
}

describe.each(FUNCTIONS)('the built %s', (name) => {
  const source = builtFunction(name);

  test('is within CloudFront’s 10 KB', () => {
    expect(Buffer.byteLength(source)).toBeLessThanOrEqual(10 * 1024);
  });

  test('uses no syntax that the runtime lacks', () => {
    const offending = nodes(source).filter(
      (node) =>
        UNSUPPORTED.has(node.kind) ||
        (ts.isParameter(node) && node.initializer !== undefined) ||
        (ts.isCatchClause(node) && node.variableDeclaration === undefined),
    );
    expect(offending.map((node) => node.getText())).toEqual([]);
  });

  test('has no function inside an asynchronous one', () => {
    const isAsync = (node: ts.Node): boolean =>
      ts.isFunctionLike(node) &&
      (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Async) !== 0;
    const closures = nodes(source).filter(
      (node) => ts.isFunctionLike(node) && ts.findAncestor(node.parent, isAsync),
    );
    expect(closures).toEqual([]);
  });

  test('declares the handler', () => {
    expect(source).toMatch(/^(async )?function handler\(event\)/m);
  });

  test('imports nothing but the runtime’s own module', () => {
    const imports = nodes(source).filter(ts.isImportDeclaration);
    expect(imports.every((node) => node.getText() === 'import cf from "cloudfront";')).toBe(true);
  });
});

describe('the response function', () => {
  const edge = new Edge(undefined);

  test('turns the stored policy into a header', () => {
    const headers = edge.respond({ 'x-amz-meta-content-security-policy': "default-src 'self'" });
    expect(headers['content-security-policy']).toBe("default-src 'self'");
  });

  test('turns a report-only policy into its header', () => {
    const headers = edge.respond({ 'x-amz-meta-content-security-policy-report-only': "default-src 'self'" });
    expect(headers['content-security-policy-report-only']).toBe("default-src 'self'");
    expect(headers).not.toHaveProperty('content-security-policy');
  });

  test('removes the metadata headers', () => {
    const headers = edge.respond({ 'x-amz-meta-content-security-policy': "default-src 'self'" });
    expect(Object.keys(headers)).toEqual(['content-security-policy']);
  });

  test('leaves other responses unchanged', () => {
    expect(edge.respond({ 'content-type': 'text/css' })).toEqual({ 'content-type': 'text/css' });
  });
});
