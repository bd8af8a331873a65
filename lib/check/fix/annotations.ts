import { annotated, outdatedAnnotation } from '../rules/security-rules';
import type { CheckedApplication } from '../sources/checked-application';
import type { Edit } from './edit';

const every = new RegExp(outdatedAnnotation.source, 'gi');

/** Updates `@framework` annotations of a former version to version 5.3. */
export function annotationEdits({ files }: CheckedApplication): Edit[] {
  return files
    .filter(({ file, size }) => size <= 1_000_000 && annotated.test(file))
    .map(({ file }) => ({
      file,
      rule: 'annotation-outdated',
      apply: (text) => text.replace(every, (_, start: string) => `${start}5.3`),
    }));
}
