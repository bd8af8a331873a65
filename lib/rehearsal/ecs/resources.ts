import { PlanError } from '../core/plan-error';
import { arn, named, need, type Properties, pairs } from '../core/properties';
import type { Attributes, ResourceHandlers, ResourceRequest } from '../core/resource-handler';
import type { ServiceLinkedRoles } from '../iam/service-linked-roles';
import type { Ecs } from './ecs';
import { Image } from './image';
import { Service } from './service';
import { serviceOptions } from './service-options';
import { asRehearsal, secretValues, UnreadableSecret } from './task-definition';

/** Resource types of ECS. */
export function ecsResources(ecs: Ecs, roles: ServiceLinkedRoles): ResourceHandlers {
  return {
    'AWS::ECS::Cluster': {
      supportedProperties: ['ClusterName'],
      apply(request) {
        roles.assume(
          request.id,
          'ecs.amazonaws.com',
          'Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
        );
        const Ref = request.properties['ClusterName'] ?? named(request);
        return { Ref, Arn: arn(request, 'ecs', `cluster/${Ref}`) };
      },
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
      apply: (request) => taskDefinition(ecs, request),
    },
    'AWS::ECS::Service': {
      supportedProperties: [
        'ServiceName',
        'TaskDefinition',
        'DesiredCount',
        'LoadBalancers',
        'NetworkConfiguration',
        'DeploymentConfiguration',
      ],
      async apply(request) {
        const { properties } = request;
        const Name = properties['ServiceName'] ?? named(request);
        const Ref = arn(request, 'ecs', `service/${properties['Cluster']}/${Name}`);
        const service = ecs.services.get(Ref) ?? new Service(ecs);
        ecs.services.set(Ref, service);
        if (properties['DesiredCount'] !== undefined) service.count = Number(properties['DesiredCount']);
        await service.deploy(serviceOptions(ecs, request, Ref));
        return { Ref, Name, ServiceArn: Ref };
      },
    },
    'AWS::ApplicationAutoScaling::ScalableTarget': {
      supportedProperties: ['ResourceId', 'MinCapacity'],
      async apply(request) {
        const resourceId = need(request, 'ResourceId');
        const name = resourceId.split('/').at(-1);
        const service = [...ecs.services].find(([key]) => key.endsWith(`/${name}`))?.[1];
        if (!service)
          throw new PlanError(request.id, 'ResourceId', `names no service of the plan: ${resourceId}`);
        await service.scale(Math.max(service.count, Number(need(request, 'MinCapacity'))));
        return { Ref: named(request) };
      },
    },
  };
}

async function taskDefinition(ecs: Ecs, request: ResourceRequest): Promise<Attributes> {
  const { properties, id, before } = request;
  const [given] = need<Properties[]>(request, 'ContainerDefinitions');
  const { Name, Command, PortMappings = [], StopTimeout, LogConfiguration } = given!;
  const uri = String(given!['Image']);
  const family = properties['Family'] ?? named(request);
  const revision = Number(before?.attributes.Ref.split(':').at(-1) ?? 0) + 1;
  const Ref = arn(request, 'ecs', `task-definition/${family}:${revision}`);
  // An image from elsewhere is not part of the plan, and no service of the plan runs it.
  if (!uri.includes('container-assets')) return { Ref, TaskDefinitionArn: Ref };
  const image = await imageOf(ecs, request, uri);
  const environment = pairs(given!['Environment'], 'Name', 'Value');
  // Replace the certificates that the process trusts with those of the rehearsal's database.
  const trusted = environment['NODE_EXTRA_CA_CERTS'] ?? image.recipe.environment['NODE_EXTRA_CA_CERTS'];
  const certificate = ecs.neighbours.certificate();
  if (trusted && certificate) image.exchangeCertificates(trusted, certificate);
  const definition = {
    logicalId: id,
    image,
    executionRole: String(properties['ExecutionRoleArn']),
    container: {
      name: Name,
      command: Command,
      environment,
      secrets: pairs(given!['Secrets'], 'Name', 'ValueFrom'),
      ports: PortMappings.map(({ ContainerPort }: Properties) => Number(ContainerPort)),
      stopTimeout: Number(StopTimeout ?? 30),
      log: {
        group: LogConfiguration?.Options?.['awslogs-group'],
        prefix: LogConfiguration?.Options?.['awslogs-stream-prefix'],
      },
    },
  };
  await secretValues(asRehearsal(ecs.stage.api), definition.container).catch((error: Error) => {
    if (!(error instanceof UnreadableSecret)) throw error;
    throw new PlanError(id, `ContainerDefinitions.Secrets.${error.variable}`, error.message);
  });
  ecs.taskDefinitions.set(Ref, definition);
  return { Ref, TaskDefinitionArn: Ref };
}

/** Returns the image of an asset. Each image is built once. */
async function imageOf(
  { images, stage: { workspace, say } }: Ecs,
  request: ResourceRequest,
  uri: string,
): Promise<Image> {
  const context = request.asset(uri);
  if (!context)
    throw new PlanError(
      request.id,
      'ContainerDefinitions.Image',
      `is not an image asset of the plan: ${uri}`,
    );
  const image = images.get(uri) ?? (await Image.build(workspace, uri.split(':').at(-1)!, context, say));
  images.set(uri, image);
  return image;
}
