import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { Settings } from '../../config';
import { WebFirewall } from '../../constructs/client';

export interface EdgeProps {
  /** Prefix of physical names, such as `guestbook-production`. */
  readonly name: string;
  readonly settings: Settings;
}

/**
 * What CloudFront needs before it, and in us-east-1 only.
 *
 * Defines the firewall and, for a domain with a hosted zone, its certificate.
 */
export class Edge extends Construct {
  readonly firewall: WebFirewall;
  /** Absent without a domain. */
  readonly certificate?: ICertificate;

  constructor(scope: Construct, id: string, { name, settings }: EdgeProps) {
    super(scope, id);

    this.firewall = new WebFirewall(this, 'Firewall', {
      name,
      rateLimit: settings.client.requestsPerFiveMinutes,
    });
    const { domain } = settings.client;
    if (domain?.certificateArn) {
      this.certificate = Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn);
    } else if (domain?.zone) {
      this.certificate = new Certificate(this, 'Certificate', {
        domainName: domain.name,
        validation: CertificateValidation.fromDns(
          HostedZone.fromHostedZoneAttributes(this, 'Zone', {
            hostedZoneId: domain.zone.id,
            zoneName: domain.zone.name,
          }),
        ),
      });
    }
  }
}
