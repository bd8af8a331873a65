import { PlanError } from '../core/template';
import { Listener, TargetGroup } from '../elbv2/load-balancer';
import { Lambda } from '../lambda/lambda';
import {
  arn,
  found,
  named,
  need,
  type Properties,
  pairs,
  type ResourceHandler,
  type ResourceRequest,
} from '../resource-handler';
import { Image } from './image';
import { Service } from './service';
import { serviceOptions } from './service-options';

export const serverResources: Readonly<Record<string, ResourceHandler>> = {
  'AWS::Lambda::Function': {
    supportedProperties: ['Code.S3Key', 'Handler', 'Environment', 'Timeout', 'Runtime'],
    apply(turn) {
      const { cloud, properties, id } = turn;
      const key = properties['Code']?.S3Key;
      const code = key === undefined ? '' : cloud.assembly.asset(key);
      if (code === undefined) throw new PlanError(id, 'Code.S3Key', `names no asset of the plan: ${key}`);
      const Ref = properties['FunctionName'] ?? named(turn);
      const Arn = arn(turn, 'lambda', `function:${Ref}`);
      const environment = properties['Environment']?.Variables ?? {};
      const options = {
        logicalId: id,
        code,
        handler: need(turn, 'Handler'),
        environment,
        timeout: Number(properties['Timeout'] ?? 3),
      };
      cloud.functions.set(Arn, new Lambda(options, cloud));
      return { Ref, Arn };
    },
  },
  'AWS::ECS::Cluster': {
    supportedProperties: ['ClusterName'],
    apply: (turn) => ({
      Ref: turn.properties['ClusterName'] ?? named(turn),
      Arn: arn(turn, 'ecs', `cluster/${turn.properties['ClusterName'] ?? named(turn)}`),
    }),
  },
  'AWS::ECS::TaskDefinition': {
    supportedProperties: [
      'Name',
      'Image',
      'Command',
      'Environment',
      'Secrets',
      'PortMappings.ContainerPort',
      'StopTimeout',
      'LogConfiguration.Options.awslogs-group',
      'LogConfiguration.Options.awslogs-stream-prefix',
    ]
      .map((name) => `ContainerDefinitions.${name}`)
      .concat('Family'),
    apply: taskDefinition,
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    supportedProperties: ['LoadBalancerAttributes'],
    apply(turn) {
      const name = `${named(turn).replace(/\W/g, '').slice(-20)}`;
      const LoadBalancerFullName = `app/${name}/0123456789abcdef`;
      const Ref = arn(turn, 'elasticloadbalancing', `loadbalancer/${LoadBalancerFullName}`);
      const DNSName = `internal-${name}.${turn.stack.region}.elb.amazonaws.com`;
      turn.cloud.parts.set(Ref, { ...turn.properties, DNSName });
      return { Ref, LoadBalancerArn: Ref, LoadBalancerFullName, LoadBalancerName: name, DNSName };
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    supportedProperties: [
      'HealthCheckPath',
      'HealthCheckIntervalSeconds',
      'HealthCheckTimeoutSeconds',
      'HealthyThresholdCount',
      'UnhealthyThresholdCount',
      'Matcher.HttpCode',
      'TargetGroupAttributes',
    ],
    apply(turn) {
      const { cloud, properties: given, id } = turn;
      const TargetGroupFullName = `targetgroup/${id.slice(-30)}/0123456789abcdef`;
      const Ref = arn(turn, 'elasticloadbalancing', TargetGroupFullName);
      const options = {
        fullName: TargetGroupFullName,
        healthPath: need(turn, 'HealthCheckPath'),
        interval: Number(given['HealthCheckIntervalSeconds'] ?? 30),
        timeout: Number(given['HealthCheckTimeoutSeconds'] ?? 5),
        healthyThreshold: Number(given['HealthyThresholdCount'] ?? 5),
        unhealthyThreshold: Number(given['UnhealthyThresholdCount'] ?? 2),
        codes: given['Matcher']?.HttpCode ?? '200',
        deregistrationDelay: Number(
          pairs(given['TargetGroupAttributes'])['deregistration_delay.timeout_seconds'] ?? 300,
        ),
      };
      const group = cloud.targetGroups.get(Ref);
      if (group) group.options = options;
      else cloud.targetGroups.set(Ref, new TargetGroup(options, cloud.metrics));
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
    apply: listener,
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    supportedProperties: [
      'ListenerArn',
      'Priority',
      'Conditions',
      'Actions.Type',
      'Actions.ForwardConfig.TargetGroups',
      'Actions.TargetGroupArn',
    ],
    apply(turn) {
      const { cloud, properties, before } = turn;
      const listenerArn = need(turn, 'ListenerArn');
      const { rules } = found(turn, 'ListenerArn', cloud.listeners, listenerArn);
      const paths = (properties['Conditions'] ?? []).flatMap(
        (one: Properties) => one['PathPatternConfig']?.Values ?? one['Values'] ?? [],
      );
      const [action] = need<Properties[]>(turn, 'Actions');
      const shares: Properties[] = action!['ForwardConfig']?.TargetGroups ?? [
        { TargetGroupArn: action!['TargetGroupArn'], Weight: 1 },
      ];
      const weights = new Map(
        shares.map(({ TargetGroupArn, Weight }) => [
          found(turn, 'Actions', cloud.targetGroups, TargetGroupArn),
          Number(Weight ?? 1),
        ]),
      );
      const Ref =
        before?.attributes.Ref ?? listenerArn.replace(':listener/', ':listener-rule/').concat(`/${turn.id}`);
      const rule = { priority: Number(need(turn, 'Priority')), paths, weights };
      const old = cloud.rules.get(Ref);
      if (old) rules.splice(rules.indexOf(old), 1);
      rules.push(rule);
      cloud.rules.set(Ref, rule);
      return { Ref, RuleArn: Ref };
    },
  },
  'AWS::ECS::Service': {
    supportedProperties: [
      'ServiceName',
      'TaskDefinition',
      'DesiredCount',
      'LoadBalancers',
      'DeploymentConfiguration',
    ],
    async apply(turn) {
      const { cloud, properties } = turn;
      const Name = properties['ServiceName'] ?? named(turn);
      const Ref = arn(turn, 'ecs', `service/${properties['Cluster']}/${Name}`);
      const service = cloud.services.get(Ref) ?? new Service(cloud);
      cloud.services.set(Ref, service);
      if (properties['DesiredCount'] !== undefined) service.count = Number(properties['DesiredCount']);
      await service.deploy(serviceOptions(turn, Ref));
      return { Ref, Name, ServiceArn: Ref };
    },
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    supportedProperties: ['ResourceId', 'MinCapacity'],
    async apply(turn) {
      const name = need(turn, 'ResourceId').split('/').at(-1);
      const service = [...turn.cloud.services].find(([key]) => key.endsWith(`/${name}`))?.[1];
      if (!service)
        throw new PlanError(
          turn.id,
          'ResourceId',
          `names no service of the plan: ${turn.properties['ResourceId']}`,
        );
      await service.scale(Math.max(service.count, Number(need(turn, 'MinCapacity'))));
      return { Ref: named(turn) };
    },
  },
};

async function taskDefinition(turn: ResourceRequest) {
  const { cloud, properties, id, before } = turn;
  const [container] = need<Properties[]>(turn, 'ContainerDefinitions');
  const {
    Name,
    Command,
    Environment,
    Secrets,
    PortMappings = [],
    StopTimeout,
    LogConfiguration,
  } = container!;
  const uri = String(container!['Image']);
  const family = properties['Family'] ?? named(turn);
  const revision = Number(before?.attributes.Ref.split(':').at(-1) ?? 0) + 1;
  const Ref = arn(turn, 'ecs', `task-definition/${family}:${revision}`);
  // An image of somebody else's is no part of the plan, and nothing of the plan's own runs it.
  if (!uri.includes('container-assets')) return { Ref, TaskDefinitionArn: Ref };
  const context = cloud.assembly.asset(uri);
  if (!context) throw new PlanError(id, 'ContainerDefinitions.Image', `is no image of the plan: ${uri}`);
  const image =
    cloud.images.get(uri) ?? (await Image.build(cloud.workspace, uri.split(':').at(-1)!, context, cloud.say));
  cloud.images.set(uri, image);
  const secrets = Object.entries(pairs(Secrets, 'Name', 'ValueFrom')).map(([name, from]) => {
    const result = cloud.secrets.injected(from);
    if ('problem' in result) throw new PlanError(id, `ContainerDefinitions.Secrets.${name}`, result.problem);
    return [name, () => (cloud.secrets.injected(from) as { value: string }).value] as const;
  });
  const environment = pairs(Environment, 'Name', 'Value');
  // The certificates that the process is told to trust are exchanged for those of this database, at that place.
  const trusted = environment['NODE_EXTRA_CA_CERTS'] ?? image.recipe.environment['NODE_EXTRA_CA_CERTS'];
  if (trusted && cloud.database) image.exchangeCertificates(trusted, cloud.database.authority.certificate);
  cloud.taskDefinitions.set(Ref, {
    logicalId: id,
    image,
    container: {
      logicalId: id,
      name: Name,
      command: Command,
      environment,
      get secrets() {
        return Object.fromEntries(secrets.map(([name, value]) => [name, value()]));
      },
      ports: PortMappings.map(({ ContainerPort }: Properties) => Number(ContainerPort)),
      stopTimeout: Number(StopTimeout ?? 30),
      log: {
        group: LogConfiguration?.Options?.['awslogs-group'],
        prefix: LogConfiguration?.Options?.['awslogs-stream-prefix'],
      },
    },
  });
  return { Ref, TaskDefinitionArn: Ref };
}

async function listener(turn: ResourceRequest) {
  const { cloud, properties, before } = turn;
  if (before) return before.attributes;
  const balancer = found(turn, 'LoadBalancerArn', cloud.parts, need(turn, 'LoadBalancerArn'));
  const port = Number(need(turn, 'Port'));
  const attributes = pairs(balancer['LoadBalancerAttributes']);
  const [action] = need<Properties[]>(turn, 'DefaultActions');
  const Ref = String(properties['LoadBalancerArn'])
    .replace(':loadbalancer/', ':listener/')
    .concat(`/${turn.id}`);
  const options = {
    balancer: String(properties['LoadBalancerArn']).split(':loadbalancer/').at(-1)!,
    port,
    idleTimeout: Number(attributes['idle_timeout.timeout_seconds'] ?? 60),
    defaultStatus: Number(action!['FixedResponseConfig']?.StatusCode ?? 503),
  };
  const made = new Listener(options, cloud.metrics);
  cloud.names[`${balancer['DNSName']}:${port}`] = await made.listen();
  cloud.listeners.set(Ref, made);
  return { Ref, ListenerArn: Ref };
}
