import { CodedError } from '../contract/errors.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { TopologyCpu } from '../model/cpu-map.ts';
import { highestCpuNumber } from './cpu-list.ts';

const columns = ['CPU', 'CORE', 'SOCKET', 'NODE'] as const;

/**
 * Reads `lscpu -p=CPU,CORE,SOCKET,NODE`. Comment lines begin with `#`; the last of them names the columns when others
 * were asked for. Rows of offline CPUs (`1,,,,`) are left out. A machine without NUMA leaves NODE empty: node 0.
 * Errors: `output-unreadable`, naming the line.
 */
export function parseLscpuTopology(text: string): Result<TopologyCpu[]> {
  let order: readonly string[] = columns;
  const cpus = new Map<number, TopologyCpu>();
  const lines = text.split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      const names = line.slice(1).trim().toUpperCase().split(',');
      if (columns.every((column) => names.includes(column))) order = names;
      continue;
    }
    const cells = line.split(',').map((cell) => cell.trim());
    const cell = (name: string) => cells[order.indexOf(name)] ?? '';
    if (cell('CPU') !== '' && cell('CORE') === '' && cell('SOCKET') === '') continue;
    const [cpu, core, socket] = [wholeNumber(cell('CPU')), wholeNumber(cell('CORE')), wholeNumber(cell('SOCKET'))];
    const node = cell('NODE') === '' || cell('NODE') === '-' ? 0 : wholeNumber(cell('NODE'));
    if (cpu === null || core === null || socket === null || node === null) return unreadable(`line ${index + 1} is no row of numbers: “${line.slice(0, 60)}”`);
    if (cpu > highestCpuNumber) return unreadable(`line ${index + 1} names CPU ${cpu}, above ${highestCpuNumber}`);
    if (cpus.has(cpu)) return unreadable(`line ${index + 1} names CPU ${cpu} a second time`);
    cpus.set(cpu, { cpu, core, socket, node, kind: null });
  }
  if (cpus.size === 0) return unreadable('it names no online CPU');
  return ok([...cpus.values()].sort((a, b) => a.cpu - b.cpu));
}

const wholeNumber = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : null);

const unreadable = (why: string) => failed(new CodedError('output-unreadable', `This is not the output of lscpu -p=CPU,CORE,SOCKET,NODE: ${why}.`, {
  next: 'Run on the board: lscpu -p=CPU,CORE,SOCKET,NODE > topology.txt',
}));
