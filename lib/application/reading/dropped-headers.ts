import type { LiveCode } from '../source/live-code';
import { placeOf } from '../source/module';
import { isMember, type Node, parentOf, propertyName } from '../source/syntax';
import type { DroppedHeader } from './server-reading';

/**
 * Finds request headers that the load balancer drops because their names contain an underscore:
 * `req.headers['x_api_key']`, `req.get('x_api_key')`.
 */
export function readDroppedHeaders(code: LiveCode): DroppedHeader[] {
  return code.texts.flatMap((text): DroppedHeader[] => {
    if (text.type !== 'StringLiteral' || !/^[a-z][a-z\d-]*_[a-z\d_-]+$/i.test(text.value)) return [];
    const parent = parentOf(text);
    if (!parent || !isHeaderAccess(parent)) return [];
    return [{ name: text.value, place: placeOf(text) }];
  });
}

function isHeaderAccess(node: Node): boolean {
  if (isMember(node))
    return isMember(node.object) && propertyName(node.object) === 'headers' && isRequest(node.object.object);
  if (node.type !== 'CallExpression' || !isMember(node.callee)) return false;
  return /^(get|header)$/.test(propertyName(node.callee) ?? '') && isRequest(node.callee.object);
}

const isRequest = (node: Node): boolean => node.type === 'Identifier' && /^req(uest)?$/.test(node.name);
