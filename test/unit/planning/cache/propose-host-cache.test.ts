import { describe, expect, it } from 'vitest';
import { actionSchema } from '../../../../shared/model/plan.ts';
import type { CacheResource } from '../../../../shared/planning/cache/allocation.ts';
import { proposeHostCache } from '../../../../shared/planning/cache/propose-host-cache.ts';
import { snapshotOf } from '../../../../shared/parsers/snapshot/snapshot.ts';
import { captureOf } from '../../snapshot/capture-text.ts';

const cpu = (flags: string, vendor = 'GenuineIntel') => `processor\t: 0\nvendor_id\t: ${vendor}\nflags\t\t: fpu vmx ${flags}`;
const info = '/sys/fs/resctrl/info';
const unmounted: Readonly<Record<string, string>> = {
  '/proc/cpuinfo': cpu('rdt_a cat_l3 cdp_l3 mba'), '/proc/filesystems': 'nodev\tresctrl', '/proc/mounts': '/dev/sda1 / ext4 rw 0 0', '/proc/cmdline': 'ro',
  '/sys/devices/system/cpu/online': '0-1', '/sys/devices/system/cpu/present': '0-1',
  '/sys/devices/system/cpu/cpu0/cache/index3/level': '3', '/sys/devices/system/cpu/cpu0/cache/index3/type': 'Unified', '/sys/devices/system/cpu/cpu0/cache/index3/id': '0',
  '/sys/devices/system/cpu/cpu0/cache/index3/size': '24576K', '/sys/devices/system/cpu/cpu0/cache/index3/shared_cpu_list': '0-1',
};
/** Two sockets with a cache of 15 ways each; devices use the two highest. */
const mounted: Readonly<Record<string, string>> = {
  ...unmounted, '/proc/mounts': 'resctrl /sys/fs/resctrl resctrl rw,relatime 0 0', '/sys/fs/resctrl/schemata': '    MB:0=100;1=100\n    L3:0=7fff;1=7fff',
  [`${info}/L3/cbm_mask`]: '7fff', [`${info}/L3/min_cbm_bits`]: '2', [`${info}/L3/shareable_bits`]: '6000', [`${info}/L3/num_closids`]: '15',
  [`${info}/MB/min_bandwidth`]: '10', [`${info}/MB/bandwidth_gran`]: '10', [`${info}/MB/num_closids`]: '15',
};

const propose = (files: Readonly<Record<string, string>>, masks: Record<string, string>, resource: CacheResource = 'L3') => {
  const capture = captureOf({ files });
  return proposeHostCache({ snapshot: snapshotOf(capture), capture, resource, masks });
};
const whyNot = (files: Readonly<Record<string, string>>, masks: Record<string, string>, resource: CacheResource = 'L3') => {
  const { steps, refused } = propose(files, masks, resource);
  expect(steps).toEqual([]);
  for (const { next } of refused) expect(next).not.toBe('');
  return refused.map(({ why }) => why).join(' ');
};

