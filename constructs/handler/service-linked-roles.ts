import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from './handler-function';
import { SERVICE_LINKED_ROLES, type ServiceWithRole } from './service-linked-roles.properties';

export interface ServiceLinkedRolesProps {
  /** Services that need their role. */
  readonly services: readonly ServiceWithRole[];
}

/**
 * Service-linked roles of an account. ECS and RDS create their role with the first cluster. The creation of that
 * cluster can fail, because the role is not ready yet. Resources that depend on this construct find each role ready.
 * `AWS::IAM::ServiceLinkedRole` fails if the account already has the role, so a handler creates only the missing
 * roles. The roles belong to the account and stay when the stack is deleted.
 *
 * Defines a custom resource and its handler.
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/818
 */
export class ServiceLinkedRoles extends Construct {
  constructor(scope: Construct, id: string, { services }: ServiceLinkedRolesProps) {
    super(scope, id);

    const { function: handler } = new HandlerFunction(this, 'Handler', {
      bundle: 'service-linked-roles',
      description: 'Creates the missing service-linked roles of the account',
      timeout: Duration.minutes(2),
    });
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:CreateServiceLinkedRole', 'iam:GetRole'],
        resources: services.map((service) =>
          Stack.of(this).formatArn({
            service: 'iam',
            region: '',
            resource: 'role',
            resourceName: `aws-service-role/${service}/${SERVICE_LINKED_ROLES[service]}`,
          }),
        ),
      }),
    );
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ServiceLinkedRoles',
      serviceToken: handler.functionArn,
      serviceTimeout: Duration.minutes(3),
      properties: { Services: services },
    });
    resource.node.addDependency(handler);
  }
}
