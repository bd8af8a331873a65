// Writes bundles/resource-schemas/index.json: the part of CloudFormation's resource schemas that a review needs. The
// whole database takes half a second to load and has 2.6 MB, which each user would have to install.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const SPECIFICATION = '@aws-cdk/aws-service-spec';

/**
 * Rebuilds the file only if the specification or this script has changed, because reading the specification takes
 * long.
 */
export async function bundleResourceSchemas(root) {
  const path = join(root, 'bundles', 'resource-schemas', 'index.json');
  const { version, license } = require(`${SPECIFICATION}/package.json`);
  const script = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
  const source = `${SPECIFICATION} ${version}, ${license}; script ${script.slice(0, 12)}`;
  const heading = `{"source":${JSON.stringify(source)},`;
  if (existsSync(path)) {
    const contents = readFileSync(path);
    if (contents.toString('utf8').startsWith(heading)) return { outputFiles: [{ path, contents }] };
  }
  const database = require(SPECIFICATION).loadAwsServiceSpecSync();
  const types = Object.fromEntries(
    [...database.all('resource')]
      .map((resource) => [resource.cloudFormationType, schemaOf(resource, database)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const text = `${heading}"types":{\n${Object.entries(types)
    .map(([type, schema]) => `${JSON.stringify(type)}:${JSON.stringify(schema)}`)
    .join(',\n')}\n}}\n`;
  return { outputFiles: [{ path, contents: Buffer.from(text) }] };
}

/**
 * `replaces` and `mayReplace` are paths such as `VPC.SubnetIds`; `choices` are names of properties with enumerated
 * values.
 */
function schemaOf(resource, database) {
  const { properties, additionalReplacementProperties = [], cloudFormationTransform } = resource;
  const replaces = new Set(
    additionalReplacementProperties.map((steps) => steps.filter((s) => s !== '*').join('.')),
  );
  const mayReplace = new Set();
  const choices = new Set();
  const defaults = {};
  const visit = (nested, path, within) => {
    for (const [name, property] of Object.entries(nested)) {
      const at = path === '' ? name : `${path}.${name}`;
      if (property.causesReplacement === 'yes') replaces.add(at);
      if (property.causesReplacement === 'maybe') mayReplace.add(at);
      if (property.defaultValue !== undefined) defaults[at] = JSON.parse(property.defaultValue);
      for (const type of leavesOf(property.type)) {
        if (type.allowedValues?.length > 1) choices.add(name);
        if (type.type !== 'ref' || within.includes(type.reference.$ref)) continue;
        const { properties: inner } = database.get('typeDefinition', type.reference.$ref);
        visit(inner, at, [...within, type.reference.$ref]);
      }
    }
  };
  visit(properties, '', []);
  const isBelow = (path, others) => [...others].some((other) => path.startsWith(`${other}.`));
  const kept = (paths, ...others) =>
    [...paths].filter((path) => ![paths, ...others].some((set) => isBelow(path, set))).sort();
  // CloudFormation never updates a type that a transform expands, such as AWS::Serverless::Function.
  const isExpanded = cloudFormationTransform !== undefined;
  return compact({
    replaces: isExpanded ? [] : kept(replaces),
    mayReplace: isExpanded ? [] : kept(mayReplace, replaces),
    choices: [...choices].sort(),
    defaults,
  });
}

/** Returns the types within lists, maps and unions. */
function leavesOf(type) {
  if (type.type === 'union') return type.types.flatMap(leavesOf);
  return type.element ? leavesOf(type.element) : [type];
}

function compact(schema) {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => Object.keys(value).length > 0));
}
