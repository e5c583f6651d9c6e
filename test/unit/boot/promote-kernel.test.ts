import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionSchema } from '../../../shared/model/plan.ts';
import type { LineRequest } from '../../../shared/planning/boot/line-request.ts';
import { proposePromote } from '../../../shared/planning/boot/promote-kernel.ts';
import { proposeTry } from '../../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../../shared/planning/boot/write-kernel.ts';
import { lintCommandLine, lintContextOf } from '../../../shared/planning/kernel-command-line/lint.ts';
import { planKernel } from '../../../shared/planning/kernel-plan.ts';
import { guideIds } from '../../../shared/model/setting.ts';
import { fixture } from '../snapshot/capture-text.ts';
import { actionsOf, boardOf, debian, debianFiles, dpkg, fileAt, filesAfter, pendingAfter, pendingLine, root, sourceGrubDefaults, updateGrub, type Files } from './boot-kit.ts';

const dropIn = '/etc/default/grub.d/zz-rtvm-bench.cfg';
const appendedLine = `${pendingLine} rcu_nocbs=1 irqaffinity=0`;
const write = (commandLine: string, files: Files = {}, more: Partial<LineRequest> = {}) => proposeWrite({ ...debian(files), commandLine, ...more });
const written = (commandLine: string, files: Files = {}) => fileAt(write(commandLine, files), dropIn);
const why = (commandLine: string, files: Files = {}, more: Partial<LineRequest> = {}) => write(commandLine, files, more).refused[0]?.why ?? '';

describe('the drop-in', () => {
  test('only additions: appends, and leaves the words of the other files to them', () => {
    expect(written(appendedLine)).toMatch(/\nGRUB_CMDLINE_LINUX_DEFAULT="\$GRUB_CMDLINE_LINUX_DEFAULT rcu_nocbs=1 irqaffinity=0"\n$/);
    expect(pendingAfter(filesAfter(debianFiles, write(appendedLine)))).toBe(appendedLine);
  });

  test('replaced and removed: states both variables, and what recovery entries had they keep', () => {
    const wanted = `${root} console=ttyS0 isolcpus=2-3 nohz_full=2-3`;
    const text = written(wanted) ?? '';
    expect(text).toContain('\nGRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=2-3"\nGRUB_CMDLINE_LINUX_DEFAULT="nohz_full=2-3"\n');
    const after = filesAfter(debianFiles, write(wanted));
    expect(pendingAfter(after)).toBe(wanted);
    expect(after['/boot/grub/grub.cfg']).toContain('ro single console=ttyS0 isolcpus=2-3\n');
  });

  test('planned again from its own outcome, nothing is left to do; back to the first line, it goes away', () => {
    const after = filesAfter(debianFiles, write(appendedLine));
    expect(proposeWrite({ ...boardOf(after), commandLine: appendedLine })).toMatchObject({ steps: [], restart: 'none', refused: [] });
    const back = proposeWrite({ ...boardOf(after), commandLine: pendingLine });
    expect(actionsOf(back)).toMatchObject([{ kind: 'file', path: dropIn, content: null }, { kind: 'generate' }]);
    expect(pendingAfter(filesAfter(after, back))).toBe(pendingLine);
  });

  test('words the generator adds are not doubled: rootflags of btrfs, vt_handoff of Ubuntu', () => {
    const config = fixture('grub-tryonce/grub.cfg').replace('set linux_gfx_mode=', 'set vt_handoff=vt.handoff=7').replaceAll(' ro console=ttyS0 isolcpus=1 quiet nohz_full=1', ' ro rootflags=subvol=@ console=ttyS0 isolcpus=1 quiet nohz_full=1 $vt_handoff');
    const pending = debian({ '/boot/grub/grub.cfg': config }).snapshot.kernel.pending.commandLine;
    expect(pending).toBe(`${root} rootflags=subvol=@ console=ttyS0 isolcpus=1 quiet nohz_full=1 vt.handoff=7`);
    const text = written(`${pending ?? ''} rcu_nocbs=1`, { '/boot/grub/grub.cfg': config });
    expect(text).toContain('"$GRUB_CMDLINE_LINUX_DEFAULT rcu_nocbs=1"');
  });

  test('a kept word in odd quotes stays in its own file when words are added, and is named when it would have to be stated', () => {
    const files: Files = { '/etc/default/grub': `GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=1"\nGRUB_CMDLINE_LINUX_DEFAULT='quiet "dyndbg=file a.c +p"'` };
    const generated = { ...updateGrub({ ...debianFiles, ...files }) };
    const pending = pendingAfter(generated) ?? '';
    expect(pending).toContain('"dyndbg=file a.c +p"');
    expect(pendingAfter(filesAfter(generated, proposeWrite({ ...boardOf(generated), commandLine: `${pending} rcu_nocbs=1` })))).toBe(`${pending} rcu_nocbs=1`);
    expect(proposeWrite({ ...boardOf(generated), commandLine: pending.replace('isolcpus=1', 'isolcpus=2') }).refused[0]?.why).toContain('"dyndbg=file a.c +p"');
  });

  test('another kernel becomes the default by its id, and stays it when the line is written again', () => {
    const config = fixture('grub-tryonce/grub.cfg').replaceAll(/^\t\tlinux.*vmlinuz-6.1.0-50-rt-amd64/gm, '\t\tlinux\t/boot/vmlinuz-6.12.9-rt');
    const proposal = write(appendedLine.replace('/boot/vmlinuz', ''), { '/boot/grub/grub.cfg': config }, { kernel: '6.12.9-rt' });
    const id = 'gnulinux-advanced-a2f0893a-79b4-4c08-9c4f-16733f4594f1>gnulinux-6.1.0-50-rt-amd64-advanced-a2f0893a-79b4-4c08-9c4f-16733f4594f1';
    expect(fileAt(proposal, dropIn)).toContain(`\nGRUB_DEFAULT="${id}"\n`);
    const after = { ...debianFiles, '/boot/grub/grub.cfg': config, [dropIn]: fileAt(proposal, dropIn) ?? '' };
    expect(sourceGrubDefaults(after).entry).toBe(id);
    const generated = updateGrub({ ...after, '/boot/grub/grub.cfg': config.replace('set default="0"', `set default="${id}"`) });
    expect(fileAt(proposeWrite({ ...boardOf(generated), commandLine: `${appendedLine} skew_tick=1` }), dropIn)).toContain(`\nGRUB_DEFAULT="${id}"\n`);
  });
});

