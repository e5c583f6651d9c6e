import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import type { NewVmForm } from '../forms/new-vm-form.ts';
import type { Board, Hop } from '../../shared/model/board.ts';
import { loadCheckSchema, type CloudImage, type LoadCheck, type NewVm, type NewVmPreview, type VmAct } from '../../shared/model/vm.ts';
import type { VmHostReport, VmReport } from '../../shared/planning/vm/vm-report.ts';

/** VMs of the boards that host them: what the last reading told, what is concluded from it, and the VM that is being thought up. */
export const useVms = defineStore('vms', () => {
  const reports = shallowRef<ReadonlyMap<string, VmHostReport | null>>(new Map());
  const images = shallowRef<readonly CloudImage[] | null>(null);
  const loadChecks = shallowRef<ReadonlyMap<string, LoadCheck>>(new Map());
  /** Kept while a person looks at something else; the password in it lives in memory only. */
  const drafts = ref<Record<string, NewVmForm>>({});

  /** undefined: not asked yet. null: the VMs of this board were never read. */
  const of = (boardId: string): VmHostReport | null | undefined => reports.value.get(boardId);
  const find = (boardId: string, name: string): VmReport | undefined => of(boardId)?.vms.find(({ vm }) => vm.name === name);

  async function load(boardId: string): Promise<void> {
    const report = await core().call('vms.get', { boardId });
    reports.value = new Map(reports.value).set(boardId, report);
  }

  /** Loads again what was loaded before: something was read or done. */
  async function refresh(boardId: string): Promise<void> {
    if (reports.value.has(boardId)) await load(boardId);
  }

  async function loadImages(): Promise<void> {
    images.value ??= await core().call('vms.images', {});
  }

  /** Each gives the job that does it. */
  const read = async (boardId: string): Promise<string> => (await core().call('vms.read', { boardId })).jobId;
  const create = async (boardId: string, vm: NewVm): Promise<string> => (await core().call('vms.create', { boardId, vm })).jobId;
  const remove = async (boardId: string, name: string): Promise<string> => (await core().call('vms.remove', { boardId, name })).jobId;
  const act = async (boardId: string, name: string, wanted: VmAct): Promise<string> => (await core().call('vms.act', { boardId, name, act: wanted })).jobId;
  const checkLoad = async (boardId: string, name: string, guestId: string, vcpu: number): Promise<string> => (await core().call('vms.load-check', { boardId, name, guestId, vcpu })).jobId;

  const preview = (boardId: string, vm: NewVm): Promise<NewVmPreview> => core().call('vms.preview', { boardId, vm });
  const addGuest = (boardId: string, name: string, user: string, login: Hop['login']): Promise<Board> => core().call('vms.add-guest', { boardId, name, user, login });

  const loadCheckOf = (boardId: string, name: string, vcpu: number): LoadCheck | undefined => loadChecks.value.get(keyOf(boardId, name, vcpu));
  /** Keeps what a load check came to, as its job tells it; what is no load check is let go. */
  function keepLoadCheck(boardId: string, name: string, told: unknown): void {
    const read = loadCheckSchema.safeParse(told);
    if (read.success) loadChecks.value = new Map(loadChecks.value).set(keyOf(boardId, name, read.data.vcpu), read.data);
  }

  function forget(): void {
    reports.value = new Map();
    loadChecks.value = new Map();
    drafts.value = {};
  }

  return { images, drafts, of, find, load, refresh, loadImages, read, create, remove, act, checkLoad, preview, addGuest, loadCheckOf, keepLoadCheck, forget };
});

const keyOf = (boardId: string, name: string, vcpu: number) => `${boardId}/${name}/${String(vcpu)}`;
