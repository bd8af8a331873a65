/**
 * Returns the metric that the watchdog writes during a deployment. The metric uses names only, so that alarms in other
 * stacks can use it.
 */
export function deploymentMetric(name: string): { readonly namespace: string; readonly metricName: string } {
  return { namespace: `${name}/Deployment`, metricName: 'Followed' };
}
