/** The metric that the watchdog writes while it follows a deployment; by name, for alarms in other stacks. */
export function deploymentMetric(name: string): { readonly namespace: string; readonly metricName: string } {
  return { namespace: `${name}/Deployment`, metricName: 'Followed' };
}
