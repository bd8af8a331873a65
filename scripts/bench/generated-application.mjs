import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Number of modules on each side of the generated application. */
const modules = 500;

/** Writes an application of 1,000 modules, half of them in the server, with the packages of the example. */
export function generateApplication(root, directory) {
  cpSync(join(root, 'test', 'fixtures', 'applications', 'plain'), directory, { recursive: true });
  symlinkSync(join(root, 'examples', 'guestbook', 'node_modules'), join(directory, 'node_modules'));
  const numbers = Array.from({ length: modules }, (_, index) => index);
  for (const folder of ['server/generated', 'client/src/generated'])
    mkdirSync(join(directory, folder), { recursive: true });
  for (const number of numbers) {
    const things = thingsOf(number);
    writeFileSync(
      join(directory, 'server', 'generated', `m${number}.ts`),
      `import { Router } from 'express';\n${things}
export const router${number} = Router();
router${number}.get('/things${number}/:id', (req, res) => {
  res.json(make${number}_0(Number(req.params.id), process.env.NAME_${number % 7} ?? 'x'));
});\n`,
    );
    writeFileSync(
      join(directory, 'client', 'src', 'generated', `m${number}.ts`),
      `${things}\nexport const url${number} = import.meta.env.VITE_URL_${number % 5} ?? '/api/things${number}';\n`,
    );
  }
  writeFileSync(
    join(directory, 'server', 'extra.ts'),
    `import type { Express } from 'express';
${numbers.map((number) => `import { router${number} } from './generated/m${number}';`).join('\n')}
export function extra(app: Express): void {
${numbers.map((number) => `  app.use('/api', router${number});`).join('\n')}
}\n`,
  );
  const main = join(directory, 'client', 'src', 'main.ts');
  writeFileSync(
    main,
    `${numbers.map((number) => `import { make${number}_0, url${number} } from './generated/m${number}';`).join('\n')}
${readFileSync(main, 'utf8')}
${numbers.map((number) => `console.log(make${number}_0(1), url${number});`).join('\n')}\n`,
  );
}

/** Returns six typed functions, in the style that people write. */
function thingsOf(number) {
  return Array.from(
    { length: 6 },
    (_, index) => `
export interface Thing${number}_${index} { readonly id: number; readonly name: string; readonly tags: readonly string[] }
export function make${number}_${index}(id: number, name = 'thing'): Thing${number}_${index} {
  const tags = [name, String(id)].map((tag) => tag.toUpperCase()).filter(Boolean);
  if (id < 0) throw new Error(\`no thing \${id}\`);
  return { id, name: \`\${name}-\${id}\`, tags };
}`,
  ).join('\n');
}
