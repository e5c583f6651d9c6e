import type { IncomingHttpHeaders } from 'node:http';

/** What a request is allowed to be; everything else is refused with 403. */
export type Admission =
  | { readonly kind: 'launch-page'; readonly path: string }
  | { readonly kind: 'exchange' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'link' };

export interface GuardedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly isUpgrade: boolean;
}

export interface GuardOptions {
  /** "127.0.0.1:PORT": any other Host is a name that was made to point here. */
  readonly authority: string;
  readonly cookieName: string;
  isSession(secret: string): boolean;
}

/** The pages that need no session: they hold no secret and only exchange a token for one. */
export const launchPaths: readonly string[] = ['/launch', '/launch.js', '/launch.css'];
export const exchangePath = '/session';
export const linkPath = '/link';

/** Decides what a request may do. null: refuse it. What cannot be decided is refused. */
export function admit(request: GuardedRequest, options: GuardOptions): Admission | null {
  const { headers, method } = request;
  const path = request.url;
  const origin = `http://${options.authority}`;
  if (path === undefined || headers.host !== options.authority) return null;
  if (headers.origin !== undefined && headers.origin !== origin) return null;

  if (request.isUpgrade) {
    const isLink = path === linkPath && method === 'GET' && headers.origin === origin;
    return isLink && hasSession(headers, options) ? { kind: 'link' } : null;
  }
  if (method === 'POST') return path === exchangePath && headers.origin === origin ? { kind: 'exchange' } : null;
  if (method !== 'GET') return null;
  if (launchPaths.includes(path)) return { kind: 'launch-page', path };
  if (!isOwnFetch(headers) || !hasSession(headers, options)) return null;
  return { kind: 'file', path };
}

/** Browsers say where a request comes from; a page of another origin gets nothing, cookie or not. */
function isOwnFetch(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Exactly one cookie of our name counts: two mean that somebody else set one. */
function hasSession(headers: IncomingHttpHeaders, options: GuardOptions): boolean {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${options.cookieName}=`))
    .map((pair) => pair.slice(options.cookieName.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && options.isSession(value);
}
