import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guideIds, type GuideId } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { kernelPlanSchema, planKernel, type KernelPlan } from '../../../shared/planning/kernel-plan.ts';

function plan(text: string, guide: GuideId, housekeeping: number[] | null = null): KernelPlan {
  const capture = parseCapture(text);
  if (!capture.ok) throw capture.error;
  return planKernel({ capture: capture.value, snapshot: snapshotOf(capture.value), guide, housekeeping });
}

const board = (commandLine: string, more: string[] = []) => ['RTVM-BENCH-CAPTURE 1', '@@ files', 'sys/devices/system/cpu/online:0-3', 'sys/devices/system/cpu/present:0-3', 'proc/sys/kernel/osrelease:6.1.0-50-rt-amd64',
  'proc/sys/kernel/version:#1 SMP PREEMPT_RT Debian', 'proc/cpuinfo:vendor_id\t: GenuineIntel', `proc/cmdline:${commandLine}`, ...more, '@@ end', ''].join('\n');

describe('the planned command line', () => {
  test('keeps what nobody asked about, in its order, and adds what the guide asks for', () => {
    const { after, steps } = plan(board('BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet console=ttyS0'), 'bare-metal', [0, 1]);
    expect(after.startsWith('root=/dev/sda1 ro quiet console=ttyS0 ')).toBe(true);
    const words = after.split(' ');
    expect(words).toEqual(expect.arrayContaining(['isolcpus=2-3', 'nohz_full=2-3', 'rcu_nocbs=2-3', 'irqaffinity=0-1', 'intel_pstate=disable', 'processor.max_cstate=1']));
    expect(words).not.toContain('BOOT_IMAGE=/vmlinuz');
    expect(words).not.toContain('idle=poll');
    expect(steps.filter(({ action }) => action === 'add').every(({ reason }) => reason.length > 10)).toBe(true);
  });

  test('mends what is misspelt and replaces what differs', () => {
    const { after, steps } = plan(board('ro intel_pstate=disabled isolcpus=3 rcu_nocbs_poll hugepagesz=1G'), 'bare-metal', [0, 1]);
    expect(after.split(' ')).toEqual(expect.arrayContaining(['intel_pstate=disable', 'isolcpus=2-3', 'rcu_nocb_poll']));
    expect(after).not.toMatch(/disabled|rcu_nocbs_poll/);
    expect(steps.find(({ parameter }) => parameter === 'isolcpus')).toMatchObject({ action: 'replace', from: 'isolcpus=3', to: 'isolcpus=2-3' });
  });

  test('leaves a good line alone: flags and more are the person’s choice', () => {
    const line = 'ro isolcpus=managed_irq,domain,2-3';
    const { steps } = plan(board(line, ['sys/devices/system/cpu/isolated:2-3']), 'bare-metal');
    expect(steps.find(({ parameter }) => parameter === 'isolcpus')).toMatchObject({ action: 'keep', to: 'isolcpus=managed_irq,domain,2-3' });
  });

  test('keeps what is meant for init, after a lone --, at the end', () => {
    const { after } = plan(board('ro quiet -- --unit=rescue.target'), 'bare-metal', [0, 1]);
    expect(after).toMatch(/isolcpus=2-3.* -- --unit=rescue\.target$/);
  });

  test('planned again from its own outcome, it changes nothing', () => {
    const first = plan(board('root=/dev/sda1 ro quiet'), 'kvm-host', [0, 1]);
    const second = plan(board(first.after), 'kvm-host', [0, 1]);
    expect(second.after).toBe(first.after);
    expect(second.steps.every(({ action }) => action === 'keep')).toBe(true);
  });
});

describe('whatever the board', () => {
  const captures = readdirSync('test/fixtures/captures').filter((name) => name.endsWith('.capture'));
  test.each(captures.flatMap((name) => guideIds.map((guide) => [name, guide] as const)))('the plan passes our own lint: %s, %s', (name, guide) => {
    const made = plan(readFileSync(join('test/fixtures/captures', name), 'utf8'), guide);
    expect(kernelPlanSchema.parse(made)).toEqual(made);
    expect(made.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('any line gives a plan without errors of its own making', () => {
    const words = fc.constantFrom('ro', 'quiet', 'isolcpus=2-3', 'isolcpus=2-9', 'isolcpus=0-3', 'nohz_full=1', 'nohzfull=2', 'intel_pstate=off', 'irqaffinity=2', 'mce=disable', 'idle=polling', 'hugepages=2', 'hugepagesz=1G', 'noht', 'kthread_cpus=0', 'a.b=c', 'isolcpus=nohz,3');
    fc.assert(fc.property(fc.array(words, { maxLength: 10 }), fc.constantFrom(...guideIds), fc.constantFrom<number[] | null>([0], [0, 1], null), (line, guide, housekeeping) => {
      const made = plan(board(line.join(' ')), guide, housekeeping);
      const ours = new Set(made.steps.filter(({ action }) => action === 'add').map(({ parameter }) => parameter));
      expect(made.findings.filter(({ severity, parameter }) => severity === 'error' && ours.has(parameter))).toEqual([]);
    }), { numRuns: 400 });
  });
});
