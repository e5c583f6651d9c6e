import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionSchema, type Proposal } from '../../../shared/model/plan.ts';
import { grubVariablesOf } from '../../../shared/planning/boot/grub-variables.ts';
import { proposePromote } from '../../../shared/planning/boot/promote-kernel.ts';
import { proposeTry } from '../../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../../shared/planning/boot/write-kernel.ts';
import { boardOf, debianFiles, sourceGrubDefaults, type Files } from './boot-kit.ts';

const stamp = '20261121T130000Z';
const piece = fc.constantFrom(
  'menuentry', "'x'", '{', '}', '\n', '\n\tlinux\t/boot/vmlinuz-6.1', ' root=1 ro', '$isolcpus', '${x}', 'submenu', 'set default=', '"${next_entry}"', '"1>2"', 'source custom.cfg', 'blscfg', '--id', '>', '>>', '"', "'", '\\',
  'GRUB_CMDLINE_LINUX=', 'GRUB_CMDLINE_LINUX_DEFAULT="', '$(x)', '`x`', 'echo "set eci=\\"', ' ', '#', '=', 'isolcpus=1-3', 'next_entry=rtvm', 'saved_entry=', 'options root=1 ro', '\nlinux /vmlinuz', '# BEGIN RTVM Bench: goes away when the try is over', '\n# END RTVM Bench', 'ä', '\uFFFD',
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const paths = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg', '/boot/grub/custom.cfg', '/boot/grub/grubenv', '/etc/default/grub', '/etc/default/grub.d/zz-rtvm-bench.cfg', '/etc/grub.d/09_eci', '/boot/loader/entries/a-1.conf', '/proc/cmdline', '/proc/mounts'] as const;
const files = fc.dictionary(fc.constantFrom(...paths), text, { maxKeys: 8 });

const isWellFormed = ({ steps, refused }: Proposal) => {
  for (const { action } of steps) expect(actionSchema.parse(action)).toEqual(action);
  expect(refused.length === 0 || steps.length === 0).toBe(true);
  for (const { why, next } of refused) expect(why !== '' && next !== '').toBe(true);
};

test('any files and any line give a proposal of valid actions, or a refusal', () => {
  fc.assert(fc.property(files, fc.oneof(text, fc.string()), fc.option(fc.constantFrom('6.1', '6.1.0-50-rt-amd64')), (some, commandLine, kernel) => {
    const board = boardOf({ ...debianFiles, ...some }, { tools: ['/usr/sbin/update-grub', '/usr/sbin/grubby'] });
    for (const line of [commandLine, `${board.snapshot.kernel.pending.commandLine ?? ''} ${commandLine}`]) {
      isWellFormed(proposeTry({ ...board, commandLine: line, kernel, stamp }));
      isWellFormed(proposeWrite({ ...board, commandLine: line, kernel }));
      isWellFormed(proposePromote({ ...board, commandLine: line, kernel, tried: stamp }));
    }
  }), { numRuns: 1500 });
}, 60_000);

test('assignments are read as sh reads them, or said to be odd', () => {
  const value = fc.array(fc.constantFrom('a', 'b=1', ' ', '"', "'", '\\', '$GRUB_CMDLINE_LINUX', '${GRUB_CMDLINE_LINUX_DEFAULT}', '#', ';', '$', '`', '\\$x', '\\"'), { maxLength: 6 }).map((pieces) => pieces.join(''));
  const line = fc.tuple(fc.constantFrom('GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT', 'export GRUB_CMDLINE_LINUX'), value).map(([name, rest]) => `${name}=${rest}`);
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), line, (main, dropIn) => {
    const own: Files = { '/etc/default/grub': main.join('\n'), '/etc/default/grub.d/50-x.cfg': dropIn };
    const found = grubVariablesOf(boardOf(own).capture);
    if (found.odd !== null) return;
    const { linux, linuxDefault } = sourceGrubDefaults(own);
    expect([found.linux, found.linuxDefault]).toEqual([linux, linuxDefault]);
  }), { numRuns: 150 });
}, 60_000);
