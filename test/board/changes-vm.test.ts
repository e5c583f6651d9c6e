import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../electron/core/changes/apply-change.ts';
import { readTargets } from '../../electron/core/changes/read-targets.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { Action, Proposal } from '../../shared/model/plan.ts';
import { describeStep } from '../../shared/planning/describe-step.ts';
import { proposeTuneVm } from '../../shared/planning/vm/propose-tune.ts';
import { changeKit, dyingAt, proposalOf, startSshdBoard, stepOf, testBoard, type ChangeKit, type SshdBoard } from '../support/change-kit.ts';
import { fakeVirsh, virshMissing, type FakeVirsh } from '../support/fake-virsh.ts';
import { codedError } from '../support/session-kit.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { domainWith, mapOf, twoVcpus } from '../unit/vm/vm-kit.ts';

const oddName = 'it\'s "rt" $(touch x) `id` & 5';
const uuid = '0a1b2c3d-0000-4000-8000-00000000000a';
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const vm = (name: string, parts = '', devices = '') => domainWith(parts, devices).replace('<name>rt</name>', `<name>${escaped(name)}</name><uuid>${uuid}</uuid>`);
const network = `<network><name>default</name><forward mode='nat'/><bridge name='virbr9'/><ip address='192.168.222.1' netmask='255.255.255.0'/></network>`;

