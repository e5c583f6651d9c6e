import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { inProject } from './lib/project-root.mjs';
import { runMain } from './lib/run-command.mjs';

/** The command line from a checkout: builds what changed, then is the command line itself. */
let isReady = false;
await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt(['node']);
  isReady = true;
  return 0;
});
if (isReady) {
  process.exitCode = undefined;
  const entry = inProject('dist', 'cli', 'main.mjs');
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
}
