import type { ApplicationProblem } from './application-error';
import type { PackageManifest } from './package-manifest';

/** Frameworks that build client and server together: package → name, and the way to a client of its own. */
const FRAMEWORKS: Readonly<Record<string, readonly [name: string, way: string]>> = {
  '@react-router/dev': ["React Router's framework mode", 'use React Router in its data or declarative mode'],
  '@remix-run/dev': ['Remix', 'use React Router in its data or declarative mode'],
  '@tanstack/react-start': ['TanStack Start', 'use TanStack Router alone'],
  '@sveltejs/kit': ['SvelteKit', 'use Svelte with Vite'],
  '@solidjs/start': ['SolidStart', 'use Solid with Vite'],
  next: ['Next.js', 'use React with Vite'],
  nuxt: ['Nuxt', 'use Vue with Vite'],
  astro: ['Astro', 'use Vite'],
};

/**
 * Returns the problem of an application whose framework builds client and server together. Such an application has no
 * page that Vite builds by itself.
 */
export function frameworkProblem(manifest: PackageManifest): ApplicationProblem | undefined {
  const declared = { ...manifest.devDependencies, ...manifest.clientDependencies, ...manifest.dependencies };
  const name = Object.keys(FRAMEWORKS).find((each) => Object.hasOwn(declared, each));
  if (!name) return undefined;
  const [framework, way] = FRAMEWORKS[name]!;
  return {
    file: 'package.json',
    problem: `has ${name}: ${framework} builds client and server together, but a release needs an Express server and a client with an index.html that Vite builds`,
    fix: `${way}, in a client with an index.html, and serve the API with Express; if the application has such a client already, name its folder in application.client.root`,
  };
}
