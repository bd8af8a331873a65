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
 * What CloudFront keeps, and what it hands on to the server.
 *
 * Defines a cache policy each for hashed assets, for the files of a release and for the server, and the
 * server's origin request policy.
 */
export class CachePolicies extends Construct {
  readonly assets: CachePolicy;
  readonly release: CachePolicy;
  readonly server: CachePolicy;
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
    // Browsers ask every time (no-cache). Edge locations need not: a release's paths are its own, so what
    // lies at one never changes, and another release is other paths.
    this.release = new CachePolicy(this, 'Release', {
      comment:
        'HTML and other unhashed files: a day at the edge, whatever their Cache-Control tells browsers',
      minTtl: Duration.days(1),
      defaultTtl: Duration.days(1),
      maxTtl: Duration.days(365),
      ...compression,
    });
    // All that tells users apart is in the key, so that an answer is never shared between two. A maximum
    // above zero is what makes CloudFront compress; only the server's Cache-Control makes it keep anything.
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
