import { ensureInstalled } from './lib/ensure-installed.mjs';
import { inProject } from './lib/project-root.mjs';
import { runMain, runNode } from './lib/run-command.mjs';

/** @type {readonly { title: string, program: string[], args: string[] }[]} */
const steps = [
  { title: 'types: hosts, core, tests, build', program: ['typescript', 'bin', 'tsc'], args: ['--noEmit', '-p', '.'] },
  { title: 'types: shared, alone', program: ['typescript', 'bin', 'tsc'], args: ['--noEmit', '-p', 'shared'] },
  { title: 'types: specs', program: ['typescript', 'bin', 'tsc'], args: ['--noEmit', '-p', 'test/e2e'] },
  { title: 'types: user interface', program: ['vue-tsc', 'bin', 'vue-tsc.js'], args: ['--noEmit', '-p', 'renderer'] },
  { title: 'lint and import rule', program: ['eslint', 'bin', 'eslint.js'], args: ['--max-warnings', '0', '.'] },
  { title: 'unused files, exports and dependencies', program: ['knip', 'bin', 'knip.js'], args: [] },
];

/** Everything that can be said of the code without running it; all steps run, so that one round shows all there is. */
await runMain(async () => {
  await ensureInstalled();
  const failed = [];
  for (const { title, program, args } of steps) {
    console.log(`— ${title}`);
    if ((await runNode(inProject('node_modules', ...program), args)) !== 0) failed.push(title);
  }
  console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join('; ')}.`);
  return failed.length === 0 ? 0 : 1;
});
