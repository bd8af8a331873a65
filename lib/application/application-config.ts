import { z } from 'zod';

const variable = z
  .string()
  .regex(
    /^[A-Z_][A-Z0-9_]*$/,
    'a variable is named in capitals, digits and underscores, such as SESSION_SECRET',
  );
const relativePath = z
  .string()
  .min(1)
  .refine(
    (path) => !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)|\p{Cc}/u.test(path),
    'a path inside the application',
  );
const pathPattern = z
  .string()
  .regex(
    /^\/[A-Za-z0-9_\-.$/~"'@:+&?*]*$/,
    'a CloudFront path pattern that starts with a slash, such as /auth/*',
  )
  .refine(
    (path) => !/^\/(assets(\/.*)?)?$/.test(path),
    'a path pattern of the server alone: / and /assets belong to the client, whose files CloudFront serves; for a server that makes the pages, name /*, or their paths, such as /posts/*',
  );

/** The section `application` of `framework53.config.ts`. Every key overrides the value that reading finds. */
export const applicationSchema = z.strictObject({
  name: z
    .string()
    .regex(/^(?!.*--)[a-z][a-z0-9-]{0,27}(?<!-)$/)
    .optional()
    .meta({
      allowed:
        'lower-case letters, digits and single hyphens; starts with a letter, does not end with a hyphen; at most 28 characters',
      description: "Name of the application, the prefix of every resource; by default package.json's name",
    }),
  server: z
    .strictObject({
      entry: relativePath
        .optional()
        .describe(
          'Module the server starts from; by default server/index.ts or the entry of the build script',
        ),
      port: z
        .int()
        .min(1)
        .max(65535)
        .optional()
        .describe(
          'TCP port the server listens on; by default read from its code, 8080 where PORT decides alone',
        ),
      healthPath: z
        .string()
        .regex(/^\/[^\s?#]*$/, 'a path that starts with a slash')
        .optional()
        .describe(
          'Path that answers 200 when the process is up; by default a health route found in the code',
        ),
      paths: z
        .array(pathPattern)
        .min(1)
        .optional()
        .describe(
          'CloudFront path patterns that go to the server; by default /api/* and the routes found, or /* (all but /assets) where the server makes the pages',
        ),
      webSockets: z
        .array(z.string().regex(/^\/[^\s?#*]*$/, 'a path that starts with a slash, such as /ws'))
        .optional()
        .describe(
          'Paths that take WebSockets beside those found in the code; they go to the server, and a rehearsal opens them',
        ),
      files: z
        .array(relativePath)
        .optional()
        .describe('Files and folders that the server reads at run time; by default those it names in a path'),
      systemPackages: z
        .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, 'the name of a Debian package, such as ffmpeg'))
        .optional()
        .describe('Debian packages of the image, for programs that the server starts; by default none'),
      nodeVersion: z
        .string()
        .regex(/^\d{2}(\.\d+){0,2}$/, 'a Node.js version, such as 24 or 22.20.0')
        .optional()
        .describe('Node.js version of the image; by default 24'),
    })
    .optional()
    .describe('The Express server'),
  client: z
    .strictObject({
      root: relativePath.optional().describe("Folder with the client's index.html; by default Vite's root"),
      viteConfig: relativePath
        .optional()
        .describe("Vite's configuration file; by default vite.config.* in the application or in client/"),
      outDir: relativePath
        .optional()
        .describe("Folder the server expects the built client in; by default Vite's build.outDir"),
    })
    .optional()
    .describe('The Vite client'),
  migrations: z
    .strictObject({
      folder: relativePath
        .optional()
        .describe(
          'Folder that drizzle-kit generates migrations into; by default the one drizzle.config.* names',
        ),
      applied: z
        .union([z.literal(0), z.string().min(1)])
        .optional()
        .describe(
          'What the database in use has: the name of its last migration, or 0 while it is empty; what comes after is judged as one release. By default only the newest file is',
        ),
      kind: z
        .enum(['journal', 'baseline', 'none'])
        .optional()
        .describe(
          "Where the schema comes from: drizzle-kit's migrations (journal), the DDL of a schema that is pushed (baseline), or elsewhere (none)",
        ),
    })
    .optional()
    .describe('The database schema'),
  secrets: z
    .record(variable, z.enum(['generated', 'provided']))
    .optional()
    .describe('Secret variables: generated once per environment, or provided with `framework53 secrets set`'),
  environment: z
    .record(variable, z.string())
    .optional()
    .describe('Constant variables of the server; a name given here is no secret'),
});

/** The parsed section `application` of `framework53.config.ts`. */
export type ApplicationConfig = z.infer<typeof applicationSchema>;
