import { createHash } from 'node:crypto';
import { planSchema, type Action, type Plan, type TargetState } from '../../../../shared/model/plan.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export type GivenStep = Action | { readonly action: Action; readonly before: TargetState; readonly title?: string; readonly why?: string };

/** A plan of these actions; `before` says what a target was, when it matters. */
export function planOf(actions: readonly GivenStep[], changes: Partial<Plan> = {}): Plan {
  return planSchema.parse({
    schema: 1, id: '20261120T141000Z', boardId: 'bench-1', boardName: 'Bench 1', machineId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9', createdAt: '20261120T141000Z', snapshotId: null,
    title: 'Runtime settings of a KVM host', purpose: { kind: 'change' }, restart: 'none', notes: [], stateSha256: '0'.repeat(64),
    steps: actions.map((one, index) => {
      const given = 'action' in one ? one : { action: one };
      return { number: index + 1, title: `Step about ${given.action.kind}`, why: 'So that nothing disturbs the measured CPUs.', settings: [], risk: 'none', caution: '', before: { kind: 'generate' }, ...given };
    }),
    ...changes,
  });
}

export const file = (path: string, data: string | null, mode = '0644'): Action => ({ kind: 'file', path, content: data === null ? null : { encoding: 'utf8', data }, mode });
export const wasAbsent: TargetState = { kind: 'file', is: 'absent', content: null, mode: null, owner: null };
export const wasText = (data: string): TargetState => ({ kind: 'file', is: 'regular', content: { encoding: 'utf8', data }, mode: '644', owner: '0:0' });

/** One step of every kind, as a change of a real board would have them. */
export const everyKind: Plan = planOf([
  { action: file('/etc/sysctl.d/90-rtvm-bench.conf', "kernel.timer_migration = 0\n# it's $HOME `date` {{ 7 * 7 }}\n"), before: wasAbsent },
  { kind: 'value', path: '/proc/sys/kernel/timer_migration', value: '0', readsAs: [] },
  { kind: 'file', path: '/etc/systemd/system/rtvm-bench-irq.service', content: { encoding: 'utf8', data: '[Unit]\nDescription=Keeps interrupts in place\n\n[Service]\nType=oneshot\nExecStart=/bin/true\nRemainAfterExit=yes\n\n[Install]\nWantedBy=multi-user.target\n' }, mode: '0644' },
  { kind: 'generate', generator: 'daemon-reload' },
  { kind: 'unit', unit: 'rtvm-bench-irq.service', enabled: true, active: true },
  { kind: 'unit', unit: 'irqbalance.service', enabled: false, active: false },
  { kind: 'module', module: 'msr', loaded: true },
  { action: file('/etc/default/grub.d/90-rtvm-bench.cfg', 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX isolcpus=2-3"\n'), before: wasAbsent },
  { kind: 'generate', generator: 'update-grub' },
  { kind: 'generate', generator: 'initramfs' },
  { kind: 'packages', install: ['linux-image-rt-amd64', 'rt-tests', 'stress-ng=0.15.06-2'], remove: ['irqbalance'], source: { kind: 'board' } },
  { kind: 'kernel-arguments', add: ['isolcpus=2-3', 'nohz_full=2-3'], remove: ['isolcpus', 'quiet'] },
  { kind: 'group-member', user: 'anna', group: 'libvirt', member: true },
  { kind: 'firmware-attribute', driver: 'dell-wmi-sysman', attribute: 'CStatesCtrl', value: 'Disabled' },
  { kind: 'file', path: '/opt/rtvm-bench/table.bin', content: { encoding: 'base64', data: 'AP8QgA==' }, mode: '0600' },
  { action: file('/etc/modprobe.d/old.conf', null), before: wasText('options kvm x=1\n') },
  { kind: 'boot-once', entry: 'rtvm-bench-try' },
  { kind: 'restart', expects: { words: ['isolcpus=2-3', 'rtvm_bench.try=1'], kernelRelease: '6.1.0-37-rt-amd64' } },
], { restart: 'included' });
