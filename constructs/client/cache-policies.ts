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
 * The cache policies of a client's distribution.
 *
 * Defines a cache policy for hashed assets, one for the files of a release and one for the server, and the server's
 * origin request policy.
 */
export class CachePolicies extends Construct {
  /** Cache policy of hashed assets, which edge locations keep for a year. */
  readonly assets: CachePolicy;
  /** Cache policy of HTML and other unhashed files, which edge locations keep for a day. */
  readonly release: CachePolicy;
  /** Cache policy of the server's answers, which edge locations keep for as long as `Cache-Control` says. */
  readonly server: CachePolicy;
  /** Origin request policy of the server: the whole request of the viewer. */
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
    // Browsers ask every time (no-cache). Edge locations need not ask: each release has its own paths, and the file
    // at a path never changes.
    this.release = new CachePolicy(this, 'Release', {
      comment:
        'HTML and other unhashed files: a day at the edge, whatever their Cache-Control tells browsers',
      minTtl: Duration.days(1),
      defaultTtl: Duration.days(1),
      maxTtl: Duration.days(365),
      ...compression,
    });
    // The cache key contains all that tells users apart, so that no two users share an answer. CloudFront compresses
    // answers only if the maximum is above zero; it keeps them only if the server's Cache-Control says so.
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
