import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { attestedStates, checklistEntrySchema } from '../../../shared/model/checklist.ts';
import type { ManagementReading } from '../../../shared/model/redfish.ts';
import { settingReportSchema } from '../../../shared/model/setting.ts';
import { catalogue } from '../../../shared/settings/catalogue.ts';
import { attested, attributeFiles, judge } from './firmware-kit.ts';

const turboOn = { '/sys/devices/system/cpu/intel_pstate/no_turbo': '0' };
const turboOff = { '/sys/devices/system/cpu/intel_pstate/no_turbo': '1' };
const where = (report: ReturnType<typeof judge> extends Map<string, infer R> ? R | undefined : never) => [report?.status, report?.stuckAt];

describe('what a person attests', () => {
  test('counts where Linux shows nothing, with name, day and note as evidence', () => {
    const report = judge({}, [attested('firmware.legacy-usb')]).get('firmware.legacy-usb');
    expect(where(report)).toEqual(['ok', null]);
    expect(report?.evidence).toContain('attested by Ada on 2026-11-20: as asked: seen on its screen');
    expect(report?.states.written).toBe('Disabled');
  });
  test.each([
    ['different', 'change', 'written'], ['cannot-tell', 'unknown', null], ['not-there', 'not-applicable', null],
  ] as const)('%s makes %s', (state, status, stuckAt) => {
    expect(where(judge({}, [attested('firmware.legacy-usb', { state })]).get('firmware.legacy-usb'))).toEqual([status, stuckAt]);
  });
  test('is a contradiction where Linux shows otherwise', () => {
    const report = judge(turboOn, [attested('firmware.turbo')]).get('firmware.turbo');
    expect(where(report)).toEqual(['change', 'effective']);
    expect(report?.firmware?.contradiction).toBe('Ada attested on 2026-11-20 that it is as asked, but Linux shows: turbo is on.');
    expect(report?.message).toMatch(/^Contradiction: /);
  });
  test('is a contradiction also the other way round', () => {
    const report = judge(turboOff, [attested('firmware.turbo', { state: 'different', value: 'Enabled' })]).get('firmware.turbo');
    expect(where(report)).toEqual(['change', 'written']);
    expect(report?.firmware?.contradiction).toContain('different (Enabled)');
  });
  test('no longer counts when the firmware became another', () => {
    const report = judge({}, [attested('firmware.legacy-usb', { firmware: { version: '1.13.0', date: '01/02/2024' } })]).get('firmware.legacy-usb');
    expect(where(report)).toEqual(['manual', null]);
    expect(report?.firmware?.attested?.stale).toBe('Attested on 2026-11-20 for firmware 1.13.0; now it is 1.14.0. Look again.');
    expect(report?.states.written).toBeNull();
  });
  test('a stale word contradicts nothing', () => {
    expect(judge(turboOn, [attested('firmware.turbo', { firmware: { version: '1.13.0', date: null } })]).get('firmware.turbo')?.firmware?.contradiction).toBeNull();
  });
});

describe('what the firmware itself says', () => {
  const dell = (value: string | null, pending = '0') => attributeFiles('dell-wmi-sysman', { TurboMode: [value, 'Disabled;Enabled;'] }, { 'attributes/pending_reboot': pending });
  test('settles what Linux does not show', () => {
    expect(where(judge(dell('Disabled')).get('firmware.turbo'))).toEqual(['ok', null]);
    expect(where(judge(dell('Enabled')).get('firmware.turbo'))).toEqual(['change', 'written']);
  });
  test('written and not started yet waits for a restart', () => {
    expect(where(judge({ ...dell('Disabled', '1'), ...turboOn }).get('firmware.turbo'))).toEqual(['change', 'booted']);
    expect(where(judge(dell('Disabled', '1')).get('firmware.turbo'))).toEqual(['change', 'booted']);
  });
  test('written, started and not in effect is a contradiction', () => {
    const report = judge({ ...dell('Disabled'), ...turboOn }).get('firmware.turbo');
    expect(where(report)).toEqual(['change', 'effective']);
    expect(report?.firmware?.contradiction).toContain('TurboMode is Disabled');
  });
  test('a value that needs root is said to', () => {
    const report = judge(dell(null)).get('firmware.turbo');
    expect(report?.status).toBe('manual');
    expect(report?.evidence.join()).toContain('not readable without root');
  });
  test('names of another vendor are left alone', () => {
    expect(judge(attributeFiles('thinklmi', { LogicProc: ['Enabled', 'Disabled;Enabled'] })).get('firmware.hyper-threading')?.firmware?.attribute).toBeNull();
  });
});

