import type { WebContents } from 'electron';
import type { Link } from '../../../shared/contract/link.ts';
import { channel } from './bench-bridge.ts';
import { createIpcEnd, type IpcEnd } from './ipc-link.ts';
import { maySpeak } from './sender.ts';

/** Serves each page that a window loads over one link, which ends with the page. */
export function servePages(contents: WebContents, serve: (link: Link) => void): void {
  let current: IpcEnd | null = null;
  const endPage = () => {
    current?.end();
    current = null;
  };
  contents.ipc.on(channel, (event, payload: unknown) => {
    const frame = event.senderFrame;
    if (!maySpeak({ frameUrl: frame?.url ?? null, isMainFrame: frame !== null && frame === contents.mainFrame })) return;
    if (!current) {
      current = createIpcEnd((message) => { if (!contents.isDestroyed()) contents.send(channel, message); });
      serve(current.link);
    }
    current.hear(payload);
  });
  contents.on('did-navigate', endPage);
  contents.on('render-process-gone', endPage);
  contents.on('destroyed', endPage);
}
