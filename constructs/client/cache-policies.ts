import { Duration } from 'aws-cdk-lib';
import {
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  OriginRequestCookieBehavior,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestQueryStringBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/**
 * Cache policies of a client's distribution.
 *
 * Defines three cache policies (hashed assets, other files of a release, server) and the origin request policy of the
 * server.
 */
export class CachePolicies extends Construct {
  /** Cache policy of hashed assets: edge locations cache them for a year. */
  readonly assets: CachePolicy;
  /** Cache policy of HTML and other unhashed files: edge locations cache them for a day. */
  readonly release: CachePolicy;
  /** Cache policy of the server: edge locations cache a response for as long as its `Cache-Control` says. */
  readonly server: CachePolicy;
  /** Origin request policy of the server: forwards the whole viewer request. */
  readonly serverRequests: OriginRequestPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);

    const compression = { enableAcceptEncodingBrotli: true, enableAcceptEncodingGzip: true };
    this.assets = new CachePolicy(this, 'Assets', {
      comment: 'Hashed assets: a year, as their Cache-Control says',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.days(365),
      maxTtl: Duration.days(365),
      ...compression,
    });
    // Browsers revalidate on each request (no-cache). Edge locations need not, because each release has its own paths
    // and the file at a path never changes.
    this.release = new CachePolicy(this, 'Release', {
      comment:
        'HTML and other unhashed files: a day at the edge, whatever their Cache-Control tells browsers',
      minTtl: Duration.days(1),
      defaultTtl: Duration.days(1),
      maxTtl: Duration.days(365),
      ...compression,
    });
    // The cache key includes cookies, query string and credentials, so two users never share a cached response.
    // CloudFront compresses a response only if the maximum TTL is above zero, and caches it only if the server's
    // Cache-Control allows that.
    this.server = new CachePolicy(this, 'Server', {
      comment: 'Answers of the server: as long as its Cache-Control says, by default not at all',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(365),
      cookieBehavior: CacheCookieBehavior.all(),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      headerBehavior: CacheHeaderBehavior.allowList(
        'Accept',
        'Accept-Language',
        'Authorization',
        'CloudFront-Forwarded-Proto',
        'Host',
        'Origin',
      ),
      ...compression,
    });
    this.serverRequests = new OriginRequestPolicy(this, 'ServerRequests', {
      comment: 'Everything the viewer sent, and whether it came over TLS',
      cookieBehavior: OriginRequestCookieBehavior.all(),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
      headerBehavior: OriginRequestHeaderBehavior.all('CloudFront-Forwarded-Proto'),
    });
  }
}
