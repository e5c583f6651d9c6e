import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';
import type { Comparison } from './comparison.ts';
import { quantileOf, type FigureValue } from './figures.ts';
import { figureInWords } from './statements.ts';

type Operator = '>' | '>=' | '<' | '<=';

/** A condition under which a comparison fails: a figure of the other side, or how far it lies from the baseline. */
export interface Gate {
  readonly text: string;
  readonly figure: string;
  readonly isScalar: boolean;
  readonly operator: Operator;
  readonly limit: number;
  /** `relative`: percent of the baseline. `difference`: ns above the baseline. `value`: ns of the side itself (a scalar: its own unit). */
  readonly of: 'relative' | 'difference' | 'value';
}

export interface GateOutcome {
  readonly gate: string;
  readonly outcome: 'passed' | 'failed' | 'undecided';
  readonly reasons: readonly string[];
}

const unitNs: Readonly<Record<string, number>> = { ns: 1, us: 1000, 'µs': 1000, ms: 1e6, s: 1e9 };
const help = 'Write a figure, a comparison and a limit: "max > 20%", "p99.9 > +5us" (above the baseline), "max >= 100us" (the value itself), "\'time\' > 10%" (a scalar); several with “or”.';

/** Reads `p99.9 > 20% or max > 100us`. Errors: `bad-usage`. */
export function parseGates(text: string): Result<Gate[]> {
  const gates: Gate[] = [];
  for (const part of text.split(/\s+or\s+|,/)) {
    const gate = gateOf(part.trim());
    if (gate === null) return failed(new CodedError('bad-usage', `“${part.trim().slice(0, 80)}” is no condition.`, { next: help }));
    gates.push(gate);
  }
  return ok(gates);
}

function gateOf(text: string): Gate | null {
  const match = /^(?:(min|avg|max|p\d{1,2}(?:\.\d{1,10})?)|["']([^"']{1,100})["'])\s*(>=|<=|>|<)\s*([+-]?)(\d{1,15}(?:\.\d{1,6})?)\s*(%|ns|us|µs|ms|s)?$/.exec(text);
  if (match === null) return null;
  const [, figure, scalar, operator, sign, digits, unit] = match;
  const name = figure ?? scalar;
  const known = (['>=', '<=', '>', '<'] as const).find((one) => one === operator);
  if (name === undefined || known === undefined || (figure?.startsWith('p') === true && quantileOf(figure) === null)) return null;
  const isScalar = scalar !== undefined;
  if (unit !== '%' && isScalar !== (unit === undefined)) return null;
  const number = Number(digits) * (sign === '-' ? -1 : 1);
  const of = unit === '%' ? 'relative' : sign === '' ? 'value' : 'difference';
  return { text, figure: name, isScalar, operator: known, limit: number * (unit === undefined || unit === '%' ? 1 : unitNs[unit] ?? 1), of };
}

/** Holds a condition against every side after the first. What cannot be decided is said, and is no pass. */
export function checkGate(gate: Gate, comparison: Comparison): GateOutcome {
  const cases = gate.isScalar ? scalarCases(gate, comparison) : figureCases(gate, comparison);
  if (cases.length === 0) return { gate: gate.text, outcome: 'undecided', reasons: [`“${gate.figure}” is not there on every side, or too few samples support it.`] };
  const hit = cases.filter(({ holds }) => holds === true);
  const open = cases.filter(({ holds }) => holds === null);
  if (comparison.obstacle !== null && gate.of !== 'value') return { gate: gate.text, outcome: 'undecided', reasons: [comparison.obstacle] };
  if (hit.length > 0) return { gate: gate.text, outcome: 'failed', reasons: hit.map(({ told }) => told) };
  return open.length > 0 ? { gate: gate.text, outcome: 'undecided', reasons: open.map(({ told }) => told) } : { gate: gate.text, outcome: 'passed', reasons: [] };
}

/** Whether a condition holds on every line: how a comparison earns something, as `checkGate` is how it fails. */
export interface HoldOutcome { readonly condition: string; readonly outcome: 'holds' | 'does not hold' | 'undecided'; readonly reasons: readonly string[] }

const opposite: Readonly<Record<Operator, Operator>> = { '>': '<=', '>=': '<', '<': '>=', '<=': '>' };

/** Holds when its opposite is met nowhere: one CPU that got better does not outweigh another that did not. */
export function checkHolds(gate: Gate, comparison: Comparison): HoldOutcome {
  const { outcome, reasons } = checkGate({ ...gate, operator: opposite[gate.operator] }, comparison);
  return { condition: gate.text, outcome: outcome === 'passed' ? 'holds' : outcome === 'failed' ? 'does not hold' : 'undecided', reasons };
}

interface Case { readonly holds: boolean | null; readonly told: string }

function figureCases(gate: Gate, { rows, sides }: Comparison): Case[] {
  const single = rows.filter(({ isWorst }) => !isWorst);
  const used = single.length > 0 ? [...single, ...rows.filter((row) => row.isWorst && !single.some(({ kind }) => kind === row.kind))] : rows;
  return used.flatMap((row) => sides.slice(1).flatMap((side, at) => {
    const figure = row.figures.find((one) => one.figure === gate.figure);
    const own = figure?.sides[at + 1];
    const difference = figure?.differences[at];
    if (figure === undefined || own === undefined || difference === undefined) return [];
    const where = `${side.name}, ${row.key}: ${gate.figure}`;
    if (gate.of === 'value') {
      const value = gate.figure === 'max' ? largestOf(own.values) : own.median;
      return [{ holds: exceeds(value, gate), told: `${where} is ${figureInWords(value)}` }];
    }
    const number = gate.of === 'relative' ? difference.percent ?? (difference.ns === 0 ? 0 : null) : difference.ns;
    const from = `from ${figureInWords(figure.sides[0]?.median)} to ${figureInWords(own.median)}`;
    return [{ holds: number === null ? null : compared(number, gate), told: `${where} went ${from}${number === null ? ', which cannot be decided' : ''}` }];
  }));
}

function scalarCases(gate: Gate, { scalars, sides }: Comparison): Case[] {
  return scalars.filter(({ name }) => name === gate.figure).flatMap((scalar) => sides.slice(1).flatMap((side, at) => {
    const difference = scalar.differences[at];
    const number = gate.of === 'relative' ? difference?.percent : gate.of === 'difference' ? difference?.value : scalar.sides[at + 1]?.median;
    if (number === undefined) return [];
    return [{ holds: number === null ? null : compared(number, gate), told: `${side.name}: ${scalar.name} went from ${scalar.sides[0]?.median ?? 'unknown'} to ${scalar.sides[at + 1]?.median ?? 'unknown'} ${scalar.unit}` }];
  }));
}

const largestOf = (values: readonly FigureValue[]): FigureValue => values.reduce((most, value) => ((value.ns ?? -1) > (most.ns ?? -1) ? value : most), values[0] ?? { ns: null, atLeastNs: null, atMostNs: null });

/** A hidden value is decided where both its bounds lie on the same side of the limit. */
function exceeds({ ns, atLeastNs, atMostNs }: FigureValue, gate: Gate): boolean | null {
  if (ns !== null) return compared(ns, gate);
  if (atLeastNs === null || atMostNs === null) return null;
  const [low, high] = [compared(atLeastNs, gate), compared(atMostNs, gate)];
  return low === high ? low : null;
}

function compared(value: number, { operator, limit }: Gate): boolean {
  switch (operator) {
    case '>': return value > limit;
    case '>=': return value >= limit;
    case '<': return value < limit;
    case '<=': return value <= limit;
  }
}

