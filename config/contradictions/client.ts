import type { Settings } from '../schema';
import type { Problems, Rule } from './rule';

/**
 * Length of a certificate's first name.
 *
 * @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
const LONGEST_CERTIFIED_NAME = 64;

/** Rules of the client. */
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
            `a name of up to ${LONGEST_CERTIFIED_NAME} characters, which a certificate of ACM can have first; or a 'client.domain.certificateArn' of yours`,
          ] as const,
        ]
      : []),
    ...(zone && name !== zone.name && !name.endsWith(`.${zone.name}`)
      ? [['client.domain.zone.name', `the zone of ${name}: the name itself or an end of it`] as const]
      : []),
    ...(owner !== undefined && account !== undefined && owner !== account
      ? [
          [
            'client.domain.certificateArn',
            `a certificate of the account ${account}: CloudFront takes none of another account`,
          ] as const,
        ]
      : []),
  ];
}
