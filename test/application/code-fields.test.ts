import { FLOW_TYPES, VISITOR_KEYS } from '@babel/types';
import { describe, expect, it } from 'vitest';
import { codeFields } from '../../lib/application/source/code-fields';
import { eachChild, parseProgram } from '../../lib/application/source/syntax';

/** Fields of the parser's nodes that contain no code that runs: types, modifiers, and the names of labels. */
const WITHOUT_CODE = new Set([
  'assertions',
  'implements',
  'label',
  'mixins',
  'predicate',
  'returnType',
  'superTypeArguments',
  'superTypeParameters',
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
  'variance',
]);

/** Nodes of proposals that the parser's options do not allow. */
const PROPOSALS =
  /^(File|Noop|Placeholder|V8Intrinsic.*|Pipeline.*|TopicReference|BindExpression|(Do|Module|Record|Tuple)Expression|DecimalLiteral|VoidPattern)$/;

const flow = new Set<string>(FLOW_TYPES);

describe('the fields that contain code', () => {
  const types = Object.keys(VISITOR_KEYS).filter(
    (type) => !flow.has(type) && !PROPOSALS.test(type) && !type.startsWith('TS'),
  );

  it.each(types)('are those of the parser for %s', (type) => {
    const expected = VISITOR_KEYS[type]!.filter((field) => !WITHOUT_CODE.has(field));
    expect([...(codeFields.get(type) ?? [])].sort()).toEqual(expected.sort());
  });

  it('have nodes of TypeScript that run, and no others', () => {
    const fields = [...codeFields].filter(([type]) => type.startsWith('TS'));
    for (const [type, names] of fields)
      expect(VISITOR_KEYS[type], type).toEqual(expect.arrayContaining([...names]));
    const program = parseProgram('a.ts', 'type A = typeof b; interface C { d: e } declare const f: g<h>;');
    const names: string[] = [];
    const visit = (node: Parameters<typeof eachChild>[0]) => {
      if (node.type === 'Identifier') names.push(node.name);
      eachChild(node, visit);
    };
    visit(program);
    expect(names).toEqual(['f']);
  });
});