describe.skipIf(virshMissing !== null)(`VMs, networks and memberships on a real sshd${virshMissing === null ? '' : ` (skipped: ${virshMissing})`}`, () => {
  let virsh: FakeVirsh;
  let board: SshdBoard;
  let session: BoardSession;
  let kit: ChangeKit;
  beforeAll(async () => {
    virsh = fakeVirsh();
    board = await startSshdBoard({ programs: virsh.folder });
    session = board.session();
  });
  afterAll(async () => {
    await board.stop();
    virsh.remove();
  });
  beforeEach(() => {
    virsh.clear();
    rmSync(board.base, { recursive: true, force: true });
    kit = changeKit();
    return () => { kit.dispose(); };
  });

  const stateOf = async (action: Action) => (await readTargets({ session, actions: [action] })).states[0];
  const xmlOf = async (name: string): Promise<string> => {
    const state = await stateOf({ kind: 'domain', name, xml: null });
    if (state?.kind !== 'domain' || state.xml === null) throw new Error(`no ${name}`);
    return state.xml;
  };
  const tuning = async (name: string): Promise<Proposal> => proposeTuneVm(await xmlOf(name), name, mapOf(twoVcpus));
  const defining = (name: string, xml: string | null): Proposal => proposalOf([stepOf({ kind: 'domain', name, xml })]);
  const changeOf = (id: string) => kit.store.change(testBoard.id, id);

  it('tunes a VM whatever it is called, shows the difference, and puts the old definition back', async () => {
    virsh.define(vm(oddName));
    const before = virsh.dump(oddName);
    const plan = await kit.plan(session, await tuning(oddName));
    const [step] = plan.steps;
    expect(step?.before).toEqual({ kind: 'domain', xml: before });
    expect(step && describeStep(step.action, step.before).diff).toMatch(/^\+ {4}<vcpupin vcpu='0' cpuset='4'\/>$/m);
    const change = await kit.apply(session, plan);
    expect(change.state).toBe('done');
    expect(virsh.dump(oddName)).toContain('<vcpupin vcpu=\'1\' cpuset=\'6\'/>');
    expect(existsSync(join(board.base, 'changing'))).toBe(false);
    // The old one stays on the board too, for root alone.
    const copy = join(board.base, 'changes', plan.id, '1');
    expect([readFileSync(copy, 'utf8'), statSync(copy).mode & 0o777]).toEqual([before, 0o600]);

    expect((await kit.plan(session, await tuning(oddName))).steps).toEqual([]);
    expect((await kit.undo(session, change.id)).state).toBe('done');
    expect(virsh.dump(oddName)).toBe(before);
  });

  it('finds a VM whose name is a number by its name, not by the number of a running one', async () => {
    virsh.define(vm('7'));
    const change = await kit.apply(session, await kit.plan(session, await tuning('7')));
    expect(change.state).toBe('done');
    expect(virsh.calls()).not.toContain('domuuid -- 7');
  });

  it('refuses when the definition was changed since, and keeps that change', async () => {
    virsh.define(vm('rt'));
    const plan = await kit.plan(session, await tuning('rt'));
    virsh.define(vm('rt', '<description>by hand</description>'));
    expect((await codedError(kit.apply(session, plan))).code).toBe('board-moved');
    const change = await kit.apply(session, await kit.plan(session, await tuning('rt')));
    virsh.define(vm('rt', '<description>again by hand</description>'));
    expect((await codedError(kit.undo(session, change.id))).code).toBe('undo-refused');
    expect(virsh.dump('rt')).toContain('again by hand');
  });

  it('lets libvirt’s schema refuse what libvirt would drop, with its words, and leaves all as it was', async () => {
    virsh.define(vm('rt'));
    const before = virsh.dump('rt');
    const error = await codedError(kit.apply(session, await kit.plan(session, defining('rt', vm('rt', '<realtime/>')))));
    expect(error.code).toBe('step-failed');
    expect(error.message).toMatch(/libvirt refused a definition \(rt\)\. The board says: .*realtime/);
    expect(virsh.dump('rt')).toBe(before);
    expect(readdirSync(board.base)).toEqual(['changes']);
  });

  it('finds what libvirt dropped all the same by reading back, and puts the old definition back', async () => {
    virsh.define(vm('rt'));
    const before = virsh.dump('rt');
    const plan = await kit.plan(session, defining('rt', vm('rt', '<cputune><vcpupin vcpu=\'0\' cpuset=\'4\'/><vcpupin vcpu=\'9\' cpuset=\'5\'/></cputune>')));
    expect(await codedError(kit.apply(session, plan))).toMatchObject({ code: 'step-without-effect' });
    expect((await changeOf(plan.id)).words).toBe('Everything this change did was put back.');
    expect(virsh.dump('rt')).toBe(before);
  });

  it('makes a VM that is taken away again, without what it stores, and the other way round', async () => {
    const xml = vm('new').replace('</type></os>', '</type><loader readonly=\'yes\' type=\'pflash\'>/usr/share/OVMF/OVMF_CODE.fd</loader><nvram>/var/lib/libvirt/qemu/nvram/new.fd</nvram></os>');
    const made = await kit.apply(session, await kit.plan(session, defining('new', xml)));
    const dump = virsh.dump('new');
    expect(dump).toContain('<name>new</name>');
    const removed = await kit.apply(session, await kit.plan(session, defining('new', null)));
    expect(virsh.dump('new')).toBeNull();
    expect(virsh.calls().filter((call) => call.startsWith('undefine'))).toEqual([`undefine ${uuid} --keep-nvram --keep-tpm`]);
    expect((await codedError(kit.undo(session, made.id))).code).toBe('undo-refused');
    const back = await kit.undo(session, removed.id);
    expect(back.plan.notes).toEqual([expect.stringContaining('Whether new starts with the board was not kept')]);
    expect(virsh.dump('new')).toBe(dump);
    expect((await kit.undo(session, made.id)).state).toBe('done');
    expect(virsh.dump('new')).toBeNull();
  });

  it('refuses a definition that is not told whole: its password would be lost', async () => {
    virsh.define(vm('rt', '', '<graphics type=\'vnc\' port=\'-1\' passwd=\'secret\'/>'));
    const error = await codedError(tuning('rt'));
    expect(error.code).toBe('plan-refused');
    expect(error.message).toContain('password');
    expect(JSON.stringify(error.toData())).not.toContain('secret');
  });

  it('says that libvirt does not answer, instead of taking its VMs for gone', async () => {
    virsh.define(vm('rt'));
    const plan = await kit.plan(session, await tuning('rt'));
    virsh.setSilent(true);
    const error = await codedError(kit.apply(session, plan));
    expect([error.code, error.message]).toEqual(['libvirt-unreachable', expect.stringContaining('Failed to connect socket')]);
    expect((await codedError(stateOf({ kind: 'network', name: 'default', xml: null, active: true, autostart: true }))).code).toBe('libvirt-unreachable');
    virsh.setSilent(false);
    expect((await kit.apply(session, plan)).state).toBe('done');
  });

  it.each([[1, 'after'], [2, 'before'], [2, 'after'], [3, 'before'], [3, 'after']] as const)('goes on, or goes back, when the laptop dies at line %s of its journal (%s it is written)', async (line, when) => {
    const interrupted = async () => {
      virsh.clear();
      virsh.define(vm('rt'));
      const plan = await kit.plan(session, await tuning('rt'));
      await expect(applyPlan(kit.work(session, { store: dyingAt(kit.store, line, when) }), plan)).rejects.toThrow('lost power');
      return plan;
    };
    expect((await kit.resume(session, (await interrupted()).id)).state).toBe('done');
    expect(virsh.dump('rt')).toContain('<vcpupin');
    expect((await kit.rollBack(session, (await interrupted()).id)).state).toBe('rolled-back');
    expect(virsh.dump('rt')).not.toContain('<vcpupin');
  });

  it('neither rolls back over a definition that somebody wrote meanwhile', async () => {
    virsh.define(vm('rt'));
    const plan = await kit.plan(session, await tuning('rt'));
    await expect(applyPlan(kit.work(session, { store: dyingAt(kit.store, 2, 'after') }), plan)).rejects.toThrow('lost power');
    virsh.define(vm('rt', '<description>by hand</description>'));
    expect((await kit.rollBack(session, plan.id)).words).toContain('rt: somebody changed it meanwhile');
    expect(virsh.dump('rt')).toContain('by hand');
  });

  it('rides out links that are cut at any byte', async () => {
    const proxy = await startTcpProxy(board.server.port);
    try {
      for (const bytes of [1_500, 9_000, 20_000]) {
        virsh.clear();
        virsh.define(vm('rt'));
        const before = virsh.dump('rt');
        const bad = board.session(proxy.port);
        const plan = await kit.plan(bad, await tuning('rt'));
        proxy.dropAfter(bytes);
        expect((await kit.apply(bad, plan)).state).toBe('done');
        expect((await kit.undo(bad, plan.id)).state).toBe('done');
        expect(virsh.dump('rt')).toBe(before);
        await bad.disconnect();
      }
    } finally {
      await proxy.stop();
    }
  });

  it('defines a network, starts it now and with the board, and takes it away again', async () => {
    const step = stepOf({ kind: 'network', name: 'default', xml: network, active: true, autostart: true });
    const change = await kit.apply(session, await kit.plan(session, proposalOf([step])));
    expect(virsh.network('default')).toMatchObject({ active: true, autostart: true, xml: expect.stringContaining('virbr9') });
    expect((await kit.plan(session, proposalOf([step]))).steps).toEqual([]);
    const stopped = await kit.apply(session, await kit.plan(session, proposalOf([stepOf({ kind: 'network', name: 'default', xml: null, active: false, autostart: false })])));
    expect(virsh.network('default')).toMatchObject({ active: false, autostart: false });
    expect((await kit.undo(session, stopped.id)).state).toBe('done');
    expect(virsh.network('default')).toMatchObject({ active: true, autostart: true });
    expect((await kit.undo(session, change.id)).state).toBe('done');
    expect(virsh.network('default')).toBeNull();
  });

  it('takes a network away again that would not start, with libvirt’s reason', async () => {
    virsh.setDnsmasqMissing(true);
    const error = await codedError(kit.apply(session, await kit.plan(session, proposalOf([stepOf({ kind: 'network', name: 'default', xml: network, active: true, autostart: true })]))));
    expect([error.code, error.message]).toEqual(['step-failed', expect.stringContaining('dnsmasq')]);
    expect(virsh.network('default')).toBeNull();
  });

  it('puts a user into a group and takes them out again', async () => {
    const group = `rtvmtest${String(process.pid)}`;
    const { user } = board.server;
    const groups = () => execFileSync('id', ['-nG', user], { encoding: 'utf8' }).trim().split(' ');
    execFileSync('groupadd', [group]);
    try {
      const step = stepOf({ kind: 'group-member', user, group, member: true });
      const change = await kit.apply(session, await kit.plan(session, proposalOf([step])));
      expect(groups()).toContain(group);
      expect((await kit.plan(session, proposalOf([step]))).steps).toEqual([]);
      expect((await kit.undo(session, change.id)).state).toBe('done');
      expect(groups()).not.toContain(group);
    } finally {
      execFileSync('groupdel', [group]);
    }
    const missing = await codedError(kit.apply(session, await kit.plan(session, proposalOf([stepOf({ kind: 'group-member', user, group, member: true })]))));
    expect([missing.code, missing.message]).toEqual(['step-failed', expect.stringContaining('does not exist')]);
  });
});
