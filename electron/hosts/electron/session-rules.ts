import type { Session, WebContents } from 'electron';
import { isAppAddress } from './app-address.ts';
import { mayDownload, mayHavePermission, mayRequest } from './sender.ts';

/** Denies a session everything but our own files, copying text and saving what our page made: permissions, devices, other downloads, and every request elsewhere. */
export function restrictSession(session: Session, isDevelopment: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => { answer(mayHavePermission(permission, details.requestingUrl)); });
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHavePermission(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => { if (!mayDownload(item.getURL())) event.preventDefault(); });
  session.webRequest.onBeforeRequest((request, answer) => { answer({ cancel: !mayRequest(request.url, isDevelopment) }); });
}

/** Keeps a page where it is: no navigation elsewhere, no window of its own, no webview. */
export function restrictContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => { if (!isAppAddress(event.url)) event.preventDefault(); });
  contents.on('will-frame-navigate', (event) => { if (!isAppAddress(event.url)) event.preventDefault(); });
  contents.on('will-redirect', (event) => { event.preventDefault(); });
  contents.on('will-attach-webview', (event) => { event.preventDefault(); });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
