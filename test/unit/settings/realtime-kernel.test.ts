import { describe, expect, test } from 'vitest';
import { installedRealtimeKernels, isRealtimeRelease } from '../../../shared/planning/packages/installed-realtime.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import type { CaptureParts } from '../snapshot/capture-text.ts';
import { grubConfig, packageBoard } from '../planning/packages/package-boards.ts';

const rt = '6.1.0-50-rt-amd64';
const realtimeMenu = grubConfig.replaceAll('-50-amd64', '-50-rt-amd64');
const running = (realtime: boolean): Record<string, string> => (realtime ? { '/proc/sys/kernel/osrelease': rt, '/proc/sys/kernel/version': '#1 SMP PREEMPT_RT Debian' } : {});
const report = (files: Record<string, string>, parts: CaptureParts = {}) => {
  const { capture, snapshot } = packageBoard('debian', files, parts);
  return checkGuide({ capture, snapshot, guide: 'bare-metal', housekeeping: null }).settings.find(({ id }) => id === 'kernel.realtime');
};

describe('the real-time kernel: where it is stuck', () => {
  test('not installed', () => {
    expect(report({})).toMatchObject({ status: 'change', stuckAt: 'written', states: { written: '6.1.0-50-amd64', booted: '6.1.0-50-amd64' } });
  });

  test('installed, and not the default: as after an installation of ours', () => {
    const found = report({}, { exists: [`/boot/vmlinuz-${rt}`, '/boot/vmlinuz-6.1.0-50-amd64'] });
    expect(found).toMatchObject({ status: 'change', stuckAt: 'written' });
    expect(found?.message).toContain(`${rt} is installed`);
  });

  test('the default, and not started yet', () => {
    expect(report({ '/boot/grub/grub.cfg': realtimeMenu })).toMatchObject({ status: 'change', stuckAt: 'booted', states: { written: rt, booted: '6.1.0-50-amd64' }, verdicts: { written: 'good', booted: 'bad' } });
  });

  test('running once, and not the default', () => {
    expect(report(running(true))).toMatchObject({ status: 'change', stuckAt: 'written', verdicts: { written: 'bad', effective: 'good' } });
  });

  test('running and the default', () => {
    expect(report({ ...running(true), '/boot/grub/grub.cfg': realtimeMenu })).toMatchObject({ status: 'ok', stuckAt: null });
  });
});

test.each([
  ['6.1.0-50-rt-amd64', true], ['5.14.0-427.13.1.el9_4.x86_64+rt', true], ['4.18.0-553.rt7.342.el8_10.x86_64', true], ['6.8.1-1015-realtime', true],
  ['6.6.23-rt28-intel-ese-standard-lts-rt', true], ['6.12.9-rt-lts', true], ['6.1.0-50-amd64', false], ['5.14.0-427.el9.x86_64', false], ['6.8.0-1005-virtual', false], ['6.5.0-art', false],
])('%s: %s', (release, realtime) => { expect(isRealtimeRelease(release)).toBe(realtime); });

test('of several installed, the newest comes last', () => {
  const { capture } = packageBoard('debian', {}, { exists: ['/boot/vmlinuz-6.1.0-9-rt-amd64', '/boot/vmlinuz-6.1.0-50-rt-amd64', '/boot/vmlinuz-6.1.0-50-amd64', '/boot/vmlinuz.old'] });
  expect(installedRealtimeKernels(capture)).toEqual(['6.1.0-9-rt-amd64', '6.1.0-50-rt-amd64']);
});
