import { CodedError } from '../../../shared/contract/errors.ts';
import { maximumMessageLength, type Link, type Reply } from '../../../shared/contract/link.ts';

/** The main process's end of the link to one page. */
export interface IpcEnd {
  readonly link: Link;
  /** Takes what the page sent, whatever it is. */
  hear(payload: unknown): void;
  /** The page is gone. */
  end(): void;
}

/** `sendToPage` delivers to the page this end belongs to, or does nothing when the page is gone. */
export function createIpcEnd(sendToPage: (payload: string | null) => void): IpcEnd {
  const messageListeners: Array<(message: string) => void> = [];
  const closeListeners: Array<() => void> = [];
  let open = true;
  const end = () => {
    if (!open) return;
    open = false;
    for (const listener of closeListeners) listener();
  };
  const refuse = (error: CodedError) => {
    const reply: Reply = { id: null, ok: false, error: error.toData() };
    sendToPage(JSON.stringify(reply));
  };
  return {
    link: {
      send: (message) => { if (open) sendToPage(message); },
      onMessage: (listener) => { messageListeners.push(listener); },
      onClose: (listener) => { closeListeners.push(listener); },
      close: () => {
        if (open) sendToPage(null);
        end();
      },
    },
    hear: (payload) => {
      if (!open) return;
      if (typeof payload !== 'string') refuse(new CodedError('bad-request', 'The message is not text.'));
      else if (payload.length > maximumMessageLength) refuse(new CodedError('too-large', 'The message is larger than the link accepts.'));
      else for (const listener of messageListeners) listener(payload);
    },
    end,
  };
}
