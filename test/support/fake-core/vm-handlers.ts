import { CodedError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { JobEvent } from '../../../shared/model/job.ts';
import type { Vm, VmHost } from '../../../shared/model/vm.ts';
import { cloudImages } from '../../../shared/planning/vm/create/cloud-images.ts';
import { previewNewVm } from '../../../shared/planning/vm/create/preview-new-vm.ts';
import { vmHostReport } from '../../../shared/planning/vm/vm-host-report.ts';
import { stampAgo } from './data.ts';
import { fakeVmHost, installedDomain, started, vmCpuMap, vmOf } from './vm-data.ts';
import { snapshotOf } from './machines.ts';
import type { FakeState } from './state.ts';

type VmMethod = Extract<keyof Handlers, `vms.${string}`>;

const hash = `$6$rtvmbench$${'x'.repeat(86)}`;

/** VMs of a host in memory, judged by the real rules. `cell-host` was read; others have none until they are. */
export const vmHandlers = (state: FakeState): Pick<Handlers, VmMethod> => {
  const hosts = new Map<string, VmHost>([['cell-host', fakeVmHost(stampAgo(90))]]);
  state.cpuMaps.set('cell-host', vmCpuMap);
  const hostOf = (boardId: string): VmHost => hosts.get(boardId) ?? { ...fakeVmHost(stampAgo(0)), vms: [], halfMade: [], intruders: [] };
  const vmIn = (boardId: string, name: string): Vm => {
    const found = hostOf(boardId).vms.find((vm) => vm.name === name);
    if (!found) throw new CodedError('vm-unknown', `There is no VM “${name}” on this host.`);
    return found;
  };
  state.tuned = (boardId, name, xml) => { replace(boardId, { ...vmIn(boardId, name), inactiveXml: xml }); };
  state.definitionOf = (boardId, name) => vmIn(boardId, name).inactiveXml ?? '';
  const put = (boardId: string, changes: Partial<VmHost>) => {
    hosts.set(boardId, { ...hostOf(boardId), takenAt: stampAgo(0), ...changes });
    state.emit('vms-changed', { boardId });
  };
  const replace = (boardId: string, vm: Vm) => { put(boardId, { vms: hostOf(boardId).vms.map((one) => (one.name === vm.name ? vm : one)) }); };
  /** Work that takes a moment, and says so first. */
  const job = (boardId: string, title: string, said: string, work: () => Extract<JobEvent['body'], { kind: 'done' }>['result']) => {
    const jobId = state.newJob('vm', title, boardId, null);
    setTimeout(() => {
      state.tell(jobId, { kind: 'progress', message: said, fraction: 0.4 });
      setTimeout(() => { state.tell(jobId, { kind: 'done', result: work() }); }, 200);
    }, 20);
    return { jobId };
  };

  return {
    'vms.read': async ({ boardId }) => job(boardId, 'Read the VMs', 'Asking libvirt', () => { put(boardId, {}); return {}; }),
    'vms.get': async ({ boardId }) => {
      const host = hosts.get(state.boardOf(boardId).board.id);
      return host === undefined ? null : vmHostReport(host, state.cpuMaps.get(boardId) ?? null);
    },
    'vms.images': async () => [...cloudImages],
    'vms.preview': async ({ boardId, vm }) => {
      const { machine } = state.boardOf(boardId);
      return previewNewVm(vm, vm.user.password === null ? null : hash, { host: hosts.get(boardId) ?? null, snapshot: machine === null ? null : snapshotOf(machine, stampAgo(0)) });
    },
    'vms.create': async ({ boardId, vm }) => job(boardId, `Make ${vm.name}`, 'Fetching the image', () => {
      const made = started(vmOf(vm.name, installedDomain(vm.name, vm.vcpus)), 7000, '192.168.122.77');
      put(boardId, { vms: [...hostOf(boardId).vms, made], halfMade: hostOf(boardId).halfMade.filter(({ name }) => name !== vm.name) });
      return {};
    }),
    'vms.remove': async ({ boardId, name }) => job(boardId, `Remove ${name}`, 'Deleting its files', () => {
      put(boardId, { vms: hostOf(boardId).vms.filter((vm) => vm.name !== name), halfMade: hostOf(boardId).halfMade.filter((made) => made.name !== name) });
      return {};
    }),
    'vms.act': async ({ boardId, name, act }) => {
      const vm = vmIn(boardId, name);
      return job(boardId, `${act} ${name}`, 'virsh is at it', () => {
        if (act === 'start') replace(boardId, started(vm, 7100, '192.168.122.77'));
        else if (act === 'shutdown' || act === 'force-off') replace(boardId, { ...vm, state: 'shut-off', activeXml: null, threads: [], addresses: [], processId: null, lockedBytes: null });
        else if (act !== 'reboot') replace(boardId, { ...vm, autostart: act === 'autostart-on' });
        return {};
      });
    },
    'vms.add-guest': async ({ boardId, name, user, login }) => {
      const { board } = state.boardOf(boardId);
      const target = { address: vmIn(boardId, name).addresses[0] ?? '', port: 22, user, login };
      const added = { schema: 1 as const, id: `${name}-guest`, name, role: 'guest' as const, notes: '', hostKeys: [], addedAt: stampAgo(0), reach: { kind: 'ssh' as const, target, jumps: board.reach.kind === 'ssh' ? [board.reach.target] : [] } };
      state.boards = [...state.boards, { board: added, connection: { boardId: added.id, state: 'idle', roundTripMs: null, sudo: 'unknown', error: null }, machine: null, summary: `guest of ${board.name}`, attention: null, snapshotIds: [] }];
      state.emit('boards-changed', {});
      return added;
    },
    'vms.load-check': async ({ boardId, name, vcpu }) => {
      const cpu = vmIn(boardId, name).threads.find((thread) => thread.vcpu === vcpu)?.cpus?.[0] ?? null;
      return job(boardId, `Load vCPU ${String(vcpu)} of ${name}`, 'Loading', () => ({ vcpu, expectedCpu: cpu, busy: [{ cpu: cpu ?? 0, fraction: 0.99 }], verdict: 'ok', message: `Load on vCPU ${String(vcpu)} makes CPU ${String(cpu)} of the host busy (99 %), and no other isolated CPU.` }));
    },
  };
};

