/** The parts of the Dockerfile that differ between applications. */
export interface ImageContents {
  readonly nodeVersion: string;
  readonly port: number;
  readonly healthPath: string;
  readonly command: readonly string[];
  /** True if npm needs `--legacy-peer-deps` to install the packages. */
  readonly legacyPeers: boolean;
  /** Folders that the server writes to, relative to /app. */
  readonly writableFolders: readonly string[];
  /** Debian packages of programs that the server starts. */
  readonly systemPackages: readonly string[];
  /** True if the packages contain a Puppeteer that downloads Chrome to a folder that the image does not get. */
  readonly puppeteer: boolean;
}

/**
 * Returns the Dockerfile. The first stage is the full image with compilers. It installs the packages on the platform
 * of the image, so native modules fit. The final stage has no compilers and no sources, and runs as user `node`
 * (1000).
 */
export function dockerfile({
  nodeVersion,
  port,
  healthPath,
  command,
  legacyPeers,
  writableFolders,
  systemPackages,
  puppeteer,
}: ImageContents): string {
  const base = `public.ecr.aws/docker/library/node:${nodeVersion}-bookworm`;
  // A quote in the path would end the text of the probe.
  const path = healthPath.replaceAll("'", '%27').replaceAll('\\', '%5C');
  const probe = `fetch('http://127.0.0.1:${port}${path}').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  const folders = writableFolders.map((folder) => `/app/${folder}`);
  return `${[
    `FROM ${base} AS dependencies`,
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    `RUN ${puppeteer ? 'PUPPETEER_SKIP_DOWNLOAD=true ' : ''}npm ci --omit=dev --no-audit --no-fund${legacyPeers ? ' --legacy-peer-deps' : ''} && mkdir -p node_modules`,
    '',
    `FROM ${base}-slim`,
    'ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/app/rds-ca.pem',
    ...(puppeteer && systemPackages.includes('chromium')
      ? ['ENV PUPPETEER_EXECUTABLE_PATH=/usr/bin/chromium']
      : []),
    ...(systemPackages.length
      ? [
          `RUN apt-get update && apt-get install -y --no-install-recommends ${systemPackages.join(' ')} && rm -rf /var/lib/apt/lists/*`,
        ]
      : []),
    'WORKDIR /app',
    'COPY --from=dependencies /app/node_modules ./node_modules',
    'COPY . .',
    ...(folders.length ? [`RUN mkdir -p ${words(folders)} && chown node:node ${words(folders)}`] : []),
    // Fargate mounts a volume as owned by root, unless the image declares the volume with another owner.
    `VOLUME ${JSON.stringify(['/tmp', ...folders])}`,
    'USER 1000:1000',
    `EXPOSE ${port}`,
    `HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node","-e",${JSON.stringify(probe)}]`,
    `CMD ${JSON.stringify(command)}`,
  ].join('\n')}\n`;
}

/** Returns shell words. Quotes the names that contain special characters of the shell. */
function words(names: readonly string[]): string {
  return names
    .map((name) => (/^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** Excludes local files, so that an image built by hand has the same contents as an image built by the deployment. */
export const dockerignore = 'node_modules\n.env*\nDockerfile\n.dockerignore\n';
