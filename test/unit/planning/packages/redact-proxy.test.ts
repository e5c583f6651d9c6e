import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactProxy } from '../../../../shared/planning/packages/redact-proxy.ts';

describe('passwords of proxies', () => {
  test.each([
    ['Acquire::http::Proxy "http://bench:S3cret@proxy.example:3128/";', 'Acquire::http::Proxy "http://bench:***@proxy.example:3128/";'],
    ['https_proxy=http://bench:S3cret@10.0.0.1:8080', 'https_proxy=http://bench:***@10.0.0.1:8080'],
    ['http://bench:a/b@c@proxy:1', 'http://bench:***@proxy:1'],
    ['proxy_password = S3cret', 'proxy_password = ***'],
    ['proxy_password="two words"', 'proxy_password=***'],
    ['curl --proxy-user bench:S3cret http://x/', 'curl --proxy-user bench:*** http://x/'],
    ['Proxy-Authorization: Basic YmVuY2g6UzNjcmV0', 'Proxy-Authorization: Basic ***'],
    ['http://proxy.example:3128/ and mail to a@b.example', 'http://proxy.example:3128/ and mail to a@b.example'],
    ['Err:1 http://deb.debian.org/debian bookworm InRelease', 'Err:1 http://deb.debian.org/debian bookworm InRelease'],
  ])('%s', (text, redacted) => { expect(redactProxy(text)).toBe(redacted); });

  test('no password of an address comes through, whatever stands around it; once is enough', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9/@:%!$&()*+,=.~_-]{4,40}$/).filter((text) => !text.endsWith('@'));
    const around = fc.string({ maxLength: 40 }).map((text) => text.replace(/[^ "\n]/g, ' '));
    fc.assert(fc.property(secret, around, around, (password, before, after) => {
      const once = redactProxy(`${before}http://user:Q7Q7${password}Z9Z9@proxy.example:3128/${after}`);
      expect(once).not.toContain(`Q7Q7${password}`);
      expect(once).not.toContain('Z9Z9');
      expect(redactProxy(once)).toBe(once);
    }));
  });
});
