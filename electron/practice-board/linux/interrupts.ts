import type { MachineSpec } from './machine-spec.ts';

export interface Interrupt {
  readonly number: number;
  readonly name: string;
  readonly chip: string;
  readonly perSecond: number;
  affinity: readonly number[];
  effective: number;
  readonly counts: number[];
}

/** Counters of /proc/interrupts. They grow with real time at the rates of the machine's data; affinity moves them. */
export class Interrupts {
  readonly list: Interrupt[] = [];
  defaultAffinity: readonly number[];
  /** Rows below the numbered ones: LOC, RES, CAL … */
  readonly local = new Map<string, { readonly text: string; readonly counts: number[] }>();
  #advancedMs: number;
  readonly #random: () => number;

  constructor(spec: MachineSpec, options: { readonly defaultAffinity: readonly number[]; readonly nowMs: number; readonly random: () => number; readonly tickless: (cpu: number) => boolean }) {
    this.defaultAffinity = options.defaultAffinity;
    this.#advancedMs = options.nowMs;
    this.#random = options.random;
    this.#tickless = options.tickless;
    const zero = (): number[] => spec.cpus.map(() => 0);
    const first = options.defaultAffinity[0] ?? 0;
    const add = (number: number, name: string, chip: string, perSecond: number, cpu?: number): void => {
      const effective = cpu ?? options.defaultAffinity[number % options.defaultAffinity.length] ?? first;
      this.list.push({ number, name, chip, perSecond, affinity: cpu === undefined ? options.defaultAffinity : [cpu], effective, counts: zero() });
    };
    add(0, 'timer', 'IR-IO-APIC    2-edge     ', 0);
    add(8, 'rtc0', 'IR-IO-APIC    8-edge     ', 0);
    add(9, 'acpi', 'IR-IO-APIC    9-fasteoi  ', 0);
    let number = 24;
    for (const device of spec.pci) {
      for (const [index, interrupt] of (device.interrupts ?? []).entries()) {
        add(number, interrupt.name, `IR-PCI-MSIX-0000:${device.address}    ${index}-edge     `, interrupt.perSecond, interrupt.cpu);
        number += 1;
      }
    }
    const rows = {
      NMI: 'Non-maskable interrupts', LOC: 'Local timer interrupts', SPU: 'Spurious interrupts', PMI: 'Performance monitoring interrupts',
      IWI: 'IRQ work interrupts', RTR: 'APIC ICR read retries', RES: 'Rescheduling interrupts', CAL: 'Function call interrupts',
      TLB: 'TLB shootdowns', TRM: 'Thermal event interrupts', THR: 'Threshold APIC interrupts', MCE: 'Machine check exceptions', MCP: 'Machine check polls',
    };
    for (const [key, text] of Object.entries(rows)) this.local.set(key, { text, counts: zero() });
  }

  readonly #tickless: (cpu: number) => boolean;

  /** Brings the counters up to date. */
  advance(nowMs: number): void {
    const seconds = (nowMs - this.#advancedMs) / 1000;
    if (seconds <= 0) return;
    this.#advancedMs = nowMs;
    for (const irq of this.list) this.#grow(irq.counts, irq.effective, irq.perSecond * seconds);
    const rates = { LOC: [105, 1], IWI: [0.3, 0], RES: [12, 0.02], CAL: [4, 0.05], TLB: [0.4, 0] } as const;
    for (const [key, [busy, quiet]] of Object.entries(rates)) {
      const row = this.local.get(key);
      row?.counts.forEach((_count, cpu) => this.#grow(row.counts, cpu, (this.#tickless(cpu) ? quiet : busy) * seconds));
    }
  }

  /** Counts what a measuring thread causes: one timer interrupt per wake-up. */
  countTimer(cpu: number, times: number): void {
    const counts = this.local.get('LOC')?.counts;
    if (counts?.[cpu] !== undefined) counts[cpu] += times;
  }

  #grow(counts: number[], cpu: number, amount: number): void {
    const whole = Math.floor(amount) + (this.#random() < amount % 1 ? 1 : 0);
    counts[cpu] = (counts[cpu] ?? 0) + whole;
  }

  text(online: readonly number[]): string {
    const column = (counts: readonly number[]): string => online.map((cpu) => String(counts[cpu] ?? 0).padStart(10)).join(' ');
    const head = `           ${online.map((cpu) => `CPU${cpu}`.padEnd(10)).join(' ')}\n`;
    const numbered = this.list.map((irq) => `${String(irq.number).padStart(4)}: ${column(irq.counts)}  ${irq.chip} ${irq.name}\n`).join('');
    const local = [...this.local].map(([key, row]) => `${key.padStart(4)}: ${column(row.counts)}   ${row.text}\n`).join('');
    return `${head}${numbered}${local} ERR:          0\n MIS:          0\n`;
  }
}
