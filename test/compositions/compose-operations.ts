import { Duration, type Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import {
  DatabaseHealth,
  EnvironmentDashboard,
  Escalation,
  MonitoringAlarm,
  ServerHealth,
  Tickets,
  UserExperience,
} from '../../constructs';
import { ApiPerformance, BusinessMetrics, EdgeAlarms, ServerLogMetrics } from '../../constructs/monitoring';
import type { Team } from './compose';
import type { Composition } from './composition';
import { ACCOUNT } from './surroundings';

const CHECKS = [{ path: '/api/health' }];

/** Alarms and a dashboard of what there is. */
export function addMonitoring({ stack, servers, database, client }: Team): void {
  const [server] = servers.values();
  const name = 'orders';
  const distributionId = client?.distribution.distributionId;
  const sections = [];
  if (server) {
    sections.push(
      new ServerHealth(stack, 'ServerHealth', { name, server, releaseStack: stack.stackName }).section,
    );
    sections.push(
      new BusinessMetrics(stack, 'Business', {
        name,
        logGroup: server.logGroup,
        metrics: [{ name: 'OrdersPlaced', lines: { event: 'order.placed' } }],
      }).section,
    );
  }
  if (database) {
    const connections = database.checkConnections({ maximumTasks: 4, poolSize: 10 });
    sections.push(
      new DatabaseHealth(stack, 'DatabaseHealth', { name, metrics: database.metrics, connections }).section,
    );
  }
  if (distributionId !== undefined) {
    new EdgeAlarms(stack, 'EdgeAlarms', { name, distributionId });
    sections.push(
      new UserExperience(stack, 'Users', {
        name,
        distributionId,
        canary: { url: client!.url, checks: CHECKS, interval: Duration.minutes(5) },
      }).section,
    );
  }
  if (server && distributionId !== undefined)
    sections.push(
      new ApiPerformance(stack, 'Api', {
        name,
        server,
        distributionId,
        logMetrics: new ServerLogMetrics(stack, 'LogMetrics', { name, logGroup: server.logGroup }),
        objectives: { availability: 99.9, latency: 99, latencyThreshold: Duration.millis(500) },
      }).section,
    );
  new EnvironmentDashboard(stack, 'Dashboard', { name, alarms: MonitoringAlarm.in(stack), sections });
}

/** Somebody hears of the alarms. */
export function addAlarmActions(
  stack: Stack,
  key: IKey | undefined,
  alarmsTell: Composition['alarms'],
): void {
  const name = 'orders';
  const alarms = MonitoringAlarm.in(stack);
  const tell = (topic: ITopic): void => {
    for (const { alarm, summary } of alarms)
      if (summary.severity !== 'part') alarm.addAlarmAction(new SnsAction(topic));
  };
  switch (alarmsTell) {
    case 'nobody':
      return;
    case 'new topic':
      tell(new Topic(stack, 'Topic', { masterKey: key }));
      return;
    case 'imported topic':
      tell(Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`));
      return;
    case 'tickets': {
      const tickets = new Tickets(stack, 'Tickets', {
        name,
        emails: ['team@example.com'],
        encryptionKey: key,
      });
      for (const alarm of alarms) if (alarm.summary.severity === 'ticket') tickets.ticket(alarm);
      return;
    }
    case 'escalation': {
      const escalation = new Escalation(stack, 'Escalation', {
        name,
        encryptionKey: key,
        plan: {
          contacts: [{ name: 'Ada', email: 'ada@example.com' }],
          tiers: [{ targets: [{ kind: 'contact', contact: 'Ada' }], times: 2, everyMinutes: 5 }],
          repageMinutes: 30,
        },
      });
      for (const alarm of alarms) {
        if (alarm.summary.severity === 'page') escalation.page(alarm);
        if (alarm.summary.severity === 'ticket') escalation.ticket(alarm);
      }
    }
  }
}
