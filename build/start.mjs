import { parseArgs } from 'node:util';
import { decideHost } from './lib/decide-host.mjs';
import { electronProgram, fetchElectron } from './lib/electron-runtime.mjs';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { inProject, projectRoot } from './lib/project-root.mjs';
import { StepFailed, runCommand, runMain, runNode } from './lib/run-command.mjs';

/** Installs and builds what is missing, then opens the application where it can be shown best. */
await runMain(async () => {
  const { host, project, port } = readArguments();
  await ensureInstalled();
  await ensureBuilt(['renderer', 'node', 'preload']);
  const decision = await decideHost(
    { wanted: host, platform: process.platform, environment: process.env, userId: process.getuid?.() },
    () => fetchElectron({ insist: host === 'electron' }),
  );
  const projectArguments = project === undefined ? [] : ['--project', project];
  if (decision.host === 'electron') {
    console.log('RTVM Bench opens in its own window, because the Electron runtime is here.');
    return runCommand(electronProgram() ?? 'electron', [projectRoot, ...projectArguments]);
  }
  return runNode(inProject('dist', 'browser-window', 'main.mjs'), [
    ...projectArguments,
    ...(port === undefined ? [] : ['--port', port]),
    ...(decision.openWindow ? [] : ['--no-window']),
    ...(decision.note === undefined ? [] : ['--note', decision.note]),
  ]);
});

/** @returns {{ host: 'electron' | 'browser' | 'none' | undefined, project: string | undefined, port: string | undefined }} */
function readArguments() {
  const usage = 'npm start -- [--project FOLDER] [--host electron|browser|none] [--port NUMBER]';
  try {
    const { values } = parseArgs({ options: { project: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } } });
    const { host, project, port } = values;
    if (host !== undefined && host !== 'electron' && host !== 'browser' && host !== 'none') throw new TypeError(`There is no host “${host}”.`);
    return { host, project, port };
  } catch (thrown) {
    throw new StepFailed(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${usage}`);
  }
}
