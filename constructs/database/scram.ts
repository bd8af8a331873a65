import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt } from 'node:crypto';

const ITERATIONS = 4096;
const PASSWORD_LENGTH = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * What PostgreSQL stores for `password` under SCRAM-SHA-256. Sent in place of the password, it lets no log of
 * the statement be used to log in.
 * @see https://www.rfc-editor.org/rfc/rfc5802#section-3
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  // Other characters would need SASLprep; every password of ours is generated within this range.
  if (!/^[\x21-\x7e]+$/.test(password)) throw new Error('a password must be printable ASCII without spaces');
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** A new password: letters and digits only, so that it needs no escaping anywhere. */
export function newPassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
