import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readVmMap } from '../../../shared/planning/vm/map/read-vm-map.ts';
import { tuneDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { domainFixtures, domainWith, fixture, mapOf, tuned, twoVcpus } from './vm-kit.ts';
import { vmMapFiles } from './vm-arbitraries.ts';

/** Things a domain may hold that tuning knows nothing of. */
const strangers = [
  '<!-- do not touch: line 4 needs this -->',
  '<vendor:thing xmlns:vendor="urn:x" b="2"  a=\'1\'><vendor:inner>a &amp; b &#x41; <![CDATA[<raw>]]></vendor:inner></vendor:thing>',
  '<qemu:commandline xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"><qemu:arg value="-cpu"/></qemu:commandline>',
  '<future new="yes"/>',
  '<?keep this?>',
];

/** Puts one stranger behind each chosen opening or closing tag, where an element may stand. */
function withStrangers(xml: string, places: readonly number[]): string {
  const safe = /<domain[^>]*>|<\/(?:memory|vcpu|os|features|clock|devices|cputune|emulator|disk|interface)>/g;
  let tag = 0;
  return xml.replace(safe, (whole) => {
    const chosen = places.indexOf(tag++);
    return whole === '</domain>' || chosen < 0 ? whole : `${whole}${strangers[chosen % strangers.length] ?? ''}`;
  });
}

describe('what tuning does not name stays', () => {
  it('unknown elements, comments, processing instructions and their order survive in any domain, for any map', () => {
    fc.assert(fc.property(fc.constantFrom(...domainFixtures), vmMapFiles, fc.uniqueArray(fc.nat(30), { maxLength: 8 }), (name, file, places) => {
      const xml = withStrangers(fixture(name), places);
      const map = readVmMap(JSON.stringify(file));
      const result = map.ok ? tuneDomain(xml, map.value) : null;
      if (result?.ok !== true) return;
      const standing = (text: string) => strangers.flatMap((stranger) => [...text.matchAll(new RegExp(stranger.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g'))].map(({ index }) => ({ index, stranger })))
        .sort((a, b) => a.index - b.index).map(({ stranger }) => stranger);
      expect(standing(result.value.xml)).toEqual(standing(xml));
    }), { numRuns: 150 });
  });

  it('tuning what was tuned changes nothing, for any domain and map', () => {
    fc.assert(fc.property(fc.constantFrom(...domainFixtures), vmMapFiles, (name, file) => {
      const map = readVmMap(JSON.stringify(file));
      const once = map.ok ? tuneDomain(fixture(name), map.value) : null;
      if (!map.ok || once?.ok !== true) return;
      const twice = tuneDomain(once.value.xml, map.value);
      expect(twice).toMatchObject({ ok: true, value: { changes: [], xml: once.value.xml, findings: once.value.findings } });
    }), { numRuns: 150 });
  });

  it('every line that no change speaks of is still there, in order', () => {
    const before = fixture('eci/as-installed.xml');
    const { xml, changes } = tuned(before);
    const spoken = changes.flatMap(({ from }) => from ?? []).join('\n');
    const squeezed = (line: string) => line.trim().replace(/^<\/.*>$/, '');
    const kept = before.split('\n').filter((line) => squeezed(line) !== '' && !spoken.includes(squeezed(line)));
    const after = xml.split('\n');
    let at = -1;
    for (const line of kept) {
      at = after.indexOf(line, at + 1);
      expect(at, line).toBeGreaterThanOrEqual(0);
    }
    expect(kept.length).toBeGreaterThan(60);
  });

  it('a tuned hand-written domain keeps its quotes, tabs and spaces', () => {
    const map = mapOf({ ...twoVcpus, options: { usb: 'keep' } });
    const odd = tuned(domainWith('<cpu  mode = "host-passthrough"\n\tcheck="none" migratable=\'off\'  ><topology sockets="1" cores="2"\tthreads="1"/><feature name="tsc-deadline" policy="require"/></cpu>'), map);
    expect(odd.xml).toContain('<cpu  mode = "host-passthrough"\n\tcheck="none" migratable=\'off\'  ><topology sockets="1" cores="2"\tthreads="1"/>');
    expect(odd.changes.filter(({ rule }) => rule.startsWith('cpu'))).toEqual([]);
  });

  it('an attribute is changed where it stands', () => {
    const { xml } = tuned(domainWith('<cpu check=\'partial\' mode="host-model" data-x="a&quot;b"><model fallback=\'allow\'/><feature policy=\'disable\' name=\'rtm\'/></cpu>'), mapOf(twoVcpus));
    expect(xml).toContain('<cpu check=\'none\' mode="host-passthrough" data-x="a&quot;b" migratable=\'off\'>');
    expect(xml).toContain('<feature policy=\'disable\' name=\'rtm\'/>');
    expect(xml).not.toContain('fallback');
  });

  it('lines that end as on Windows go on so', () => {
    const { xml } = tuned(fixture('eci/as-installed.xml').replaceAll('\n', '\r\n'));
    expect(xml.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(xml).toContain('\r\n    <vcpupin vcpu=\'7\' cpuset=\'18\'/>\r\n');
  });

  it('a domain on one line stays on one line; what has lines is indented as it is', () => {
    expect(tuned(fixture('qemu/case_plain.xml')).xml).not.toContain('\n');
    const wide = fixture('eci/as-installed.xml').replace(/^ +/gm, (space) => '\t'.repeat(space.length / 2));
    expect(tuned(wide).xml).toContain('\n\t<cputune>\n\t\t<vcpupin vcpu=\'0\' cpuset=\'4\'/>\n');
    expect(tuned(wide).xml).toContain('\n\t\t<cachetune vcpus=\'1-7\'>\n\t\t\t<cache id=\'0\' level=\'3\' type=\'both\' size=\'8\' unit=\'MiB\'/>\n\t\t</cachetune>\n');
  });

  it('text around the domain stays: byte order mark, declaration, comments', () => {
    const xml = `\uFEFF<?xml version='1.0' encoding='UTF-8'?>\n<!-- ours -->\n${domainWith()}<!-- end -->\n`;
    const after = tuned(xml, mapOf(twoVcpus)).xml;
    expect(after.startsWith('\uFEFF<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<!-- ours -->\n<domain type=\'kvm\'>')).toBe(true);
    expect(after.endsWith('</domain>\n<!-- end -->\n')).toBe(true);
  });
});
