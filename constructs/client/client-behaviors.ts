import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  type DistributionProps,
  type IOrigin,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CachePolicies } from './cache-policies';
import type { EdgeFunctions } from './edge-functions';
import { ERROR_FOLDER } from './error-page';
import type { ResponseHeaders } from './response-headers';
import type { ClientServerOptions } from './static-client-props';

/** Path pattern that routes every request to the server, except for paths with a pattern of their own. */
export const ALL_PATHS = '/*';

/** Parts of a client that its behaviors use. */
export interface BehaviorParts {
  readonly bucket: IBucket;
  readonly cachePolicies: CachePolicies;
  readonly functions: EdgeFunctions;
  readonly responseHeaders: ResponseHeaders;
}

/** Returns the behaviors of the distribution for a client and its server. */
export function clientBehaviors(
  { bucket, cachePolicies, functions, responseHeaders }: BehaviorParts,
  server: ClientServerOptions | undefined,
): Pick<DistributionProps, 'defaultBehavior' | 'additionalBehaviors' | 'defaultRootObject'> {
  // S3 answers 404 for a missing file if CloudFront may list the bucket, and 403 otherwise.
  const files = S3BucketOrigin.withOriginAccessControl(bucket, {
    originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
  });
  const client = {
    origin: files,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    functionAssociations: functions.associations,
    compress: true,
  };
  const pages = { cachePolicy: cachePolicies.release, responseHeadersPolicy: responseHeaders.pages };
  const behavior = (origin: IOrigin): BehaviorOptions => ({
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: cachePolicies.server,
    originRequestPolicy: cachePolicies.serverRequests,
    responseHeadersPolicy: responseHeaders.server,
    functionAssociations: functions.serverAssociations,
    compress: true,
  });
  const paths = server ? (server.paths ?? ['/api', '/api/*']) : [];
  const isAll = paths.includes(ALL_PATHS);
  return {
    // Without a root object, a request for `/` would list the bucket. The viewer-request function rewrites that path,
    // too. If the server renders all pages, `/` goes to the server unchanged.
    ...(!isAll && { defaultRootObject: 'index.html' }),
    defaultBehavior: isAll ? behavior(server!.origin) : { ...client, ...pages },
    additionalBehaviors: {
      ...(isAll
        ? { '/config.json': { ...client, ...pages } }
        : Object.fromEntries(paths.map((path) => [path, behavior(server!.origin)]))),
      '/assets/*': {
        ...client,
        cachePolicy: cachePolicies.assets,
        responseHeadersPolicy: responseHeaders.assets,
      },
      [`/${ERROR_FOLDER}/*`]: { ...client, ...pages, functionAssociations: undefined },
    },
  };
}
