import { encrypt } from 'unixcrypt';
import { CodedError } from '../../../shared/contract/errors.ts';

const longestPassword = 256;

/**
 * Hashes a password as Linux keeps it (SHA-512 crypt, 5000 rounds): the same as `mkpasswd -m sha-512`. The salt is random
 * unless one is given (1 to 16 of `./0-9A-Za-z`). Throws: `bad-usage`.
 */
export function hashPassword(password: string, salt?: string): string {
  if (password === '' || password.length > longestPassword || /[\0\r\n]/.test(password)) {
    throw new CodedError('bad-usage', `A password is one line of 1 to ${longestPassword} characters.`);
  }
  if (salt !== undefined && !/^[./0-9A-Za-z]{1,16}$/.test(salt)) throw new CodedError('bad-usage', 'A salt is 1 to 16 of the characters ./0-9A-Za-z.');
  return encrypt(password, salt === undefined ? '$6' : `$6$${salt}`);
}
