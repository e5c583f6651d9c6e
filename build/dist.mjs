import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { ensureInstalled } from './lib/ensure-installed.mjs';
import { inProject, projectRoot } from './lib/project-root.mjs';
import { runMain, runNode, say } from './lib/run-command.mjs';

/** Builds everything, writes the bill of materials, and packages for this system. `--sbom-only` stops before packaging. */
await runMain(async () => {
  const { values } = parseArgs({ options: { 'sbom-only': { type: 'boolean' } } });
  await ensureInstalled();
  await ensureBuilt(['renderer', 'node', 'preload']);
  await writeBillOfMaterials();
  if (values['sbom-only']) return 0;
  return runNode(inProject('node_modules', 'electron-builder', 'cli.js'), ['build', '--config', 'build/electron-builder.yml', '--publish', 'never']);
});

/** Development dependencies are listed too, marked as such: the user interface and the runtime ship parts of them. */
async function writeBillOfMaterials() {
  const npm = process.env['npm_execpath'];
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const options = { cwd: projectRoot, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(npm ? process.execPath : 'npm', npm ? [npm, ...args] : args, options);
  mkdirSync(inProject('release'), { recursive: true });
  const file = inProject('release', 'sbom.cdx.json');
  writeFileSync(file, stdout);
  say(`The bill of materials is in ${file}: ${JSON.parse(stdout).components.length} components.`);
}
