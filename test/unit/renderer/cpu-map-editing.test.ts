import { createPinia, setActivePinia } from 'pinia';
import { effectScope, type EffectScope } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../shared/contract/client.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import { linkPair, type Link } from '../../../shared/contract/link.ts';
import { setCore } from '../../../renderer/api/core.ts';
import { formOfRequest, nameProblem, nextVm, readCpuMapForm } from '../../../renderer/forms/cpu-map-form.ts';
import { useCpuMaps } from '../../../renderer/stores/cpu-maps.ts';
import { useGuides } from '../../../renderer/stores/guides.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { startSession } from '../../../renderer/stores/session.ts';
import { useSnapshots } from '../../../renderer/stores/snapshots.ts';
import { claimantSigns, signsOf } from '../../../renderer/topology/claimant-sign.ts';
import { brushOfKey, choiceOf } from '../../../renderer/views/cpu-map/brush.ts';
import { cpuMapPip } from '../../../renderer/views/cpu-map/cpu-map-pip.ts';
import { useCpuMap, type CpuMapEditing } from '../../../renderer/views/cpu-map/use-cpu-map.ts';
import { createFakeCore, type FakeCore } from '../../support/fake-core.ts';
import { snapshotOf } from '../../support/fake-core/machines.ts';
import { request } from '../planning/cpu-map-kit.ts';

describe('the form of a CPU map', () => {
  const asked = request({ housekeeping: [0, 1, 2, 3], vms: [{ name: 'rt', count: 8, node: 1 }], emulator: { count: 4, node: 0 } });
  const form = formOfRequest(asked, 0);

  it('gives back what was asked for', () => {
    expect(form).toMatchObject({ housekeeping: '0-3', pools: { stressor: { count: '', node: '0' } } });
    expect(readCpuMapForm(form, 63)).toEqual({ ok: true, request: asked });
  });

  it('names the field that cannot be read', () => {
    const wrong = { ...form, housekeeping: '0-x', vms: form.vms.map((vm) => ({ ...vm, count: '0' })), pools: { ...form.pools, measuring: { count: '1.5', node: '0' } } };
    expect(readCpuMapForm(wrong, 63)).toMatchObject({ ok: false, problems: [{ field: 'housekeeping' }, { field: 'vm 0' }, { field: 'measuring' }] });
    expect(readCpuMapForm({ ...form, housekeeping: '0-N' }, 7)).toMatchObject({ ok: true, request: { housekeeping: [0, 1, 2, 3, 4, 5, 6, 7] } });
  });

  it('finds a free name for one more VM, and says when a name is taken', () => {
    const two = { ...form, vms: [...form.vms, nextVm(form, 1)] };
    expect(two.vms[1]).toEqual({ key: 1, name: 'rt2', typed: 'rt2', count: '2', node: '1' });
    expect(nameProblem(two, { ...form.vms[0], key: 1, name: 'rt2', typed: ' rt ', count: '2', node: '1' })).toBe('Another VM is called rt.');
    expect(nameProblem(two, { key: 1, name: 'rt2', typed: ' ', count: '2', node: '1' })).toBe('Give the VM a name.');
  });
});

describe('signs and keys of claimants', () => {
  it('tell each claimant by letter and words', () => {
    const signs = signsOf(snapshotOf('hybrid', '20261120T141000Z').cpus, [
      { cpu: 0, claimant: { kind: 'housekeeping' } }, { cpu: 4, claimant: { kind: 'vcpu', vm: 'b', vcpu: 1 } }, { cpu: 5, claimant: { kind: 'idle' } }, { cpu: 6, claimant: { kind: 'vcpu', vm: 'gone', vcpu: 0 } },
    ], ['a', 'b']);
    expect([0, 4, 5, 6, 7, 23].map((cpu) => [signs.get(cpu)?.letter, signs.get(cpu)?.words])).toEqual([
      ['H', 'housekeeping'], ['V2', 'vCPU 1 of b'], ['X', 'kept idle'], ['V?', 'vCPU 0 of gone'], ['', 'isolated, free'], ['×', 'offline'],
    ]);
    const letters = Object.values(claimantSigns).map(({ letter }) => letter);
    expect(new Set(letters).size).toBe(letters.length);
  });

  it('lead from a key to whom a CPU is given', () => {
    const vms = [{ key: 3, name: 'rt', typed: 'rt', count: '2', node: '0' }];
    const given = ['h', 'O', '1', 'Delete', 'x'].map((key) => { const brush = brushOfKey(key, vms); return brush === null ? 'none' : choiceOf(brush, vms); });
    expect(given).toEqual([{ kind: 'housekeeping' }, { kind: 'ioThreads' }, { kind: 'vcpu', vm: 'rt' }, null, { kind: 'idle' }]);
    expect(['2', 'q', 'Enter', ''].map((key) => brushOfKey(key, vms))).toEqual([null, null, null, null]);
    expect(choiceOf('vm 9', vms)).toBeUndefined();
  });
});

