/** Returns a type's name, such as `EC2 Route` for `AWS::EC2::Route`. */
export function typeName(type: string): string {
  return type.replace(/^AWS::/, '').replaceAll('::', ' ');
}

/** Returns the page of a resource type in the CloudFormation reference. */
export function typePage(type: string): string {
  const reference = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';
  const [, service, name] = /^AWS::(\w+)::(\w+)$/.exec(type) ?? [];
  const page = service && name ? `${service}-${name}`.toLowerCase() : 'cloudformation-customresource';
  return `${reference}/aws-resource-${page}.html`;
}
