import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BrowserWindow, session } from 'electron';
import type { PdfPort } from '../../core/report/pdf-port.ts';

/** Prints in a window nobody sees: no script, a session of its own, and no request but for the page itself. */
export const printInWindow: PdfPort = {
  print: async (html) => {
    const folder = await mkdtemp(join(tmpdir(), 'rtvm-bench-print-'));
    const page = join(folder, 'report.html');
    const alone = session.fromPartition(`print-${String(Date.now())}`, { cache: false });
    alone.webRequest.onBeforeRequest((request, answer) => { answer({ cancel: request.url !== pathToFileURL(page).href }); });
    const window = new BrowserWindow({ show: false, webPreferences: { session: alone, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false } });
    try {
      await writeFile(page, html, { mode: 0o600 });
      await window.loadFile(page);
      return await window.webContents.printToPDF({ preferCSSPageSize: true, printBackground: true });
    } finally {
      window.destroy();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
