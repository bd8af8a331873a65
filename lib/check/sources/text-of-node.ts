import { moduleOf } from '../../application/source/module';
import type { Node } from '../../application/source/syntax';
import type { CheckedApplication } from './checked-application';

/** Returns the source text of a node. */
export function textOfNode(application: CheckedApplication, node: Node): string {
  return application.text(moduleOf(node).file)?.slice(node.start ?? 0, node.end ?? 0) ?? '';
}
