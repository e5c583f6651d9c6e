import type { SecurityHeaders } from '../shared/content-security.ts';
import { findRendererFile, type RendererFiles } from '../shared/renderer-files.ts';

/** The user interface has a scheme of its own: no `file:` access, a real origin, no server. */
export const appScheme = 'app';
const appHost = 'bench';
export const appAddress = `${appScheme}://${appHost}/`;

/** Whether an address belongs to the user interface: compared as parsed, so that no look-alike passes. */
export function isAppAddress(address: string): boolean {
  const url = parseAddress(address);
  return url !== null && url.protocol === `${appScheme}:` && url.host === appHost && url.username === '' && url.password === '';
}

/** Answers a request to the app scheme from the built files; anything else is 403. */
export function answerAppRequest(request: { readonly method: string; readonly url: string }, files: RendererFiles, headers: SecurityHeaders): Response {
  const url = parseAddress(request.url);
  const file = url !== null && isAppAddress(request.url) && request.method === 'GET' ? findRendererFile(files, url.pathname) : undefined;
  if (!file) return new Response('Not allowed.\n', { status: 403, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' } });
  return new Response(file.body, { headers: { ...headers, 'content-type': file.contentType, 'cache-control': file.cacheControl } });
}

/** null for what is no address at all. */
export const parseAddress = (address: string): URL | null => (URL.canParse(address) ? new URL(address) : null);