describe('a plan for the host’s own share of a cache', () => {
  it('is written live first, then for every start before libvirt', () => {
    const { steps, refused, notes } = propose(mounted, { 1: '1ff', 0: '7fc0' });
    expect(refused).toEqual([]);
    expect(steps.map(({ action }) => action.kind)).toEqual(['schemata', 'file', 'file', 'generate', 'unit', 'unit']);
    for (const { action } of steps) expect(actionSchema.safeParse(action).success).toBe(true);
    expect(steps[0]?.action).toEqual({ kind: 'schemata', line: 'L3:0=7fc0;1=1ff' });
    const files = new Map(steps.flatMap(({ action }) => (action.kind === 'file' ? [[action.path, action.content?.data ?? '']] : [])));
    const service = files.get('/etc/systemd/system/rtvm-bench-host-cache-l3.service');
    expect(service).toContain('ExecStart=/bin/sh -c \'echo "L3:0=7fc0;1=1ff" >/sys/fs/resctrl/schemata\'\n');
    expect(service).toContain('After=sys-fs-resctrl.mount\nBefore=libvirtd.service virtqemud.service\n');
    expect(files.get('/etc/systemd/system/sys-fs-resctrl.mount')).toContain('Where=/sys/fs/resctrl\nType=resctrl\n');
    // The host’s group covers the ways that devices use on one socket, and leaves them to VMs on the other.
    expect(notes).toEqual([expect.stringMatching(/^L3 1: the ways 6000 are used by devices too/)]);
  });

  it('mounts resctrl where it is not, and says what cannot be checked before', () => {
    const { steps, notes } = propose(unmounted, { 0: 'ff' });
    expect(steps.map(({ action }) => (action.kind === 'unit' ? action.unit : action.kind))).toEqual(['file', 'file', 'generate', 'sys-fs-resctrl.mount', 'schemata', 'rtvm-bench-host-cache-l3.service']);
    expect(notes.join(' ')).toMatch(/not mounted yet.*restart it/);
  });

  it('keeps the options it is mounted with, and gives code and data the same', () => {
    const files: Record<string, string> = {
      ...mounted, '/proc/mounts': 'resctrl /sys/fs/resctrl resctrl rw,relatime,cdp 0 0', '/sys/fs/resctrl/schemata': 'L3DATA:0=7fff\nL3CODE:0=7fff',
      ...Object.fromEntries(['L3CODE', 'L3DATA'].flatMap((name) => [[`${info}/${name}/cbm_mask`, '7fff'], [`${info}/${name}/min_cbm_bits`, '1']])),
    };
    for (const name of ['cbm_mask', 'min_cbm_bits', 'shareable_bits', 'num_closids']) delete files[`${info}/L3/${name}`];
    const { steps, notes } = propose(files, { 0: 'ff' });
    expect(steps.flatMap(({ action }) => (action.kind === 'schemata' ? [action.line] : []))).toEqual(['L3CODE:0=ff', 'L3DATA:0=ff']);
    expect(JSON.stringify(steps)).toContain('Options=cdp\\n');
    expect(notes[0]).toMatch(/Code and data are shared out apart/);
  });

  it.each([
    ['no cache', {}, /No share/],
    ['a cache that is not there', { 2: 'ff' }, /no L3 with the id 2/],
    ['no way', { 0: '0' }, /without a way/],
    ['a way that is not there', { 0: 'ffff' }, /not there/],
    ['two runs of ways', { 0: 'f7' }, /not one run/],
    ['fewer ways than the hardware takes', { 0: '1' }, /1 of at least 2/],
    ['more than 32 ways', { 0: 'ffffffffff' }, /at most 32/],
  ])('refuses %s', (_what, masks, why) => { expect(whyNot(mounted, masks)).toMatch(why); });

  it('takes two runs where the processor does', () => {
    expect(propose({ ...mounted, [`${info}/L3/sparse_masks`]: '1' }, { 0: 'f7', 1: 'ff' }).refused).toEqual([]);
  });

  it('tells what a share leaves, overlaps or forgets', () => {
    const groups = { '/sys/fs/resctrl/qemu-1-rt-vcpus_1-7/schemata': 'L3:0=7f00;1=7fff' };
    const { notes } = propose({ ...mounted, ...groups }, { 0: '7fff' });
    expect(notes).toEqual([
      expect.stringContaining('keeps all ways'), expect.stringContaining('the group qemu-1-rt-vcpus_1-7 has some of these ways too'), 'Left as it is: L3 1 (7fff).',
    ]);
  });

  it.each([
    ['a CPU that shows none', { '/proc/cpuinfo': cpu(''), '/proc/filesystems': '' }, /no sign of it \(cat_l3/],
    ['a kernel without it', { '/proc/filesystems': '', '/proc/sys/kernel/osrelease': '6.1.0', '/boot/config-6.1.0': 'CONFIG_X86_CPU_RESCTRL=n' }, /built without resctrl/],
    ['a command line that switches it off', { '/proc/cmdline': 'ro rdt=cmt,!l3cat' }, /switched off.*rdt=cmt,!l3cat/],
    ['a virtual machine', { '/proc/cpuinfo': cpu('hypervisor'), '/proc/filesystems': '', '/sys/class/dmi/id/sys_vendor': 'QEMU' }, /virtual machine/],
    ['a kernel that offers none all the same', { '/proc/filesystems': '' }, /offers no resctrl/],
  ])('is refused on %s, with the reason', (_what, files, why) => { expect(whyNot({ ...unmounted, ...files }, { 0: 'ff' })).toMatch(why); });

  it('is refused for a level that is not shared out', () => {
    expect(whyNot(mounted, { 0: 'ff' }, 'L2')).toMatch(/no sign of it \(cat_l2/);
    expect(whyNot({ ...mounted, '/proc/cpuinfo': cpu('rdt_a cat_l2 cat_l3') }, { 0: 'ff' }, 'L2')).toMatch(/resctrl is mounted, and has no L2: L3, MB/);
  });

  it('is refused where no systemd starts the board', () => {
    const capture = captureOf({ files: mounted });
    const snapshot = snapshotOf(capture);
    const { refused } = proposeHostCache({ snapshot: { ...snapshot, kernel: { ...snapshot.kernel, initSystem: 'openrc' } }, capture, resource: 'L3', masks: { 0: 'ff' } });
    expect(refused[0]?.why).toMatch(/started by openrc/);
  });
});

describe('a plan for the host’s own share of the memory’s bandwidth', () => {
  it('is percent, in the steps of the hardware', () => {
    const { steps, refused } = propose(mounted, { 0: '60', 1: '40' }, 'MB');
    expect([steps[0]?.action, refused]).toEqual([{ kind: 'schemata', line: 'MB:0=60;1=40' }, []]);
    expect(whyNot(mounted, { 0: '65', 1: '5' }, 'MB')).toMatch(/MB 0: the hardware knows steps of 10 %, and would make 70 of 65.*MB 1: 5 is not from 10 to 100/);
    expect(whyNot(mounted, { 0: 'ff' }, 'MB')).toMatch(/ff is not from 10 to 100 percent/);
  });

  it('says that 100 % limits nothing', () => {
    expect(propose(mounted, { 0: '100', 1: '60' }, 'MB').notes).toEqual([expect.stringMatching(/^100 % limits nothing \(MB 0\)/)]);
  });

  it.each([
    ['MiB/s', { '/proc/mounts': 'resctrl /sys/fs/resctrl resctrl rw,mba_MBps 0 0' }, /MiB\/s/],
    ['eighths of GB/s', { '/proc/cpuinfo': cpu('rdt_a cat_l3 mba', 'AuthenticAMD') }, /eighths of GB\/s/],
  ])('is refused where it is counted in %s', (_what, files, why) => { expect(whyNot({ ...mounted, ...files }, { 0: '60' }, 'MB')).toMatch(why); });
});
