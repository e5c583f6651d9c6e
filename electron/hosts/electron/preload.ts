import { contextBridge, ipcRenderer } from 'electron';
import { benchBridge } from './bench-bridge.ts';
import { channel } from './ipc-link.ts';

contextBridge.exposeInMainWorld('rtvmBench', benchBridge({
  send: (payload) => { ipcRenderer.send(channel, payload); },
  on: (listener) => { ipcRenderer.on(channel, (_event, payload: unknown) => { listener(payload); }); },
}));
