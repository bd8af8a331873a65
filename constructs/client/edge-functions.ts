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
   * @default - no function for preflight requests
   */
  readonly cors?: CorsOptions;
}

/**
 * CloudFront functions of a client. Their code is the same for all releases.
 *
 * Defines a viewer-request function that finds the file of the current release, and a viewer-response function that
 * sends the release's Content Security Policy. With `cors`, defines a viewer-request function that responds to
 * preflight requests.
 */
export class EdgeFunctions extends Construct {
  /** Viewer-request function. */
  readonly request: CloudFrontFunction;
  /** Viewer-response function. */
  readonly response: CloudFrontFunction;
  /**
   * Viewer-request function that responds to preflight requests from allowed origins; absent if no origin is allowed.
   */
  readonly preflight?: CloudFrontFunction;
  /** Function associations for behaviors that serve the client's files. */
  readonly associations: FunctionAssociation[];
  /** Function associations for the server's behaviors; absent without `preflight`. */
  readonly serverAssociations?: FunctionAssociation[];

  constructor(scope: Construct, id: string, props: EdgeFunctionsProps) {
    super(scope, id);

    this.request = new CloudFrontFunction(this, 'Request', {
      functionName: `${props.name}-client-request`,
      comment: 'Rewrites requests for the client to the current release',
      code: code('client-request'),
      runtime: FunctionRuntime.JS_2_0,
      keyValueStore: props.keyValueStore,
    });
    // CloudFront refuses to associate a store that is not yet provisioned, and a reference alone does not wait for
    // that.
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
        'CloudFront sometimes fails to create a function with tags',
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
      comment: 'Responds to preflight requests from origins that may call the server',
      code: code('cors-preflight', `const CORS = ${JSON.stringify(values)};\n`),
      runtime: FunctionRuntime.JS_2_0,
    });
  }
}

/** @param before code to put before the bundle */
function code(bundle: string, before = ''): FunctionCode {
  const file = join(__dirname, '..', '..', 'bundles', bundle, 'index.js');
  return FunctionCode.fromInline(before + readFileSync(file, 'utf8'));
}
