import { requireTwoZones } from '../core/availability-zones';
import { PlanError } from '../core/plan-error';
import { arn, found, named, need, type Properties, pairs } from '../core/properties';
import type { Attributes, ResourceHandlers, ResourceRequest } from '../core/resource-handler';
import type { Stage } from '../core/stage';
import type { Elbv2 } from './elbv2';
import { Listener, type Rule } from './listener';
import { TargetGroup } from './target-group';

/** Resource types of Elastic Load Balancing. */
export function elbv2Resources(elbv2: Elbv2, stage: Stage): ResourceHandlers {
  const { loadBalancers, targetGroups } = elbv2;
  return {
    'AWS::ElasticLoadBalancingV2::LoadBalancer': {
      supportedProperties: ['LoadBalancerAttributes', 'Scheme', 'Subnets', 'SecurityGroups'],
      apply(request) {
        requireTwoZones(stage.inventory, request, 'Subnets', request.properties['Subnets']);
        const name = named(request).replace(/\W/g, '').slice(-20);
        const LoadBalancerFullName = `app/${name}/0123456789abcdef`;
        const Ref = arn(request, 'elasticloadbalancing', `loadbalancer/${LoadBalancerFullName}`);
        const DNSName = `internal-${name}.${request.stack.region}.elb.amazonaws.com`;
        const attributes = pairs(request.properties['LoadBalancerAttributes']);
        loadBalancers.set(Ref, {
          logicalId: request.id,
          stack: request.stack.name,
          dnsName: DNSName,
          attributes,
        });
        return { Ref, LoadBalancerArn: Ref, LoadBalancerFullName, LoadBalancerName: name, DNSName };
      },
    },
    'AWS::ElasticLoadBalancingV2::TargetGroup': {
      supportedProperties: [
        'HealthCheckPath',
        'HealthCheckPort',
        'HealthCheckIntervalSeconds',
        'HealthCheckTimeoutSeconds',
        'HealthyThresholdCount',
        'UnhealthyThresholdCount',
        'Matcher.HttpCode',
        'TargetGroupAttributes',
      ],
      apply(request) {
        const { id } = request;
        const TargetGroupFullName = `targetgroup/${id.slice(-30)}/0123456789abcdef`;
        const Ref = arn(request, 'elasticloadbalancing', TargetGroupFullName);
        const options = targetGroupOptions(request, TargetGroupFullName);
        const group = targetGroups.get(Ref);
        if (group) {
          group.options = options;
          for (const rule of elbv2.rules.values()) requireGroupStickiness(request, rule);
        } else targetGroups.set(Ref, new TargetGroup(options, stage));
        return { Ref, TargetGroupArn: Ref, TargetGroupFullName, TargetGroupName: id };
      },
    },
    'AWS::ElasticLoadBalancingV2::Listener': {
      supportedProperties: [
        'LoadBalancerArn',
        'Port',
        'DefaultActions.FixedResponseConfig.StatusCode',
        'DefaultActions.Type',
      ],
      apply: (request) => request.before?.attributes ?? listener(elbv2, stage, request),
    },
    'AWS::ElasticLoadBalancingV2::ListenerRule': {
      supportedProperties: [
        'ListenerArn',
        'Priority',
        'Conditions',
        'Actions.Type',
        'Actions.ForwardConfig.TargetGroups',
        'Actions.ForwardConfig.TargetGroupStickinessConfig.Enabled',
        'Actions.TargetGroupArn',
      ],
      apply: (request) => listenerRule(elbv2, request),
    },
  };
}

