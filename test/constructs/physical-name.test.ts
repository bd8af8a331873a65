import { App, Aws, NestedStack, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameProblems, physicalName } from '../../constructs/physical-name';

describe('a given name', () => {
  test.each(['a', 'shop', 'guestbook-production', 'a1-2-b', 'x'.repeat(40), undefined])(
    'allows %s',
    (name) => {
      expect(nameProblems(name)).toEqual([]);
    },
  );

  test('allows a token that is resolved at deployment', () => {
    expect(nameProblems(`shop-${Aws.REGION}`)).toEqual([]);
  });

  test.each([
    ['1shop', 'shop'],
    ['Guestbook', 'guestbook'],
    ['guest_book', 'guest-book'],
    ['shop--eu', 'shop-eu'],
    ['shop-', 'shop'],
    ['-', 'shop-production'],
    ['', 'shop-production'],
    ['x'.repeat(41), 'x'.repeat(40)],
  ])("fails for '%s' and proposes '%s'", (name, proposal) => {
    expect(nameProblems(name)).toEqual([
      "'name' must be 1 to 40 lower-case letters, digits and single hyphens, must start with a letter and must " +
        `not end with a hyphen, got '${name}'; use for example '${proposal}'`,
    ]);
  });

  test('the proposed name is always allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const [problem] = nameProblems(name);
        const proposal = problem && /use for example '([^']*)'$/.exec(problem)?.[1];
        if (problem) expect(nameProblems(proposal ?? '')).toEqual([]);
      }),
    );
  });
});

describe('a generated name', () => {
  const server = (stackName: string, ...path: string[]): string =>
    physicalName(
      path.reduce<Construct>(
        (scope, id) => new Construct(scope, id),
        new Stack(new App(), 'Stack', { stackName }),
      ),
    );

  test('names the stack and the construct, and stays the same', () => {
    expect(server('orders-production', 'Server')).toMatch(/^orders-production-server-[0-9a-f]{8}$/);
    expect(server('orders-production', 'Server')).toBe(server('orders-production', 'Server'));
  });

  test('is allowed and unique for any path', () => {
    const names = ['a', 'Orders', 'o--rders-', 'x'.repeat(128)].flatMap((stackName) => [
      server(stackName, 'Server'),
      server(stackName, 'Server', 'Other'),
      server(stackName, '1', '2'),
      server(stackName, 'Default'),
      server(stackName, 'y'.repeat(200)),
    ]);
    expect(names.flatMap((name) => nameProblems(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('differs for nested stacks of different stacks', () => {
    const nested = (stackName: string): string =>
      physicalName(
        new Construct(new NestedStack(new Stack(new App(), 'Stack', { stackName }), 'Nested'), 'Server'),
      );
    expect(nested('blue')).not.toBe(nested('green'));
  });

  test('is replaced by a given name', () => {
    expect(physicalName(new Stack(new App(), 'Stack'), 'shop')).toBe('shop');
  });
});
