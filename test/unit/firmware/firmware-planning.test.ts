import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { actionSchema } from '../../../shared/model/plan.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotOf } from '../../../shared/parsers/snapshot/snapshot.ts';
import { proposeMsrModule, smiCounting } from '../../../shared/planning/firmware/msr-module.ts';
import { platformSupport } from '../../../shared/planning/firmware/platforms.ts';
import { proposeAttributes } from '../../../shared/planning/firmware/propose-attributes.ts';
import { firmwareSheet, sheetHtml, sheetText, sheetWarning } from '../../../shared/planning/firmware/sheet.ts';
import { stepZero } from '../../../shared/planning/firmware/step-zero.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { attributeFiles, judge, readBoard } from './firmware-kit.ts';

describe('changes through the firmware-attributes class', () => {
  const propose = (files: Record<string, string>, wanted: readonly string[] | null = null) => proposeAttributes({ capture: readBoard(files).capture, settings: [...judge(files).values()], wanted });
  const onOff = 'Disabled;Enabled;';

  test.each([
    ['dell-wmi-sysman', 'LogicProc', onOff, 'Disabled'], ['thinklmi', 'HyperThreadingTechnology', 'Disable;Enable', 'Disable'],
    ['thinklmi', 'HyperThreadingTechnology', 'Disabled;Enabled', 'Disabled'], ['thinklmi', 'HyperThreadingTechnology', 'Disable,Enable', 'Disable'], ['hp-bioscfg', 'Hyperthreading', 'Disable;Enable;', 'Disable'],
  ])('%s: %s of %s is set to %s, in the firmware’s own spelling', (driver, name, possible, spelling) => {
    const files = attributeFiles(driver, { [name]: [possible.split(/[;,]/)[1] ?? null, possible] });
    const { steps, refused, restart } = propose(files, ['firmware.hyper-threading']);
    expect([steps.map(({ action }) => action), refused, restart]).toEqual([[{ kind: 'firmware-attribute', driver, attribute: name, value: spelling }], [], 'needed']);
  });
  test('a name with a slash goes as sysfs has it', () => {
    const name = 'Virtualization Technology for Directed I!O (VTd)';
    expect(propose(attributeFiles('hp-bioscfg', { [name]: ['Disable', 'Disable;Enable;'] }), ['firmware.vt-d']).steps.map(({ action }) => action)).toEqual([{ kind: 'firmware-attribute', driver: 'hp-bioscfg', attribute: name, value: 'Enable' }]);
  });
  test('what is as asked is left alone; what is not offered is refused with the way out', () => {
    const files = attributeFiles('dell-wmi-sysman', { TurboMode: ['Disabled', onOff] });
    expect(propose(files, ['firmware.turbo']).steps).toEqual([]);
    expect(propose(files, ['firmware.legacy-usb']).refused).toMatchObject([{ setting: 'firmware.legacy-usb', next: 'Carry the sheet to the firmware’s set-up.' }]);
  });
  test('an administrator’s password, unread values and foreign spellings stop it', () => {
    const locked = attributeFiles('dell-wmi-sysman', { TurboMode: ['Enabled', onOff] }, { 'authentication/Admin/is_enabled': '1' });
    expect(propose(locked, ['firmware.turbo'])).toMatchObject({ steps: [], refused: [{ why: expect.stringContaining('password') }] });
    expect(propose(attributeFiles('dell-wmi-sysman', { TurboMode: ['Enabled', 'On;Off'] }), ['firmware.turbo'])).toMatchObject({ steps: [], refused: [{ why: expect.stringContaining('On, Off') }] });
    const power = attributeFiles('dell-wmi-sysman', { TurboMode: ['Enabled', onOff] }, { 'authentication/System/is_enabled': '1' });
    expect(propose(power, ['firmware.turbo']).steps).toHaveLength(1);
  });
  test('every step is an action that the plan’s form takes, whatever the firmware offers', () => {
    const name = fc.constantFrom('TurboMode', 'LogicProc', 'CStateSupport', 'Virtualization Technology for Directed I!O (VTd)', 'x;y');
    fc.assert(fc.property(fc.constantFrom('dell-wmi-sysman', 'thinklmi', 'hp-bioscfg', 'other'), name, fc.string({ maxLength: 20 }), fc.string({ maxLength: 40 }), (driver, attribute, value, possible) => {
      const text = (one: string) => one.replaceAll(/[\n\r]/g, ' ');
      const { steps } = propose(attributeFiles(driver, { [attribute]: [text(value), `${text(possible)};Disabled;C1`] }));
      for (const { action } of steps) expect(actionSchema.parse(action)).toEqual(action);
    }), { numRuns: 100 });
  });
});

