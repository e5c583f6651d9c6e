import type { Explanation } from '../../../shared/model/explanation.ts';

/** A run that a misdirected network queue disturbed, on a board where that is being put right. */
export const fakeExplanation = (runId: string): Explanation => ({
  runId,
  checks: [
    { rule: 'placement', title: 'Threads where and as they should be', outcome: 'good', message: 'Each measuring thread had its CPU alone and its priority.', next: null, source: 'The kernel’s own view is what counts.' },
    { rule: 'interrupts', title: 'No device interrupts on measured CPUs', outcome: 'condition', message: 'Device interrupts on measured CPUs: 1,204 on CPU 5 (2 a second, most of eth0-TxRx-3).', next: 'Move them to housekeeping CPUs: the setting “Device interrupts off isolated CPUs”.', source: 'Each takes the CPU away for microseconds.' },
    { rule: 'task-switches', title: 'Nothing else ran on measured CPUs', outcome: 'unknown', message: 'This kernel does not count task switches per CPU (CONFIG_SCHEDSTATS).', next: null, source: 'Task switches of each CPU (/proc/schedstat).' },
  ],
  findings: [
    {
      rule: 'device-interrupts', kind: 'suspect', basis: 'whole run', where: 'board', cpu: 5, source: 'eth0-TxRx-3',
      sentence: '1,204 interrupts of eth0-TxRx-3 on CPU 5 (2 a second); “Device interrupts off isolated CPUs” is written but not effective.',
      figures: [{ name: 'count', value: 1204, unit: '' }, { name: 'rate', value: 2, unit: '1/s' }],
      evidence: ['/proc/interrupts 61 (eth0-TxRx-3), CPU 5: 1,204 more at 600.4 s of the run than at 0.1 s'],
      settings: [{ settingId: 'runtime.irqs-off-isolated-cpus', title: 'Device interrupts off isolated CPUs', layer: 'host runtime', status: 'change', guide: 'kvm-host', state: 'is written but not effective', message: 'May reach isolated CPUs: 61 (eth0-TxRx-3).', fix: 'Stop irqbalance.' }],
    },
  ],
  notes: ['SMIs were not counted: that needs root and the msr driver, which is never loaded for a run.'],
  worstPart: null,
});
