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

const PHONES = 'builds an app for phones, which a release cannot contain';
const OTHER_BUILD = 'builds the client without Vite';
const WEB_CLIENT =
  'add a web client that Vite builds, for example with react-native-web; the app for phones can then use the API of the release';

/** Other tools that build the client: package → name, effect, and the way to a client that Vite builds. */
const TOOLS: Readonly<Record<string, readonly [name: string, effect: string, way: string]>> = {
  expo: ['Expo', PHONES, WEB_CLIENT],
  'react-native': ['React Native', PHONES, WEB_CLIENT],
  '@nativescript/core': ['NativeScript', PHONES, WEB_CLIENT],
  'react-scripts': ['Create React App', OTHER_BUILD, 'build the same React code with Vite'],
  '@angular/cli': ['the Angular CLI', OTHER_BUILD, 'build the same code with Vite'],
  '@vue/cli-service': ['the Vue CLI', OTHER_BUILD, 'build the same Vue code with Vite'],
  gatsby: ['Gatsby', OTHER_BUILD, 'use React with Vite'],
};

/** A place that a package.json describes. */
interface Described {
  readonly manifest: PackageManifest;
  /** The package.json, relative to the application. @default 'package.json' */
  readonly file?: string;
  /** True if the application has no server either. @default false */
  readonly lacksServer?: boolean;
}

/**
 * Returns the problem of an application whose client Vite does not build, because a framework builds client and server
 * together, or because another tool builds the client. Such an application has no page that Vite builds by itself.
 */
export function frameworkProblem({
  manifest,
  file = 'package.json',
  lacksServer = false,
}: Described): ApplicationProblem | undefined {
  const declared = { ...manifest.devDependencies, ...manifest.clientDependencies, ...manifest.dependencies };
  const name = [...Object.keys(FRAMEWORKS), ...Object.keys(TOOLS)].find((each) =>
    Object.hasOwn(declared, each),
  );
  if (!name) return undefined;
  if (!FRAMEWORKS[name]) {
    const [tool, effect, way] = TOOLS[name]!;
    return {
      file,
      problem: `has ${name}: ${tool} ${effect}; a release has an Express server and a client with an index.html that Vite builds, and ${lacksServer ? 'the application has neither' : 'such a client is missing'}`,
      fix: `${way}${lacksServer ? ', and serve the API with Express' : ''}; if the application has such a client already, name its folder in application.client.root`,
    };
  }
  const [framework, way] = FRAMEWORKS[name];
  return {
    file,
    problem: `has ${name}: ${framework} builds client and server together, but a release needs an Express server and a client with an index.html that Vite builds`,
    fix: `${way}, in a client with an index.html, and serve the API with Express; if the application has such a client already, name its folder in application.client.root`,
  };
}
