import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Settings } from '../../config';
import { WebFirewall } from '../../constructs/client';

/** Properties of `Edge`. */
export interface EdgeProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  /** Settings of the environment. */
  readonly settings: Settings;
}

/**
 * Resources in us-east-1 that CloudFront needs before the distribution exists.
 *
 * Defines the firewall. For a domain with a hosted zone, it also defines the certificate.
 */
export class Edge extends Construct {
  /** Firewall of the distribution. */
  readonly firewall: WebFirewall;
  /** Hosted zone of the domain. Undefined if the settings name no hosted zone. */
  readonly hostedZone?: IHostedZone;
  /** Certificate of the domain. Undefined if the settings name no domain. */
  readonly certificate?: ICertificate;

  constructor(scope: Construct, id: string, { name, settings }: EdgeProps) {
    super(scope, id);

    this.firewall = new WebFirewall(this, 'Firewall', {
      name,
      rateLimit: settings.client.requestsPerFiveMinutes,
      countedRules: settings.client.countedRules,
    });
    const { domain } = settings.client;
    this.hostedZone =
      domain?.zone &&
      HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: domain.zone.id,
        zoneName: domain.zone.name,
      });
    if (domain?.certificateArn) {
      this.certificate = Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn);
    } else if (domain && this.hostedZone) {
      this.certificate = new Certificate(this, 'Certificate', {
        domainName: domain.name,
        validation: CertificateValidation.fromDns(this.hostedZone),
      });
    }
  }
}
