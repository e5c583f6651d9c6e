import type { GuideId } from '../../model/setting.ts';
import type { Risk } from '../../model/plan.ts';
import type { Capture } from '../../parsers/capture.ts';
import type { BoardView, ChangeOffer, Setting } from '../setting.ts';
import { liveValue, type LiveValueSpec, type Persistent } from './live-value.ts';
import { pathsBelow } from './paths-below.ts';
import { fileStep, generateStep, header, nameOf, valueStep } from './steps.ts';

export interface ModuleParameterSpec extends Pick<LiveValueSpec, 'otherwise' | 'hint'> {
  readonly id: string;
  readonly module: string;
  readonly parameter: string;
  readonly value: string;
  readonly title: string;
  readonly why: string;
  readonly source: string;
  readonly guides: readonly GuideId[];
  readonly matches?: (value: string) => boolean;
  /** The file in /sys takes writes: else the value changes only when the module is loaded. Source: Linux arch/x86/kvm, module_param modes. */
  readonly writable?: true;
  /** What the module starts with, where that is known; else a live value that nothing configures is taken to be it. */
  readonly byDefault?: string;
  readonly notAskedFor?: (board: BoardView) => string | null;
  readonly risk?: Risk;
  readonly caution?: string;
}

/** A parameter of a kernel module: live in /sys/module, made to last in modprobe.d or on the command line. */
export function moduleParameter(spec: ModuleParameterSpec): Setting {
  const path = pathOf(spec);
  return liveValue({
    ...spec, layer: 'hypervisor',
    requested: (board) => {
      const reason = spec.notAskedFor?.(board) ?? null;
      return reason === null ? { value: spec.value } : { notAskedFor: reason };
    },
    matches: spec.matches ?? ((value: string) => value === spec.value),
    live: ({ capture }) => ({ value: capture.value(path), evidence: capture.evidence(path) }),
    persistent: (board) => persistentOption(board, spec),
    absent: `The module ${spec.module} is not loaded here, or this kernel’s has no ${spec.parameter}.`,
    fix: (value) => `options ${spec.module} ${spec.parameter}=${value} in a file of /etc/modprobe.d/, then ${spec.writable ? `write it to ${path}` : 'load the module again or restart'} (update-initramfs -u where it is loaded that early).`,
    change: (requested, board) => moduleChange(spec, requested, board),
  });
}

function moduleChange(spec: ModuleParameterSpec, requested: string, board: BoardView): ChangeOffer {
  const { capture } = board;
  const path = pathOf(spec);
  const good = spec.matches ?? ((value: string) => value === requested);
  const word = onCommandLine(board, spec);
  if (word && !good(word.value ?? '')) return { refused: `${word.text} on the command line counts before any file.`, next: 'Change it with the kernel plan.' };
  if (isBuiltIn(capture, spec)) return { refused: `${spec.module} is built into this kernel: no file of modprobe.d is read for it.`, next: `Add ${spec.module}.${spec.parameter}=${requested} to the command line with the kernel plan.` };
  const file = `/etc/modprobe.d/zz-rtvm-bench-${nameOf(spec.id)}.conf`;
  const later = optionsOf(capture, spec).at(-1);
  if (later && later.path !== file && baseName(later.path) > baseName(file) && !good(later.value)) {
    return { refused: `${later.evidence} is read after any file of ours and sets something else.`, next: `Take ${spec.parameter} out of ${later.path}, then read the board again.` };
  }
  const live = capture.value(path);
  const now = live !== null && good(live);
  return {
    steps: [
      fileStep(spec, file, [header(spec.title), `options ${spec.module} ${spec.parameter}=${now ? live : requested}`]),
      ...(loadedEarly(capture, spec.module) ? [generateStep(spec, 'initramfs', 'Write the initial RAM disk again, as the module is loaded from it')] : []),
      ...(spec.writable && !now ? [valueStep(spec, path, requested)] : []),
    ],
    restart: spec.writable || now ? 'none' : 'needed',
  };
}

/** The command line counts before modprobe.d: modprobe adds it last, and the last value is taken. */
function persistentOption(board: BoardView, spec: ModuleParameterSpec): Persistent {
  const word = onCommandLine(board, spec);
  if (word) return { value: word.value, evidence: `command line: ${word.text}` };
  const all = isBuiltIn(board.capture, spec) ? [] : optionsOf(board.capture, spec);
  const last = all.at(-1);
  if (last) return { value: last.value, evidence: last.evidence, overrides: all.findLast(({ value }) => value !== last.value) ?? null };
  return { value: spec.byDefault ?? board.capture.value(pathOf(spec)), evidence: null };
}

const onCommandLine = ({ pending, running }: BoardView, { module, parameter }: ModuleParameterSpec) =>
  (pending ?? running)?.findLast(({ name }) => name === `${module}.${parameter}`);

/** Every value the files give, in the order in which modprobe reads them. */
function optionsOf(capture: Capture, { module, parameter }: ModuleParameterSpec): Array<{ path: string; value: string; evidence: string }> {
  const files = [...pathsBelow(capture, '/etc/modprobe.d')].sort();
  return files.flatMap((path) => (capture.lines(path) ?? []).flatMap((line) => {
    const [keyword, name, ...options] = line.trim().split(/\s+/);
    if (keyword !== 'options' || name?.replaceAll('-', '_') !== module) return [];
    return options.flatMap((option) => {
      const [key, value] = option.split('=');
      return key === parameter && value !== undefined ? [{ path, value, evidence: `${path}: ${line.trim()}` }] : [];
    });
  }));
}

/** It shows parameters, and the list of loaded modules does not name it. */
function isBuiltIn(capture: Capture, spec: ModuleParameterSpec): boolean {
  const loaded = capture.lines('/proc/modules');
  return loaded !== undefined && capture.value(pathOf(spec)) !== null && !loaded.some((line) => line.startsWith(`${spec.module} `));
}

/** Named in the files that say what goes into the initial RAM disk beyond what the root file system needs. */
function loadedEarly(capture: Capture, module: string): boolean {
  const named = new RegExp(`(?:^|[\\s"=])${module.replaceAll('_', '[-_]')}(?:["\\s]|$)`);
  return ['/etc/initramfs-tools/modules', '/etc/dracut.conf', ...pathsBelow(capture, '/etc/dracut.conf.d')]
    .some((path) => capture.lines(path)?.some((line) => !line.trim().startsWith('#') && named.test(line)) ?? false);
}

const pathOf = ({ module, parameter }: ModuleParameterSpec) => `/sys/module/${module}/parameters/${parameter}`;
const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
