import { contextBridge, ipcRenderer } from 'electron';
import { benchBridge, channel } from './bench-bridge.ts';

contextBridge.exposeInMainWorld('rtvmBench', benchBridge({
  send: (payload) => { ipcRenderer.send(channel, payload); },
  on: (listener) => { ipcRenderer.on(channel, (_event, payload: unknown) => { listener(payload); }); },
}));