describe('refused', () => {
  test.each<[string, string, Files, string]>([
    ['grub.cfg is older than what the files say', appendedLine, { '/etc/default/grub.d/50-new.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT hpet=disable"' }, 'not what update-grub would write now'],
    ['a drop-in is read after ours', appendedLine, { '/etc/default/grub.d/zzz.cfg': 'GRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=1"' }, 'zzz.cfg'],
    ['a substitution makes the line, and words change', `${root} quiet`, { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=1"\nGRUB_CMDLINE_LINUX_DEFAULT="$(cat /etc/words)"' }, '$(cat /etc/words)'],
    ['a condition makes the line, and words change', `${root} quiet`, { '/etc/default/grub': 'if true; then\nGRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=1"\nfi\nGRUB_CMDLINE_LINUX_DEFAULT="quiet nohz_full=1"' }, 'if true; then'],
    ['tuned fills a variable of the line, and words change', `${root} console=ttyS0`, { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="console=ttyS0 isolcpus=1"\nGRUB_CMDLINE_LINUX_DEFAULT="quiet nohz_full=1 \\$tuned_params"' }, '$tuned_params'],
  ])('%s', (_, line, files, reason) => { expect(why(line, files)).toContain(reason); });

  test('a substitution is no hindrance to additions', () => {
    expect(written(appendedLine, { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="$(cat /etc/words)"' })).toContain('"$GRUB_CMDLINE_LINUX_DEFAULT rcu_nocbs=1 irqaffinity=0"');
  });
});

describe('a promotion', () => {
  const stamp = '20261121T130000Z';
  const own = "menuentry 'memtest' {\n\tlinux16 /boot/memtest\n}";
  const begun = { ...debianFiles, '/boot/grub/custom.cfg': own };
  const attempt = proposeTry({ ...boardOf(begun), commandLine: appendedLine, stamp });
  const running = { ...filesAfter(begun, attempt), '/boot/grub/grubenv': 'next_entry=', '/proc/cmdline': `BOOT_IMAGE=/boot/vmlinuz-6.1.0-50-rt-amd64 ${appendedLine} panic=10 rtvm_bench.try=${stamp}` };
  const promote = (files: Files, tried = stamp, commandLine = appendedLine) => proposePromote({ ...boardOf(files), commandLine, tried });

  test('puts custom.cfg back, takes the unit away first, and writes the drop-in', () => {
    const proposal = promote(running);
    expect(actionsOf(proposal).map((action) => actionSchema.parse(action)).map((action) => (action.kind === 'file' ? action.path : action.kind)))
      .toEqual(['unit', '/etc/systemd/system/rtvm-bench-return.service', 'generate', '/boot/grub/custom.cfg', dropIn, 'generate']);
    expect(actionsOf(proposal)[0]).toEqual({ kind: 'unit', unit: 'rtvm-bench-return.service', enabled: false, active: false });
    const after = filesAfter(running, proposal);
    expect(after['/boot/grub/custom.cfg']).toBe(`${own}\n`);
    expect(pendingAfter(after)).toBe(appendedLine);
    expect(proposal).toMatchObject({ restart: 'needed', refused: [], purpose: { kind: 'promote-kernel', tried: stamp } });
  });

  test('only what the board runs: not another try, not a line with more words', () => {
    expect(promote(begun).refused[0]?.why).toContain('does not run the try');
    expect(promote(running, '20260101T000000Z').refused[0]?.why).toContain('does not run the try');
    expect(promote(running, stamp, `${appendedLine} idle=poll`).refused[0]?.why).toContain('“idle=poll” was not part of the try');
  });
});

describe('whatever the line', () => {
  const word = fc.constantFrom('console=ttyS0', 'quiet', 'isolcpus=2-3', 'isolcpus=1', 'nohz_full=1', 'nohz_full=2-3', 'rcu_nocbs=2-3', 'irqaffinity=0-1', 'hugepagesz=1G', 'hugepages=4', 'i915.force_probe=*', 'iomem=relaxed', 'a-b=c,d:e@f/g+h%i^j!k~l');
  const someWords = fc.uniqueArray(word, { maxLength: 8 });

  test('from any line to any other, sh and the generator give exactly the wanted one, or it is refused', () => {
    fc.assert(fc.property(someWords, someWords, someWords, fc.array(word, { maxLength: 3 }), (linux, normal, kept, added) => {
      const start = updateGrub({ ...debianFiles, '/etc/default/grub': `GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX="${linux.join(' ')}"\nGRUB_CMDLINE_LINUX_DEFAULT='${normal.join(' ')}'` });
      const board = boardOf(start);
      const pending = (board.snapshot.kernel.pending.commandLine ?? '').split(' ');
      const wanted = [...pending.slice(0, 2), ...pending.slice(2).filter((one) => new Set<string>(kept).has(one)), ...added].join(' ');
      const proposal = proposeWrite({ ...board, commandLine: wanted });
      if (proposal.refused.length > 0) expect(proposal.refused[0]?.why).toContain('*');
      else expect(pendingAfter(filesAfter(start, proposal))).toBe(wanted);
    }), { numRuns: 40 });
  });

  test('what the guides ask for passes our own lint and survives the way through GRUB', () => {
    for (const guide of guideIds) {
      const board = debian();
      const { after } = planKernel({ ...board, guide, housekeeping: [0, 1] });
      const proposal = proposeWrite({ ...board, commandLine: after });
      expect(proposal.refused).toEqual([]);
      const pending = pendingAfter(filesAfter(debianFiles, proposal)) ?? '';
      expect(pending).toBe(after);
      expect(lintCommandLine(pending, lintContextOf(board.snapshot)).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('100 hostile values: each is refused by name, or sh reads it as the text it is', () => {
    const hostile = ['$(touch canary)', '`touch canary`', '"; touch canary; "', "'; touch canary; '", '\\"; touch canary #', '$IFS', '${HOME}', '&touch canary', '|touch canary', ';touch canary', '>canary', '<canary', '\ntouch canary\n', '\r', '\0', '$((1))', '#', '*', '?', '[a]', '{a,b}', '~', '!', '%s', '\u202e'];
    const values = hostile.flatMap((value) => [value, `a${value}`, `isolcpus=${value}`, `isolcpus=1${value}2`]);
    expect(values).toHaveLength(100);
    for (const value of values) {
      const proposals = [write(`${appendedLine} ${value}`), write(`${root} quiet ${value}`), proposeTry({ ...debian(), commandLine: `${appendedLine} ${value}`, stamp: '20261121T130000Z' })];
      for (const proposal of proposals) {
        const text = fileAt(proposal, dropIn);
        if (text !== undefined && text !== null) {
          const read = sourceGrubDefaults({ ...debianFiles, [dropIn]: text });
          expect(read.touched).not.toContain('canary');
          expect(`${read.linux} ${read.linuxDefault}`).toContain(value);
        } else if (proposal.refused.length === 0) {
          const line = (fileAt(proposal, '/boot/grub/custom.cfg') ?? '').split('\n').find((one) => one.includes('rtvm_bench.try=')) ?? '';
          expect(line).toMatch(/^[A-Za-z0-9_.,:=@%+/^!~\t -]+$/);
        } else expect(proposal.refused[0]?.why).toMatch(/“.+”|U\+[0-9A-F]{4}/);
      }
    }
  });
});

test('a board without systemd: no unit is written or taken away', () => {
  const files = { ...debianFiles, '/proc/1/comm': 'init', '/var/lib/dpkg/status': dpkg };
  const capture = boardOf(files);
  const board = { ...capture, snapshot: { ...capture.snapshot, kernel: { ...capture.snapshot.kernel, initSystem: 'sysvinit' } } };
  const proposal = proposeTry({ ...board, commandLine: appendedLine, stamp: '20261121T130000Z' });
  expect(actionsOf(proposal).map(({ kind }) => kind)).toEqual(['file', 'boot-once', 'restart']);
  expect(proposal.notes.join(' ')).toContain('no systemd');
});
