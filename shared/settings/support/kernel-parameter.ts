import { splitCommandLine, type Parameter } from '../../planning/kernel-command-line/command-line.ts';
import type { GuideId, Layer } from '../../model/setting.ts';
import { lines, notApplicable, verdictOf, type BoardView, type Finding, type Setting } from '../setting.ts';

/** What the live system says about a parameter: its value as text, whether that is what was asked for, and the line. */
export interface Effect {
  readonly value: string | null;
  /** null: the live system does not tell. */
  readonly matches: boolean | null;
  readonly evidence: string | null;
}

export interface KernelParameterSpec {
  readonly id: string;
  /** Name as the kernel writes it. */
  readonly parameter: string;
  readonly layer?: Layer;
  readonly title: string;
  readonly why: string;
  readonly source: string;
  readonly guides: readonly GuideId[];
  /** What the parameter should be on this board: a value, null for a bare word; or a reason why it is not asked for. */
  readonly requested: (board: BoardView) => { value: string | null } | { notAskedFor: string };
  /** Other values that do as well. */
  readonly alsoGood?: (value: string | null, board: BoardView) => boolean;
  readonly effect?: (board: BoardView) => Effect;
  /** Why this kernel or machine cannot do it; null when it can. */
  readonly blocked?: (board: BoardView) => { message: string; fix: string; evidence: string | null } | null;
  /** What it costs, where it costs something. */
  readonly price?: string;
}

/** A setting that is one parameter of the kernel command line, followed from what is asked for to what is in effect. */
export function kernelParameter(spec: KernelParameterSpec): Setting {
  return {
    id: spec.id, layer: spec.layer ?? 'host kernel', title: spec.title, why: spec.why, source: spec.source, guides: spec.guides,
    assess: (board) => assess(spec, board),
  };
}

function assess(spec: KernelParameterSpec, board: BoardView): Finding {
  const asked = spec.requested(board);
  if ('notAskedFor' in asked) return notApplicable(asked.notAskedFor);
  const { kernel } = board.snapshot;
  const requested = textOf({ name: spec.parameter, value: asked.value });
  const good = (found: Parameter | undefined) => found !== undefined && (found.value === asked.value || (spec.alsoGood?.(found.value, board) ?? false));
  const written = board.pending === null ? null : counting(board.pending, spec.parameter);
  const booted = board.running === null ? null : counting(board.running, spec.parameter);
  const effect = spec.effect?.(board) ?? { value: null, matches: null, evidence: null };
  const states = {
    requested,
    written: written === null ? null : written ? textOf(written) : 'absent',
    booted: booted === null ? null : booted ? textOf(booted) : 'absent',
    effective: effect.value,
  };
  const verdicts = {
    written: verdictOf(written === null ? null : good(written ?? undefined)),
    booted: verdictOf(booted === null ? null : good(booted ?? undefined)),
    effective: spec.effect === undefined ? 'none' as const : verdictOf(effect.matches),
  };
  const found = { states, verdicts };
  const evidence = lines(
    written && kernel.pending.evidence ? kernel.pending.evidence : null,
    booted ? `/proc/cmdline: … ${booted.text} …` : kernel.commandLine === null ? null : `/proc/cmdline: no ${spec.parameter}`,
    effect.evidence,
  );
  const blocked = spec.blocked?.(board) ?? null;
  if (blocked) return { status: 'blocked', stuckAt: good(booted ?? undefined) ? 'effective' : null, ...found, evidence: lines(...evidence, blocked.evidence), message: blocked.message, fix: blocked.fix };

  const add = `Write ${requested} into the kernel command line and start the board again.${spec.price ? ` ${spec.price}` : ''}`;
  if (written === null && booted === null) return { status: 'unknown', stuckAt: null, ...found, evidence, message: 'The command line was not read.', fix: null };
  if (good(booted ?? undefined)) {
    if (effect.matches === false) {
      return { status: 'change', stuckAt: 'effective', ...found, evidence, message: `The board was started with ${textOf(booted ?? { name: spec.parameter, value: null })}, but it is not in effect: ${effect.value ?? 'nothing shows it'}.${misspelt(spec, board)}`, fix: 'See the evidence: a missing kernel feature, a CPU that is not there, or an earlier parameter that counts instead.' };
    }
    if (written !== null && !good(written ?? undefined)) {
      return { status: 'change', stuckAt: 'written', ...found, evidence, message: `In effect now, but the next start will do without: it is ${written ? textOf(written) : 'not'} in what the boot loader will use.`, fix: add };
    }
    return { status: 'ok', stuckAt: null, ...found, evidence, message: effect.matches ? `In effect: ${effect.value ?? requested}.` : `The board was started with ${textOf(booted ?? { name: spec.parameter, value: asked.value })}.`, fix: null };
  }
  if (written !== null && good(written ?? undefined)) {
    return { status: 'change', stuckAt: 'booted', ...found, evidence, message: 'Written for the next start, not in effect yet.', fix: 'Start the board again.' };
  }
  if (effect.matches === true) {
    return { status: 'ok', stuckAt: null, ...found, evidence, message: `In effect by other means: ${effect.value ?? requested}.`, fix: null };
  }
  return {
    status: 'change', stuckAt: 'written', ...found, evidence,
    message: `${booted ? `The board was started with ${textOf(booted)}` : `${spec.parameter} is not on the command line`}.${misspelt(spec, board)}${configured(spec, board)}`, fix: add,
  };
}

/** The occurrence that counts: the first of isolcpus and nohz_full, the last of everything else. */
function counting(line: readonly Parameter[], name: string): Parameter | undefined {
  const wanted = name.replaceAll('-', '_');
  const isIt = (parameter: Parameter) => parameter.name === wanted;
  return name === 'isolcpus' || name === 'nohz_full' ? line.find(isIt) : line.findLast(isIt);
}

const textOf = ({ name, value }: Pick<Parameter, 'name' | 'value'>) => (value === null ? name : `${name}=${value}`);

/** A misspelt relative of the parameter explains more than its absence. */
function misspelt(spec: KernelParameterSpec, { snapshot, problemsOf }: BoardView): string {
  const found = problemsOf(snapshot.kernel.commandLine ?? '').find(({ severity, suggestion, parameter }) => severity === 'error' && (parameter === spec.parameter
    || (suggestion ?? '').split(' ').some((word) => word === spec.parameter || word.startsWith(`${spec.parameter}=`))));
  return found ? ` ${found.message}` : '';
}

/** Written somewhere, yet not what the boot loader will use: that is where people look first. */
function configured(spec: KernelParameterSpec, board: BoardView): string {
  const source = sourcesOf(board).find(({ names }) => names.has(spec.parameter));
  return source ? ` It stands in ${source.file}, which the boot loader’s file does not reflect: it was not generated again, or another file overrides it.` : '';
}

interface Source { readonly file: string; readonly names: ReadonlySet<string> }

// Every parameter that is missing asks for the same few lines.
const known = new WeakMap<BoardView, readonly Source[]>();

function sourcesOf(board: BoardView): readonly Source[] {
  const sources = known.get(board) ?? board.snapshot.kernel.pending.sources.map(({ file, value }) => ({ file, names: new Set(splitCommandLine(value).map(({ name }) => name)) }));
  known.set(board, sources);
  return sources;
}
