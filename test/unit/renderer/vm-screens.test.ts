import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyNewVmForm, readNewVmForm, withImage } from '../../../renderer/forms/new-vm-form.ts';
import { formatRoute, parseRoute, vmTabs, type VmsPlace } from '../../../renderer/route.ts';
import { lineDiff } from '../../../renderer/text/line-diff.ts';
import { xmlLines, xmlTokens } from '../../../renderer/text/xml-tokens.ts';
import { changeGroups } from '../../../renderer/views/vms/change-groups.ts';
import { guestOf } from '../../../renderer/views/vms/guest-of.ts';
import { nextStep, setupSteps, type SetupFacts } from '../../../renderer/views/vms/setup/setup-steps.ts';
import { wishWith } from '../../../renderer/views/vms/setup/wish-with.ts';
import { threadRowsOf } from '../../../renderer/views/vms/thread-rows.ts';
import { vcpuLine } from '../../../renderer/views/vms/vcpu-line.ts';
import { vmChips } from '../../../renderer/views/vms/vm-chips.ts';
import { actCommand, acts, actsFor, cpuWords, removeCommands } from '../../../renderer/views/vms/vm-words.ts';
import { vmSignsOf } from '../../../renderer/topology/vm-signs.ts';
import { cloudImages } from '../../../shared/planning/vm/create/cloud-images.ts';
import { vmHostReport } from '../../../shared/planning/vm/vm-host-report.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { Vm, VmHost } from '../../../shared/model/vm.ts';
import type { SavedCpuMap, StoredCpuMap } from '../../../shared/model/cpu-map.ts';
import type { VmReport } from '../../../shared/planning/vm/vm-report.ts';
import { snapshotOf } from '../../support/fake-core/machines.ts';
import { fakeVmHost, installedDomain, madeVm, started, tunedXml, vmCpuMap, vmOf } from '../../support/fake-core/vm-data.ts';
import { domainFixtures, fixture } from '../vm/vm-kit.ts';

const takenAt = '20261121T100000Z';
const host = fakeVmHost(takenAt);
const reportOf = (changes: Partial<VmHost> = {}, map: StoredCpuMap | null = vmCpuMap) => vmHostReport({ ...host, ...changes }, map);
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
const vmReport = (name: string): VmReport => found(reportOf().vms.find(({ vm }) => vm.name === name));

