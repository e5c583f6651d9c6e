import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proposedStepSchema, type ProposedStep, type Proposal } from '../../../shared/model/plan.ts';
import { guideIds, type GuideId, type SettingReport } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { proposeChanges } from '../../../shared/planning/propose-changes.ts';
import { catalogue } from '../../../shared/settings/catalogue.ts';
import { checkGuide, type CheckRequest } from '../../../shared/settings/check-guide.ts';
import { boardText } from './board-text.ts';
import { applied, restarted } from './simulated-board.ts';

const captures = readdirSync('test/fixtures/captures').filter((name) => name.endsWith('.capture'))
  .map((name) => ({ name, text: readFileSync(join('test/fixtures/captures', name), 'utf8') }));

function request(text: string, guide: GuideId, housekeeping: number[] | null = null): CheckRequest {
  const capture = parseCapture(text);
  if (!capture.ok) throw capture.error;
  return { capture: capture.value, snapshot: snapshotOf(capture.value), guide, housekeeping };
}

const check = (text: string, guide: GuideId, housekeeping: number[] | null = null): Map<string, SettingReport> =>
  new Map(checkGuide(request(text, guide, housekeeping)).settings.map((setting) => [setting.id, setting]));

/** Every setting that has a step is in order once the steps are done, and the board started again where that is said. */
function leavesInOrder(text: string, guide: GuideId, proposal: Proposal, housekeeping: number[] | null = null): void {
  const done = applied(text, proposal.steps);
  const after = check(proposal.restart === 'needed' ? restarted(done) : done, guide, housekeeping);
  for (const id of new Set(proposal.steps.flatMap(({ settings }) => settings))) {
    const report = after.get(id);
    expect([id, report?.status, report?.message]).toEqual([id, 'ok', report?.message]);
    expect([report?.verdicts.written, report?.verdicts.effective]).not.toContain('bad');
  }
}

const targets = (steps: readonly ProposedStep[]) => steps.map(({ action }) => JSON.stringify(action));

describe('what needs attention', () => {
  test.each(captures.flatMap(({ name, text }) => guideIds.map((guide) => [name, guide, text] as const)))('%s, %s: in order after the steps', (_name, guide, text) => {
    const proposal = proposeChanges(request(text, guide), 'attention');
    for (const step of proposal.steps) expect(proposedStepSchema.parse(step)).toEqual(step);
    expect(new Set(targets(proposal.steps)).size).toBe(proposal.steps.length);
    leavesInOrder(text, guide, proposal);
  });

  test('covers the whole of the runtime guide on a board where everything is wrong', () => {
    const proposal = proposeChanges(request(boardText(), 'kvm-host', [0, 1]), 'attention');
    const changed = new Set(proposal.steps.flatMap(({ settings }) => settings));
    for (const id of ['timer-migration', 'watchdog', 'nmi-watchdog', 'stat-interval', 'ksm', 'transparent-hugepages', 'numa-balancing', 'irqs-off-isolated-cpus', 'default-irq-affinity', 'irq-threads', 'irqbalance',
      'rps', 'xps', 'workqueues', 'writeback-workqueue', 'dirty-ratio', 'dirty-background-ratio', 'kthreads', 'cpufreq-governor', 'idle-latency', 'rsyslog', 'apt-daily-timer'].map((name) => `runtime.${name}`)) {
      expect([...changed]).toContain(id);
    }
    for (const name of ['halt-poll', 'kvmclock-periodic-sync', 'lapic-timer-advance-ns', 'nx-huge-pages']) expect([...changed]).toContain(`hypervisor.${name}`);
    leavesInOrder(boardText(), 'kvm-host', proposal, [0, 1]);
    expect(proposal.restart).toBe('needed');
    // Applied again, there is nothing left but what the kernel plan and persons do.
    const after = restarted(applied(boardText(), proposal.steps));
    expect(proposeChanges(request(after, 'kvm-host', [0, 1]), 'attention').steps).toEqual([]);
  });

  test('any choice of settings, in any order, on any split of the CPUs', () => {
    const ids = catalogue.filter(({ guides }) => guides.includes('kvm-host')).map(({ id }) => id);
    fc.assert(fc.property(fc.shuffledSubarray(ids), fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 3 }), (chosen, housekeeping) => {
      const proposal = proposeChanges(request(boardText(), 'kvm-host', housekeeping), chosen);
      leavesInOrder(boardText(), 'kvm-host', proposal, housekeeping);
      const named = [...proposal.steps.flatMap(({ settings }) => settings), ...proposal.refused.map(({ setting }) => setting)];
      expect(named.filter((id) => !chosen.includes(id))).toEqual([]);
      for (const { why, next } of proposal.refused) expect([why.length > 5, next.length > 5]).toEqual([true, true]);
    }), { numRuns: 60 });
  });
});

