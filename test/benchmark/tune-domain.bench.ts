import { readFileSync } from 'node:fs';
import { inProject } from '../../build/lib/project-root.mjs';
import { readVmMap } from '../../shared/planning/vm/map/read-vm-map.ts';
import { auditDomain, tuneDomain } from '../../shared/planning/vm/tune-domain.ts';
import { cheapestOfMany, type Benchmark } from './benchmark.ts';

const vcpus = 64;

export const benchmark: Benchmark = {
  name: `tune and audit a domain of ${String(vcpus)} vCPUs`,
  run: () => {
    const installed = readFileSync(inProject('test', 'fixtures', 'libvirt', 'eci', 'as-installed.xml'), 'utf8');
    const map = readVmMap(JSON.stringify({ vcpus: Array.from({ length: vcpus }, (_, vcpu) => vcpu + vcpus), emulator: '0-3', cache: { size: '8MiB' }, memory: { hugepages: '1GiB', nodes: [0] } }));
    if (!map.ok) throw map.error;
    const tuned = tuneDomain(installed, map.value);
    if (!tuned.ok) throw tuned.error;
    const tuneMs = cheapestOfMany(5, 10, () => tuneDomain(installed, map.value));
    const auditMs = cheapestOfMany(5, 10, () => auditDomain(tuned.value.xml, map.value));
    return Promise.resolve({
      figures: [{ name: 'tune', value: tuneMs, unit: 'ms CPU' }, { name: 'audit of the tuned one', value: auditMs, unit: 'ms CPU' }],
      ratios: [{ name: 'tune ÷ 50 ms', value: tuneMs / 50, limit: 1 }, { name: 'audit ÷ 50 ms', value: auditMs / 50, limit: 1 }],
    });
  },
};
