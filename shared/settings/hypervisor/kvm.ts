import { kernelMessages } from '../../parsers/snapshot/read.ts';
import { effectiveOnly, lines, noStates, type BoardView, type Finding, type Setting } from '../setting.ts';
import { pathsBelow } from '../support/paths-below.ts';
import { fileStep, header, moduleStep } from '../support/steps.ts';

const id = 'hypervisor.kvm';
const title = 'Virtualisation is on (KVM)';
const why = 'Without the processor’s help a VM is emulated, instruction by instruction: nothing in it is on time.';

export const setting: Setting = {
  id, layer: 'hypervisor', title, why, order: 10, guides: ['kvm-host'],
  source: 'Intel ECI guide, Host Configuration: BIOS (VMX); Linux arch/x86/kvm/x86.c, kvm_x86_vendor_init',
  choice: 'The kernel loads it by itself where it can: where it has not, something may stand in the way, so that it is tried when it is asked for.',
  assess: (board) => {
    const { kvm } = board.snapshot;
    const found = (good: boolean | null, effective: string | null) => ({ states: { ...noStates, requested: '/dev/kvm', effective }, verdicts: effectiveOnly(good) });
    if (kvm.available) {
      const evidence = lines('/dev/kvm is there', board.capture.evidence('/proc/modules', /^kvm_(?:intel|amd) /));
      return { status: 'ok', stuckAt: null, ...found(true, kvm.module ?? '/dev/kvm'), evidence, message: `KVM is there${kvm.module === null ? '' : ` (${kvm.module})`}.`, fix: null };
    }
    if (kvm.available === null || board.snapshot.cpus.flags.length === 0) return { status: 'unknown', stuckAt: null, ...found(null, null), evidence: [], message: 'Whether the processor and KVM are there was not read.', fix: null };
    const obstacle = obstacleOf(board);
    const { message, fix, evidence } = obstacle ?? { message: `The processor can, and ${moduleOf(board)} is not loaded.`, fix: `modprobe ${moduleOf(board)}, and its name in a file of /etc/modules-load.d/.`, evidence: flagEvidence(board) };
    return { status: obstacle ? 'blocked' : 'change', stuckAt: 'effective', ...found(false, 'no /dev/kvm'), evidence: lines(evidence), message, fix };
  },
  change: (board) => {
    const obstacle = obstacleOf(board);
    if (obstacle) return { refused: obstacle.message, next: obstacle.fix };
    const module = moduleOf(board);
    return { steps: [fileStep({ id, why }, '/etc/modules-load.d/rtvm-bench-kvm.conf', [header(title), module]), moduleStep({ id, why }, module)], restart: 'none' };
  },
};

type Obstacle = Pick<Finding, 'message'> & { fix: string; evidence: string | null };

const moduleOf = ({ snapshot }: BoardView) => (snapshot.cpus.flags.includes('svm') ? 'kvm_amd' : 'kvm_intel');
const flagEvidence = ({ snapshot }: BoardView) => `/proc/cpuinfo: flags … ${['vmx', 'svm'].find((flag) => snapshot.cpus.flags.includes(flag)) ?? 'without vmx and svm'} …`;

/** Why no module could be loaded, in the order in which the processor and the kernel ask. */
function obstacleOf(board: BoardView): Obstacle | null {
  const { snapshot: { cpus, virtualisation, kernel }, capture } = board;
  if (virtualisation.kind === 'container') return { message: 'This is a container: the devices of its host are not passed on.', fix: 'Read the host itself.', evidence: virtualisation.evidence };
  const messages = kernelMessages(capture);
  if (!cpus.flags.includes('vmx') && !cpus.flags.includes('svm')) {
    return virtualisation.kind === 'vm'
      ? { message: 'This board is a virtual machine, and its host gives it no virtualisation of its own.', fix: 'On its host: nested virtualisation on (kvm_intel nested=1 or kvm_amd nested=1) and the CPU passed through.', evidence: flagEvidence(board) }
      : { message: 'The processor does not offer it: it is off in the firmware, or this processor has none.', fix: 'Firmware set-up: Intel (VMX) Virtualization, or SVM Mode with AMD: Enabled. Then start the board again.', evidence: flagEvidence(board) };
  }
  const locked = messages.find((line) => /(?:VMX|SVM|kvm).*disabled (?:by|in) (?:the )?bios/i.test(line));
  if (locked) return { message: 'The firmware has it off and locked.', fix: 'Firmware set-up: Intel (VMX) Virtualization, or SVM Mode with AMD: Enabled. Then switch the board off and on.', evidence: `dmesg: ${locked.trim()}` };
  const refusal = messages.find((line) => line.includes('RT requires X86_FEATURE_CONSTANT_TSC'));
  if (refusal || (kernel.realtime === true && !cpus.flags.includes('constant_tsc'))) {
    return {
      message: 'A PREEMPT_RT kernel refuses KVM on a processor without a constant time-stamp counter.',
      fix: virtualisation.kind === 'vm' ? 'On its host: give this VM the CPU as it is, with invtsc; or run its VMs on a kernel that is not real-time, to learn and test only.' : 'Use a processor with a constant time-stamp counter; every server and client of the last fifteen years has one.',
      evidence: refusal ? `dmesg: ${refusal.trim()}` : '/proc/cpuinfo: flags without constant_tsc',
    };
  }
  if (kernel.config[moduleOf(board) === 'kvm_amd' ? 'CONFIG_KVM_AMD' : 'CONFIG_KVM_INTEL'] === 'n') {
    return { message: 'This kernel is built without KVM for this processor.', fix: 'Use a kernel with CONFIG_KVM_INTEL or CONFIG_KVM_AMD.', evidence: `CONFIG_${moduleOf(board).toUpperCase()} is not set` };
  }
  const pattern = /^\s*(?:blacklist\s+kvm(?:_intel|_amd)?\s*$|install\s+kvm(?:_intel|_amd)?\s+\S*\/(?:false|true)\b)/;
  const file = pathsBelow(capture, '/etc/modprobe.d').find((path) => capture.lines(path)?.some((line) => pattern.test(line)));
  return file === undefined ? null : { message: `${file} keeps KVM from being loaded.`, fix: `Take that line out of ${file}, then read the board again.`, evidence: capture.evidence(file, pattern) };
}
