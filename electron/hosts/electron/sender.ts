import { isAppAddress, parseAddress } from './app-address.ts';

/** What Electron says of who sent a message. */
export interface Sender {
  /** null when the frame has gone or has navigated since. */
  readonly frameUrl: string | null;
  readonly isMainFrame: boolean;
}

/** Only the top frame of our own page may speak. */
export const maySpeak = (sender: Sender): boolean => sender.isMainFrame && sender.frameUrl !== null && isAppAddress(sender.frameUrl);

/** Requests a window may make: its own files and what it may save; the developer tools' own pages while developing. */
export const mayRequest = (address: string, isDevelopment: boolean): boolean =>
  isAppAddress(address) || mayDownload(address) || (isDevelopment && parseAddress(address)?.protocol === 'devtools:');

/** What a window may save: what its own page made (a `blob:` of our origin), for which Electron asks where; nothing that is fetched. */
export function mayDownload(address: string): boolean {
  const url = parseAddress(address);
  return url?.protocol === 'blob:' && isAppAddress(url.pathname);
}

/** Copying text out on a click is all a page may ask of the system; reading the clipboard is not. */
export const mayHavePermission = (permission: string, address: string): boolean =>
  permission === 'clipboard-sanitized-write' && isAppAddress(address);
