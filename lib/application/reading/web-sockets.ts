import type { LiveCode } from '../source/live-code';
import { placeOf } from '../source/module';
import { eachChild, type Node, unwrapped } from '../source/syntax';
import { textOf, truthOf, type Value, valuesOf } from '../source/value';
import { option, packageCalls } from './package-calls';
import type { WebSockets } from './server-reading';

/** Finds the WebSocket servers. */
export function readWebSockets(code: LiveCode): WebSockets[] {
  const found: WebSockets[] = [];
  const upgradePaths = packageCalls(code).flatMap(({ path, call, argument }) => {
    const event = argument(0);
    if (!/\.on$/.test(path) || !event || textOf(event) !== 'upgrade') return [];
    return pathsIn(code, call.arguments[1] as Node | undefined);
  });
  for (const { path, call, argument } of packageCalls(code)) {
    const place = placeOf(call);
    if (/^ws(\.default)?\.(WebSocketServer|Server)$/.test(path)) {
      const options = argument(0);
      const stated = option(code, options, 'path');
      const ownPort = option(code, options, 'port');
      const noServer = option(code, options, 'noServer');
      const text = stated && textOf(stated);
      const paths = text !== undefined ? [text] : noServer && truthOf(noServer) ? upgradePaths : [];
      // A server on a separate port, which clients cannot reach from outside.
      if (ownPort && !option(code, options, 'server')) found.push({ library: 'ws', place, ownPort: true });
      else if (paths.length === 0) found.push({ library: 'ws', place });
      for (const each of paths) found.push({ library: 'ws', place, path: each });
    }
    if (/^socket\.io(\.Server)?$/.test(path)) {
      const options = argument(1) ?? argument(0);
      const stated = option(code, options, 'path');
      const text = stated && textOf(stated);
      const polls = takesPolling(code, option(code, options, 'transports'));
      found.push({ library: 'socket.io', place, path: text ?? '/socket.io', ...(polls && { polls }) });
    }
    if (/^sockjs\.createServer\(\)\.installHandlers$/.test(path)) {
      const prefix = option(code, argument(1), 'prefix');
      found.push({ library: 'sockjs', place, path: (prefix && textOf(prefix)) ?? '/echo' });
    }
  }
  return found;
}

/** True if Socket.IO accepts long polling, which is the default. False for `transports: ['websocket']`. */
function takesPolling(code: LiveCode, transports: Value | undefined): boolean {
  if (transports?.kind !== 'array') return true;
  return transports.items.some((item) => textOf(code.evaluator.operand(item)) === 'polling');
}

/** Returns the paths that an `upgrade` listener compares with the path of the request. */
function pathsIn(code: LiveCode, listener: Node | undefined): string[] {
  if (!listener) return [];
  const paths = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator))
      for (const side of [node.left as Node, node.right]) {
        const text = textOf(code.evaluator.value(side));
        if (text !== undefined && /^\/[\w/.-]+$/.test(text)) paths.add(text);
      }
    if (node.type === 'CallExpression') {
      const callee = unwrapped(node.callee as Node);
      const isStart =
        callee.type === 'MemberExpression' &&
        'name' in callee.property &&
        callee.property.name === 'startsWith';
      const text =
        isStart && node.arguments[0] ? textOf(code.evaluator.value(node.arguments[0] as Node)) : undefined;
      if (text !== undefined && /^\/[\w/.-]+$/.test(text)) paths.add(`${text.replace(/\/$/, '')}/*`);
    }
    eachChild(node, visit);
  };
  for (const value of valuesOf(code.evaluator.value(listener)))
    if (value.kind === 'function') visit(value.node);
  return [...paths];
}
