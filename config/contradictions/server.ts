import { memorySizes } from '../../constructs/server/fargate-sizes';
import type { Rule } from './rule';

/** Rules for the tasks of the server. */
export const serverRules: readonly Rule[] = [
  {
    reads: ['server.cpu', 'server.memory'],
    problems: ({ server: { cpu, memory } }) => {
      const sizes = memorySizes(cpu);
      return sizes.includes(memory)
        ? []
        : [
            [
              'server.memory',
              `with 'server.cpu' ${cpu}, ${sizes.length > 8 ? `${sizes[0]} to ${sizes.at(-1)} in steps of ${sizes[1]! - sizes[0]!}` : sizes.join(', ')}`,
            ],
          ];
    },
  },
  {
    reads: ['server.minimumTasks', 'server.maximumTasks'],
    problems: ({ server: { minimumTasks, maximumTasks } }) =>
      minimumTasks > maximumTasks
        ? [['server.maximumTasks', `at least 'server.minimumTasks', which is ${minimumTasks}`]]
        : [],
  },
  {
    reads: ['server.requestTimeout', 'server.deregistrationDelay'],
    problems: ({ server: { requestTimeout, deregistrationDelay } }) =>
      deregistrationDelay < requestTimeout
        ? [
            [
              'server.deregistrationDelay',
              `at least 'server.requestTimeout', which is ${requestTimeout}: otherwise a task could stop before its requests end`,
            ],
          ]
        : [],
  },
  {
    reads: ['server.stickySessionMinutes', 'server.deployment'],
    problems: ({ server: { stickySessionMinutes, deployment } }) =>
      stickySessionMinutes > 0 && deployment !== 'rolling'
        ? [
            [
              'server.stickySessionMinutes',
              "0, or set `deployment: 'rolling'`: with two target groups, visitors would stay on the release that a deployment replaces",
            ],
          ]
        : [],
  },
];
