import { z } from 'zod';
import { count } from './values';

/** Settings of the server's tasks and deployments. */
export const server = z.strictObject({
  cpu: z.literal([256, 512, 1024, 2048, 4096, 8192, 16384]).meta({
    unit: 'CPU units (1024 = 1 vCPU)',
    description: 'CPU units of one task.',
    section: '9.1',
  }),
  memory: count(512, 122_880).meta({
    unit: 'MiB',
    description: 'Memory of one task. Fargate supports certain pairs of `cpu` and `memory`.',
    section: '9.1',
  }),
  architecture: z
    .enum(['arm64', 'x86_64'])
    .meta({ description: 'CPU architecture of the image.', section: '9.1' }),
  minimumTasks: count(1, 100).meta({ description: 'Minimum number of tasks.', section: '9.1' }),
  maximumTasks: count(1, 100).meta({
    description: 'Maximum number of tasks for autoscaling.',
    section: '9.1',
  }),
  deployment: z.enum(['blue-green', 'canary', 'linear', 'rolling']).meta({
    description: 'Deployment strategy of the server.',
    section: '8.2',
  }),
  stickySessionMinutes: count(0, 10_080).meta({
    unit: 'min',
    description:
      "Duration of sticky sessions by a cookie that each response renews, for sessions in memory and long polling. 0 turns them off. Requires `deployment: 'rolling'`.",
    section: '11.1',
  }),
  bakeMinutes: count(5, 120).meta({
    unit: 'min',
    description:
      'Time that the old tasks keep running after all traffic has moved. A rollback within this time is immediate.',
    section: '3.7',
  }),
  deployDespiteAlarms: z.boolean().meta({
    description:
      'Deploy while a rollback alarm is firing. Use it for a release that fixes the cause of the alarm.',
    section: '3.7',
  }),
  requestTimeout: count(1, 59).meta({
    unit: 's',
    description:
      'Time that CloudFront waits for a response to start or continue; at most `deregistrationDelay`.',
    section: '7.3',
  }),
  deregistrationDelay: count(0, 3600).meta({
    unit: 's',
    description: 'Time that a task has to finish its requests before SIGTERM.',
    section: '7.3',
  }),
  stopTimeout: count(13, 120).meta({
    unit: 's',
    description: 'Time between SIGTERM and SIGKILL. Open requests get two thirds of it.',
    section: '7.3',
  }),
  shell: z.boolean().meta({
    description: 'Allow ECS Exec to open a shell in a running task.',
    section: '11.1',
  }),
  frameAncestors: z
    .array(
      z
        .string()
        .regex(/^('self'|https:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?)$/)
        .meta({ allowed: "'self' in single quotes, or an origin such as https://portal.example.com" }),
    )
    .meta({
      allowed: "a list of `'self'` and origins such as https://portal.example.com",
      description:
        "Pages that may show the server's responses in a frame, such as a PDF. An empty list allows none.",
      section: '11.3',
    }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).meta({
    description: '`LOG_LEVEL` of the application.',
    section: '10.2',
  }),
});
