import type { Snapshot } from '../../model/snapshot.ts';
import type { BoardView } from '../setting.ts';

type Interrupt = Snapshot['interrupts']['list'][number];

/** Who decides where an interrupt goes. */
export type Keeping = 'movable' | 'managed' | 'passed-through';

/** What the keeper on the board noted of an interrupt; `times`: how often it had to put it back. */
export interface KeeperNote { readonly times: number; readonly was: string; readonly evidence: string }

export type DeviceInterrupt = Interrupt & { readonly keeping: Keeping; readonly note: KeeperNote | null };

const known = new WeakMap<BoardView, readonly DeviceInterrupt[]>();
const notesPath = '/run/rtvm-bench/irq-affinity';

/** Interrupts of devices by who decides where they go. Managed ones are told by the keeper, else by the names that drivers with managed queues give them. */
export function deviceInterrupts(board: BoardView): readonly DeviceInterrupt[] {
  const before = known.get(board);
  if (before) return before;
  const { snapshot, capture } = board;
  const fixed = new Set<string>();
  const notes = new Map<string, KeeperNote>();
  for (const line of capture.lines(notesPath) ?? []) {
    const [kind, irq = '', times = '', was = ''] = line.split(' ');
    if (kind === 'fixed') fixed.add(irq);
    if (kind === 'set') notes.set(irq, { times: Number(times) || 1, was, evidence: `${notesPath}: ${line}` });
  }
  const found = snapshot.interrupts.list.filter(({ irq }) => /^\d+$/.test(irq)).map((interrupt): DeviceInterrupt => ({
    ...interrupt,
    keeping: interrupt.name.includes('vfio-') ? 'passed-through' : fixed.has(interrupt.irq) || fixedNames.test(interrupt.name) || interrupt.irq === '0' ? 'managed' : 'movable',
    note: notes.get(interrupt.irq) ?? null,
  }));
  known.set(board, found);
  return found;
}

/** NVMe queues but the admin one, virtio block and SCSI request queues, megaraid. Source: Linux PCI_IRQ_AFFINITY users. */
const fixedNames = /^(?:nvme\d+q[1-9]\d*|virtio\d+-req(?:uest)?\.\d+|megasas\d+-msix\d+)(?:\s|$)/;

/** Whether an interrupt's name is one that drivers with managed queues give. */
export const hasManagedName = (name: string): boolean => fixedNames.test(name);

/** The IRQ names of a setting, few enough to be read. */
export const named = (interrupts: ReadonlyArray<Pick<Interrupt, 'irq' | 'name'>>): string =>
  `${interrupts.slice(0, 6).map(({ irq, name }) => `${irq} (${name})`).join(', ')}${interrupts.length > 6 ? ` and ${String(interrupts.length - 6)} more` : ''}`;
