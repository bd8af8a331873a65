/** `EC2 Route` of `AWS::EC2::Route`. */
export function typeName(type: string): string {
  return type.replace(/^AWS::/, '').replaceAll('::', ' ');
}

/** The page about a resource type in CloudFormation's reference. */
export function typePage(type: string): string {
  const reference = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';
  const [, service, name] = /^AWS::(\w+)::(\w+)$/.exec(type) ?? [];
  const page = service && name ? `${service}-${name}`.toLowerCase() : 'cloudformation-customresource';
  return `${reference}/aws-resource-${page}.html`;
}
