import fc from 'fast-check';

const from = (...examples: readonly string[]) => fc.constantFrom(...examples);

/** Names at the limits of length, and names in between. */
const labels = (max: number) =>
  fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,6})?$/).filter((text) => text.length <= max),
    fc.constantFrom('a', 'a'.repeat(max), `a${'-b'.repeat(Math.floor((max - 1) / 2))}`),
  );
const email = from(
  'a@b.co',
  'on-call+shop@example.com',
  `${'x'.repeat(64)}@${'d'.repeat(60)}.example.com`,
  "o'neil@example.org",
);
const timeZone = from(
  'UTC',
  'Europe/Berlin',
  'America/Argentina/Buenos_Aires',
  'Asia/Kathmandu',
  'Pacific/Apia',
);
const time = fc.stringMatching(/^([01]\d|2[0-3]):[0-5]\d$/);
const clock = fc.integer({ min: 0, max: 23 });
const two = (value: number) => String(value).padStart(2, '0');
const relativePath = from(
  'server',
  'server/index.ts',
  './data',
  'templates/ä ü.html',
  'a',
  `x/${'y'.repeat(100)}`,
  'emoji-🎈',
);
const day = fc
  .date({ min: new Date('2026-01-01T00:00Z'), max: new Date('2099-12-31T00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 16));
const moment = fc
  .tuple(day, from('Z', '+01:00', '-09:30', '+14:00'))
  .map(([date, zone]) => `${date}:00${zone}`);
const domain = from(
  'shop.example.com',
  'example.com',
  'a.io',
  'xn--bcher-kva.example',
  'very.deep.sub.domain.of.shop.example.co.uk',
  `${'l'.repeat(63)}.example.com`,
);
const variable = fc.oneof(
  from(
    'PORT',
    'NODE_ENV',
    'LOG_LEVEL',
    'DATABASE_URL',
    'PGPASSWORD',
    'DATABASE_POOL_SIZE',
    'RELEASE_ID',
    'AWS_REGION',
  ),
  from('SESSION_SECRET', 'STRIPE_KEY', 'SHUTDOWN_TIMEOUT_MS', 'NODE_EXTRA_CA_CERTS', 'APP_ENV', '_', 'TZ'),
  fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/),
);
const contact = from('0', '1', '2', '3');

/**
 * Strings whose format the schema does not express as a pattern, by path. `*` stands for an index or the key of a
 * record, `{}` for the keys of a record.
 */
export const TEXTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  region: from(
    ...['us-east-1', 'us-east-1', 'eu-west-1', 'eu-central-1', 'us-west-1', 'us-west-2', 'ap-northeast-1'],
    ...['ap-northeast-2', 'ap-southeast-2', 'ca-central-1', 'sa-east-1', 'af-south-1', 'me-central-1'],
    ...['ap-southeast-3', 'eu-south-1', 'eu-south-2', 'ap-east-1', 'me-south-1', 'ap-northeast-3'],
  ),
  account: from('123456789012', '000000000001', '999999999999'),
  'application.name': labels(28),
  'application.server.entry': relativePath,
  'application.server.healthPath': from('/', '/health', '/api/health/ready', '/~ready', '/%C3%A4'),
  'application.server.paths.*': from(
    '/api/*',
    '/auth/*',
    '/posts/*',
    '/robots.txt',
    '/a?c/*',
    "/x~y/'&@:+",
    '/ws',
  ),
  'application.server.files.*': relativePath,
  'application.client.root': relativePath,
  'application.client.viteConfig': relativePath,
  'application.client.outDir': relativePath,
  'application.migrations.folder': relativePath,
  'application.migrations.applied': from('0001_first', '0000_a b'),
  'application.environment.{}': variable,
  'application.secrets.{}': variable,
  'application.environment.*': fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    from('', ' ', '${AWS::Region}', '{{resolve:ssm:/x}}', 'a\nb', '"quoted"', '0', '💳', 'x'.repeat(4000)),
  ),
  'network.availabilityZones.*': from('az1', 'az2', 'az3', 'az4', 'az6'),
  'database.instanceClass': from('r8g.large', 'r7g.16xlarge', 'r6i.xlarge', 'x2g.2xlarge', 'r6id.32xlarge'),
  'database.backupWindow': fc
    .tuple(clock, from('00', '07', '30'))
    .map(([hour, minute]) => `${two(hour)}:${minute}-${two((hour + 1) % 24)}:${minute}`),
  'database.maintenanceWindow': fc
    .tuple(from('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), clock)
    .map(([weekday, hour]) => `${weekday}:${two(hour)}:05-${weekday}:${two(hour)}:35`),
  'database.restore.identifier': labels(63),
  'database.restore.snapshot': from(
    'before-migration',
    'rds:shop-production-2026-01-01-00-05',
    'arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:shared',
  ),
  'database.restore.cluster': from('shop-old', 'a', 'arn:aws:rds:us-east-1:123456789012:cluster:shared'),
  'database.restore.at': from('2026-01-31T12:00:00Z', '2026-12-31T23:59:59.999Z'),
  'client.domain.name': domain,
  'client.domain.zone.id': from('Z0123456789', 'Z1', `Z${'0'.repeat(31)}`),
  'client.domain.zone.name': domain,
  'client.domain.certificateArn': fc
    .tuple(from('000000000001', '123456789012'), fc.uuid())
    .map(([account, id]) => `arn:aws:acm:us-east-1:${account}:certificate/${id}`),
  'client.contentSecurityPolicy.sources.{}': from(
    'connect-src',
    'img-src',
    'script-src',
    'style-src',
    'font-src',
    'frame-src',
    'worker-src',
    'media-src',
  ),
  'client.contentSecurityPolicy.sources.*.*': from(
    ...[
      '*',
      'https:',
      'blob:',
      "'none'",
      "'self'",
      "'unsafe-inline'",
      'https://*.example.com:*',
      'wss://live.example.com',
    ],
    ...["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", 'cdn.example.com/lib/'],
  ),
  'client.permissionsPolicy.{}': from(
    'camera',
    'geolocation',
    'picture-in-picture',
    'usb',
    'browsing-topics',
  ),
  'client.errorPage.file': from('index.html'),
  'verification.checks.*.path': from(
    '/api/entries',
    '/',
    '/?q=a%20b',
    '/ä',
    '/api/"x"',
    '/assets/x.js',
    '/api/${x}',
  ),
  'verification.checks.*.headers.{}': from('content-type', 'X-Frame-Options', 'etag'),
  'verification.checks.*.headers.*': from('json', '^text/html', '.*', '^(?=a)b|c$'),
  'verification.checks.*.body': from('ok', '^\\[', '"status":\\s*"up"', '\\p{L}', '[ä-ö]', '.'.repeat(500)),
  'monitoring.businessMetrics.*.pattern': from(
    '{ $.event = "paid" }',
    '"ERROR"',
    '?a ?b',
    '[ip, user]',
    '%regex%',
  ),
  'monitoring.businessMetrics.*.name': fc.stringMatching(/^[A-Z][A-Za-z0-9]{2,12}$/),
  'monitoring.businessMetrics.*.embedded.namespace': from('Shop/Orders', 'a', '#1', `n${':'.repeat(254)}`),
  'monitoring.businessMetrics.*.embedded.dimensions.{}': from('queue', 'tenant', 'a b', 'ü'),
  'monitoring.budget.email': email,
  'escalation.contacts.*.name': from('anna', "Ben O'Neil", 'Ünal', '李', '0day', 'x'.repeat(40)),
  'escalation.contacts.*.email': email,
  'escalation.contacts.*.phone': from('+4915112345678', '+12345678', `+${'1'.repeat(15)}`),
  'escalation.rotation.members.*': contact,
  'escalation.rotation.handover.time': time,
  'escalation.rotation.handover.timeZone': timeZone,
  'escalation.rotation.start': from('1970-01-01', '2026-01-05', '2099-12-31', '2024-02-29'),
  'escalation.rotation.overrides.*.contact': contact,
  'escalation.rotation.overrides.*.from': moment,
  'escalation.rotation.overrides.*.to': moment,
  'escalation.tiers.*.targets.*.contact': contact,
  'escalation.tiers.*.targets.*.topicArn': from(
    'arn:aws:sns:us-east-1:123456789012:managers',
    `arn:aws:sns:eu-west-1:000000000001:${'t'.repeat(256)}`,
  ),
  'escalation.webhook': from('https://hooks.example.com/pages?x=1', 'https://h.example:8443/'),
  'escalation.ticketEmails.*': email,
  'escalation.fallbackEmail': email,
  'escalation.runbooks': from('https://git.example.com/shop/blob/main/'),
  'escalation.maintenance.*.name': labels(40),
  'escalation.maintenance.*.schedule': from(
    ...['cron(0 2 * * SUN)', 'at(2026-12-24T22:00)', 'cron(0,30 0-23 1,15 JAN-MAR *)'],
  ),
  'escalation.maintenance.*.timeZone': timeZone,
  'escalation.testPage.time': time,
  'escalation.testPage.timeZone': timeZone,
  'delivery.people.*.name': fc
    .stringMatching(/^[a-z][a-z0-9._-]{1,31}$/)
    .filter((name) => name !== 'pipeline'),
  'delivery.people.*.userId': fc.stringMatching(/^AIDA[A-Z0-9]{12,28}$/),
  'delivery.people.*.emails.*': email,
  'delivery.freeze.*.from': day,
  'delivery.freeze.*.until': day,
  'delivery.freeze.*.timeZone': timeZone,
};
