/** The parts of the Dockerfile that differ between applications. */
export interface ImageContents {
  readonly nodeVersion: string;
  readonly port: number;
  readonly healthPath: string;
  readonly command: readonly string[];
  /** True if npm must install with `--legacy-peer-deps`. */
  readonly legacyPeers: boolean;
  /** Folders the server writes into, relative to /app. */
  readonly writableFolders: readonly string[];
  /** Debian packages for programs that the server starts. */
  readonly systemPackages: readonly string[];
}

/**
 * The Dockerfile. Packages are installed on the image's own platform, by the full image with its compilers,
 * so that native modules match; the final stage has neither compilers nor sources, and runs as `node` (1000).
 */
export function dockerfile({
  nodeVersion,
  port,
  healthPath,
  command,
  legacyPeers,
  writableFolders,
  systemPackages,
}: ImageContents): string {
  const base = `public.ecr.aws/docker/library/node:${nodeVersion}-bookworm`;
  // A quote would end the text of the probe.
  const path = healthPath.replaceAll("'", '%27').replaceAll('\\', '%5C');
  const probe = `fetch('http://127.0.0.1:${port}${path}').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  const folders = writableFolders.map((folder) => `/app/${folder}`);
  return `${[
    `FROM ${base} AS dependencies`,
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    `RUN npm ci --omit=dev --no-audit --no-fund${legacyPeers ? ' --legacy-peer-deps' : ''} && mkdir -p node_modules`,
    '',
    `FROM ${base}-slim`,
    'ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/app/rds-ca.pem',
    ...(systemPackages.length
      ? [
          `RUN apt-get update && apt-get install -y --no-install-recommends ${systemPackages.join(' ')} && rm -rf /var/lib/apt/lists/*`,
        ]
      : []),
    'WORKDIR /app',
    'COPY --from=dependencies /app/node_modules ./node_modules',
    'COPY . .',
    ...(folders.length ? [`RUN mkdir -p ${words(folders)} && chown node:node ${words(folders)}`] : []),
    // Fargate mounts a volume as root's, unless the image says that there is one and whose it is.
    `VOLUME ${JSON.stringify(['/tmp', ...folders])}`,
    'USER 1000:1000',
    `EXPOSE ${port}`,
    `HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node","-e",${JSON.stringify(probe)}]`,
    `CMD ${JSON.stringify(command)}`,
  ].join('\n')}\n`;
}

/** Words of a shell, quoted where the shell would read them as more than a name. */
function words(names: readonly string[]): string {
  return names
    .map((name) => (/^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** Nothing but what the build put there: a context that a person built in is as clean as ours. */
export const dockerignore = 'node_modules\n.env*\nDockerfile\n.dockerignore\n';
