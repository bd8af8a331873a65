import { soundAnswers } from '../aws/sound-answers';
import type { PlannedStack } from './plan';
import { PlanError } from './plan-error';

/**
 * Largest template, in bytes, that CloudFormation accepts in a request. Larger templates must be in S3.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const INLINE = 51_200;

/** Matches the ARN of a stack, so that region and account can be parts of an address. */
const STACK_ID = /^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:(\d{12}):stack\//;

/** Passes a template to CloudFormation: in the request, or through the bootstrap bucket of the CDK. */
export class TemplateUpload {
  private uploaded: { readonly Bucket: string; readonly Key: string } | undefined;

  constructor(
    private readonly stack: PlannedStack,
    private readonly body: string,
    private readonly stackId: string,
  ) {}

  /** Returns the template for a request to CloudFormation, and uploads it if necessary. */
  async location(): Promise<{ readonly TemplateBody: string } | { readonly TemplateURL: string }> {
    if (Buffer.byteLength(this.body) <= INLINE) return { TemplateBody: this.body };
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const target = { Bucket: this.bucket(), Key: `framework53-review/${this.stack.name}.json` };
    await this.send((client) => client.send(new PutObjectCommand({ ...target, Body: this.body })));
    this.uploaded = target;
    return { TemplateURL: `https://${target.Bucket}.s3.${this.region()}.${this.suffix()}/${target.Key}` };
  }

  /** Deletes the object that `location` uploaded. */
  async remove(): Promise<void> {
    const target = this.uploaded;
    if (!target) return;
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await this.send((client) => client.send(new DeleteObjectCommand(target)));
  }

  private async send(
    work: (client: import('@aws-sdk/client-s3').S3Client) => Promise<unknown>,
  ): Promise<void> {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const client = soundAnswers(new S3Client({ region: this.region() }));
    try {
      await work(client);
    } finally {
      client.destroy();
    }
  }

  /** Returns the name of the bootstrap bucket, from the qualifier in the template. */
  private bucket(): string {
    const parameter = this.stack.template.Parameters?.['BootstrapVersion'] as
      | { Default?: unknown }
      | undefined;
    const qualifier = /^\/cdk-bootstrap\/([A-Za-z0-9_-]{1,10})\/version$/.exec(
      String(parameter?.Default),
    )?.[1];
    const account = STACK_ID.exec(this.stackId)?.[1];
    if (qualifier && account) return `cdk-${qualifier}-assets-${account}-${this.region()}`;
    throw new PlanError(
      `--change-set: the template of ${this.stack.name} is larger than the ${INLINE} bytes that CloudFormation accepts in a request, and names no bootstrap bucket; omit --change-set`,
    );
  }

  private region(): string {
    return this.stackId.split(':')[3] || this.stack.region || 'us-east-1';
  }

  private suffix(): string {
    return this.stackId.startsWith('arn:aws-cn:') ? 'amazonaws.com.cn' : 'amazonaws.com';
  }
}
