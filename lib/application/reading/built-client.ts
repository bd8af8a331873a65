import type { LiveCode } from '../source/live-code';
import { moduleOf } from '../source/module';
import { eachChild, type Node, unwrapped } from '../source/syntax';
import { outcomeOf } from './endings';
import { folderOf } from './handlers';
import { packageCalls } from './package-calls';

/**
 * True if the server needs the built client in the image: it serves the client's files without a check that they
 * exist.
 */
export function readServesClient(code: LiveCode, outDir: string): boolean {
  const serving = packageCalls(code).filter(({ path, argument }) => {
    const folder = argument(0);
    if (!folder) return false;
    if (/^(express\.static|serve-static|sirv|express-static-gzip)$/.test(path))
      return isBuilt(folderOf(folder), outDir);
    return /sendFile$/.test(path) && isBuilt(folderOf(folder), outDir);
  });
  const sent = code.calls.filter((call) => {
    const callee = unwrapped(call.callee as Node);
    const name =
      callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name;
    const [file] = call.arguments as readonly Node[];
    return name === 'sendFile' && file && /index\.html$/.test(lastPart(folderOf(code.evaluator.value(file))));
  });
  const modules = new Set([...serving.map(({ call }) => call), ...sent].map(moduleOf));
  if (packageCalls(code).some(({ path }) => /^vite-express\./.test(path))) return true;
  return [...modules].some(({ program }) => !looksFirst(code, program));
}

function isBuilt(folder: string, outDir: string): boolean {
  return folder === outDir || folder.startsWith(`${outDir}/`) || /^dist(\/|$)/.test(folder);
}

function lastPart(path: string): string {
  return path.split('/').at(-1)!;
}

/** True if the module calls `existsSync` and does not throw for a missing file, as `if (!existsSync(…)) throw` does. */
function looksFirst(code: LiveCode, program: Node): boolean {
  let asks = false;
  let insists = false;
  const visit = (node: Node): void => {
    if (node.type === 'CallExpression' && isExists(code, node)) asks = true;
    if (node.type === 'IfStatement' && node.test.type === 'UnaryExpression' && node.test.operator === '!') {
      const test = unwrapped(node.test.argument);
      if (
        test.type === 'CallExpression' &&
        isExists(code, test) &&
        outcomeOf(code, node.consequent) === 'ends'
      )
        insists = true;
    }
    eachChild(node, visit);
  };
  visit(program);
  return asks && !insists;
}

function isExists(code: LiveCode, call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = code.evaluator.value(call.callee as Node);
  return callee.kind === 'package' && /^fs(-extra)?\.existsSync$/.test(callee.path);
}