describe('a CPU map being worked on', () => {
  const links: Link[] = [];
  let scope: EffectScope;
  let core: FakeCore;

  /** A window on a fake core, at the CPU map of a board. */
  async function at(boardId: string): Promise<CpuMapEditing> {
    await Promise.all([useSnapshots().load(boardId), useCpuMaps().load(boardId)]);
    const editing = scope.run(() => useCpuMap(boardId));
    if (!editing) throw new Error('the scope has ended');
    return editing;
  }
  const cpusOf = (editing: CpuMapEditing, kind: string) => editing.work.value?.assignments.filter(({ claimant }) => claimant.kind === kind).map(({ cpu }) => cpu);

  beforeEach(async () => {
    setActivePinia(createPinia());
    scope = effectScope();
    core = createFakeCore();
    const [mine, theirs] = linkPair();
    links.push(theirs);
    core.serve(theirs);
    const client = createClient(mine);
    setCore(client);
    await startSession(client);
  });
  afterEach(() => {
    scope.stop();
    for (const link of links.splice(0)) link.close();
  });

  it('begins with the host’s CPUs as the board shows them', async () => {
    const editing = await at('press-host');
    expect(cpusOf(editing, 'housekeeping')).toEqual([0, 1, 2, 3]);
    expect([editing.changed.value, editing.usable.value, editing.saved.value]).toEqual([true, true, null]);
  });

  it('is proposed, saved, and then the one that is saved; the guides are judged again', async () => {
    const editing = await at('press-host');
    await useGuides().load('press-host', 'kvm-host');
    editing.setHousekeeping('0-5');
    editing.addVm();
    editing.setVm(0, { count: '4' });
    editing.setPool('emulator', { count: '2' });
    await editing.propose();
    expect([cpusOf(editing, 'vcpu'), cpusOf(editing, 'emulator')]).toEqual([[6, 8, 10, 12], [60, 62]]);
    await editing.save();
    expect(editing.changed.value).toBe(false);
    expect(cpuMapPip(editing.saved.value)).toMatchObject({ pip: '✓' });
    await vi.waitFor(() => { expect(useGuides().of('press-host', 'kvm-host')).toMatchObject({ housekeeping: [0, 1, 2, 3, 4, 5], cpusFrom: 'cpu-map' }); });
    expect(useNotices().items.filter(({ tone }) => tone === 'alert')).toEqual([]);
  });

  it('undoes step by step, a sweep as one', async () => {
    const editing = await at('press-host');
    editing.addVm();
    editing.give([4], { kind: 'vcpu', vm: 'rt' });
    editing.give([6], { kind: 'vcpu', vm: 'rt' }, 'same step');
    expect(editing.give([6], { kind: 'vcpu', vm: 'rt' })).toBe(false);
    editing.setVm(0, { typed: 'axis' });
    editing.nameVm(0);
    expect(editing.work.value?.assignments.find(({ cpu }) => cpu === 6)?.claimant).toEqual({ kind: 'vcpu', vm: 'axis', vcpu: 1 });
    editing.undo();
    expect(editing.work.value?.request.vms).toMatchObject([{ name: 'rt' }]);
    editing.undo();
    expect(cpusOf(editing, 'vcpu')).toEqual([]);
    editing.undo();
    editing.undo();
    expect(editing.work.value?.form.vms).toEqual([]);
  });

  it('says why it cannot be saved, and is as it was when saving fails', async () => {
    const editing = await at('press-host');
    editing.give([0], null);
    expect([editing.usable.value, editing.findings.value[0]?.rule]).toEqual([false, 'cpu-0-stays']);
    editing.undo();
    core.failNext('cpu-map.save', new CodedError('disk-full', 'The disk of this computer is full.'));
    await editing.save();
    expect([editing.changed.value, editing.busy.value, editing.saved.value]).toEqual([true, false, null]);
    expect(useNotices().items).toMatchObject([{ error: { code: 'disk-full' } }]);
  });

  it('takes a VM’s CPUs back with it, and goes back to what is saved', async () => {
    const editing = await at('hybrid');
    editing.addVm();
    await editing.propose();
    expect(cpusOf(editing, 'idle')).toHaveLength(2);
    editing.removeVm(0);
    expect([cpusOf(editing, 'vcpu'), cpusOf(editing, 'idle')]).toEqual([[], []]);
    editing.revert();
    expect(editing.work.value).toMatchObject({ past: [], form: { vms: [] } });
  });

  it('says as the planner does why somebody got too few, until the map is edited', async () => {
    const editing = await at('press-host');
    editing.addVm();
    editing.setVm(0, { count: '40' });
    await editing.propose();
    const told = () => editing.findings.value.find(({ element }) => element === 'VM rt')?.message;
    expect(told()).toContain('rt wants 40 CPUs of node 0; only 30 are free there');
    editing.give([62], null);
    expect(told()).toBe('VM rt: 40 CPUs of node 0 asked for, 29 given.');
  });
});
