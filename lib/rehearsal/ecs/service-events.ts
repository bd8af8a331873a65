import type { Stage } from '../core/stage';
import type { Task } from './task';

/** Publishes the event of a service deployment on the event bus. */
export function announceDeployment({ bus }: Stage, serviceArn: string, deploymentId: string): void {
  bus.emit('event', {
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [serviceArn],
    detail: { eventType: 'INFO', eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS', deploymentId },
  });
}

/** Publishes the event of a stopped task on the event bus. */
export function announceTaskEnd({ bus }: Stage, serviceArn: string, { asked }: Task): void {
  const [cluster, service] = serviceArn.split('/').slice(-2);
  bus.emit('event', {
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    detail: {
      clusterArn: serviceArn.replace(/:service\/.*/, `:cluster/${cluster}`),
      group: `service:${service}`,
      lastStatus: 'STOPPED',
      stopCode: asked ? 'ServiceSchedulerInitiated' : 'EssentialContainerExited',
    },
  });
}
