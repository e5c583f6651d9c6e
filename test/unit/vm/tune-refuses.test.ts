import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditDomain, tuneDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { domainWith, eciMap, fixture, mapOf, twoVcpus } from './vm-kit.ts';

const refusal = (xml: string, map = mapOf(twoVcpus)) => {
  const result = tuneDomain(xml, map);
  return result.ok ? null : `${result.error.code}: ${result.error.message}`;
};

const bomb = `<?xml version="1.0"?>
<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<domain type='kvm'><name>&b;</name></domain>`;

describe('texts that are no domain', () => {
  it.each([
    ['nothing', '', /not well-formed|not XML/],
    ['prose', 'error: failed to get domain \'rt\'', /not well-formed/],
    ['cut short', domainWith().slice(0, 150), /not well-formed XML: line \d+, column \d+/],
    ['an entity bomb', bomb, /document type/],
    ['a document type without entities', '<!DOCTYPE domain SYSTEM "x">\n<domain type=\'kvm\'><name>a</name></domain>', /document type/],
    ['a comment before a document type', '<!-- x --><!DOCTYPE domain><domain/>', /document type/],
    ['an unknown entity', '<domain type=\'kvm\'><name>&nbsp;</name></domain>', /not well-formed/],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><domain type=\'kvm\'><name>a</name></domain>', /ISO-8859-1/],
    ['UTF-16', [...'<domain type="kvm"/>'].map((sign) => `${sign}\0`).join(''), /UTF-16/],
    ['bytes that are no UTF-8', domainWith().replace('rt', 'r\uFFFD'), /not UTF-8/],
    ['10 MB', domainWith(`<!-- ${'x'.repeat(10_000_000)} -->`), /at most/],
    ['elements 300 deep', domainWith(`${'<a>'.repeat(300)}${'</a>'.repeat(300)}`), /256 deep/],
    ['elements 100 000 deep', domainWith(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`), /256 deep/],
    ['a network', '<network><name>default</name></network>', /<network>, not <domain>/],
    ['libvirt’s record of a running VM', '<domstatus state=\'running\'><domain type=\'kvm\'/></domstatus>', /record of a running VM/],
    ['two domains, as virt-install prints them', fixture('virt-install/print_xml_cloudinit.txt'), /two domains/],
    ['a container', '<domain type=\'lxc\'><name>a</name></domain>', /type lxc/],
    ['no type', '<domain><name>a</name></domain>', /no type/],
    ['no name', '<domain type=\'kvm\'/>', /no name/],
    ['another architecture', domainWith().replace('x86_64', 'aarch64'), /for aarch64/],
    ['no number of vCPUs', domainWith().replace('>2<', '>two<'), /“two” is not a number of vCPUs/],
    ['more elements than any domain has', domainWith('', '<x/>'.repeat(40_000)), /more than 32,768 elements/],
    ['more places than any machine has', domainWith(`<cputune>${'<vcpupin vcpu=\'0\' cpuset=\'0-8191\'/>'.repeat(200)}</cputune>`), /name more than any machine has/],
    ['two sections of a kind', domainWith('<cputune/><cputune/>'), /<cputune> twice/],
  ])('%s', (_what, xml, message) => {
    expect(refusal(xml)).toMatch(message);
    expect(auditDomain(xml)).toMatchObject({ ok: false, error: { code: 'domain-unreadable' } });
  });

  it('any text gives an answer', () => {
    const pieces = fc.array(fc.constantFrom('<domain type=\'kvm\'>', '</domain>', '<name>a</name>', '<vcpu>', '</vcpu>', '2', '<cputune>', '</cputune>', '<vcpupin vcpu=\'0\' cpuset=\'^1\'/>', '<!--', '-->', '<![CDATA[', ']]>', '&lt;', '&#0;', '"', '=', '<devices/>', '<cpu mode=\'', '\uD800'), { maxLength: 14 }).map((parts) => parts.join(''));
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), pieces, fc.tuple(fc.nat(5_000), pieces).map(([at, text]) => { const xml = fixture('eci/as-installed.xml'); return xml.slice(0, at) + text + xml.slice(at + 3); })), (xml) => {
      for (const result of [tuneDomain(xml, mapOf(twoVcpus)), auditDomain(xml), auditDomain(xml, eciMap())]) if (!result.ok) expect(result.error.code).toMatch(/^(?:domain-unreadable|vm-map-impossible)$/);
    }), { numRuns: 300 });
  });
});

describe('maps that cannot be carried out', () => {
  it.each([
    ['a vCPU is left out', { vcpus: [{ vcpu: 0, cpu: 4 }, { vcpu: 2, cpu: 6 }] }, 'vcpus', /not vCPU 1: .*drops/],
    ['a vCPU that is not there', { vcpus: [{ vcpu: 1, cpu: 4 }] }, 'vcpus', /not vCPU 0/],
    ['a vCPU in two places', { vcpus: [{ vcpu: 0, cpu: 4 }, { vcpu: 0, cpu: 6 }] }, 'vcpus', /vCPU 0 is placed twice/],
    ['two vCPUs on one CPU', { vcpus: [4, 4] }, 'vcpus', /vCPUs 0-1 are both on CPU 4/],
    ['the emulator only where vCPUs are', { vcpus: [4, 6], emulator: [4, 6] }, 'emulator', /starve/],
    ['an I/O thread only where vCPUs are', { vcpus: [4, 6], iothreads: [{ iothread: 1, cpus: [6] }] }, 'iothreads', /I\/O thread 1/],
    ['a priority for nobody', { vcpus: [4, 6], scheduler: { priorities: { 5: 10 } } }, 'scheduler.priorities[0]', /vCPU 5/],
    ['two priorities', { vcpus: [4, 6], scheduler: { priorities: [{ vcpus: '0-1', priority: 1 }, { vcpus: 1, priority: 2 }] } }, 'scheduler.priorities', /vCPU 1 has two/],
    ['cache for nobody', { vcpus: [4, 6], cache: { vcpus: '1-7', size: '8MiB' } }, 'cache[0]', /vCPU 2-7/],
    ['cache groups that overlap', { vcpus: [4, 6, 8], cache: [{ vcpus: '0-1', size: '8MiB' }, { vcpus: '1-2', id: 1, size: '8MiB' }] }, 'cache', /0-1 and 1-2 overlap/],
    ['the same cache twice', { vcpus: [4, 6], cache: [{ vcpus: 1, size: '8MiB' }, { vcpus: 1, size: '4MiB' }] }, 'cache', /two shares of the same kind/],
    ['code and data, and code', { vcpus: [4, 6], cache: [{ vcpus: 1, size: '8MiB' }, { vcpus: 1, type: 'code', size: '4MiB' }] }, 'cache', /code and data together/],
    ['bandwidth groups that overlap cache groups', { vcpus: [4, 6], cache: { vcpus: 1, size: '8MiB' }, bandwidth: { vcpus: '0-1', percent: 50 } }, 'bandwidth', /0-1 and 1 overlap/],
    ['two bandwidths', { vcpus: [4, 6], bandwidth: [{ vcpus: 1, percent: 50 }, { vcpus: 1, percent: 60 }] }, 'bandwidth', /two limits/],
    ['a topology that does not fit', { vcpus: [4, 6], topology: { cores: 3 } }, 'topology', /is 3, and the map places 2/],
    ['a device twice', { vcpus: [4, 6], passthrough: ['03:00.0', '0000:03:00.0'] }, 'passthrough', /0000:03:00.0 is handed over twice/],
    ['another VM', { vcpus: [4, 6], name: 'stress' }, 'name', /for stress, and the domain is rt/],
    ['8129 MiB in pages of 1 GiB', { vcpus: [4, 6], memory: { size: '8129MiB', hugepages: '1GiB' } }, 'memory.hugepages', /8129 MiB of memory are not whole pages/],
    ['pages there are not', { vcpus: [4, 6], memory: { hugepages: '3MiB' } }, 'memory.hugepages', /A page of 3145728 bytes/],
  ])('%s', (_what, file, field, message) => {
    const result = tuneDomain(domainWith(), mapOf(file));
    expect(result).toMatchObject({ ok: false, error: { code: 'vm-map-impossible', message: expect.stringMatching(message), extras: { details: { problems: [{ field }] } } } });
    expect(auditDomain(domainWith(), mapOf(file))).toMatchObject({ ok: false, error: { code: 'vm-map-impossible' } });
  });

  it('USB that is in use is not taken out by a map that says so', () => {
    const xml = domainWith('', '<hostdev mode=\'subsystem\' type=\'usb\'><source><vendor id=\'0x1\'/><product id=\'0x2\'/></source></hostdev>');
    expect(refusal(xml, mapOf({ ...twoVcpus, options: { usb: 'remove' } }))).toMatch(/^vm-map-impossible: options.usb/);
    expect(tuneDomain(xml, mapOf(twoVcpus))).toMatchObject({ ok: true, value: { findings: expect.arrayContaining([expect.objectContaining({ rule: 'usb-passed-through' })]) } });
  });

  it('nodes that the guest is shown must go with the map', () => {
    const xml = domainWith('<cpu><numa><cell id=\'0\' cpus=\'0-3\' memory=\'2097152\' unit=\'KiB\'/></numa></cpu>');
    expect(refusal(xml)).toMatch(/vcpus: The guest’s NUMA nodes \(cpu\/numa\) have 4 vCPUs/);
    expect(refusal(xml, mapOf({ vcpus: [4, 5, 6, 7], memory: '4GiB' }))).toMatch(/memory.size: .*2147483648 bytes/);
    expect(refusal(xml, mapOf({ vcpus: [4, 5, 6, 7] }))).toBeNull();
  });

  it('all problems are told, not the first alone', () => {
    const result = tuneDomain(domainWith(), mapOf({ vcpus: [4, 4], emulator: 4, name: 'other' }));
    expect(result).toMatchObject({ ok: false, error: { extras: { details: { problems: [{ field: 'vcpus' }, { field: 'emulator' }, { field: 'name' }] } } } });
  });
});
