interface Resource {
  readonly cloudFormationType: string;
  readonly isStateful?: boolean;
}

/** CloudFormation's resource schemas, whole, as `@aws-cdk/aws-service-spec` has them. */
export function loadAwsServiceSpec(): { all(entity: 'resource'): Iterable<Resource> } {
  // Its types need those of its database, which nothing here has.
  return (
    require('@aws-cdk/aws-service-spec') as { loadAwsServiceSpecSync(): never }
  ).loadAwsServiceSpecSync();
}
