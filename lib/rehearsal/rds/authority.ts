import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const CLOCK_SKEW = 60 * 60 * 1000;
const LIFETIME = 24 * 60 * 60 * 1000;

/** A certificate authority for one rehearsal. Only processes that are configured to trust it do so. */
export class Authority {
  /** The authority's own certificate, as PEM. */
  readonly certificate: string;
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  constructor(private readonly name: string) {
    this.certificate = this.sign(name, this.keys.publicKey, [
      extension('551d13', sequence(tagged(0x01, Buffer.from([0xff]))), true),
      extension('551d0f', tagged(0x03, Buffer.from([1, 0x06])), true),
      extension('551d0e', tagged(0x04, this.keyId())),
    ]);
  }

  /** Issues a certificate for host names. */
  issue(hosts: readonly string[]): Identity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = hosts.map((host) => tagged(0x82, Buffer.from(host)));
    return {
      certificate: this.sign(hosts[0]!, publicKey, [
        extension('551d11', sequence(...names)),
        extension('551d23', sequence(tagged(0x80, this.keyId()))),
      ]),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  private keyId(): Buffer {
    const key = this.keys.publicKey.export({ type: 'spki', format: 'der' });
    return createHash('sha1').update(key).digest();
  }

  private sign(subject: string, publicKey: KeyObject, extensions: Buffer[]): string {
    const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
    const now = Date.now();
    const body = sequence(
      tagged(0xa0, tagged(0x02, Buffer.from([2]))),
      tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ecdsaWithSha256,
      distinguishedName(this.name),
      sequence(time(now - CLOCK_SKEW), time(now + LIFETIME)),
      distinguishedName(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      tagged(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, this.keys.privateKey);
    const der = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
    const lines = der.toString('base64').match(/.{1,64}/g)!;
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

// The necessary parts of DER: node:crypto reads certificates, but cannot create them.
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...items: Buffer[]): Buffer => tagged(0x30, Buffer.concat(items));
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));

function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [tagged(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, tagged(0x04, value));
}

/** Returns a name with only a common name, which has at most 64 characters. */
function distinguishedName(commonName: string): Buffer {
  const value = tagged(0x0c, Buffer.from(commonName.slice(0, 64)));
  return sequence(tagged(0x31, sequence(oid('550403'), value)));
}

function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tagged(0x17, Buffer.from(digits.slice(2)));
}
