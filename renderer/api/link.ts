import type { Link } from '../../shared/contract/link.ts';

/** What the Electron preload offers: text out, text in, the end. Nothing else crosses. */
export interface BenchBridge {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
}

declare global {
  interface Window { readonly rtvmBench?: BenchBridge }
}

/** The link this window was given: the preload's channel under Electron, else a socket to the server that served the page. */
export function openLink(): Link {
  return window.rtvmBench ? bridgeLink(window.rtvmBench) : socketLink(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/link`);
}

function bridgeLink(bridge: BenchBridge): Link {
  return {
    send: (text) => { bridge.send(text); },
    onMessage: (listener) => { bridge.onMessage(listener); },
    onClose: (listener) => { bridge.onClose(listener); },
    close: () => { window.close(); },
  };
}

/** The cookie of the launch logs the socket in; what is said before it is open waits for it. */
function socketLink(address: string): Link {
  const socket = new WebSocket(address);
  const waiting: string[] = [];
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(text);
      else socket.send(text);
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (typeof event.data === 'string') listener(event.data);
      });
    },
    onClose: (listener) => { socket.addEventListener('close', () => { listener(); }); },
    close: () => { socket.close(); },
  };
}
