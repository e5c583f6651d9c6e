import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { guideIds, settingReportSchema, type GuideId, type SettingReport } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { catalogue } from '../../../shared/settings/catalogue.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';

const captures = readdirSync('test/fixtures/captures').filter((name) => name.endsWith('.capture'));

function check(text: string, guide: GuideId): Map<string, SettingReport> {
  const capture = parseCapture(text);
  if (!capture.ok) throw capture.error;
  const { settings } = checkGuide({ capture: capture.value, snapshot: snapshotOf(capture.value), guide, housekeeping: null });
  return new Map(settings.map((setting) => [setting.id, setting]));
}

/** A capture of a four-CPU Debian with an RT kernel, with these files beside or instead of the usual ones. */
function board(files: Record<string, string>): string {
  const usual: Record<string, string> = {
    '/proc/sys/kernel/ostype': 'Linux', '/proc/sys/kernel/osrelease': '6.1.0-50-rt-amd64', '/proc/version': 'Linux version 6.1.0-50-rt-amd64 #1 SMP PREEMPT_RT Debian',
    '/proc/sys/kernel/version': '#1 SMP PREEMPT_RT Debian 6.1.192-1', '/sys/kernel/realtime': '1',
    '/sys/devices/system/cpu/online': '0-3', '/sys/devices/system/cpu/present': '0-3', '/proc/cmdline': 'root=/dev/vda1 ro quiet', '/sys/devices/system/cpu/isolated': '',
    '/boot/config-6.1.0-50-rt-amd64': 'CONFIG_NO_HZ_FULL=y\nCONFIG_CPU_ISOLATION=y\nCONFIG_RCU_NOCB_CPU=y',
    '/proc/irq/default_smp_affinity': 'f',
  };
  const all = Object.entries({ ...usual, ...files }).flatMap(([path, content]) => content.split('\n').map((line) => `${path.slice(1)}:${line}`));
  return ['RTVM-BENCH-CAPTURE 1', '@@ files', ...all, '@@ end', ''].join('\n');
}

describe('the catalogue', () => {
  test('has every setting once, with a reason and a source', () => {
    expect(catalogue.length).toBeGreaterThan(70);
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    for (const { id, why, source, title, guides } of catalogue) {
      expect(id).toMatch(/^[a-z]+\.[a-z0-9-]+$/);
      expect([why.length > 15, source.length > 5, title.length > 2, guides.length > 0]).toEqual([true, true, true, true]);
    }
  });

  test('holds the whole BIOS table of Intel’s guide', () => {
    const items = catalogue.filter(({ layer, source }) => layer === 'firmware' && source.includes('Intel ECI guide'));
    expect(items.map(({ title }) => title)).toEqual(expect.arrayContaining([
      'Hyper-Threading', 'Intel (VMX) Virtualization', 'Intel(R) SpeedStep', 'Turbo Mode', 'C States', 'RC6 (Render Standby)', 'Maximum GT freq', 'SA GV', 'VT-d', 'PCI Express Clock Gating',
      'Gfx Low Power Mode', 'ACPI S3 Support', 'Native ASPM', 'Legacy IO Low Latency', 'PCH Cross Throttling', 'Delay Enable DMI ASPM', 'DMI Link ASPM', 'Aggressive LPM Support', 'USB Periodic SMI',
    ]));
  });
});

describe('every guide on every real capture', () => {
  test.each(captures.flatMap((name) => guideIds.map((guide) => [name, guide] as const)))('%s, %s', (name, guide) => {
    for (const report of check(readFileSync(join('test/fixtures/captures', name), 'utf8'), guide).values()) {
      expect(settingReportSchema.parse(report)).toEqual(report);
      if (report.status === 'change' || report.status === 'blocked') expect(report.fix).not.toBeNull();
      if (report.status === 'ok') expect([report.stuckAt, report.verdicts.effective === 'bad']).toEqual([null, false]);
      // Where it got stuck is a state that is not as it should be.
      if (report.status === 'change' && report.stuckAt !== null) expect([report.id, ['bad', 'unknown'].includes(report.verdicts[report.stuckAt])]).toEqual([report.id, true]);
    }
  });

  test('also on captures with lines missing', () => {
    const lines = readFileSync(join('test/fixtures/captures', captures[0] ?? ''), 'utf8').split('\n');
    fc.assert(fc.property(fc.array(fc.nat(lines.length - 1), { maxLength: 400 }), fc.constantFrom(...guideIds), (without, guide) => {
      const gone = new Set(without);
      const text = lines.filter((_, index) => index === 0 || !gone.has(index)).join('\n');
      expect(check(text, guide).size).toBeGreaterThanOrEqual(1);
    }), { numRuns: 100 });
  });
});

describe('where a setting got stuck', () => {
  const states = (text: string, id: string, guide: GuideId = 'bare-metal') => {
    const report = check(text, guide).get(id);
    return [report?.status, report?.stuckAt, report?.states.effective];
  };

  test('effective: asked for, started with, and in effect', () => {
    expect(states(board({ '/proc/cmdline': 'ro isolcpus=2-3', '/sys/devices/system/cpu/isolated': '2-3' }), 'kernel.isolcpus')).toEqual(['ok', null, '2-3']);
  });
  test('booted, not effective: a list that names absent CPUs', () => {
    expect(states(board({ '/proc/cmdline': 'ro isolcpus=2-9' }), 'kernel.isolcpus')[0]).toBe('change');
  });
  test('booted, blocked: nohz_full without kernel support', () => {
    const text = board({ '/proc/cmdline': 'ro isolcpus=2-3 nohz_full=2-3', '/sys/devices/system/cpu/isolated': '2-3', '/sys/devices/system/cpu/nohz_full': '(null)', '/boot/config-6.1.0-50-rt-amd64': 'CONFIG_CPU_ISOLATION=y' });
    expect(states(text, 'kernel.nohz-full')).toEqual(['blocked', 'effective', 'every CPU ticks']);
  });
  test('a misspelt parameter is named where the right one is missing', () => {
    const report = check(board({ '/proc/cmdline': 'ro intel_pstate=disabled', '/proc/cpuinfo': 'vendor_id\t: GenuineIntel' }), 'bare-metal').get('kernel.intel-pstate');
    expect(report).toMatchObject({ status: 'change', stuckAt: 'written' });
    expect(report?.message).toContain('“disabled” is no value of intel_pstate');
  });
  test('a sysctl in effect that nothing sets at the next start', () => {
    expect(states(board({ '/proc/sys/kernel/timer_migration': '0' }), 'runtime.timer-migration')).toEqual(['change', 'written', '0']);
  });
  test('a sysctl file overridden by a later one', () => {
    const report = check(board({
      '/proc/sys/kernel/timer_migration': '1', '/etc/sysctl.d/10-rt.conf': 'kernel.timer_migration = 0', '/etc/sysctl.d/99-site.conf': '# site\nkernel.timer_migration=1',
    }), 'bare-metal').get('runtime.timer-migration');
    expect(report).toMatchObject({ status: 'change', stuckAt: 'written', states: { written: '1', effective: '1' } });
    expect(report?.evidence).toContain('/etc/sysctl.d/99-site.conf: kernel.timer_migration=1');
  });
  test('a sysctl that is written and was set back', () => {
    expect(states(board({ '/proc/sys/kernel/timer_migration': '1', '/etc/sysctl.d/10-rt.conf': 'kernel.timer_migration = 0' }), 'runtime.timer-migration')).toEqual(['change', 'effective', '1']);
  });
});
