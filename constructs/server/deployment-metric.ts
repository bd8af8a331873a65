/**
 * What the watchdog says while it follows a deployment, for others to wait until it is over; by name, for they
 * are in other stacks.
 */
export function deploymentMetric(name: string): { readonly namespace: string; readonly metricName: string } {
  return { namespace: `${name}/Deployment`, metricName: 'Followed' };
}
