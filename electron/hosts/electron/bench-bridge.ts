/** The one channel between preload and main process. Text is a message; null from the main process ends the link. */
export const channel = 'rtvm-bench';

/** All that a page can do: send text, hear text, learn of the end. */
export interface BenchBridge {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
}

/** The two uses the preload makes of Electron's ipcRenderer. */
export interface PageIpc {
  send(payload: string): void;
  on(listener: (payload: unknown) => void): void;
}

/** The page's end of the one channel. Nothing of Electron's own objects reaches the page. */
export function benchBridge(ipc: PageIpc): BenchBridge {
  return {
    send: (text) => { ipc.send(String(text)); },
    onMessage: (listener) => {
      ipc.on((payload) => { if (typeof payload === 'string') listener(payload); });
    },
    onClose: (listener) => {
      ipc.on((payload) => { if (payload === null) listener(); });
    },
  };
}