describe('what the management controller says', () => {
  const started = { '/proc/sys/kernel/random/boot_id': '11111111-2222-3333-4444-555555555555' };
  const said = (value: string, next = value, bootId: string | null = '11111111-2222-3333-4444-555555555555', uuid: string | null = null): ManagementReading => ({
    schema: 1, at: '20261120T141000Z', bootId, systems: [{
      system: '/redfish/v1/Systems/1', manufacturer: null, model: null, uuid, biosVersion: null, writable: true,
      attributes: [{ name: 'ProcTurboMode', value, next, displayName: null, possible: [], readOnly: false }],
    }],
  });
  test('settles what Linux does not show, while the board has not been started since', () => {
    expect(where(judge(started, [], said('Disabled')).get('firmware.turbo'))).toEqual(['ok', null]);
    expect(where(judge(started, [], said('Enabled')).get('firmware.turbo'))).toEqual(['change', 'written']);
    expect(judge(started, [], said('Enabled')).get('firmware.turbo')?.evidence).toEqual(['management controller, /redfish/v1/Systems/1, ProcTurboMode: Enabled']);
    expect(judge(started, [], said('Disabled', 'Disabled', 'another start')).get('firmware.turbo')?.status).toBe('manual');
  });
  test('written through it and not started yet waits for a restart', () => {
    expect(where(judge({ ...started, ...turboOn }, [], said('Enabled', 'Disabled')).get('firmware.turbo'))).toEqual(['change', 'booted']);
  });
  test('of another machine counts nothing', () => {
    const mine = { ...started, '/sys/class/dmi/id/product_uuid': '4c4c4544-0042-5810-8034-b7c04f4b5233' };
    expect(judge(mine, [], said('Disabled', 'Disabled', undefined, '38947555-7742-3448-3784-823347823834')).get('firmware.turbo')?.status).toBe('manual');
  });
});

describe('the catalogue of firmware items', () => {
  const all = judge({});
  test('every item says where it is, what it does and how it shows', () => {
    const items = [...all.values()].filter(({ firmware }) => firmware);
    expect(items.length).toBeGreaterThanOrEqual(20);
    for (const { firmware } of items) expect([firmware?.menu, firmware?.does, firmware?.shows].every((text) => text !== undefined && text.length > 8)).toBe(true);
  });
  test('what trades safety says so', () => {
    const trading = [...all.values()].filter(({ firmware }) => firmware?.tradesSafety);
    expect(trading.map(({ id }) => id)).toEqual(expect.arrayContaining(['firmware.smi-wholesale', 'firmware.thermal-throttling', 'firmware.pch-cross-throttling', 'firmware.memory-scrub', 'firmware.tco-smi']));
    for (const { firmware } of trading) expect(firmware?.caution).not.toBe('');
  });
  test('any word of a person gives a report of the form', () => {
    const ids = catalogue.filter(({ layer }) => layer === 'firmware').map(({ id }) => id);
    fc.assert(fc.property(fc.constantFrom(...ids), fc.constantFrom(...attestedStates), fc.string({ maxLength: 40 }), fc.constantFrom('0', '1'), (settingId, state, value, noTurbo) => {
      const entry = checklistEntrySchema.parse(attested(settingId, { state, value }));
      const report = judge({ '/sys/devices/system/cpu/intel_pstate/no_turbo': noTurbo }, [entry]).get(settingId);
      expect(settingReportSchema.parse(report)).toEqual(report);
      if (report?.status === 'ok') expect(report.stuckAt).toBeNull();
      if (report?.status === 'change') expect(report.fix).not.toBeNull();
    }), { numRuns: 200 });
  });
});

describe('the SMI counter', () => {
  test.each([
    [{ '/dev/cpu/0/msr': '' }, 'The counter can be read'],
    [{}, 'The MSR driver is not loaded'],
    [{ '/boot/config-6.1.0-50-rt-amd64': '# CONFIG_X86_MSR is not set' }, 'has no MSR driver'],
    [{ '/proc/cpuinfo': 'vendor_id\t: AuthenticAMD' }, 'a register of Intel processors'],
  ])('%j', (files, message) => {
    expect(judge(files).get('firmware.smi-count')?.message).toContain(message);
  });
});
