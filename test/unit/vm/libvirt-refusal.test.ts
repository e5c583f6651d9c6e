import { describe, expect, it } from 'vitest';
import { libvirtRefused, parseVmAnswer } from '../../../shared/parsers/vm/libvirt-refusal.ts';
import { fixture } from './vm-kit.ts';

/** What virsh really said when a domain of this kind was started; the recording has the orders between. */
const saidOf = (name: string) => fixture(`qemu/case_${name}.txt`).split('\n').filter((line) => !line.startsWith('$ ')).join('\n');
const causeOf = (said: string) => libvirtRefused('rt', 'started', said).extras.details?.['cause'];

describe('what libvirt said no with', () => {
  it.each([
    ['badfeature', 'cpu-model'], ['fifo', 'scheduler'], ['hostdev_missing', 'passthrough'], ['hostpass_qemu', 'type-qemu'], ['huge1g', 'hugepages-mount'], ['hugenone', 'hugepages-mount'], ['kvm_cachetune', 'cache-absent'],
    ['kvm_invtsc', 'kvm-permission'], ['kvm_start', 'kvm-permission'], ['locked', 'memory-lock'], ['locked_hl', 'memory-lock'], ['numatune1', 'numa-node'], ['pin99', 'cpu-missing'],
  ])('recorded: %s is %s', (name, cause) => {
    expect(causeOf(saidOf(name))).toBe(cause);
  });

  // From libvirt's sources: src/util/virresctrl.c, src/qemu/qemu_driver.c, src/conf/domain_conf.c.
  it.each([
    ['error: unsupported configuration: Not enough room for allocation of 6291456 bytes for level 3 cache 0 scope type \'both\'', 'cache-full'],
    ['error: unsupported configuration: Not enough room for allocation of 60% bandwidth on node 0', 'cache-full'],
    ['error: unsupported configuration: Cache allocation of size 5000000 is not divisible by granularity 2097152', 'cache-size'],
    ['error: unsupported configuration: Cache allocation of size 1 is smaller than the minimum allowed allocation 2', 'cache-size'],
    ['error: unsupported configuration: Cache allocation for the whole cache is not possible, specify size smaller than 25165824', 'cache-size'],
    ['error: unsupported configuration: Cache with id 7 does not exists for level 3', 'cache-absent'],
    ['error: unsupported configuration: Cache level 3 id 0 does not support tuning for scope type \'code\'', 'cache-absent'],
    ['error: internal error: Path \'/sys/fs/resctrl/qemu-1-rt-vcpus_1\' for resctrl allocation exists', 'cache-group-left'],
    ['error: cannot create /sys/fs/resctrl/qemu-2-rt-vcpus_1: No space left on device', 'cache-groups-used-up'],
    ['error: Domain is already active', 'already'],
    ['error: Requested operation is not valid: domain is already running', 'already'],
    ['error: Requested operation is not valid: domain is not running', 'not-running'],
    ['error: failed to get domain \'x\'\nerror: Domain not found: no domain with matching uuid', 'gone'],
    ['error: Requested operation is not valid: network \'default\' is not active', 'network'],
    ['error: Cannot access storage file \'/var/lib/libvirt/images/rt.qcow2\' (as uid:64055, gid:109): No such file or directory', 'disk'],
    ['error: Requested operation is not valid: cannot set autostart for transient domain', 'transient'],
    ['error: Failed to start domain \'rt\'\nerror: Failed to connect socket to \'/run/libvirt/virtlogd-sock\': No such file or directory', 'log-daemon'],
    ['error: Failed to start domain \'rt\'\nerror: internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: error: failed to set MSR 0x10a to 0x400000000c000069', 'cpu-registers'],
    ['error: the CPU is incompatible with host CPU: Host CPU does not provide required features: svm', 'cpu-model'],
    ['error: it rained', 'unknown'],
  ])('%s is %s', (said, cause) => {
    expect(causeOf(said)).toBe(cause);
  });

  it('is said plainly, with a way out, and with libvirt’s own words', () => {
    const error = libvirtRefused('rt', 'started', saidOf('fifo'));
    expect(error).toMatchObject({ code: 'libvirt-refused', message: 'rt could not be started. The kernel does not let libvirt give the VM’s threads a real-time policy.', extras: { state: 'The VM is as it was.' } });
    expect(error.extras.details?.['said']).toContain('Operation not permitted');
    expect(libvirtRefused('rt', 'started', 'error: Failed to start\nerror: it rained').message).toContain('it rained');
  });
});

describe('what vm-act.sh answers', () => {
  const answer = (text: string) => parseVmAnswer(text, 'rt', 'started');
  const codeOf = (text: string) => { const read = answer(text); return read.kind === 'refused' ? read.error.code : read.kind; };

  it.each([
    ['done\n', 'done'], ['still-on 120\n', 'still-on'], ['', 'board-command-failed'], ['still-on x\n', 'board-command-failed'],
    ['refused\nuser root\nsaid\nerror: it rained\n', 'libvirt-refused'],
    ['refused\nuser ada\nsaid\nvirsh: not installed\n', 'libvirt-unreachable'],
    ['refused\nuser ada\nsaid\nerror: failed to connect to the hypervisor\nerror: Failed to connect socket to \'/var/run/libvirt/libvirt-sock\': Permission denied\n', 'libvirt-unreachable'],
  ])('%j is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('takes a helper of libvirt that does not run for no unreachable libvirt', () => {
    expect(codeOf('refused\nuser root\nsaid\nerror: Failed to start domain \'rt\'\nerror: Failed to connect socket to \'/run/libvirt/virtlogd-sock\': No such file or directory\n')).toBe('libvirt-refused');
  });

  it('takes a refusal of QEMU for one of the VM, not of the user', () => {
    expect(codeOf(`refused\nuser ada\nsaid\n${saidOf('kvm_start')}`)).toBe('libvirt-refused');
  });
});
