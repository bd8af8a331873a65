interface FakeTask {
  createdAt: number;
  startedAt?: number;
}

/** An ECS service as its API shows it; times are seconds since the epoch. */
export class FakeService {
  exists = true;
  tasks: FakeTask[] = [];
  deployments: { serviceDeploymentArn: string; createdAt: number; status: string; statusReason?: string }[] =
    [];
  /** Decides how a requested deployment ends. */
  onRoll: () => void = () => this.succeed();

  /** A deployment that has replaced every task. */
  succeed(): void {
    this.begin('SUCCESSFUL');
    this.startTasks();
  }

  /** A deployment in some state; the tasks stay as they are. */
  begin(status: string, statusReason?: string): void {
    const serviceDeploymentArn = `arn:deployment-${this.deployments.length}`;
    this.deployments.push({ serviceDeploymentArn, createdAt: this.now(), status, statusReason });
  }

  startTasks(): void {
    this.tasks = [0, 1].map(() => ({ createdAt: this.now() + 5, startedAt: this.now() + 30 }));
  }

  private now(): number {
    return Date.now() / 1000;
  }

  /** For `startAwsService`. */
  readonly operations = {
    DescribeServices: () => ({ services: this.exists ? [{ status: 'ACTIVE' }] : [] }),
    ListServiceDeployments: ({ createdAt }: { createdAt?: { after: number } }) => ({
      serviceDeployments: this.deployments.filter((one) => !createdAt || one.createdAt > createdAt.after),
    }),
    DescribeServiceDeployments: ({ serviceDeploymentArns }: { serviceDeploymentArns: string[] }) => ({
      serviceDeployments: this.deployments.filter((one) =>
        serviceDeploymentArns.includes(one.serviceDeploymentArn),
      ),
    }),
    ListTasks: () => ({ taskArns: this.tasks.map((_, index) => `task-${index}`) }),
    DescribeTasks: () => ({ tasks: this.tasks.map((task) => ({ ...task, lastStatus: 'RUNNING' })) }),
    UpdateService: ({ forceNewDeployment }: { forceNewDeployment?: boolean }) => {
      if (forceNewDeployment) this.onRoll();
      return {};
    },
  };
}
