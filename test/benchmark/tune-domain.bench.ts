import { readFileSync } from 'node:fs';
import { parseXml } from '@rgrove/parse-xml';
import { inProject } from '../../build/lib/project-root.mjs';
import { readVmMap } from '../../shared/planning/vm/map/read-vm-map.ts';
import { auditDomain, tuneDomain } from '../../shared/planning/vm/tune-domain.ts';
import { cheapestOfMany, type Benchmark } from './benchmark.ts';

const vcpus = 64;

function mapOf(count: number) {
  const map = readVmMap(JSON.stringify({ vcpus: Array.from({ length: count }, (_, vcpu) => vcpu + count), emulator: '0-3', cache: { size: '8MiB' }, memory: { hugepages: '1GiB', nodes: [0] } }));
  if (!map.ok) throw map.error;
  return map.value;
}

/** The floor is what nobody can do without: an XML parser going over the same text. Tuning reads, edits, explains and reads again. */
export const benchmark: Benchmark = {
  name: `tune and audit a domain of ${String(vcpus)} vCPUs`,
  run: () => {
    const installed = readFileSync(inProject('test', 'fixtures', 'libvirt', 'eci', 'as-installed.xml'), 'utf8');
    const [map, larger] = [mapOf(vcpus), mapOf(4 * vcpus)];
    const tuned = tuneDomain(installed, map);
    if (!tuned.ok) throw tuned.error;
    const { xml } = tuned.value;
    const tuneMs = cheapestOfMany(5, 40, () => tuneDomain(installed, map));
    const auditMs = cheapestOfMany(5, 40, () => auditDomain(xml, map));
    const parseMs = cheapestOfMany(5, 40, () => parseXml(xml));
    const largerMs = cheapestOfMany(5, 10, () => tuneDomain(installed, larger));
    return Promise.resolve({
      figures: [{ name: 'tune', value: tuneMs, unit: 'ms CPU' }, { name: 'audit of the tuned one', value: auditMs, unit: 'ms CPU' }, { name: 'parsing the tuned one, and no more', value: parseMs, unit: 'ms CPU' }],
      ratios: [
        { name: 'tune ÷ 50 ms', value: tuneMs / 50, limit: 1 }, { name: 'audit ÷ 50 ms', value: auditMs / 50, limit: 1 },
        { name: 'tune ÷ parsing', value: tuneMs / parseMs, limit: 40 }, { name: 'audit ÷ parsing', value: auditMs / parseMs, limit: 40 },
        { name: 'tune of 4 times the vCPUs ÷ tune', value: largerMs / tuneMs, limit: 6 },
      ],
    });
  },
};
