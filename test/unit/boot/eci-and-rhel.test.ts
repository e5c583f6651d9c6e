import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { kernelWordSchema, type Proposal } from '../../../shared/model/plan.ts';
import { bootLoaderOf } from '../../../shared/planning/boot/boot-loader.ts';
import { grubbyArguments } from '../../../shared/planning/boot/grubby-arguments.ts';
import { proposePromote } from '../../../shared/planning/boot/promote-kernel.ts';
import { proposeTry } from '../../../shared/planning/boot/try-kernel.ts';
import { proposeWrite } from '../../../shared/planning/boot/write-kernel.ts';
import { actionsOf, boardOf, debianFiles, fileAt, filesAfter, pendingAfter, type Files } from './boot-kit.ts';

const stamp = '20261121T130000Z';
const script = '/etc/grub.d/09_eci';
const common: Files = Object.fromEntries(Object.entries(debianFiles).filter(([path]) => !path.startsWith('/boot/grub/grub.cfg')));
const header = 'if [ "${next_entry}" ] ; then\n   set default="${next_entry}"\nelse\n   set default="0"\nfi';
const custom = 'if [ -f  ${config_directory}/custom.cfg ]; then\n  source ${config_directory}/custom.cfg\nfi';

/** The forms the script comes in: what ECI's documents edit, one that prints a here-document, one that prints itself. */
const forms: Record<string, string> = {
  'a variable in a variable': [
    '#!/bin/sh', 'set -e', 'isolcpus=1,3', 'echo "set eci_cmdline=\\"quiet hpet=disable irqaffinity=0 rcu_nocb_poll isolcpus=${isolcpus} rcu_nocbs=${isolcpus} nohz_full=${isolcpus} i915.force_probe=* igb.blacklist=no\\""',
    'cat <<EOF', "menuentry 'ECI' --class debian \\$menuentry_id_option 'eci-rt' {", '\tsearch --no-floppy --fs-uuid --set=root 1', '\tlinux\t/vmlinuz-6.6-eci root=/dev/sda2 ro \\${eci_cmdline}', '\tinitrd\t/initrd-6.6-eci', '}', 'EOF', '',
  ].join('\n'),
  'a variable of GRUB, in single quotes': [
    '#!/bin/sh', "echo 'set eci_cmdline=\"quiet hpet=disable isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3\"'",
    'cat <<EOF', "menuentry 'ECI' \\$menuentry_id_option 'eci-rt' {", '\tinsmod ext2', '\tlinux\t/vmlinuz-6.6-eci root=/dev/sda2 ro $eci_cmdline', '}', 'EOF', '',
  ].join('\n').replace('ro $eci', 'ro \\$eci'),
  'a line of its own': [
    '#!/bin/sh', 'exec tail -n +3 $0', "menuentry 'ECI' $menuentry_id_option 'eci-rt' {", '\tset isolcpus="1,3"', '\tlinux\t/vmlinuz-6.6-eci root=/dev/sda2 ro quiet hpet=disable isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3', '\tinitrd\t/initrd-6.6-eci', '}', '',
  ].join('\n'),
};

const run = (text: string) => text.includes('exec tail') ? text.split('\n').slice(2).join('\n') : execFileSync('sh', { input: text, encoding: 'utf8' });
const generate = (files: Files): Files => ({ ...files, '/boot/grub/grub.cfg': `${header}\n${run(files[script] ?? '')}\n${custom}` });

