import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type EnvironmentName, loadSettings } from '../../config';
import { readApplication } from '../application/read-application';
import { differenceOf } from '../files/difference';
import { readText } from '../files/read-text';
import { writeInside } from '../files/write-inside';
import { resolveEnvironment } from '../prepare/resolve-environment';
import { git } from '../review/git';
import type { PipelineOptions } from './workflow-parts';
import { type WorkflowFile, workflows } from './workflows';

/** Environments in the order of deployment. */
const ORDER: readonly EnvironmentName[] = ['development', 'test', 'staging', 'production'];

/** A workflow, and the existing file in the repository. */
export interface WorkflowDifference extends WorkflowFile {
  readonly state: 'new' | 'same' | 'changed';
  /** The difference in the format of `git diff`; empty unless the file was changed. */
  readonly difference: string;
}

/**
 * Returns the pipeline for an application's settings: all environments with a repository and an account.
 * @throws ConfigError if there is none
 */
export function pipelineOf(selection: { readonly application?: string }): PipelineOptions & { root: string } {
  const { application } = resolveEnvironment(selection);
  const root = git(application, 'rev-parse', '--show-toplevel');
  if (root === undefined)
    throw new ConfigError(`${application} is in no git repository; run git init, and push it to GitHub`);
  const environments = ORDER.flatMap((environment) => {
    const { account, region, server, delivery, application: own } = loadSettings(environment, application);
    if (!delivery.github) return [];
    if (account === undefined)
      throw new ConfigError(
        `${environment} has delivery.github but no account; set 'account', because the workflows use the roles of that account`,
      );
    const name = `${readApplication(application, own).name}-${environment}`;
    return [
      { environment, name, account, region, architecture: server.architecture, github: delivery.github },
    ];
  });
  if (environments.length === 0)
    throw new ConfigError(
      "no environment has delivery.github; set it in framework53.config.ts for the environments that workflows deploy: production: { account: '123456789012', delivery: { github: { repository: 'example/shop', createProvider: true } } }",
    );
  const branches = new Set(environments.map(({ github }) => github.branch ?? 'main'));
  if (branches.size > 1)
    throw new ConfigError(
      `delivery.github.branch is ${[...branches].join(' and ')}, but a pipeline deploys one branch`,
    );
  return {
    root,
    folder: (git(application, 'rev-parse', '--show-prefix') ?? '').replace(/\/$/, ''),
    branch: [...branches][0]!,
    environments: environments.map(({ github: _, ...environment }) => environment),
  };
}

/** Compares the workflows with the existing files. */
export function compareWorkflows(options: PipelineOptions & { root: string }): Promise<WorkflowDifference[]> {
  return Promise.all(
    workflows(options).map(async (workflow): Promise<WorkflowDifference> => {
      const file = join(options.root, workflow.path);
      if (!existsSync(file)) return { ...workflow, state: 'new', difference: '' };
      const before = readText(file);
      if (before === workflow.text) return { ...workflow, state: 'same', difference: '' };
      return { ...workflow, state: 'changed', difference: await differenceOf({ ...workflow, before }) };
    }),
  );
}

/** Writes workflows into the repository. */
export function writeWorkflows(root: string, files: readonly WorkflowFile[]): void {
  for (const { path, text } of files) writeInside(root, path, text);
}
