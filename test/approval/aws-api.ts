import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Cdk } from '../../lib/approval/cdk-cli';

export const ACCOUNT = '123456789012';

interface Identity {
  arn: string;
  userId: string;
}
interface Version {
  Value: string;
  Version: number;
  LastModifiedDate: number;
  LastModifiedUser: string;
}
interface FakeStack {
  name: string;
  region: string;
  status: string;
  template: string;
  changeSetId?: string;
  protection: boolean;
  /** Looks at it until it is done. */
  looks: number;
  becomes?: { status: string; template: string };
}
interface FakeChangeSet {
  id: string;
  name: string;
  stack: string;
  region: string;
  template: string;
  status: string;
  execution: string;
  reason?: string;
}

/** The fault that a request meets instead of an answer. */
export type Fault = 'throttle' | 'expired' | 'drop' | 'denied';

class ApiError extends Error {
  constructor(
    override readonly name: string,
    message = name,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Plays STS, the Parameter Store, CloudFormation, ECR, S3 and Secrets Manager on a port of this machine. */
export class AwsApi {
  endpoint = '';
  /** Difference of AWS's clock from this machine's, in milliseconds. */
  skew = 0;
  /** Called before each request. Its result replaces the request. */
  fault: (operation: string, count: number) => Fault | undefined = () => undefined;
  /** Returns the text of an answer instead of the real one, maybe with a status. */
  instead: (operation: string) => string | { status: number; text: string } | undefined = () => undefined;
  /** Called after each request that was answered. */
  after: (operation: string) => void = () => {};
  readonly calls: string[] = [];
  /** Requests with their headers and bodies. */
  readonly received: string[] = [];
  readonly identities = new Map<string, Identity>();
  readonly parameters = new Map<string, Version[]>();
  readonly stacks = new Map<string, FakeStack>();
  readonly changeSets = new Map<string, FakeChangeSet>();
  readonly images = new Map<string, string>();
  readonly objects = new Map<string, string>();
  /** Stacks for which CloudFormation refuses change sets, with the reason. */
  readonly refuse = new Map<string, string>();
  /** The status that the next execution of a stack ends with, by stack. */
  readonly outcome = new Map<string, string>();
  /** Returns true if the trust policy of a role accepts a caller. */
  trusts: (roleArn: string, caller: Identity, sourceIdentity?: string) => boolean = () => true;
  private readonly counts = new Map<string, number>();
  private readonly server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    vi.unstubAllEnvs();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Gives this process the credentials of a principal. */
  actAs(arn: string, userId = 'AROAX:x'): void {
    const key = `AKIA${createHash('sha256').update(arn).digest('hex').slice(0, 12).toUpperCase()}`;
    this.identities.set(key, { arn, userId });
    const variables = {
      AWS_ACCESS_KEY_ID: key,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  }

  now(): number {
    return Date.now() + this.skew;
  }

  /** Writes a parameter directly, with a given author. */
  put(name: string, value: string, writer: string): void {
    const versions = this.parameters.get(name) ?? [];
    versions.push({
      Value: value,
      Version: (versions.at(-1)?.Version ?? 0) + 1,
      LastModifiedDate: this.now() / 1000,
      LastModifiedUser: writer,
    });
    this.parameters.set(name, versions);
  }

  latest(name: string): Version | undefined {
    return this.parameters.get(name)?.at(-1);
  }

  stackOf(name: string, region = 'eu-west-1'): FakeStack | undefined {
    return this.stacks.get(`${region}/${name}`);
  }

  /** The CDK's command, as far as it prepares change sets. */
  readonly cdk: Cdk = async (args) => {
    const [, name = ''] = args;
    const directory = args[args.indexOf('--app') + 1]!;
    const changeSet = args[args.indexOf('--change-set-name') + 1]!;
    const { artifacts } = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
    const { environment, properties } = artifacts[name];
    const region = environment.split('/').at(-1);
    const template = readFileSync(join(directory, properties.templateFile), 'utf8');
    for (const key of template.match(/\b[0-9a-f]{64}\.[a-z]+/g) ?? [])
      if (!this.objects.has(key)) this.objects.set(key, randomUUID());
    const stack = this.stackOf(name, region);
    if (stack && stack.protection !== (properties.terminationProtection ?? false))
      throw new Error('the CDK would change the termination protection before anybody approved');
    const refused = this.refuse.get(name);
    if (refused) return { code: 1, output: `${name} failed: ${refused}` };
    const id = `arn:aws:cloudformation:${region}:${ACCOUNT}:changeSet/${changeSet}/${randomUUID()}`;
    const same = stack?.template === template;
    this.changeSets.set(id, {
      ...{ id, name: changeSet, stack: name, region, template },
      ...(same
        ? {
            status: 'FAILED',
            execution: 'UNAVAILABLE',
            reason: "The submitted information didn't contain changes.",
          }
        : { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' }),
    });
    if (!stack)
      this.stacks.set(`${region}/${name}`, {
        ...{ name, region, status: 'REVIEW_IN_PROGRESS', template: '', protection: false, looks: 0 },
      });
    return { code: 0, output: '' };
  };

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const [, key = '', , region = '', service = ''] =
      /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const form = new URLSearchParams(body);
    const target = request.headers['x-amz-target'];
    const operation =
      typeof target === 'string'
        ? target.split('.').at(-1)!
        : (form.get('Action') ?? (request.method === 'HEAD' ? 'HeadObject' : 'unknown'));
    const name = `${service}:${operation}`;
    this.calls.push(name);
    this.received.push(`${request.url} ${JSON.stringify(request.headers)} ${body}`);
    const count = (this.counts.get(operation) ?? 0) + 1;
    this.counts.set(operation, count);
    response.setHeader('date', new Date(this.now()).toUTCString());
    const query = service === 'sts' || service === 'cloudformation';
    try {
      const fault = this.fault(operation, count);
      if (fault === 'drop') return void request.socket.destroy();
      if (fault === 'throttle') throw new ApiError('ThrottlingException', 'Rate exceeded');
      if (fault === 'expired')
        throw new ApiError(
          query ? 'ExpiredToken' : 'ExpiredTokenException',
          'The security token has expired',
          403,
        );
      if (fault === 'denied') throw new ApiError('AccessDeniedException', 'not authorized', 403);
      const other = this.instead(operation);
      if (typeof other === 'string') return void response.end(other);
      if (other) return void response.writeHead(other.status).end(other.text);
      const identity = this.identities.get(key);
      if (!identity) throw new ApiError('UnrecognizedClientException', 'unknown key', 403);
      if (operation === 'HeadObject') return this.head(request, response);
      if (query) {
        const result = this.query(operation, form, region, identity);
        response.setHeader('content-type', 'text/xml');
        response.end(
          `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
        );
      } else response.end(JSON.stringify(this.json(operation, JSON.parse(body || '{}'), identity)));
      this.after(operation);
    } catch (error) {
      const { name: code, message, status = 500 } = error as ApiError;
      if (query) {
        response.writeHead(status, { 'content-type': 'text/xml' });
        response.end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${xml(message)}</Message></Error></ErrorResponse>`,
        );
      } else {
        response.writeHead(status, { 'x-amzn-errortype': code });
        response.end(JSON.stringify({ __type: code, message }));
      }
    }
  }

  private head(request: IncomingMessage, response: ServerResponse): void {
    const version = this.objects.get(request.url!.split('?')[0]!.split('/').at(-1)!);
    if (version) response.setHeader('x-amz-version-id', version);
    response.writeHead(version ? 200 : 404).end();
  }

  // biome-ignore lint/suspicious/noExplicitAny: each operation knows its own input
  private json(operation: string, input: any, identity: Identity): unknown {
    switch (operation) {
      case 'PutParameter':
        if (input.Value.length > 8192) throw new ApiError('ValidationException', 'a parameter takes 8 KB');
        this.put(input.Name, input.Value, identity.arn);
        return { Version: this.latest(input.Name)!.Version, Tier: 'Standard' };
      case 'GetParameter': {
        const latest = this.latest(input.Name);
        if (!latest) throw new ApiError('ParameterNotFound');
        return { Parameter: { Name: input.Name, ...latest } };
      }
      case 'GetParameterHistory':
        if (!this.latest(input.Name)) throw new ApiError('ParameterNotFound');
        return {
          Parameters: this.parameters
            .get(input.Name)!
            .slice(-100)
            .map((one) => ({ Name: input.Name, ...one })),
        };
      case 'GetParametersByPath': {
        const all = [...this.parameters.keys()].filter((one) => one.startsWith(`${input.Path}/`)).sort();
        const start = Number(input.NextToken ?? 0);
        return {
          Parameters: all.slice(start, start + 10).map((Name) => ({ Name, ...this.latest(Name) })),
          ...(start + 10 < all.length && { NextToken: String(start + 10) }),
        };
      }
      case 'DeleteParameter':
        if (!this.parameters.delete(input.Name)) throw new ApiError('ParameterNotFound');
        // "an HTTP 200 response with an empty HTTP body", says the documentation of DeleteParameter.
        return undefined;
      case 'DescribeImages': {
        const [{ imageTag }] = input.imageIds;
        const imageDigest = this.images.get(imageTag);
        if (!imageDigest) throw new ApiError('ImageNotFoundException');
        return { imageDetails: [{ imageDigest, imageTags: [imageTag] }] };
      }
      case 'DescribeSecret':
        throw new ApiError('ResourceNotFoundException');
      default:
        throw new ApiError('UnknownOperationException', operation);
    }
  }

  private query(operation: string, form: URLSearchParams, region: string, identity: Identity): string {
    if (operation === 'GetCallerIdentity')
      return `<Arn>${identity.arn}</Arn><UserId>${identity.userId}</UserId><Account>${identity.arn.split(':')[4]}</Account>`;
    if (operation === 'AssumeRole') return this.assume(form, identity);
    const name = form.get('StackName') ?? '';
    const stack = this.stackOf(name, region);
    if (
      operation === 'DescribeChangeSet' ||
      operation === 'DeleteChangeSet' ||
      operation === 'ExecuteChangeSet'
    )
      return this.changeSet(operation, form.get('ChangeSetName')!, name, region);
    if (operation === 'GetTemplate' && form.get('ChangeSetName'))
      return `<TemplateBody>${xml(this.find(form.get('ChangeSetName')!, name, region).template)}</TemplateBody>`;
    if (!stack) throw new ApiError('ValidationError', `Stack with id ${name} does not exist`);
    switch (operation) {
      case 'DescribeStacks':
        if (stack.becomes && stack.looks-- <= 0) Object.assign(stack, stack.becomes, { becomes: undefined });
        return `<Stacks><member><StackName>${name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${stack.status}</StackStatus><EnableTerminationProtection>${stack.protection}</EnableTerminationProtection>${stack.changeSetId ? `<ChangeSetId>${stack.changeSetId}</ChangeSetId>` : ''}</member></Stacks>`;
      case 'GetTemplate':
        return `<TemplateBody>${xml(stack.template)}</TemplateBody>`;
      case 'DescribeStackEvents':
        return '<StackEvents></StackEvents>';
      case 'UpdateTerminationProtection':
        stack.protection = form.get('EnableTerminationProtection') === 'true';
        return '';
      default:
        throw new ApiError('InvalidAction', operation);
    }
  }

  private find(id: string, stack: string, region: string): FakeChangeSet {
    const found = [...this.changeSets.values()].find(
      (one) => (one.id === id || one.name === id) && one.stack === stack && one.region === region,
    );
    if (found) return found;
    throw new ApiError('ChangeSetNotFound', `ChangeSet [${id}] does not exist`, 404);
  }

  private changeSet(operation: string, id: string, name: string, region: string): string {
    const found = this.find(id, name, region);
    if (operation === 'DescribeChangeSet')
      return `<ChangeSetId>${found.id}</ChangeSetId><ChangeSetName>${found.name}</ChangeSetName><Status>${found.status}</Status><ExecutionStatus>${found.execution}</ExecutionStatus>${found.reason ? `<StatusReason>${xml(found.reason)}</StatusReason>` : ''}`;
    if (operation === 'DeleteChangeSet') {
      this.changeSets.delete(found.id);
      return '';
    }
    if (found.execution !== 'AVAILABLE') throw new ApiError('InvalidChangeSetStatus', found.execution);
    const stack = this.stackOf(name, region)!;
    const outcome = this.outcome.get(name);
    this.outcome.delete(name);
    const create = stack.status === 'REVIEW_IN_PROGRESS';
    Object.assign(stack, {
      status: create ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
      changeSetId: found.id,
      looks: 1,
      becomes: outcome
        ? { status: outcome, template: stack.template }
        : { status: create ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE', template: found.template },
    });
    // CloudFormation deletes all change sets of a stack once one was executed.
    for (const other of this.changeSets.values())
      if (other.stack === name && other.region === region) this.changeSets.delete(other.id);
    return '';
  }

  private assume(form: URLSearchParams, caller: Identity): string {
    const role = form.get('RoleArn')!;
    if (!this.trusts(role, caller, form.get('SourceIdentity') ?? undefined))
      throw new ApiError('AccessDenied', `not authorized to assume ${role}`, 403);
    const session = form.get('RoleSessionName')!;
    const key = `ASIA${randomUUID().slice(0, 12)}`.replaceAll('-', '');
    this.identities.set(key, {
      arn: `arn:aws:sts::${role.split(':')[4]}:assumed-role/${role.split('/').at(-1)}/${session}`,
      userId: `AROA${role.length}:${session}`,
    });
    return `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials>`;
  }
}

const xml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
