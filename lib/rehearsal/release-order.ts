import { dependsOn } from './cloudformation/template';
import type { Resource, Template } from './core/assembly';
import { PlanError } from './core/plan-error';

/**
 * Checks the order of a release: migrations, server, client files, and last the pointer to the client. Throws a
 * `PlanError` for a missing dependency.
 */
export function checkReleaseOrder(resources: Template['Resources']): void {
  const ids = (test: (resource: Resource) => boolean) =>
    Object.entries(resources).flatMap(([id, resource]) => (test(resource) ? [id] : []));
  const has =
    (...names: string[]) =>
    (resource: Resource) =>
      resource.Type.startsWith('Custom::') && names.every((name) => name in (resource.Properties ?? {}));
  const migrations = ids(has('TaskDefinition', 'Cluster', 'Container'));
  const servers = ids(({ Type }) => Type === 'AWS::ECS::Service');
  // The pointer's other resource acts only in a rollback, before the server.
  const pointers = ids(
    (resource) => has('KeyValueStoreArn', 'Value')(resource) && !resource.Type.endsWith('WayBack'),
  );
  const values = pointers.map((id) => String(resources[id]!.Properties!['Value']).split(' ')[0]!);
  const uploads = ids(({ Type, Properties }) => {
    const prefix = String(Properties?.['DestinationBucketKeyPrefix'] ?? '');
    return Type === 'Custom::CDKBucketDeployment' && values.some((value) => prefix.endsWith(value));
  });
  const after = (later: string[], earlier: string[], why: string): void => {
    for (const id of later)
      for (const other of earlier)
        if (!dependsOn(resources, id, other)) throw new PlanError(id, 'DependsOn', `lacks ${other}: ${why}`);
  };
  after(servers, migrations, 'the server would start before the migrations end');
  after(pointers, servers, 'users would get the client before the server is verified');
  after(pointers, uploads, 'users would get a client whose files do not exist yet');
}
