import { z } from 'zod';

const variable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/)
  .meta({ allowed: 'a name of capitals, digits and underscores, such as SESSION_SECRET' });
const relativePath = z
  .string()
  .min(1)
  .refine(
    (path) => !/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)|\p{Cc}/u.test(path),
    'a path inside the application',
  );
const pathPattern = z
  .string()
  .regex(/^\/[A-Za-z0-9_\-.$/~"'@:+&?*]*$/)
  .refine(
    (path) => !/^\/(assets(\/.*)?)?$/.test(path),
    'a path pattern of the server only: / and /assets belong to the client, whose files CloudFront serves; for a server that renders pages, use /* or the paths of the pages, such as /posts/*',
  )
  .meta({ allowed: 'a CloudFront path pattern that begins with a slash, such as /auth/*' });

/** The section `application` of `framework53.config.ts`. Every key overrides the value that is read from the folder. */
export const applicationSchema = z.strictObject({
  name: z
    .string()
    .regex(/^(?!.*--)[a-z][a-z0-9-]{0,27}(?<!-)$/)
    .optional()
    .meta({
      allowed:
        'lower-case letters, digits and single hyphens; begins with a letter, does not end with a hyphen; at most 28 characters',
      description: 'Name of the application, and prefix of every resource; default: the name in package.json',
    }),
  server: z
    .strictObject({
      entry: relativePath
        .optional()
        .describe('Entry module of the server; default: server/index.ts or the entry of the build script'),
      port: z
        .int()
        .min(1)
        .max(65535)
        .optional()
        .describe(
          'TCP port of the server; default: read from the code, or 8080 if the server reads only PORT',
        ),
      healthPath: z
        .string()
        .regex(/^\/[^\s?#]*$/)
        .optional()
        .meta({
          allowed: 'a path that begins with a slash, such as /api/health',
          description: 'Path that answers 200 while the process is up; default: a health route in the code',
        }),
      paths: z.array(pathPattern).min(1).optional().meta({
        allowed: 'a list of one or more CloudFront path patterns that begin with a slash, such as /auth/*',
        description:
          'CloudFront path patterns of the server; default: /api/* and the routes in the code, or /* (except /assets) if the server renders pages',
      }),
      webSockets: z
        .array(
          z
            .string()
            .regex(/^\/[^\s?#*]*$/)
            .meta({ allowed: 'a path that begins with a slash, such as /ws' }),
        )
        .optional()
        .meta({
          allowed: 'a list of paths that begin with a slash, such as /ws',
          description:
            'Paths of WebSockets in addition to those in the code. CloudFront routes them to the server, and a rehearsal opens them',
        }),
      files: z
        .array(relativePath)
        .optional()
        .describe('Files and folders that the server reads at run time; default: paths in the code'),
      systemPackages: z
        .array(
          z
            .string()
            .regex(/^[a-z0-9][a-z0-9+.-]+$/)
            .meta({ allowed: 'the name of a Debian package, such as ffmpeg' }),
        )
        .optional()
        .meta({
          allowed: 'a list of names of Debian packages, such as ffmpeg',
          description: 'Debian packages of the image, for programs that the server starts; default: none',
        }),
      nodeVersion: z
        .string()
        .regex(/^\d{2}(\.\d+){0,2}$/)
        .optional()
        .meta({
          allowed: "a Node.js version such as '24' or '22.20.0'",
          description: 'Node.js version of the image; default: 24',
        }),
    })
    .optional()
    .describe('The Express server'),
  client: z
    .strictObject({
      root: relativePath.optional().describe("Folder with the client's index.html; default: Vite's root"),
      viteConfig: relativePath
        .optional()
        .describe("Vite's configuration file; default: vite.config.* in the application or in client/"),
      outDir: relativePath
        .optional()
        .describe("Folder in which the server expects the built client; default: Vite's build.outDir"),
    })
    .optional()
    .describe('The Vite client'),
  migrations: z
    .strictObject({
      folder: relativePath
        .optional()
        .describe('Folder with the migrations of drizzle-kit; default: the folder in drizzle.config.*'),
      applied: z
        .union([z.literal(0), z.string().min(1)])
        .optional()
        .describe(
          'Last migration of the deployed database, or 0 for an empty one; later migrations are judged as one release. By default, only the newest file is judged',
        ),
      kind: z
        .enum(['journal', 'baseline', 'none'])
        .optional()
        .describe(
          "Source of the schema: drizzle-kit's migrations (journal), the DDL of a pushed schema (baseline), or another source (none)",
        ),
    })
    .optional()
    .describe('The database schema'),
  secrets: z
    .record(variable, z.enum(['generated', 'provided']))
    .optional()
    .describe(
      'Secret variables: generated once for each environment, or provided with `framework53 secrets set`',
    ),
  environment: z
    .record(
      variable,
      z
        .string()
        .regex(/^[^\0]*$/)
        .meta({ allowed: 'a text without the character U+0000' }),
    )
    .optional()
    .meta({
      allowed: 'names with text',
      description: 'Constant variables of the server; these are not secret',
    }),
});

/** The parsed section `application` of `framework53.config.ts`. */
export type ApplicationConfig = z.infer<typeof applicationSchema>;
