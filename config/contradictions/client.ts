import type { Settings } from '../schema';
import type { Problems, Rule } from './rule';

/**
 * Maximum length of the first name of a certificate.
 * @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
const LONGEST_CERTIFIED_NAME = 64;

/** Rules for the client. */
export const clientRules: readonly Rule[] = [{ reads: ['client.domain', 'account'], problems: domain }];

function domain({ client: { domain }, account }: Settings): Problems {
  if (!domain) return [];
  const { name, zone, certificateArn } = domain;
  const owner = certificateArn?.split(':')[4];
  return [
    ...(certificateArn === undefined && name.length > LONGEST_CERTIFIED_NAME
      ? [
          [
            'client.domain.name',
            `a name of up to ${LONGEST_CERTIFIED_NAME} characters, which is the limit of ACM; or set 'client.domain.certificateArn' to your own certificate`,
          ] as const,
        ]
      : []),
    ...(zone && name !== zone.name && !name.endsWith(`.${zone.name}`)
      ? [
          [
            'client.domain.zone.name',
            `the hosted zone of ${name}: the name itself or a parent domain`,
          ] as const,
        ]
      : []),
    ...(owner !== undefined && account !== undefined && owner !== account
      ? [
          [
            'client.domain.certificateArn',
            `a certificate in the account ${account}: CloudFront accepts certificates of its own account only`,
          ] as const,
        ]
      : []),
  ];
}
