import { z } from 'zod';
import { count } from './values';

/** The server's tasks, and how a release replaces them. */
export const server = z.strictObject({
  cpu: z.literal([256, 512, 1024, 2048, 4096, 8192, 16384]).meta({
    unit: 'CPU units (1024 = 1 vCPU)',
    description: 'Processor of one task.',
    section: '9.1',
  }),
  memory: count(512, 122_880).meta({
    unit: 'MiB',
    description: 'Memory of one task; Fargate takes certain pairs of `cpu` and `memory`.',
    section: '9.1',
  }),
  architecture: z
    .enum(['arm64', 'x86_64'])
    .meta({ description: 'Processor the image is built for.', section: '9.1' }),
  minimumTasks: count(1, 100).meta({ description: 'Tasks kept running.', section: '9.1' }),
  maximumTasks: count(1, 100).meta({ description: 'Tasks autoscaling may reach.', section: '9.1' }),
  deployment: z.enum(['blue-green', 'canary', 'linear', 'rolling']).meta({
    description: 'How a release replaces the one before it.',
    section: '8.2',
  }),
  stickySessionMinutes: count(0, 10_080).meta({
    unit: 'min',
    description:
      "Time for which a visitor stays with one task, by a cookie that each answer renews: for sessions in memory and long polling. 0 for none. Needs `deployment: 'rolling'`.",
    section: '11.1',
  }),
  bakeMinutes: count(5, 120).meta({
    unit: 'min',
    description: 'Time the old tasks stay, ready to take the traffic back, after the new ones have it all.',
    section: '3.7',
  }),
  deployDespiteAlarms: z.boolean().meta({
    description:
      'Deploy although a rollback alarm is firing, which would take the release back: to mend what it tells of.',
    section: '3.7',
  }),
  requestTimeout: count(1, 59).meta({
    unit: 's',
    description:
      'Longest time that CloudFront waits until an answer begins or goes on; at most `deregistrationDelay`.',
    section: '7.3',
  }),
  deregistrationDelay: count(0, 3600).meta({
    unit: 's',
    description: 'Time a leaving task has to finish requests before it is told to stop.',
    section: '7.3',
  }),
  stopTimeout: count(13, 120).meta({
    unit: 's',
    description: 'Time between SIGTERM and SIGKILL; two thirds of it are for requests that are still open.',
    section: '7.3',
  }),
  shell: z.boolean().meta({
    description: 'Let people open a shell in a running task (ECS Exec).',
    section: '11.1',
  }),
  frameAncestors: z.array(z.string().regex(/^('self'|https:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?)$/)).meta({
    allowed: "a list of `'self'` and origins such as https://portal.example.com",
    description:
      "Pages that may show the server's answers in a frame, such as a PDF. An empty list allows none.",
    section: '11.3',
  }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).meta({
    description: '`LOG_LEVEL` of the application.',
    section: '10.2',
  }),
});