describe.each(Object.entries(forms))('ECI, %s', (_, text) => {
  const files = generate({ ...common, [script]: text.trimEnd() });
  const board = boardOf(files);
  const pending = board.snapshot.kernel.pending.commandLine ?? '';

  test('is recognised, and what is pending is read', () => {
    const loader = bootLoaderOf(board);
    expect('found' in loader ? loader.found.way : loader.refused).toBe('eci');
    expect(pending).toMatch(/^root=\/dev\/sda2 ro quiet hpet=disable .*isolcpus=1,3 rcu_nocbs=1,3 nohz_full=1,3/);
  });

  test.each([
    ['other CPUs', (line: string) => line.replaceAll('=1,3', '=2-3')],
    ['one word taken out, one put in', (line: string) => `${line.replace(' hpet=disable', '')} skew_tick=1`],
    ['the lists no longer the same', (line: string) => line.replace('isolcpus=1,3', 'isolcpus=managed_irq,domain,1,3').replace('nohz_full=1,3', 'nohz_full=3')],
    ['nothing', (line: string) => line],
  ])('%s: the script, really run, gives exactly the wanted line', (_name, change) => {
    const wanted = change(pending);
    const proposal = proposeWrite({ ...board, commandLine: wanted });
    expect(proposal.refused).toEqual([]);
    const after = filesAfter(files, proposal, generate);
    expect(pendingAfter(after)).toBe(wanted);
    if (wanted === pending) expect(proposal.steps).toEqual([]);
  });

  test('a try stands in custom.cfg; the script is not touched by it', () => {
    const wanted = pending.replaceAll('=1,3', '=2-3');
    const proposal = proposeTry({ ...board, commandLine: wanted, stamp });
    expect(proposal.refused).toEqual([]);
    expect(fileAt(proposal, script)).toBeUndefined();
    expect(pendingAfter(filesAfter(files, proposal, generate))).toBe(`${wanted} panic=10 rtvm_bench.try=${stamp}`);
  });
});

test('ECI: the variable its documents edit is the one that changes', () => {
  const [text = ''] = Object.values(forms);
  const board = boardOf(generate({ ...common, [script]: text.trimEnd() }));
  const edited = fileAt(proposeWrite({ ...board, commandLine: (board.snapshot.kernel.pending.commandLine ?? '').replaceAll('=1,3', '=4-63') }), script) ?? '';
  expect(edited).toBe(text.replace('isolcpus=1,3\n', 'isolcpus=4-63\n'));
});

test('ECI is there, but Debian’s own entry starts: Debian’s way', () => {
  const files = { ...debianFiles, [script]: (Object.values(forms)[0] ?? '').trimEnd() };
  const loader = bootLoaderOf(boardOf(files));
  expect('found' in loader && loader.found.way).toBe('debian-grub');
});

const entryPath = '/boot/loader/entries/0a1b-5.14.0-427.el9.x86_64+rt.conf';
const rhelFiles: Files = {
  '/proc/cmdline': 'BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-427.el9.x86_64+rt root=/dev/mapper/rhel-root ro crashkernel=1G isolcpus=2-3 nohz_full=2-3', '/proc/1/comm': 'systemd', '/proc/self/status': 'Uid:\t0\t0\t0\t0',
  '/proc/sys/kernel/osrelease': '5.14.0-427.el9.x86_64+rt', '/proc/mounts': '/dev/mapper/rhel-root / xfs rw 0 0\n/dev/sda2 /boot xfs rw 0 0',
  '/boot/grub2/grub.cfg': `${header.replace('"0"', '"${saved_entry}"')}\nblscfg`, '/boot/grub2/grubenv': 'saved_entry=0a1b-5.14.0-427.el9.x86_64+rt',
  [entryPath]: 'title RHEL (5.14.0-427.el9.x86_64+rt)\nversion 5.14.0-427.el9.x86_64+rt\nlinux /vmlinuz-5.14.0-427.el9.x86_64+rt\ninitrd /initramfs.img $tuned_initrd\noptions root=/dev/mapper/rhel-root ro crashkernel=1G isolcpus=2-3 nohz_full=2-3\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class rhel',
};
const rhel = (changes: Files = {}) => boardOf({ ...rhelFiles, ...changes }, { tools: ['/usr/sbin/grubby', '/usr/sbin/grub2-reboot'] });
const rhelLine = 'root=/dev/mapper/rhel-root ro crashkernel=1G isolcpus=1-3 rcu_nocbs=1-3';

