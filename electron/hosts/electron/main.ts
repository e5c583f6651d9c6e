import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, Menu, protocol, session } from 'electron';
import packageJson from '../../../package.json' with { type: 'json' };
import { createClient, type Client } from '../../../shared/contract/client.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { appPaths } from '../../core/app-paths.ts';
import { openCore, type OpenedCore } from '../../core/open-core.ts';
import { createPracticeBoard } from '../../practice-board/practice-board.ts';
import { runCli } from '../cli/run-cli.ts';
import { processTerminal } from '../cli/terminal.ts';
import { securityHeaders } from '../shared/content-security.ts';
import { loadRendererFiles } from '../shared/renderer-files.ts';
import { answerAppRequest, appAddress, appScheme } from './app-address.ts';
import { commandLineOf } from './command-line.ts';
import { menuTemplate } from './menu-template.ts';
import { printInWindow } from './print-in-window.ts';
import { servePages } from './page-links.ts';
import { quitQuestion } from './quit-question.ts';
import { restrictContents, restrictSession } from './session-rules.ts';

const here = dirname(fileURLToPath(import.meta.url));
const isDevelopment = !app.isPackaged;

protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } }]);
app.enableSandbox();

const paths = appPaths();
const { values } = parseArgs({ args: process.argv.slice(1), options: { project: { type: 'string' } }, strict: false });
const directory = resolve(typeof values.project === 'string' ? values.project : paths.defaultProject);
// One instance for each project: the instance lock lies in this folder.
app.setPath('userData', join(paths.stateDirectory, 'electron', createHash('sha256').update(directory).digest('hex').slice(0, 20)));

/** Opens the project, then the window on it. */
async function start(): Promise<void> {
  const practice = createPracticeBoard({ stateDir: paths.stateDirectory });
  const [files, core] = await Promise.all([
    loadRendererFiles(join(here, '..', 'renderer')),
    openCore({ hostKind: 'electron', version: packageJson.version, paths, practice, pdf: printInWindow }, directory),
    app.whenReady(),
  ]);
  const headers = securityHeaders([]);
  protocol.handle(appScheme, (request) => answerAppRequest(request, files, headers));
  restrictSession(session.defaultSession, isDevelopment);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, isDevelopment)));

  app.on('web-contents-created', (_event, contents) => { restrictContents(contents); });
  await openWindow(core);
  app.on('second-instance', () => { void openWindow(core); });
  app.on('activate', () => { if (BrowserWindow.getAllWindows().length === 0) void openWindow(core); });
  endWithCore(core, createClient(await core.connect()));
}

async function openWindow(core: OpenedCore): Promise<void> {
  const window = new BrowserWindow({
    width: 1440, height: 900, minWidth: 800, minHeight: 500, title: 'RTVM Bench', show: false,
    webPreferences: {
      preload: join(here, 'preload.cjs'),
      sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false,
      webSecurity: true, webviewTag: false, allowRunningInsecureContent: false, navigateOnDragDrop: false, spellcheck: false, devTools: isDevelopment,
    },
  });
  window.once('ready-to-show', () => { window.show(); });
  servePages(window.webContents, (link) => { core.serve(link); });
  await window.loadURL(appAddress);
}

/** Closing the last window ends the application, after a question when a board is being changed. */
function endWithCore(core: OpenedCore, client: Client): void {
  let mayQuit = false;
  app.on('before-quit', (event) => {
    if (mayQuit) return;
    event.preventDefault();
    void confirmQuit(client).then(async (confirmed) => {
      if (!confirmed) {
        if (BrowserWindow.getAllWindows().length === 0) await openWindow(core);
        return;
      }
      await core.close();
      mayQuit = true;
      app.quit();
    });
  });
  app.on('window-all-closed', () => { app.quit(); });
}

async function confirmQuit(client: Client): Promise<boolean> {
  // A core that is gone has no work left to cut short.
  const question = quitQuestion(await client.call('jobs.list', {}).catch(() => []));
  if (question === null) return true;
  const { response } = await dialog.showMessageBox({ type: 'warning', message: question, buttons: ['Keep working', 'Quit now'], defaultId: 0, cancelId: 0 });
  return response === 1;
}

const verb = commandLineOf(process.argv, app.isPackaged);
if (verb) {
  void runCli(verb, processTerminal(), packageJson.version).then((exitCode) => { app.exit(exitCode); });
} else if (app.requestSingleInstanceLock()) {
  start().catch((thrown: unknown) => {
    const error = CodedError.from(thrown);
    dialog.showErrorBox('RTVM Bench could not open', [error.message, error.extras.next].filter(Boolean).join('\n\n'));
    app.exit(1);
  });
} else {
  app.quit();
}
