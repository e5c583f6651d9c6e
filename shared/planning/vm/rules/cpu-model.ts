import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, type XmlElement } from '../xml/xml-tree.ts';
import { eci, type Reason } from '../domain-change.ts';
import { withAttribute, type DomainEditor } from '../domain-editor.ts';
import { vcpuCountOf } from '../domain-facts.ts';
import type { TuningRule } from './tuning-rule.ts';

const source = `${eci}, step 10`;
const modelReason: Reason = { rule: 'cpu-model', severity: 'warning', source, why: 'The guest sees the host’s CPU as it is, with its constant TSC, and pays for no emulated feature; such a VM does not migrate.' };
const topologyReason: Reason = { rule: 'cpu-topology', severity: 'warning', source, why: 'The guest sees as many cores as it has vCPUs, on one socket and one thread a core, as they are placed: its scheduler shares no core that is none.' };
const fittingReason: Reason = { ...topologyReason, severity: 'error', why: 'Sockets, cores and threads must multiply to the number of vCPUs, or QEMU does not start the VM.' };
const deadlineReason: Reason = { rule: 'tsc-deadline', severity: 'warning', source, why: 'The guest sets its timer by one write of a CPU register (TSC deadline) instead of through an emulated device.' };

/** Makes the CPU the host's own. Features that the domain asks for stay; a model contradicts. Of a CPU that is kept, only a topology that no longer holds its vCPUs is changed: QEMU refuses it. */
export const cpuModel: TuningRule = (editor, map) => {
  const count = map?.vcpus.length ?? vcpuCountOf(editor.domain);
  if (map?.options.cpuModel === 'keep') {
    const kept = elementOf(editor.domain, 'cpu');
    const topology = elementOf(kept, 'topology');
    if (kept !== undefined && topology !== undefined && count !== null && holds(topology) !== count) setTopology(editor, fittingReason, kept, map.topology ?? { sockets: 1, cores: count, threads: 1 });
    return;
  }
  const cpu = editor.ensure(modelReason, editor.domain, 'cpu', { mode: 'host-passthrough', match: null, check: 'none', migratable: 'off' });
  for (const contradiction of [...elementsOf(cpu, 'model'), ...elementsOf(cpu, 'vendor')]) editor.remove(modelReason, contradiction);
  const wanted = map?.topology ?? (count === null ? null : { sockets: 1, cores: count, threads: 1 });
  if (wanted !== null && !isTopology(elementOf(cpu, 'topology'), wanted)) setTopology(editor, topologyReason, cpu, wanted);
  const [feature, ...again] = withAttribute(cpu, 'feature', 'name', 'tsc-deadline');
  if (feature === undefined) editor.add(deadlineReason, cpu, 'feature', { policy: 'require', name: 'tsc-deadline' });
  else if (attributeOf(feature, 'policy') !== 'require' && attributeOf(feature, 'policy') !== 'force') editor.ensure(deadlineReason, cpu, 'feature', { policy: 'require' }, feature);
  for (const element of again) editor.remove(deadlineReason, element);
};

/** Levels that only newer libvirt knows: set to one where the domain has them, never added. */
const newerLevels = ['clusters', 'modules'] as const;
const ones = (topology: XmlElement | undefined) => Object.fromEntries(newerLevels.filter((level) => attributeOf(topology, level) !== undefined).map((level) => [level, '1']));

const holds = (topology: XmlElement): number => ['sockets', 'dies', 'cores', 'threads', ...newerLevels].reduce((product, level) => product * Number(attributeOf(topology, level) ?? 1), 1);

function setTopology(editor: DomainEditor, reason: Reason, cpu: XmlElement, { sockets, cores, threads }: { sockets: number; cores: number; threads: number }): void {
  editor.ensure(reason, cpu, 'topology', { sockets: String(sockets), dies: '1', ...ones(elementOf(cpu, 'topology')), cores: String(cores), threads: String(threads) });
}

function isTopology(topology: XmlElement | undefined, wanted: { sockets: number; cores: number; threads: number }): boolean {
  const level = (name: string) => Number(attributeOf(topology, name) ?? 1);
  return topology !== undefined && level('sockets') === wanted.sockets && level('cores') === wanted.cores && level('threads') === wanted.threads
    && ['dies', ...newerLevels].every((name) => level(name) === 1);
}
