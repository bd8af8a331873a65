import { createHash, createHmac, pbkdf2Sync, randomBytes, randomInt } from 'node:crypto';

const ITERATIONS = 4096;
const PASSWORD_LENGTH = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Returns the verifier that PostgreSQL stores for a password under SCRAM-SHA-256. A statement contains the verifier
 * instead of the password, so that nobody can log in with the text of a logged statement.
 * @see https://www.rfc-editor.org/rfc/rfc5802#section-3
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  // Other characters would require SASLprep. All generated passwords are within this range.
  if (!/^[\x21-\x7e]+$/.test(password)) throw new Error('a password must be printable ASCII without spaces');
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** Returns a new password of letters and digits, which needs no escaping. */
export function newPassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