describe('XML to read', () => {
  it('keeps every text as it is, whatever it is', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('<', '>', '"', '\'', '=', '/', ' ', 'a', '\n', '<!--', '-->', '<?', '?>', '&amp;')).map((parts) => parts.join(''))), (text) => {
      expect(xmlTokens(text).map((token) => token.text).join('')).toBe(text);
      expect(xmlLines(text).map((line) => line.map((token) => token.text).join('')).join('\n')).toBe(text);
    }));
  });

  it.each(domainFixtures)('%s: names, attributes and values are told apart', (name) => {
    const xml = fixture(name);
    const tokens = xmlTokens(xml);
    expect(tokens.map((token) => token.text).join('')).toBe(xml);
    expect(tokens.filter(({ kind }) => kind === 'name').map(({ text }) => text)).toContain('domain');
    for (const { text } of tokens.filter(({ kind }) => kind === 'value')) expect(text).toMatch(/^(['"])[\s\S]*\1$/);
  });

  it('shows lines that differ with what stands around them', () => {
    expect(lineDiff('a\nb\nc\n', 'a\nB\nc\n')?.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['kept a', 'gone b', 'added B', 'kept c']);
    expect(lineDiff('same', 'same')).toEqual([]);
  });
});

describe('the address of a page', () => {
  it('is read back as it was written, for any name of a VM', () => {
    const places: fc.Arbitrary<VmsPlace> = fc.oneof(
      fc.constantFrom<VmsPlace>({ page: 'list' }, { page: 'cache' }, { page: 'new', name: null }),
      fc.record({ page: fc.constant('vm' as const), name: fc.string({ minLength: 1 }), tab: fc.constantFrom(...vmTabs) }),
      fc.record({ page: fc.constant('new' as const), name: fc.string({ minLength: 1 }) }),
    );
    fc.assert(fc.property(places, (vms) => {
      const route = { kind: 'board' as const, boardId: 'press-host', station: 'vms' as const, runId: null, vms };
      expect(parseRoute(formatRoute(route))).toEqual(route);
    }));
  });
});

describe('threads of a VM', () => {
  it('show their host CPU, policy and priority in all four states, and where one is not as asked for', () => {
    const rows = threadRowsOf(vmReport('rt'));
    const [first, , , last] = rows;
    expect(first?.states.requested).toEqual({ cpus: [4], policy: 'fifo', priority: 1 });
    expect(first?.states.effective).toEqual({ cpus: [4], policy: 'fifo', priority: 1 });
    expect(first?.stuckAt).toBeNull();
    expect(last?.states.booted).toEqual({ cpus: [10], policy: 'fifo', priority: 10 });
    expect(last?.states.effective).toEqual({ cpus: [10, 12], policy: 'other', priority: null });
    expect(last?.stuckAt).toBe('effective');
    expect(rows.map(({ title }) => title)).toEqual(['vCPU 0', 'vCPU 1', 'vCPU 2', 'vCPU 3', 'Emulator', 'vhost']);
  });

  it('of a VM that is off are where its definition puts them', () => {
    const off = found(reportOf({ vms: [vmOf('rt', tunedXml('rt', installedDomain('rt', 4), vmCpuMap))] }).vms[0]);
    expect(threadRowsOf(off)[1]?.states).toMatchObject({ written: { cpus: [6] }, booted: null, effective: null });
    expect(vcpuLine(off)).toBe('vCPU 0→4 1→6 2→8 3→10 · emulator 60,62');
  });

  it('are there for any XML, readable or not', () => {
    const odd: Vm = vmOf('odd', '<domain><vcpu>-1</vcpu>');
    expect(threadRowsOf(found(reportOf({ vms: [odd] }).vms[0])).map(({ title }) => title)).toEqual(['Emulator']);
  });

  it('are drawn on the CPUs of the host, by letter and in words; those of others too', () => {
    const { cpus } = snapshotOf('xeon', takenAt);
    const thread = { role: 'vcpu' as const, title: 'vCPU 1', vcpu: 1 };
    const signs = vmSignsOf(cpus, [{ ...thread, vm: 'rt', cpus: [6] }, { ...thread, vm: 'hmi', cpus: [7] }, { ...thread, vm: 'loose', cpus: cpus.online }, { ...thread, vm: 'any', cpus: null }], 'rt');
    expect(signs.get(6)).toMatchObject({ letter: 'v1', words: 'vCPU 1 of rt, isolated, tick stopped' });
    expect(signs.get(7)).toMatchObject({ letter: '•', words: 'vCPU 1 of hmi, isolated, tick stopped' });
    expect(signs.get(8)?.letter).toBe('I');
  });
});

describe('what is said of a VM', () => {
  it('at a glance is what is real-time about it', () => {
    expect(vmChips(vmReport('rt')).map(({ text }) => text)).toEqual(['3 of 4 vCPUs pinned', '1 not where the map has them', 'FIFO 1, 10', 'memory locked', 'defined as the map asks', expect.stringMatching(/checks? wrong$/)]);
    expect(vmChips(vmReport('stress'))[0]).toEqual({ tone: 'warn', text: 'no vCPU pinned' });
  });

  it('names the command behind each button, with any name as one word', () => {
    expect(actsFor('running', false).map(({ act }) => act)).toEqual(['shutdown', 'reboot', 'force-off', 'autostart-on']);
    expect(actsFor('shut-off', true).map(({ act }) => act)).toEqual(['start', 'autostart-off']);
    for (const one of acts) expect(actCommand(one, 'hmi; reboot', 'qemu:///system')).toContain('\'hmi; reboot\'');
    expect(removeCommands(madeVm('rt', 'ready'), 'qemu:///system').at(-1)).toMatch(/^rm \/var\/lib\/libvirt\/images\/\S+$/);
  });

  it('of many CPUs is the first and how many more', () => {
    expect(cpuWords([4, 5, 6])).toBe('CPU 4-6');
    expect(cpuWords(Array.from({ length: 32 }, (_, at) => at * 2))).toBe('CPU 0,2,4,6,8,10,12 and 25 more');
  });

  it('once for changes of one reason', () => {
    const changes = vmReport('stress').tuned?.changes ?? [];
    const groups = changeGroups(changes);
    expect(groups.flatMap((group) => group.changes)).toEqual(changes);
    expect(groups.find(({ rule }) => rule === 'vcpu-pins')?.changes).toHaveLength(4);
  });
});

describe('the way from nothing to a verified VM', () => {
  const saved: SavedCpuMap = { map: vmCpuMap, housekeeping: [0, 1, 2, 3], isolated: [], findings: [] };
  const next = (facts: Partial<SetupFacts>) => nextStep({ name: 'rt', report: reportOf(), map: saved, snapshot: snapshotOf('xeon', takenAt), ...facts }).id;
  const only = (vm: Vm, map: StoredCpuMap | null = vmCpuMap) => reportOf({ vms: [vm], halfMade: [], intruders: [] }, map);
  const installed = vmOf('rt', installedDomain('rt', 4));
  const tuned = vmOf('rt', tunedXml('rt', installedDomain('rt', 4), vmCpuMap));

  it('goes on where the board says that it stands', () => {
    expect(next({ name: null, report: reportOf({ libvirt: null }) })).toBe('host');
    expect(next({ name: null })).toBe('what');
    expect(next({ name: 'rt2' })).toBe('make');
    expect(next({ name: 'new', making: true })).toBe('make');
    expect(next({ report: only(started(installed, 100, '192.0.2.1'), null), map: null })).toBe('cpus');
    expect(next({ report: only(started(installed, 100, '192.0.2.1')) })).toBe('tune');
    expect(next({ report: only(tuned) })).toBe('start');
    expect(next({ report: only({ ...started(installed, 100, '192.0.2.1'), inactiveXml: tuned.inactiveXml }) })).toBe('start');
    expect(setupSteps({ name: 'rt', report: only(started(tuned, 100, '192.0.2.1')), map: saved, snapshot: null }).map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'done'));
  });

  it('asks for CPUs without taking any from others', () => {
    const wish = wishWith(vmCpuMap.request, { name: 'hmi', count: 2, node: 1 });
    expect(wish.vms.map(({ name }) => name)).toEqual(['rt', 'stress', 'hmi']);
    expect(wish.emulator).toEqual({ count: 2, node: 0 });
    expect(wishWith(null, { name: 'hmi', count: 2, node: 1 })).toMatchObject({ housekeeping: null, emulator: { count: 1, node: 1 } });
  });
});

