import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Function as CloudFrontFunction,
  type FunctionAssociation,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IKeyValueStore,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/** Properties of `EdgeFunctions`. */
export interface EdgeFunctionsProps {
  /** Prefix of the functions' names. */
  readonly name: string;
  /** Store that names the current release. */
  readonly keyValueStore: IKeyValueStore;
}

/**
 * The CloudFront functions of a client. Their code is the same for all releases.
 *
 * Defines a viewer-request function, which finds the release's file, and a viewer-response function, which sends the
 * release's Content Security Policy.
 */
export class EdgeFunctions extends Construct {
  /** Viewer-request function. */
  readonly request: CloudFrontFunction;
  /** Viewer-response function. */
  readonly response: CloudFrontFunction;
  /** Associations of both functions, for a behavior of the distribution. */
  readonly associations: FunctionAssociation[];

  constructor(scope: Construct, id: string, props: EdgeFunctionsProps) {
    super(scope, id);

    this.request = new CloudFrontFunction(this, 'Request', {
      functionName: `${props.name}-client-request`,
      comment: 'Points requests for the client at the current release',
      code: code('client-request'),
      runtime: FunctionRuntime.JS_2_0,
      keyValueStore: props.keyValueStore,
    });
    this.response = new CloudFrontFunction(this, 'Response', {
      functionName: `${props.name}-client-response`,
      comment: 'Sends the Content Security Policy of the release',
      code: code('client-response'),
      runtime: FunctionRuntime.JS_2_0,
    });
    this.associations = [
      { function: this.request, eventType: FunctionEventType.VIEWER_REQUEST },
      { function: this.response, eventType: FunctionEventType.VIEWER_RESPONSE },
    ];
  }
}

function code(bundle: string): FunctionCode {
  const file = join(__dirname, '..', '..', 'bundles', bundle, 'index.js');
  return FunctionCode.fromInline(readFileSync(file, 'utf8'));
}
