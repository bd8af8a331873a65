import { existsSync, statSync } from 'node:fs';
import { withDictionaries } from '../files/dictionary';
import { foreignFile, leadsOut, pathInside } from '../files/inside';
import { isObject } from '../files/read-object';
import { readPlanFile } from './manifest';
import type { Template } from './plan';
import { PlanError } from './plan-error';

/** The files of a cloud assembly. No assembly can make this package read other files. */
export class AssemblyFiles {
  /** @param root folder of the outermost assembly */
  constructor(private readonly root: string) {}

  /**
   * Returns a path in the assembly's folder.
   * @throws PlanError for a path that leads out of the folder, also by a link, or to no file or folder
   */
  inside(directory: string, path: string): string {
    const file = pathInside(directory, path);
    if (file === undefined || pathInside(this.root, file) === undefined) throw this.outside(path);
    if (!existsSync(file))
      throw new PlanError(
        `the cloud assembly in ${this.root} is incomplete: ${path} is missing; synthesise the environment again`,
      );
    if (leadsOut(this.root, file)) throw this.outside(path);
    return file;
  }

  /**
   * Returns a folder in the assembly's folder whose files can all be read.
   * @throws PlanError for a folder with a pipe, a device or a link that leads out
   */
  folder(directory: string, path: string): string {
    const folder = this.inside(directory, path);
    const foreign = foreignFile(folder, [this.root]);
    if (foreign === undefined) return folder;
    throw new PlanError(
      `the cloud assembly in ${this.root} has a pipe, a device or a link to a place outside its folder: ${foreign}`,
    );
  }

  private outside(path: string): PlanError {
    return new PlanError(`the cloud assembly in ${this.root} names a file outside its folder: ${path}`);
  }

  /** Reads a template, and the size of its file. */
  template(directory: string, file: string): { template: Template; bytes: number } {
    const path = this.inside(directory, file);
    const template = soundTemplate(readPlanFile(path));
    if (!template) throw new PlanError(`${path} is not a CloudFormation template: Resources is invalid`);
    return { template, bytes: statSync(path).size };
  }
}

/** Returns a template whose resources have types and properties; undefined for anything else. */
export function soundTemplate(value: Record<string, unknown>): Template | undefined {
  // The CDK omits the key for a stack without resources.
  const { Resources = {} } = value;
  const isSound =
    isObject(Resources) &&
    Object.entries(Resources).every(
      ([id, resource]) =>
        id !== '__proto__' &&
        isObject(resource) &&
        typeof resource['Type'] === 'string' &&
        [resource['Properties'], resource['Metadata']].every((part) => part === undefined || isObject(part)),
    );
  if (!isSound) return undefined;
  const template = { ...value, Resources } as Template;
  return withDictionaries(template, ['Resources', 'Outputs', 'Parameters', 'Mappings', 'Conditions']);
}
