/** Sent with every answer that carries the user interface, whatever host serves it. */
export type SecurityHeaders = Readonly<Record<string, string>>;

/**
 * The strict policy of the user interface: its own files, nothing inline, nothing evaluated, nothing from elsewhere.
 * `connect` lists what it may open connections to besides nothing at all; the Electron window needs none.
 */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect.length === 0 ? "'none'" : connect.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** The policy and the headers that keep a page alone in its process and its type what it says. */
export function securityHeaders(connect: readonly string[]): SecurityHeaders {
  return {
    'content-security-policy': contentSecurityPolicy(connect),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  };
}