function targetGroupOptions(request: ResourceRequest, fullName: string) {
  const { properties: given, id } = request;
  const attributes = pairs(given['TargetGroupAttributes']);
  const isSticky =
    attributes['stickiness.enabled'] === 'true' && attributes['stickiness.type'] === 'lb_cookie';
  return {
    logicalId: id,
    stack: request.stack.name,
    fullName,
    healthPath: need(request, 'HealthCheckPath'),
    healthPort: Number(given['HealthCheckPort']) || undefined,
    interval: Number(given['HealthCheckIntervalSeconds'] ?? 30),
    timeout: Number(given['HealthCheckTimeoutSeconds'] ?? 5),
    healthyThreshold: Number(given['HealthyThresholdCount'] ?? 5),
    unhealthyThreshold: Number(given['UnhealthyThresholdCount'] ?? 2),
    codes: given['Matcher']?.HttpCode ?? '200',
    deregistrationDelay: Number(attributes['deregistration_delay.timeout_seconds'] ?? 300),
    ...(isSticky && {
      stickySeconds: Number(attributes['stickiness.lb_cookie.duration_seconds'] ?? 86_400),
    }),
  };
}

async function listener(
  { loadBalancers, listeners }: Elbv2,
  { metrics, network }: Stage,
  request: ResourceRequest,
): Promise<Attributes> {
  const balancerArn = need(request, 'LoadBalancerArn');
  const {
    logicalId: name,
    stack,
    dnsName,
    attributes,
  } = found(request, 'LoadBalancerArn', loadBalancers, balancerArn);
  const port = Number(need(request, 'Port'));
  const [action] = need<Properties[]>(request, 'DefaultActions');
  const Ref = balancerArn.replace(':loadbalancer/', ':listener/').concat(`/${request.id}`);
  const options = {
    balancer: balancerArn.split(':loadbalancer/').at(-1)!,
    port,
    idleTimeout: Number(attributes['idle_timeout.timeout_seconds'] ?? 60),
    defaultStatus: Number(action!['FixedResponseConfig']?.StatusCode ?? 503),
    dropsInvalidHeaders: attributes['routing.http.drop_invalid_header_fields.enabled'] === 'true',
  };
  const made = new Listener(options, metrics);
  network.listen(dnsName, port, await made.listen(), { name, stack });
  listeners.set(Ref, made);
  return { Ref, ListenerArn: Ref };
}

function listenerRule({ listeners, rules, targetGroups }: Elbv2, request: ResourceRequest): Attributes {
  const { properties, before } = request;
  const listenerArn = need(request, 'ListenerArn');
  const listener = found(request, 'ListenerArn', listeners, listenerArn);
  const paths = (properties['Conditions'] ?? []).flatMap(
    (one: Properties) => one['PathPatternConfig']?.Values ?? one['Values'] ?? [],
  );
  const [action] = need<Properties[]>(request, 'Actions');
  if (action!['Type'] !== 'forward')
    throw new PlanError(
      request.id,
      'Actions',
      `is of type '${action!['Type']}': it leads to no target group`,
    );
  const shares: Properties[] = action!['ForwardConfig']?.TargetGroups ?? [
    { TargetGroupArn: action!['TargetGroupArn'], Weight: 1 },
  ];
  const weights = new Map(
    shares.map(({ TargetGroupArn, Weight }) => [
      found(request, 'Actions', targetGroups, TargetGroupArn),
      Number(Weight ?? 1),
    ]),
  );
  const Ref =
    before?.attributes.Ref ?? listenerArn.replace(':listener/', ':listener-rule/').concat(`/${request.id}`);
  const rule = {
    priority: Number(need(request, 'Priority')),
    paths,
    weights,
    bindsToGroup: action!['ForwardConfig']?.TargetGroupStickinessConfig?.Enabled === true,
  };
  requireGroupStickiness(request, rule);
  const old = rules.get(Ref);
  if (old) listener.rules.splice(listener.rules.indexOf(old), 1);
  listener.rules.push(rule);
  rules.set(Ref, rule);
  return { Ref, RuleArn: Ref };
}

/**
 * Checks that a rule with several target groups has group stickiness if a target group is sticky. Otherwise, Elastic
 * Load Balancing refuses the rule.
 */
function requireGroupStickiness(request: ResourceRequest, { weights, bindsToGroup }: Rule): void {
  if (weights.size < 2 || bindsToGroup) return;
  for (const { options } of weights.keys())
    if (options.stickySeconds !== undefined)
      throw new PlanError(
        request.id,
        'Actions.ForwardConfig',
        `must enable target group stickiness, because ${options.logicalId} has sticky targets and the rule has several groups`,
      );
}
