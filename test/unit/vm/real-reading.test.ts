import { describe, expect, it } from 'vitest';
import { parseVmHost } from '../../../shared/parsers/vm/parse-vm-host.ts';
import { hostCapabilities } from '../../../shared/planning/vm/host-capabilities.ts';
import { verifyVm } from '../../../shared/planning/vm/verify/verify-vm.ts';
import { about, vmOf } from './host-kit.ts';
import { fixture, valueOf } from './vm-kit.ts';

/** Printed by vm-read.sh where libvirt 9.0 ran a VM of KVM: vCPU 0 pinned to two CPUs, vCPU 1 to one. Ordinary programs of that host are left out. */
const host = valueOf(parseVmHost(fixture('reading/kvm-running.txt'), about));
const vm = vmOf(host, 'rt Ä "1"');

describe('a reading of a real VM', () => {
  it('has its process and what each of its threads is', () => {
    expect(vm).toMatchObject({ state: 'running', persistent: true, autostart: false, processId: 5381, lockedBytes: 0, addresses: [], made: null });
    expect(vm.threads.map(({ name, role, vcpu, cpus }) => [name, role, vcpu, cpus])).toEqual([
      ['CPU 0/KVM', 'vcpu', 0, [0, 1]], ['CPU 1/KVM', 'vcpu', 1, [1]], ['qemu-system-x86', 'emulator', null, [0]], ['qemu-system-x86', 'emulator', null, [0]],
      ['IO iothread1', 'iothread', null, [0]], ['IO mon_iothread', 'emulator', null, [0]], ['kvm-pit/5381', 'other', null, [0, 1]], ['kvm-nx-lpage-re', 'other', null, [0, 1]],
    ]);
    expect(host.intruders.map(({ name }) => name)).toContain('rcu_exp_par_gp_kthread_worker/0');
    expect(hostCapabilities(host.capabilitiesXml)?.nodes).toEqual([{ id: 0, cpus: [0, 1] }]);
  });

  it('proves what is so, and takes nothing a start fills in for a change', () => {
    const verdicts = Object.fromEntries(verifyVm(vm, host, null).map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      kvm: 'ok', 'vcpu-places': 'wrong', 'vcpu-schedules': 'not-applicable', 'fifo-alone': 'not-applicable', 'emulator-places': 'wrong', 'iothread-places': 'ok', 'nothing-else': 'wrong',
      'memory-locked': 'not-applicable', 'cache-group': 'not-applicable', bandwidth: 'not-applicable', 'definition-current': 'ok',
    });
    expect(verifyVm(vm, host, null).find(({ id }) => id === 'emulator-places')?.evidence).toContain('“kvm-nx-lpage-re” may run on 0-1');
  });
});
