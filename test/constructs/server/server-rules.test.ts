import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import { DeploymentStrategy } from '../../../constructs/server';
import { nagFindings, testStack } from '../../support';
import { addServer } from './server-stack';

const STRATEGIES = {
  'blue-green': DeploymentStrategy.blueGreen(),
  canary: DeploymentStrategy.canary(),
  linear: DeploymentStrategy.linear(),
  rolling: DeploymentStrategy.rolling(),
};

/** Everything that can be switched on, in one stack for each strategy. */
function stacks(): [string, Stack][] {
  return Object.entries(STRATEGIES).map(([name, strategy]) => {
    const stack = testStack('Test', { env: { region: 'eu-central-1' } });
    const certificate = 'arn:aws:acm:eu-central-1:111122223333:certificate/a';
    addServer(stack, {
      task: { enableExecuteCommand: true },
      scaling: { minCapacity: 2, maxCapacity: 6, requestsPerTarget: 500 },
      loadBalancer: {
        tls: {
          certificate: Certificate.fromCertificateArn(stack, 'Certificate', certificate),
          domainName: 'server.example.com',
        },
      },
      deployment: {
        strategy,
        redeployOnSecretChange: [
          Secret.fromSecretCompleteArn(
            stack,
            'Stored',
            'arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf',
          ),
        ],
      },
    });
    return [name, stack];
  });
}

describe('cdk-nag finds nothing', () => {
  test.each(stacks())('in %s', (_, stack) => {
    expect(nagFindings(stack)).toEqual([]);
  });
});

describe.skipIf(spawnSync('cfn-lint', ['--version']).error)('cfn-lint finds nothing', () => {
  test('in any strategy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'server-'));
    try {
      const files = stacks().map(([name, stack]) => {
        const file = join(folder, `${name}.json`);
        writeFileSync(file, JSON.stringify(Template.fromStack(stack).toJSON()));
        return file;
      });
      // W3005: the CDK writes down dependencies that a reference implies already.
      const found = spawnSync(
        'cfn-lint',
        ['--regions', 'eu-central-1', '--ignore-checks', 'W3005', '--', ...files],
        {
          encoding: 'utf8',
        },
      );
      expect(found.stdout).toBe('');
      expect(found.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
