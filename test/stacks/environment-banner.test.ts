import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { environmentBanner } from '../../lib/stacks/environment-banner';
import { testEnvironment } from '../support/environment';

describe('the banner of an environment', () => {
  test('is on the pages of every environment but production', () => {
    expect(environmentBanner('production', {})).toBeUndefined();
    for (const environment of ['development', 'test', 'staging'] as const)
      expect(environmentBanner(environment, {})?.data).toEqual({ environment });
  });

  test('is left out for a client that reads the environment itself', () => {
    expect(environmentBanner('staging', { readsEnvironment: true })).toBeUndefined();
  });

  test('shows the name on the page', () => {
    const { content, data } = environmentBanner('staging', {})!;
    const shown: { textContent?: string; style: { cssText?: string }; setAttribute(): void } = {
      style: {},
      setAttribute: () => {},
    };
    const body: unknown[] = [];
    new Function('document', content)({
      currentScript: { dataset: data },
      createElement: () => shown,
      body: { append: (element: unknown) => body.push(element) },
    });
    expect(body).toEqual([shown]);
    expect(shown.textContent).toBe('staging');
  });

  test('is part of the verified page', () => {
    const digests = (name: 'staging' | 'production') =>
      [
        ...JSON.stringify(Template.fromStack(testEnvironment(name).environment.release).toJSON()).matchAll(
          /"PageDigest":"(\w+)"/g,
        ),
      ].map(([, digest]) => digest);
    expect(new Set(digests('staging')).size).toBe(1);
    expect(digests('staging')[0]).not.toBe(digests('production')[0]);
  });
});
