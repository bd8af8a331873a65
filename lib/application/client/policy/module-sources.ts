import { eachChild, type Node, parseProgram, propertyName } from '../../source/syntax';
import type { AllowedSource } from './allowed-source';
import { styleSheetSources } from './file-sources';

/** Matches modules to parse: those with an address of another host, or an element with a source. */
const isOfInterest = /\b(https?|wss?):\/\/|\bsrc(Set)?=\{/;
const image = /\.(png|jpe?g|gif|svg|webp|avif|ico)([?#]|$)/i;
const media = /\.(mp4|webm|mp3|ogg|wav|m4a|mov|m3u8)([?#]|$)/i;
const imageHost =
  /(^|\.)(unsplash\.com|picsum\.photos|placehold\.co|via\.placeholder\.com|dummyimage\.com|dicebear\.com|gravatar\.com|ui-avatars\.com|cloudinary\.com|pravatar\.cc|(github|google)usercontent\.com|imgur\.com|pexels\.com|randomuser\.me|pixabay\.com|qrserver\.com|tile\.openstreetmap\.org|basemaps\.cartocdn\.com)$/;
const frame =
  /^https:\/\/(www\.youtube(-nocookie)?\.com\/embed|player\.vimeo\.com|www\.google\.com\/maps\/embed|open\.spotify\.com\/embed|calendly\.com|www\.loom\.com\/embed)/;
const imageName = /(ima?ge?s?|avatar|logo|photo|thumb(nail)?|icon|picture|cover|banner|poster|background)/i;
const addressName = /(api|base|endpoint|server|backend|socket|host|ws|rpc|supabase)|^ur[li]$/i;
/** Matches functions that neither load nor send data. */
const harmlessCall =
  /^(open|assign|navigate|redirect|push|setLocation|startsWith|endsWith|includes|indexOf|match|test|replace|replaceAll|split|log|warn|error|info|debug|writeText|writeln?|t|Error|expect)$/;
const textAttribute =
  /^(href|to|xmlns.*|xlinkHref|placeholder|content|title|alt|label|description|value|defaultValue|cite|aria-.*|data-.*)$/;

/** Returns the sources that a client module loads from, as far as they are literals. */
export function moduleSources(file: string, code: string): AllowedSource[] {
  if (!isOfInterest.test(code)) return [];
  let program: Node;
  try {
    program = parseProgram(file, code);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return [];
    throw error;
  }
  const imported = importedNames(program);
  const found: AllowedSource[] = [];
  const around: Node[] = [];
  const visit = (node: Node): void => {
    const by = `${file}:${node.loc?.start.line ?? 1}`;
    const address = addressOf(node);
    if (address)
      for (const directive of directivesOf(address, around, code))
        found.push({ directive, source: sourceOf(address), by });
    if (node.type === 'StringLiteral' || node.type === 'TemplateElement') {
      const text = node.type === 'StringLiteral' ? node.value : (node.value.cooked ?? '');
      if (/url\(\s*["']?https?:/.test(text))
        for (const each of styleSheetSources(text)) found.push({ ...each, by });
    }
    const unknown = node.type === 'JSXAttribute' && unknownSource(node, around.at(-1), imported);
    if (unknown) found.push({ directive: unknown, source: 'https:', by });
    around.push(node);
    eachChild(node, visit);
    around.pop();
  };
  visit(program);
  return found;
}

/** Returns the address of another host in a literal or at the beginning of a template. */
function addressOf(node: Node): string | undefined {
  const text =
    node.type === 'StringLiteral'
      ? node.value
      : node.type === 'TemplateLiteral'
        ? node.quasis.map(({ value }) => value.cooked ?? '').join('{}')
        : undefined;
  return text !== undefined && /^(https?|wss?):\/\/[\w{}*-]+(\.[\w{}-]+)+(:\d+)?([/?#]|$)/.test(text)
    ? text
    : undefined;
}

/** Returns a source for an address, such as `https://*.tile.example.org` for `https://{s}.tile.example.org/{z}`. */
function sourceOf(address: string): string {
  const [, scheme, host] = /^(\w+:\/\/)([^/?#]+)/.exec(address)!;
  const known = host!.slice(host!.lastIndexOf('}') + 1);
  return known === host
    ? `${scheme}${host}`
    : `${scheme}*${known.startsWith('.') ? known : known.slice(known.indexOf('.'))}`;
}

function directivesOf(address: string, around: readonly Node[], code: string): string[] {
  const host = /^\w+:\/\/([^/?#:]+)/.exec(address)![1]!;
  if (/^(localhost|127\.|0\.0\.0\.0|example\.(com|org|net)$)|(^|\.)(w3\.org|schema\.org)$/.test(host))
    return [];
  if (/^wss?:/.test(address)) return ['connect-src'];
  if (frame.test(address)) return ['frame-src'];
  const direct = directiveOfParent(around, code);
  if (direct) return direct === 'none' ? [] : [direct];
  if (image.test(address) || imageHost.test(host)) return ['img-src'];
  if (media.test(address)) return ['media-src'];
  return [];
}

/** Returns the directive for the code around a literal; `none` if the code loads nothing. */
function directiveOfParent(around: readonly Node[], code: string): string | undefined {
  for (let index = around.length - 1; index >= 0; index--) {
    const node = around[index]!;
    switch (node.type) {
      case 'JSXExpressionContainer':
      case 'TemplateLiteral':
      case 'ConditionalExpression':
      case 'LogicalExpression':
      case 'TSAsExpression':
      case 'ParenthesizedExpression':
        continue;
      case 'BinaryExpression':
        if (node.operator === '+') continue;
        return 'none';
      case 'JSXAttribute':
        return directiveOfAttribute(String(node.name.name), elementName(around[index - 1]));
      case 'AssignmentExpression':
        return directiveOfAssignment(node.left, code);
      case 'VariableDeclarator':
        return node.id.type === 'Identifier' ? directiveOfName(node.id.name) : undefined;
      case 'ObjectProperty':
        return directiveOfName(propertyName(node) ?? '');
      case 'NewExpression':
      case 'CallExpression':
      case 'OptionalCallExpression':
        return directiveOfCall(nameOf(node.callee as Node));
      default:
        return undefined;
    }
  }
  return undefined;
}

function directiveOfAttribute(attribute: string, element: string): string | undefined {
  if (textAttribute.test(attribute)) return 'none';
  if (attribute === 'action') return 'form-action';
  return /^(src|srcSet|poster)$/.test(attribute) ? (directiveOfElement(element) ?? 'img-src') : undefined;
}

function directiveOfElement(element: string): string | undefined {
  if (/iframe/i.test(element)) return 'frame-src';
  if (/^script$/i.test(element)) return 'script-src';
  if (/video|audio|^source$|^track$/i.test(element)) return 'media-src';
  return /(img|image|avatar|picture|logo|photo|thumb)/i.test(element) ? 'img-src' : undefined;
}

function directiveOfAssignment(target: Node, code: string): string | undefined {
  const property = target.type === 'MemberExpression' ? propertyName(target) : undefined;
  if (property === 'src') {
    const element = /createElement\(\s*["'`](script|iframe|video|audio)["'`]/.exec(code)?.[1];
    return element ? directiveOfElement(element) : 'img-src';
  }
  if (property === 'href') return /\.rel\s*=\s*["'`]stylesheet/.test(code) ? 'style-src' : 'none';
  return directiveOfName(property ?? (target.type === 'Identifier' ? target.name : ''));
}

function directiveOfName(name: string): string | undefined {
  if (/^(href|link|website|homepage|github|twitter|linkedin|to)$/i.test(name)) return 'none';
  if (/script/i.test(name)) return 'script-src';
  if (/^src$/i.test(name) || imageName.test(name)) return 'img-src';
  return addressName.test(name) ? 'connect-src' : undefined;
}

function directiveOfCall(name: string): string {
  if (harmlessCall.test(name)) return 'none';
  if (/script/i.test(name)) return 'script-src';
  if (/^(Audio|Video)$/.test(name)) return 'media-src';
  return /^(Worker|SharedWorker)$/.test(name) ? 'worker-src' : 'connect-src';
}

function nameOf(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name;
  return propertyName(callee) ?? '';
}

function elementName(opening: Node | undefined): string {
  if (opening?.type !== 'JSXOpeningElement') return '';
  const { name } = opening;
  return name.type === 'JSXIdentifier'
    ? name.name
    : name.type === 'JSXMemberExpression'
      ? name.property.name
      : name.name.name;
}

/** Returns the directive of an element whose source is unknown before run time, such as a user's picture. */
function unknownSource(
  { name, value }: Extract<Node, { type: 'JSXAttribute' }>,
  element: Node | undefined,
  imported: ReadonlySet<string>,
): string | undefined {
  if (name.name !== 'src' || value?.type !== 'JSXExpressionContainer') return undefined;
  return isUnknown(value.expression, imported) ? directiveOfElement(elementName(element)) : undefined;
}

function isUnknown(node: Node, imported: ReadonlySet<string>): boolean {
  switch (node.type) {
    case 'StringLiteral':
    case 'NullLiteral':
    case 'JSXEmptyExpression':
      return false;
    case 'TemplateLiteral':
      return (
        node.quasis[0]?.value.cooked === '' &&
        node.expressions.length > 0 &&
        isUnknown(node.expressions[0]!, imported)
      );
    case 'Identifier':
      return node.name !== 'undefined' && !imported.has(node.name);
    case 'ConditionalExpression':
      return isUnknown(node.consequent, imported) || isUnknown(node.alternate, imported);
    case 'LogicalExpression':
      return isUnknown(node.left, imported) || isUnknown(node.right, imported);
    case 'MemberExpression':
      return (
        !(node.object.type === 'Identifier' && imported.has(node.object.name)) &&
        node.object.type !== 'MetaProperty'
      );
    default:
      return true;
  }
}

/** Names of imported files, such as pictures. */
function importedNames(program: Node): ReadonlySet<string> {
  if (program.type !== 'Program') return new Set();
  return new Set(
    program.body.flatMap((statement) =>
      statement.type === 'ImportDeclaration' ? statement.specifiers.map(({ local }) => local.name) : [],
    ),
  );
}