describe('the order of work', () => {
  const { steps } = proposeChanges(request(boardText(), 'kvm-host', [0, 1]), 'attention');
  const at = (found: (step: ProposedStep) => boolean) => steps.findIndex(found);

  test('irqbalance is stopped once, before anything that it would undo', () => {
    const stops = steps.filter(({ action }) => action.kind === 'unit' && action.unit === 'irqbalance.service');
    expect(stops).toHaveLength(1);
    expect(stops[0]?.settings).toEqual(expect.arrayContaining(['runtime.irqbalance', 'runtime.irqs-off-isolated-cpus']));
    expect(at(({ action }) => action.kind === 'unit' && action.unit === 'irqbalance.service')).toBeLessThan(at(({ action }) => action.kind === 'value'));
  });
  test('files, then systemd reads its units once, then the timers start', () => {
    expect(steps.filter(({ action }) => action.kind === 'generate' && action.generator === 'daemon-reload')).toHaveLength(1);
    const reload = at(({ action }) => action.kind === 'generate' && action.generator === 'daemon-reload');
    expect(steps.findLastIndex(({ action }) => action.kind === 'file')).toBeLessThan(reload);
    expect(at(({ action }) => action.kind === 'unit' && action.active === true)).toBeGreaterThan(reload);
  });
  test('every file belongs to one setting, so that each is undone by itself', () => {
    for (const { action, settings } of steps) if (action.kind === 'file') expect(settings).toHaveLength(1);
  });
});

describe('refusals', () => {
  const refusal = (text: string, id: string, guide: GuideId = 'kvm-host') => proposeChanges(request(text, guide, [0, 1]), [id]).refused[0];

  test('the kernel’s command line and the firmware have their own ways', () => {
    expect(refusal(boardText(), 'kernel.isolcpus')?.next).toContain('kernel plan');
    expect(refusal(boardText(), 'firmware.turbo', 'firmware')?.next).toContain('firmware checklist');
  });
  test('a setting that the guide does not have', () => {
    expect(refusal(boardText(), 'runtime.no-such')).toMatchObject({ setting: 'runtime.no-such', why: 'This guide has no such setting.' });
  });
  test('a sysctl that a file sorted after ours sets', () => {
    const found = refusal(boardText({ '/etc/sysctl.d/zzz-site.conf': 'kernel.timer_migration = 1' }), 'runtime.timer-migration');
    expect(found?.why).toContain('/etc/sysctl.d/zzz-site.conf: kernel.timer_migration = 1');
  });
  test('a module that is built in, and one that the command line speaks for', () => {
    expect(refusal(boardText({ '/proc/modules': 'ext4 1 1 - Live 0x0' }), 'hypervisor.halt-poll')?.next).toContain('kvm.halt_poll_ns=0');
    expect(refusal(boardText({ '/proc/cmdline': 'ro kvm.halt_poll_ns=5' }), 'hypervisor.halt-poll')?.why).toContain('kvm.halt_poll_ns=5');
  });
  test('a board without systemd', () => {
    expect(refusal(boardText({}, ['run/openrc']), 'runtime.irqs-off-isolated-cpus')?.why).toContain('openrc');
  });
});

describe('special cases', () => {
  test('throttling is changed only when it is asked for by name, with its caution', () => {
    expect(proposeChanges(request(boardText(), 'kvm-host', [0, 1]), 'attention').steps.filter(({ settings }) => settings.includes('runtime.rt-throttling'))).toEqual([]);
    const { steps } = proposeChanges(request(boardText(), 'kvm-host', [0, 1]), ['runtime.rt-throttling']);
    expect(steps.map(({ action }) => action.kind)).toEqual(['file', 'value']);
    expect(steps[0]?.caution).toContain('keeps its CPU for good');
  });
  test('a module that is loaded early has its initial RAM disk written again', () => {
    const { steps } = proposeChanges(request(boardText({ '/etc/initramfs-tools/modules': '# list\nkvm' }), 'kvm-host', [0, 1]), ['hypervisor.halt-poll']);
    expect(steps.map(({ action }) => (action.kind === 'generate' ? action.generator : action.kind))).toEqual(['file', 'initramfs', 'value']);
  });
  test('a value that does better than asked is kept', () => {
    const { steps } = proposeChanges(request(boardText({ '/proc/sys/vm/stat_interval': '120' }), 'kvm-host', [0, 1]), ['runtime.stat-interval']);
    expect(steps.map(({ action }) => action.kind === 'file' && action.content?.data.split('\n')[1])).toEqual(['vm.stat_interval = 120']);
  });
  test('names of devices that a rule or a path would read as something else are left out', () => {
    const text = boardText({ '/sys/class/net/e"0;x/queues/rx-0/rps_cpus': 'f', '/sys/class/net/eth9/queues/rx-0/rps_cpus': 'f' });
    const { steps } = proposeChanges(request(text, 'kvm-host', [0, 1]), ['runtime.rps']);
    expect(JSON.stringify(steps)).not.toContain(';x');
    expect(JSON.stringify(steps)).toContain('net/eth9/queues');
  });
});