describe('RHEL', () => {
  test('a try is an entry of its own, the default one’s copy', () => {
    const proposal = proposeTry({ ...rhel(), commandLine: rhelLine, stamp });
    expect(fileAt(proposal, '/boot/loader/entries/rtvm-bench-try.conf')).toBe(`title RTVM Bench: try of ${stamp}\nversion 0\nlinux /vmlinuz-5.14.0-427.el9.x86_64+rt\ninitrd /initramfs.img $tuned_initrd\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class rhel\noptions ${rhelLine} panic=10 rd.shell=0 rd.emergency=reboot rtvm_bench.try=${stamp}\n`);
    expect(actionsOf(proposal).map(({ kind }) => kind)).toEqual(['file', 'file', 'generate', 'unit', 'boot-once', 'restart']);
    const armed = rhel({ '/boot/loader/entries/rtvm-bench-try.conf': fileAt(proposal, '/boot/loader/entries/rtvm-bench-try.conf') ?? '', '/boot/grub2/grubenv': 'saved_entry=0a1b-5.14.0-427.el9.x86_64+rt\nnext_entry=rtvm-bench-try' });
    expect(armed.snapshot.kernel.pending.commandLine).toBe(`${rhelLine} panic=10 rd.shell=0 rd.emergency=reboot rtvm_bench.try=${stamp}`);
  });

  test('a default by order could be displaced: refused', () => {
    for (const environment of ['saved_entry=0', 'kernelopts=x']) expect(proposeTry({ ...rhel({ '/boot/grub2/grubenv': environment }), commandLine: rhelLine, stamp }).refused[0]?.why).toContain('not set by name');
  });

  test('written with grubby: what goes, what comes', () => {
    expect(actionsOf(proposeWrite({ ...rhel(), commandLine: rhelLine }))).toEqual([{ kind: 'kernel-arguments', remove: ['isolcpus=2-3', 'nohz_full=2-3'], add: ['isolcpus=1-3', 'rcu_nocbs=1-3'] }]);
  });

  test('words of the distribution between root= and ro may change, root= may not', () => {
    const options = (line: string) => ({ [entryPath]: (rhelFiles[entryPath] ?? '').replace(/^options .*$/m, `options ${line}`) });
    const board = rhel(options('root=/dev/mapper/rhel-root rd.lvm.lv=rhel/root hpet=off ro quiet'));
    expect(actionsOf(proposeWrite({ ...board, commandLine: 'root=/dev/mapper/rhel-root rd.lvm.lv=rhel/root hpet=disable ro quiet' }))).toEqual([{ kind: 'kernel-arguments', remove: ['hpet=off'], add: ['hpet=disable'] }]);
    expect(proposeWrite({ ...board, commandLine: 'root=/dev/sda1 ro quiet' }).refused[0]?.why).toContain('“root=/dev/mapper/rhel-root ro”');
  });

  test('promoted: our entry goes before grubby changes them all', () => {
    const board = rhel({ '/proc/cmdline': `${rhelLine} panic=10 rtvm_bench.try=${stamp}`, '/boot/loader/entries/rtvm-bench-try.conf': 'title x\nlinux /x\noptions y' });
    const proposal: Proposal = proposePromote({ ...board, commandLine: rhelLine, tried: stamp });
    expect(actionsOf(proposal).map((action) => (action.kind === 'file' ? action.path : action.kind))).toEqual(['unit', '/etc/systemd/system/rtvm-bench-return.service', 'generate', '/boot/loader/entries/rtvm-bench-try.conf', 'kernel-arguments']);
  });

  test.each([
    ['a size after its number: both are put in order again', 'ro hugepages=4', 'ro hugepagesz=1G hugepages=4', { remove: ['hugepages=4'], add: ['hugepagesz=1G', 'hugepages=4'] }],
    ['dash and underscore are one name', 'ro nohz-full=1', 'ro nohz_full=2', { remove: ['nohz-full=1'], add: ['nohz_full=2'] }],
    ['nothing', 'ro a b=1', 'ro a b=1', { remove: [], add: [] }],
  ])('grubby: %s', (_, from, to, found) => {
    expect(grubbyArguments(from, from.split(' '), to.split(' '))).toEqual({ found });
  });

  test.each([
    ['several values of a name', 'ro console=tty0', 'ro console=tty0 console=ttyS0', '', '“console” stands several times'],
    ['words of tuned', 'ro isolcpus=2', 'ro', 'ro $tuned_params', 'isolcpus=2'],
    ['odd words', 'ro', 'ro a=*', 'ro', 'a=*'],
  ])('grubby refuses %s', (_, from, to, options, why) => {
    const outcome = grubbyArguments(options, from.split(' '), to.split(' '));
    expect('refused' in outcome && outcome.refused.why).toContain(why);
  });

  test('words for grubby are plain', () => {
    for (const action of actionsOf(proposeWrite({ ...rhel(), commandLine: `${rhelLine} a=b,c` }))) {
      if (action.kind === 'kernel-arguments') for (const word of [...action.add, ...action.remove]) expect(kernelWordSchema.parse(word)).toBe(word);
    }
    expect(proposeWrite({ ...rhel(), commandLine: `${rhelLine} a="$(reboot)"` }).refused[0]?.why).toContain('$(reboot)');
  });
});
