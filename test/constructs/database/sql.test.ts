import { describe, expect, test } from 'vitest';
import { newPassword, scramVerifier } from '../../../constructs/database/scram';
import { quoteIdentifier, quoteLiteral } from '../../../constructs/database/sql-quoting';

describe('quoting', () => {
  test('leaves simple text readable', () => {
    expect(quoteIdentifier('guestbook_owner')).toBe('"guestbook_owner"');
    expect(quoteLiteral('SCRAM-SHA-256')).toBe("'SCRAM-SHA-256'");
  });
  test('escapes every quote, colon and backslash', () => {
    expect(quoteIdentifier('a"b:c\\d')).toBe('U&"a\\0022b\\003ac\\005cd"');
    expect(quoteLiteral("it's")).toBe("U&'it\\0027s'");
  });
  test('writes characters beyond 16 bits with six digits', () => {
    expect(quoteLiteral('😀')).toBe("U&'\\+01f600'");
  });
  test.each(['', 'x'.repeat(64), 'ü'.repeat(32)])(
    'fails for an identifier that PostgreSQL would truncate: %s',
    (name) => {
      expect(() => quoteIdentifier(name)).toThrow('1 to 63 bytes');
    },
  );
  test('fails for a zero byte', () => {
    expect(() => quoteLiteral('a\0b')).toThrow('zero bytes');
  });
});

describe('SCRAM verifier', () => {
  test('matches the example of RFC 7677', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    // The RFC gives salt, iterations and password; PostgreSQL stores these two keys for them.
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });
  test('has a new salt each time', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
  });
  test.each(['', 'with space', 'ümlaut'])('fails for a password that needs SASLprep: %j', (password) => {
    expect(() => scramVerifier(password)).toThrow('printable ASCII');
  });
});

test('a new password has 32 letters and digits', () => {
  expect(newPassword()).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(newPassword()).not.toBe(newPassword());
});
