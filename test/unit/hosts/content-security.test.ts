import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from '../../../electron/hosts/shared/content-security.ts';

const directives = (policy: string) => new Map(policy.split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]));

describe('the content security policy', () => {
  it.each([[[]], [["'self'", 'ws://127.0.0.1:4711']]])('allows nothing inline, evaluated or from elsewhere (connect %j)', (connect) => {
    const policy = contentSecurityPolicy(connect);
    expect(policy).not.toMatch(/unsafe|\*|https?:|blob:|nonce|strict-dynamic/);
    const found = directives(policy);
    expect(found.get('default-src')).toBe("'none'");
    expect(found.get('script-src')).toBe("'self'");
    expect(found.get('style-src')).toBe("'self'");
    expect(found.get('frame-ancestors')).toBe("'none'");
    expect(found.get('base-uri')).toBe("'none'");
    expect(found.get('form-action')).toBe("'none'");
  });

  it('connects to what the host names, and to nothing where it names nothing', () => {
    expect(directives(contentSecurityPolicy(["'self'", 'ws://127.0.0.1:1'])).get('connect-src')).toBe("'self' ws://127.0.0.1:1");
    expect(directives(contentSecurityPolicy([])).get('connect-src')).toBe("'none'");
  });

  it('comes with the headers that keep types and windows apart', () => {
    expect(securityHeaders([])).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'x-frame-options': 'DENY' });
  });
});
