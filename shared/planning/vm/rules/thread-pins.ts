import { attributeOf } from '../xml/attributes.ts';
import { elementOf, elementsOf, textOf } from '../xml/xml-tree.ts';
import { formatCpuset, sameNumbers } from '../cpuset.ts';
import { eci, libvirtFormat, type Reason } from '../domain-change.ts';
import type { DomainEditor } from '../domain-editor.ts';
import { emulatorCpusOf, ioThreadIdsOf, pinsOf, type Pin } from '../domain-facts.ts';
import type { TuningRule } from './tuning-rule.ts';

const vcpuReason: Reason = { rule: 'vcpu-pins', severity: 'error', source: `${eci}, step 6`, why: 'Each vCPU has one isolated host CPU to itself: nothing else runs there, and its caches stay its own.' };
const missingReason: Reason = { rule: 'vcpu-pins', severity: 'error', source: libvirtFormat, why: 'There is no such vCPU: libvirt drops this line without a word.' };
const twiceReason: Reason = { ...missingReason, why: 'The vCPU is pinned above: libvirt refuses a second place (“duplicate vcpupin”).' };
const emulatorReason: Reason = { rule: 'emulator-pin', severity: 'warning', source: `${eci}, step 7`, why: 'The emulator’s own threads (devices, monitor) work beside the vCPUs’ CPUs, never on them.' };
const ioThreadReason: Reason = { rule: 'iothread-pins', severity: 'warning', source: `${libvirtFormat}, “CPU Tuning”`, why: 'I/O threads work for disks: on a vCPU’s CPU they would stop it, or be starved by it.' };
const staleReason: Reason = { ...ioThreadReason, why: 'The I/O thread is not there, or is pinned above: libvirt refuses this line.' };

export const vcpuPins: TuningRule = (editor, map) => {
  if (map === null) return;
  const tune = editor.section('cputune');
  const wanted = new Map(map.vcpus.map(({ vcpu, cpu }) => [vcpu, cpu]));
  const pins = new Map<number, Pin>();
  for (const pin of pinsOf(editor.domain, 'vcpupin', 'vcpu')) {
    if (!wanted.has(pin.number)) editor.remove(missingReason, pin.element);
    else if (pins.has(pin.number)) editor.remove(twiceReason, pin.element);
    else pins.set(pin.number, pin);
  }
  for (const [vcpu, cpu] of wanted) {
    const pin = pins.get(vcpu);
    if (sameNumbers(pin?.cpus ?? null, [cpu])) continue;
    const attributes = { vcpu: String(vcpu), cpuset: String(cpu) };
    if (pin === undefined) editor.add(vcpuReason, tune, 'vcpupin', attributes);
    else editor.ensure(vcpuReason, tune, 'vcpupin', attributes, pin.element);
  }
  const { emulator } = map;
  if (emulator !== null && !sameNumbers(emulatorCpusOf(editor.domain), emulator)) {
    editor.ensure(emulatorReason, tune, 'emulatorpin', { cpuset: formatCpuset(emulator) });
  }
};

export const ioThreads: TuningRule = (editor, map) => {
  if (map === null) return;
  addMissing(editor, map.iothreads.map(({ iothread }) => iothread));
  const wanted = new Map(map.iothreads.map(({ iothread, cpus }) => [iothread, cpus]));
  const busy = new Set(map.vcpus.map(({ cpu }) => cpu));
  const ids = new Set(ioThreadIdsOf(editor.domain));
  const pins = new Map<number, Pin>();
  for (const pin of pinsOf(editor.domain, 'iothreadpin', 'iothread')) {
    if (!ids.has(pin.number) || pins.has(pin.number)) editor.remove(staleReason, pin.element);
    else pins.set(pin.number, pin);
  }
  for (const id of ids) {
    const pin = pins.get(id);
    const beside = pin?.cpus?.every((cpu) => !busy.has(cpu)) === true;
    const cpus = wanted.get(id) ?? map.ioThreadCpus ?? (beside ? null : map.emulator);
    if (cpus === null || sameNumbers(pin?.cpus ?? null, cpus)) continue;
    const attributes = { iothread: String(id), cpuset: formatCpuset(cpus) };
    if (pin === undefined) editor.add(ioThreadReason, editor.section('cputune'), 'iothreadpin', attributes);
    else editor.ensure(ioThreadReason, editor.section('cputune'), 'iothreadpin', attributes, pin.element);
  }
};

/** I/O threads that the map places and the domain does not have yet. */
function addMissing(editor: DomainEditor, wanted: readonly number[]): void {
  const reason: Reason = { ...ioThreadReason, why: 'The map places an I/O thread that the domain does not have yet.' };
  const missing = wanted.filter((id) => !ioThreadIdsOf(editor.domain).includes(id));
  if (missing.length === 0) return;
  const ids = elementOf(editor.domain, 'iothreadids');
  const count = elementOf(editor.domain, 'iothreads');
  const named = elementsOf(ids, 'iothread').map((thread) => attributeOf(thread, 'id'));
  const all = [...new Set([...ioThreadIdsOf(editor.domain), ...missing])];
  const inRow = ids === undefined && all.length === Math.max(...all);
  if (count === undefined) editor.add(reason, editor.domain, 'iothreads', {}, String(all.length));
  else if (textOf(count) !== String(all.length)) editor.text(reason, count, String(all.length));
  if (inRow) return;
  for (const id of all.filter((one) => !named.includes(String(one)))) editor.add(reason, editor.section('iothreadids'), 'iothread', { id: String(id) });
}