describe('the board that is the system in a VM', () => {
  const reach = (address: string, through: string) => ({ kind: 'ssh' as const, target: hop(address), jumps: [hop(through)] });
  const hop = (address: string) => ({ address, port: 22, user: 'engineer', login: { method: 'password' as const } });
  const board = (id: string, role: Board['role'], to: Board['reach']): Board => ({ schema: 1, id, name: id, role, reach: to, notes: '', hostKeys: [], addedAt: takenAt });
  const host = board('host', 'host', { kind: 'ssh', target: hop('192.0.2.17'), jumps: [] });

  it('is a guest at its address, and through the same host', () => {
    const other = board('other', 'guest', reach('192.168.122.41', '192.0.2.99'));
    const own = board('own', 'guest', reach('192.168.122.41', '192.0.2.17'));
    expect(guestOf([host, other, own], host, { addresses: ['192.168.122.41'] })).toBe(own);
    expect(guestOf([host, other], host, { addresses: ['192.168.122.41'] })).toBeUndefined();
    expect(guestOf([own], undefined, { addresses: ['192.168.122.41'] })).toBeUndefined();
  });
});

describe('the form of a new VM', () => {
  const filled = { ...withImage(emptyNewVmForm('real-time', ['rt'], 'default'), found(cloudImages[0])), sshKeys: '# mine\nssh-ed25519 AAAA me\n' };

  it('begins with a name that is free, and takes what is known of an image', () => {
    expect(filled).toMatchObject({ name: 'rt2', osinfo: 'debian12', adminGroup: 'sudo' });
    expect(readNewVmForm(filled)).toMatchObject({ ok: true, vm: { name: 'rt2', memoryMiB: 4096, image: { kind: 'catalogue', fetchedBy: 'board' }, user: { password: null, sshKeys: ['ssh-ed25519 AAAA me'] } } });
  });

  it.each([
    ['name', { name: 'a b' }], ['vcpus', { vcpus: 'two' }], ['memoryMiB', { memoryMiB: '12' }], ['user.name', { user: 'Root!' }], ['user.password', { sshKeys: '' }],
    ['image.path', { source: 'laptop-file' as const }], ['image.sha256', { source: 'board-file' as const, path: '/a.qcow2', sha256: 'xyz' }], ['image.id', { catalogueId: '' }],
  ])('says what is wrong at the field %s', (field, changes) => {
    const read = readNewVmForm({ ...filled, ...changes });
    expect(read.ok ? [] : read.problems.map((problem) => problem.field)).toContain(field);
  });

  it('reads anything', () => {
    const text = fc.string();
    fc.assert(fc.property(fc.record({ name: text, vcpus: text, memoryMiB: text, diskGiB: text, user: text, password: text, sshKeys: text, packages: text, network: text, osinfo: text, path: text, sha256: text, source: fc.constantFrom('catalogue' as const, 'laptop-file' as const, 'board-file' as const) }), (typed) => {
      const read = readNewVmForm({ ...filled, ...typed });
      expect(read.ok || read.problems.length > 0).toBe(true);
    }));
  });
});