describe('the MSR module', () => {
  test('is proposed only where SMIs could then be counted', () => {
    expect(proposeMsrModule(readBoard()).steps.map(({ action }) => action)).toEqual([{ kind: 'module', module: 'msr', loaded: true }]);
    for (const files of [{ '/dev/cpu/0/msr': '' }, { '/proc/cpuinfo': 'vendor_id\t: AuthenticAMD' }]) {
      const { steps, refused } = proposeMsrModule(readBoard(files));
      expect([steps.length, refused.length]).toEqual([0, 1]);
    }
  });
  test('a VM’s counter is invented', () => {
    const capture = parseCapture(readFileSync('test/fixtures/captures/cloud-vm-root.capture', 'utf8'));
    if (!capture.ok) throw capture.error;
    expect(smiCounting({ capture: capture.value, snapshot: snapshotOf(capture.value) })).toBe('vm');
  });
});

describe('Intel’s table of platforms and distributions', () => {
  const support = (cpu: Record<string, string>, os: string) => {
    const info = ['vendor_id\t: GenuineIntel', ...Object.entries(cpu).map(([name, value]) => `${name}\t: ${value}`)].join('\n');
    const { snapshot, capture } = readBoard({ '/proc/cpuinfo': info, '/etc/os-release': os });
    const { verdict, platform, distribution } = platformSupport(snapshot, capture);
    return [verdict, platform?.match(/\((\w+(?:-D)?)\)/)?.[1] ?? null, distribution];
  };
  const debian = 'ID=debian\nVERSION_ID="12"';
  test.each([
    [{ 'cpu family': '6', model: '186', 'model name': '13th Gen Intel(R) Core(TM) i7-1370PE' }, debian, ['listed', 'RPL', 'Debian 12 (Bookworm)']],
    [{ 'cpu family': '6', model: '150', 'model name': 'Intel Atom(R) x6427FE Processor @ 1.90GHz' }, 'ID="rhel"\nVERSION_ID="9.4"', ['distribution-not-listed', 'EHL', null]],
    [{ 'cpu family': '6', model: '190', 'model name': 'Intel Atom(R) x7433RE' }, 'ID=ubuntu\nVERSION_ID="24.04"', ['listed', 'ASL', 'Ubuntu 24.04 (Noble Numbat)']],
    [{ 'cpu family': '6', model: '190', 'model name': 'Intel(R) N100' }, 'ID=ubuntu\nVERSION_ID="24.04"', ['platform-not-listed', null, 'Ubuntu 24.04 (Noble Numbat)']],
    [{ 'cpu family': '6', model: '170', 'model name': 'Intel(R) Core(TM) Ultra 7 165H' }, 'ID=fedora\nVERSION_ID=40', ['distribution-not-listed', 'MTL', null]],
    [{ 'cpu family': '6', model: '207', 'model name': 'INTEL(R) XEON(R) GOLD 6548Y+' }, 'ID=fedora\nVERSION_ID=40', ['neither-listed', null, null]],
    [{ 'model name': '11th Gen Intel(R) Core(TM) i7-1185GRE @ 2.80GHz' }, 'ID=debian\nVERSION_ID="11"', ['listed', 'TGL', 'Debian 11 (Bullseye)']],
  ])('%j with %j', (cpu, os, expected) => {
    expect(support(cpu, os)).toEqual(expected);
  });
});

describe('step 0 and the sheet', () => {
  test('the key is the manufacturer’s, or both of Intel’s guide', () => {
    const keys = (vendor: string | null) => stepZero({ vendor, board: null, firmware: { vendor: null, version: null, date: null, kind: 'uefi' } }).keys;
    expect([keys('Dell Inc.'), keys('HPE'), keys('HP'), keys('Supermicro'), keys(null)]).toEqual(['F2', 'F9', 'F10 (or Escape, then F10)', 'Delete', 'Delete or F2']);
  });
  test('only what needs a person is on the sheet; no word of a board is markup', () => {
    const read = readBoard({ '/sys/devices/system/cpu/intel_pstate/no_turbo': '1', '/sys/class/dmi/id/product_name': '<img src=x onerror=alert(1)>' });
    const sheet = firmwareSheet(read.snapshot, checkGuide({ ...read, guide: 'firmware', housekeeping: null }), 'Press 4');
    const ids = sheet.items.map(({ id }) => id);
    expect(ids).toContain('firmware.legacy-usb');
    expect(ids).not.toContain('firmware.turbo');
    expect(ids).not.toContain('firmware.smi-count');
    expect(ids).not.toContain('firmware.smi-wholesale');
    expect(sheetText(sheet)).toContain(sheetWarning);
    expect(sheetText(sheet)).toContain('[ ] Legacy USB Support: Disabled');
    expect(sheetHtml(sheet)).not.toContain('<img');
    expect(sheetHtml(sheet)).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});
