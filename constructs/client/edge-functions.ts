import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CfnFunction,
  Function as CloudFrontFunction,
  type FunctionAssociation,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IKeyValueStore,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { leaveUntagged } from '../untagged';
import { type CorsOptions, preflightHeaders } from './response-headers';

/** Properties of `EdgeFunctions`. */
export interface EdgeFunctionsProps {
  /** Prefix of the functions' names. */
  readonly name: string;
  /** Store that names the current release. */
  readonly keyValueStore: IKeyValueStore;
  /**
   * Other origins whose pages may call the server.
   * @default - no function for preflights
   */
  readonly cors?: CorsOptions;
}

/**
 * The CloudFront functions of a client. Their code is the same for all releases.
 *
 * Defines a viewer-request function, which finds the release's file, a viewer-response function, which sends the release's
 * Content Security Policy, and, for other origins, a viewer-request function that answers their preflights.
 */
export class EdgeFunctions extends Construct {
  /** Viewer-request function. */
  readonly request: CloudFrontFunction;
  /** Viewer-response function. */
  readonly response: CloudFrontFunction;
  /** Viewer-request function that answers preflights of the allowed origins; absent if the props allow no origin. */
  readonly preflight?: CloudFrontFunction;
  /** Associations of the functions of the client's files, for a behavior of the distribution. */
  readonly associations: FunctionAssociation[];
  /** Associations of the server's paths, for a behavior of the distribution; absent without `preflight`. */
  readonly serverAssociations?: FunctionAssociation[];

  constructor(scope: Construct, id: string, props: EdgeFunctionsProps) {
    super(scope, id);

    this.request = new CloudFrontFunction(this, 'Request', {
      functionName: `${props.name}-client-request`,
      comment: 'Points requests for the client at the current release',
      code: code('client-request'),
      runtime: FunctionRuntime.JS_2_0,
      keyValueStore: props.keyValueStore,
    });
    // A reference alone does not wait until the store is provisioned, and CloudFront refuses the association before.
    this.request.node.addDependency(props.keyValueStore);
    this.response = new CloudFrontFunction(this, 'Response', {
      functionName: `${props.name}-client-response`,
      comment: 'Sends the Content Security Policy of the release',
      code: code('client-response'),
      runtime: FunctionRuntime.JS_2_0,
    });
    this.preflight = this.addPreflight(props);
    for (const { node } of [this.request, this.response, this.preflight].filter((one) => one !== undefined))
      leaveUntagged(
        node.defaultChild as CfnFunction,
        'CloudFront refuses at times to create a function with tags',
      );
    this.serverAssociations = this.preflight && [
      { function: this.preflight, eventType: FunctionEventType.VIEWER_REQUEST },
    ];
    this.associations = [
      { function: this.request, eventType: FunctionEventType.VIEWER_REQUEST },
      { function: this.response, eventType: FunctionEventType.VIEWER_RESPONSE },
    ];
  }

  private addPreflight({ name, cors }: EdgeFunctionsProps): CloudFrontFunction | undefined {
    if (!cors?.allowedOrigins.length) return undefined;
    const values = { origins: cors.allowedOrigins, headers: preflightHeaders(cors) };
    return new CloudFrontFunction(this, 'Preflight', {
      functionName: `${name}-cors-preflight`,
      comment: 'Answers preflights of the origins that may call the server',
      code: code('cors-preflight', `const CORS = ${JSON.stringify(values)};\n`),
      runtime: FunctionRuntime.JS_2_0,
    });
  }
}

/** @param before code that comes before the bundle */
function code(bundle: string, before = ''): FunctionCode {
  const file = join(__dirname, '..', '..', 'bundles', bundle, 'index.js');
  return FunctionCode.fromInline(before + readFileSync(file, 'utf8'));
}
