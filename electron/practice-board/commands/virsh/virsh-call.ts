import type { Hypervisor } from '../../libvirt/hypervisor.ts';
import type { ProgramContext } from '../program.ts';

export const toText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
export const toBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** What a command of virsh was given, and where its answer goes. */
export interface VirshCall {
  readonly context: ProgramContext;
  readonly hypervisor: Hypervisor;
  /** Connected with -r: nothing may be changed. */
  readonly readOnly: boolean;
  /** qemu:///session of a user: it has no VMs. */
  readonly session: boolean;
  readonly uri: string;
  readonly operands: readonly string[];
  has(option: string): boolean;
  value(option: string): string | undefined;
  print(text: string): Promise<void>;
  /** What -q leaves out: that it is done, headings of tables. */
  say(text: string): Promise<void>;
  table(header: readonly string[], rows: readonly (readonly string[])[]): Promise<void>;
}

/** An answer that is none: `error: ` lines in order. */
export class VirshFailure extends Error {
  override readonly name = 'VirshFailure';
  constructor(readonly lines: readonly string[]) {
    super(lines.join(' '));
  }
}

export interface VirshCommand {
  /** Names of what stands without an option; those in brackets may be missing. */
  readonly operands: readonly string[];
  /** Options: `name` or `name:` with a value. */
  readonly options: readonly string[];
  /** What virsh prints before libvirt's own error. */
  readonly trouble?: (operands: readonly string[]) => string;
  /** libvirt's function that a read-only connection may not call. */
  readonly changes?: string;
  run(call: VirshCall): Promise<void>;
}

/** A table as virsh prints it: columns as wide as their widest cell, three spaces between; no heading for -q. */
export function virshTable(header: readonly string[], rows: readonly (readonly string[])[], quiet: boolean): string {
  const widths = header.map((name, column) => Math.max(quiet ? 0 : name.length, ...rows.map((row) => [...row[column] ?? ''].length)));
  const line = (cells: readonly string[]): string => ` ${cells.map((cell, column) => (column === cells.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))).join('   ')}\n`;
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width, 0) + 3 * header.length);
  return `${quiet ? '' : `${line(header)}${rule}\n`}${rows.map(line).join('')}`;
}

/** The domain that a command names. */
export function domainOf(call: VirshCall): string {
  const word = call.operands[0] ?? '';
  const found = call.session ? undefined : call.hypervisor.find(word);
  if (found === undefined) throw new VirshFailure([`failed to get domain '${word}'`]);
  return found;
}

/** Text of a file that a command names. */
export async function fileOf(call: VirshCall): Promise<string> {
  const path = call.operands[0] ?? '';
  try {
    return toText(await call.context.readFile(toBytes(path)));
  } catch {
    throw new VirshFailure([`Failed to open file '${path}': No such file or directory`]);
  }
}
