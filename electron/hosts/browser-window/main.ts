import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import packageJson from '../../../package.json' with { type: 'json' };
import { CodedError } from '../../../shared/contract/errors.ts';
import { appPaths } from '../../core/app-paths.ts';
import { openCore } from '../../core/open-core.ts';
import { createPracticeBoard } from '../../practice-board/practice-board.ts';
import { printWithChromium } from '../shared/print-with-chromium.ts';
import { loadRendererFiles } from '../shared/renderer-files.ts';
import { findBrowser } from './find-browser.ts';
import { openBrowser } from './open-browser.ts';
import { readArguments, type Arguments } from './read-arguments.ts';
import { WindowLife } from './window-life.ts';
import { startWindowServer } from './window-server.ts';

const rendererDirectory = join(dirname(fileURLToPath(import.meta.url)), '..', 'renderer');

/** Serves the bench to a window on this machine until the last window closes or the terminal says stop. */
async function main(options: Arguments): Promise<void> {
  const paths = appPaths();
  const [files, core] = await Promise.all([
    loadRendererFiles(rendererDirectory),
    openCore(
      { hostKind: 'browser-window', version: packageJson.version, paths, practice: createPracticeBoard({ stateDir: paths.stateDirectory }), pdf: printWithChromium() },
      resolve(options.project ?? paths.defaultProject),
    ),
  ]);
  const life = new WindowLife();
  const server = await startWindowServer({
    files,
    port: options.port,
    serve: (link) => { core.serve(link); },
    onWindows: (count) => { life.windows(count); },
  });
  const attached = core.mode === 'attached' ? ', on the project another window has open' : '';

  createInterface({ input: process.stdin }).on('line', () => { console.log(server.newAddress()); });
  // One Ctrl-C may arrive twice: from the terminal and from npm.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { life.end(); });

  const address = server.newAddress();
  const refusal = await showWindow(options, address, paths.stateDirectory, life, (name) => {
    console.log(`RTVM Bench is in an app window of ${name}${attached}${because(options.note)}. Press Enter here for the address of another window.`);
  });
  if (refusal !== null) console.log(`RTVM Bench waits at ${address}${attached}: ${[options.note, refusal].filter(Boolean).join('; ')}. Press Enter for another address.`);

  await life.ended;
  await server.close();
  await core.close();
}

/** Opens the app window; gives the reason when there is none. */
async function showWindow(options: Arguments, address: string, stateDirectory: string, life: WindowLife, opened: (name: string) => void): Promise<string | null> {
  if (!options.openWindow) return 'no window was asked for';
  const browser = findBrowser();
  if (browser.kind === 'none') return browser.reason;
  try {
    life.follow(await openBrowser({ browserPath: browser.path, address, stateDirectory }));
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  opened(browser.name);
  return null;
}

const because = (note: string | undefined) => (note === undefined ? '' : `, because ${note}`);

try {
  const options = readArguments(process.argv.slice(2));
  await main(options);
  process.exit(0);
} catch (thrown) {
  const error = CodedError.from(thrown);
  console.error([error.message, error.extras.next].filter(Boolean).join(' '));
  process.exit(error.code === 'bad-usage' ? 2 : 4);
}
