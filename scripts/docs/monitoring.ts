import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { type Configuration, loadSettings } from '../../config';
import { type AlarmSummary, MonitoringAlarm } from '../../constructs/monitoring';
import { Environment } from '../../lib/stacks/environment';
import { type DashboardWidget, dashboardPicture } from './dashboard-svg';

export interface MonitoringDocument {
  /** Returns a table of all alarms of production. */
  readonly alarms: string;
  /** Returns the dashboard of production as an SVG. */
  readonly dashboard: string;
}

/** Returns the alarms and the dashboard of an example environment, for `docs/monitoring.md`. */
export function monitoringDocument(): MonitoringDocument {
  const directory = mkdtempSync(join(tmpdir(), 'monitoring-document-'));
  try {
    const { operations } = exampleEnvironment(directory);
    const summaries = MonitoringAlarm.in(operations).map(({ summary }) => summary);
    return { alarms: table(summaries), dashboard: dashboardPicture(widgets(operations)) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * Returns the production environment of a minimal application.
 * @param directory an empty folder, which must exist for as long as the environment is used
 */
export function exampleEnvironment(directory: string, configuration: Configuration = {}): Environment {
  writeFileSync(
    join(directory, 'framework53.config.ts'),
    `export default ${JSON.stringify(configuration)};\n`,
  );
  for (const folder of ['image', 'client']) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, 'image/Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(directory, 'client/index.html'), '<!doctype html><title>Example</title>\n');
  const app = new App({
    outdir: join(directory, 'plan'),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  return new Environment(app, {
    environment: 'production',
    settings: loadSettings('production', directory),
    directory,
    migrations: [],
    release: {
      formatVersion: 1,
      releaseId: '0000000000000000',
      application: 'example',
      server: {
        port: 8080,
        healthPath: '/api/health',
        paths: ['/api/*'],
        command: ['node'],
        environment: {},
        secrets: [],
      },
      client: {},
      migrations: { kind: 'none', digest: '' },
      warnings: [],
    },
  });
}

const HEAD = `| alarm | what it means | fires when | no data is | few requests | severity | first |
|---|---|---|---|---|---|---|`;

/** Returns the alarms, pages first. Conditions of other alarms are described with those alarms. */
function table(summaries: readonly AlarmSummary[]): string {
  const rows = (['page', 'ticket'] as const).flatMap((severity) =>
    summaries.filter((summary) => summary.severity === severity).map(row),
  );
  return `${HEAD}\n${rows.join('\n')}\n`;
}

function row(summary: AlarmSummary): string {
  const { id, meaning, condition, missingData, trafficGate, severity, action, runbook } = summary;
  const cells = [
    `[${id}](runbook.md${runbook})`,
    meaning,
    condition,
    missingData,
    trafficGate,
    severity,
    action,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function widgets(operations: Environment['operations']): DashboardWidget[] {
  const resource = operations.dashboard.node.defaultChild as unknown as { readonly dashboardBody: string };
  const body = Stack.of(operations).resolve(resource.dashboardBody) as
    | string
    | { 'Fn::Join': [string, unknown[]] };
  const text =
    typeof body === 'string'
      ? body
      : body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : '…')).join('');
  return (JSON.parse(text) as { widgets: DashboardWidget[] }).widgets;
}
