import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditDomain, tuneDomain } from '../../shared/planning/vm/tune-domain.ts';
import { readVmMap } from '../../shared/planning/vm/map/read-vm-map.ts';
import { domainFixtures, eciMap, fixture, mapFor, tuned, valueOf } from '../unit/vm/vm-kit.ts';
import { assembledDomains, foreignXml, untouchedElements, vmMapFiles } from '../unit/vm/vm-arbitraries.ts';

const run = promisify(execFile);
// virt-xml-validate is a script around xmllint.
const programs = ['virsh', 'virt-xml-validate', 'xmllint'];
const isThere = (program: string) => (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
const missing = programs.filter((program) => !isThere(program));
const reason = missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} not installed; Debian has them in libvirt-clients and libxml2-utils)`;

/** libvirt 9.0's schema does not know the iTCO watchdog of the guide's newer libvirt. */
const withoutWatchdog = (xml: string) => xml.replace(/\s*<watchdog model='itco'[\s\S]*?<\/watchdog>/, '');

/** In any order, without the numbers that libvirt makes up at each definition, and the port it adds for a channel to the screen, which stays when that goes. */
const lasting = (xml: string) => xml.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^<(?:uuid|genid|mac |target dev='testnet|controller type='virtio-serial')/.test(line)).sort();

/** What a running VM was recorded with has numbers of its run, which libvirt does not take again. */
const definedFixtures = domainFixtures.filter((name) => name !== 'eci/running.xml');

const partsOf = (xml: string, element: string) => [...xml.matchAll(new RegExp(`<${element}(?:\\s[^>]*)?(?:/>|>[\\s\\S]*?</${element}>)`, 'g'))].map(([part]) => part);

describe.skipIf(missing.length > 0)(`tuned domains before libvirt itself${reason}`, () => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'rtvm-domain-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  const save = (xml: string): string => {
    const file = join(folder, 'domain.xml');
    writeFileSync(file, xml);
    return file;
  };
  const validate = async (xml: string) => { await run('virt-xml-validate', [save(xml), 'domain']); };
  /** What libvirt's test driver makes of a domain, read back: what it did not take is not there. */
  const defineAndDump = async (xml: string): Promise<string> => {
    const name = /<name>([^<]+)<\/name>/.exec(xml)?.[1] ?? '';
    const { stdout } = await run('virsh', ['-c', 'test:///default', `define --validate ${save(xml)}; dumpxml --inactive '${name}'`]);
    return stdout.slice(stdout.indexOf('<domain'));
  };
  /** libvirt lost nothing of the tuning: the same map finds nothing to change in what it gives back. */
  const expectTuned = async (xml: string, map = eciMap()) => {
    await validate(xml);
    const dumped = await defineAndDump(xml);
    const again = valueOf(tuneDomain(dumped, map));
    expect(again.changes).toEqual([]);
    // A limit on all memory that was found in the domain is a person's to raise.
    expect(valueOf(auditDomain(dumped, map)).findings.filter(({ severity, rule }) => severity === 'error' && rule !== 'memory-limit')).toEqual([]);
  };

  it.each(domainFixtures)('%s, tuned, is valid, defined, and read back with every element', async (name) => {
    await expectTuned(withoutWatchdog(tuned(fixture(name), mapFor(name)).xml), mapFor(name));
  });

  it('schema and definition hold for any map that is accepted', async () => {
    let accepted = 0;
    await fc.assert(fc.asyncProperty(vmMapFiles, fc.constantFrom(...domainFixtures), async (file, name) => {
      const map = readVmMap(JSON.stringify(file));
      if (!map.ok) return;
      const result = tuneDomain(fixture(name), map.value);
      if (!result.ok) return;
      accepted += 1;
      await expectTuned(withoutWatchdog(result.value.xml), map.value);
    }), { numRuns: 100 });
    expect(accepted).toBeGreaterThan(50);
  });

  it.each(definedFixtures)('%s: libvirt’s own form of it, tuned, is what libvirt makes of it tuned', async (name) => {
    const map = mapFor(name);
    const original = withoutWatchdog(fixture(name));
    expect(lasting(await defineAndDump(tuned(await defineAndDump(original), map).xml))).toEqual(lasting(await defineAndDump(tuned(original, map).xml)));
  });

  it('whatever a person or another program keeps in the metadata is there as before', async () => {
    await fc.assert(fc.asyncProperty(foreignXml, fc.constantFrom(...definedFixtures), async (foreign, name) => {
      const original = withoutWatchdog(fixture(name)).replace(/<metadata>[\s\S]*<\/metadata>/, '').replace(/<\/name>/, `</name><metadata>${foreign}</metadata>`);
      const metadata = async (xml: string) => /<metadata>[\s\S]*<\/metadata>/.exec(await defineAndDump(xml))?.[0];
      const { xml } = tuned(original, mapFor(name));
      expect(xml).toContain(`<metadata>${foreign}</metadata>`);
      expect(await metadata(xml)).toBe(await metadata(original));
    }), { numRuns: 40 });
  });

  it('any domain put together of parts that libvirt takes is tuned, taken and read back, with what tuning does not name as it was', async () => {
    await fc.assert(fc.asyncProperty(assembledDomains, async (original) => {
      const map = mapFor('hand-written/');
      const before = await defineAndDump(original);
      const { xml } = tuned(original, map);
      await expectTuned(xml, map);
      const after = await defineAndDump(xml);
      // What serves a screen goes with it.
      for (const element of untouchedElements) expect(partsOf(after, element), element).toEqual(expect.arrayContaining(partsOf(before, element).filter((part) => !part.includes('spicevmc'))));
    }), { numRuns: 60 });
  });

  it('a pin of a vCPU that is not there vanishes in libvirt without an error, as the audit says', async () => {
    const xml = tuned(fixture('qemu/case_plain.xml')).xml.replace('<emulatorpin', '<vcpupin vcpu=\'9\' cpuset=\'3\'/><emulatorpin');
    expect(await defineAndDump(xml)).not.toContain('vcpu=\'9\'');
    expect(valueOf(auditDomain(xml)).findings).toContainEqual(expect.objectContaining({ rule: 'vcpu-missing', severity: 'error' }));
  });

  it.each([
    ['overlapping cache groups', '<cachetune vcpus=\'0\'><cache id=\'0\' level=\'3\' type=\'both\' size=\'3\' unit=\'MiB\'/></cachetune><cachetune vcpus=\'0-1\'><cache id=\'1\' level=\'3\' type=\'both\' size=\'3\' unit=\'MiB\'/></cachetune>', 'shares-overlap'],
    ['a vCPU pinned twice', '<vcpupin vcpu=\'0\' cpuset=\'1\'/><vcpupin vcpu=\'0\' cpuset=\'2\'/>', 'vcpu-pins'],
    ['a priority of a vCPU that is not there', '<vcpusched vcpus=\'5\' scheduler=\'fifo\' priority=\'1\'/>', 'vcpu-missing'],
    ['a pinned I/O thread that is not there', '<iothreadpin iothread=\'3\' cpuset=\'1\'/>', 'iothread-pins'],
  ])('what libvirt refuses is an error of the audit: %s', async (_what, parts, rule) => {
    const xml = fixture('qemu/case_cachetune.xml').replace(/<cputune>.*<\/cputune>/, `<cputune>${parts}</cputune>`);
    await expect(defineAndDump(xml)).rejects.toThrow();
    expect(valueOf(auditDomain(xml)).findings).toContainEqual(expect.objectContaining({ rule, severity: 'error' }));
    // Tuning leaves nothing of it.
    await expectTuned(tuned(xml).xml);
  });
});
