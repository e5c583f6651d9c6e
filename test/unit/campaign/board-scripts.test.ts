import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cancelQueueScript, clockScript, goScript, layScript, readQueueScript } from '../../../electron/core/campaigns/campaign-scripts.ts';

const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
const ownText = (name: string): string => ['run-common', name].map((file) => readFileSync(new URL(`../../../electron/board-scripts/${file}.sh`, import.meta.url), 'utf8')).join('\n');
const names = ['campaign-clock', 'campaign-lay', 'campaign-go', 'campaign-worker', 'campaign-read', 'campaign-cancel'];

describe('scripts that carry out a campaign on a board', () => {
  it.each([clockScript, layScript, goScript, readQueueScript, cancelQueueScript].flatMap((script) => [['dash', '-n'], ['busybox', 'sh', '-n']].filter(([shell = '']) => has(shell)).map((shell) => ({ script, shell, title: `${script.name} in ${shell[0] ?? ''}` }))))('$title can be parsed', ({ script, shell: [command = '', ...args] }) => {
    expect(spawnSync(command, args, { input: script.text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  const noShellcheck = has('shellcheck') ? '' : ' (skipped: there is no shellcheck)';
  it.skipIf(!has('shellcheck')).each(names)(`shellcheck has nothing to say about %s${noShellcheck}`, (name) => {
    // What run-common has and a script does not use is no fault of the script.
    expect(spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC1007,SC2034,SC2086,SC2317', '-'], { input: ownText(name), encoding: 'utf8' }).stdout).toBe('');
  });
});
