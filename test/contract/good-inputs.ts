import type { MethodInput, MethodName } from '../../shared/contract/methods.ts';
import type { CpuMapDraft } from '../../shared/model/cpu-map.ts';
import type { CyclictestOptions } from '../../shared/model/run.ts';
import type { NewVm } from '../../shared/model/vm.ts';

const options: CyclictestOptions = {
  cpus: [4, 5], mainCpus: [0], priority: 95, intervalUs: 1_000, durationSeconds: 60, histogramUs: 400, lockMemory: true, holdDmaLatency: true,
  segmentSeconds: 60, deadlineUs: 100, deadlineFraction: 1,
};
const board = { name: 'Press 4', role: 'host' as const, reach: { kind: 'practice' as const, machine: 'dual-xeon' }, notes: '' };
const boardId = 'rack-epyc';
const kvmHostId = 'cell-host';
const runId = 'going-on';

const newVm: NewVm = {
  name: 'rt1', purpose: 'real-time', image: { kind: 'catalogue', id: 'debian-12', fetchedBy: 'board' }, vcpus: 2, memoryMiB: 2048, diskGiB: 20,
  user: { name: 'engineer', password: 'correct horse', sshKeys: [], adminGroup: 'sudo' }, packages: ['rt-tests'], network: 'default', osinfo: 'debian12',
};

const cpuMapRequest = { housekeeping: [0, 64, 128, 192], vms: [{ name: 'rt', count: 2, node: 0 }], emulator: { count: 1, node: 0 }, ioThreads: null, measuring: null, stressor: null };
const cpuMapDraft: CpuMapDraft = {
  request: cpuMapRequest,
  assignments: [
    ...cpuMapRequest.housekeeping.map((cpu) => ({ cpu, claimant: { kind: 'housekeeping' as const } })),
    ...[1, 2].map((cpu, vcpu) => ({ cpu, claimant: { kind: 'vcpu' as const, vm: 'rt', vcpu } })),
    { cpu: 63, claimant: { kind: 'emulator' } },
  ],
};

/** One good input for every method; a method added to the contract fails to compile here until it has one. */
export const goodInputs: { readonly [M in MethodName]: MethodInput<M> } = {
  'app.info': {},
  'project.current': {},
  'project.open': { directory: '/tmp/a.rtvm' },
  'project.create': { directory: '/tmp/b.rtvm', name: 'B' },
  'boards.list': {},
  'boards.add': board,
  'boards.update': { boardId, changes: { notes: 'In the left rack.' } },
  'boards.remove': { boardId },
  'boards.suggestions': {},
  'boards.discover': {},
  'boards.connect': { boardId },
  'boards.disconnect': { boardId },
  'boards.clean': { boardId },
  'boards.forget-host-keys': { boardId, host: '192.0.2.1', port: 22 },
  'inspect.start': { boardId, asRoot: false },
  'inspect.import': { boardId, capture: 'rtvm capture' },
  'inspect.script': {},
  'snapshots.latest': { boardId },
  'snapshots.list': { boardId },
  'snapshots.capture': { boardId },
  'guides.check': { boardId, guide: 'kvm-host', housekeeping: [0, 1] },
  'cpu-map.get': { boardId },
  'cpu-map.propose': { boardId, request: { ...cpuMapRequest, housekeeping: null } },
  'cpu-map.check': { boardId, draft: cpuMapDraft },
  'cpu-map.save': { boardId, draft: cpuMapDraft },
  'snapshots.get': { boardId, snapshotId: '20261120T141000Z' },
  'firmware.measure': { boardId, seconds: 600 },
  'firmware.gate': { boardId },
  'vms.read': { boardId },
  'vms.get': { boardId },
  'vms.images': {},
  'vms.preview': { boardId, vm: newVm },
  'vms.create': { boardId, vm: newVm },
  'vms.remove': { boardId, name: 'rt1' },
  'vms.act': { boardId: kvmHostId, name: 'rt', act: 'shutdown' },
  'vms.add-guest': { boardId: kvmHostId, name: 'rt', user: 'eci', login: { method: 'password' } },
  'plans.propose': { boardId, want: { kind: 'settings', guide: 'kvm-host', housekeeping: null, settings: ['runtime.ksm'] } },
  'plans.list': { boardId },
  'plans.get': { boardId, planId: '20261121T101500Z' },
  'plans.export': { boardId, planId: '20261121T101500Z', format: 'shell' },
  'plans.remove': { boardId, planId: '20261121T101500Z' },
  'changes.apply': { boardId, planId: '20261121T101500Z', mayEnd: [] },
  'changes.resume': { boardId, changeId: '20261121T100000Z', direction: 'apply', mayEnd: ['vm rt'] },
  'changes.list': { boardId },
  'changes.get': { boardId, changeId: '20261121T100000Z' },
  'changes.restart': { boardId, mayEnd: [] },
  'checklist.get': { boardId },
  'checklist.attest': { boardId, attestation: { settingId: 'firmware.turbo', state: 'as-asked', value: 'Disabled', note: '', by: 'Ada' } },
  'checklist.attach-photo': { boardId, settingId: 'firmware.turbo', bytesBase64: 'iVBORw0KGgo=' },
  'checklist.photo': { boardId, settingId: 'firmware.turbo' },
  'firmware.overview': { boardId },
  'firmware.set-bmc': { boardId, bmc: { address: '192.0.2.8', port: 443 } },
  'firmware.read-bmc': { boardId },
  'runs.propose': { boardId },
  'runs.preview': { boardId, options },
  'runs.start': { boardId, options, runId: 'new-run' },
  'runs.attach': { runId },
  'runs.stop': { runId },
  'runs.list': {},
  'runs.get': { runId },
  'runs.result': { runId },
  'runs.live': { runId },
  'runs.raw': { runId },
  'runs.set-deadline': { runId, deadlineUs: 80, deadlineFraction: 0.99 },
  'vms.load-check': { boardId: kvmHostId, name: 'rt', guestId: 'rt-guest', vcpu: 1 },
  'workloads.start': { boardId, workload: 'stress-cache', seconds: 600 },
  'workloads.stop': { boardId },
  'workloads.read': { boardId },
  'consoles.open': { boardId, vm: 'rt-1', columns: 80, rows: 24 },
  'consoles.write': { consoleId: 'console-00000001', text: 'ls\r' },
  'consoles.resize': { consoleId: 'console-00000001', columns: 132, rows: 50 },
  'consoles.close': { consoleId: 'console-00000001' },
  'reports.make': { directory: '/tmp/report', date: '20261121T101500Z', signedOffBy: 'A. Person', sections: ['summary', 'runs'], runs: null },
  'jobs.list': {},
  'jobs.snapshot': { jobId: 'job-00000001', afterSeq: 0 },
  'jobs.cancel': { jobId: 'job-00000001' },
  'questions.list': {},
  'questions.answer': { questionId: 'question-1', answer: { kind: 'refuse' } },
  'practice.state': {},
  'practice.set-faults': { slowLinkMs: 0, dropAfterBytes: 0, diskFull: true, wrongPassword: false },
  'practice.set-machine': { machine: 'small-atom' },
  'practice.reset': {},
};
