import type { GuideId } from '../../model/setting.ts';
import type { Capture } from '../../parsers/capture.ts';
import { splitCommandLine } from '../../planning/kernel-command-line/command-line.ts';
import type { BoardView, Setting } from '../setting.ts';
import { liveValue, type Persistent } from './live-value.ts';

export interface ModuleParameterSpec {
  readonly id: string;
  readonly module: string;
  readonly parameter: string;
  readonly value: string;
  readonly title: string;
  readonly why: string;
  readonly source: string;
  readonly guides: readonly GuideId[];
  readonly matches?: (value: string) => boolean;
}

/** A parameter of a kernel module: live in /sys/module, made to last in modprobe.d or on the command line. */
export function moduleParameter(spec: ModuleParameterSpec): Setting {
  const path = `/sys/module/${spec.module}/parameters/${spec.parameter}`;
  const same = spec.matches ?? ((value: string) => value === spec.value);
  return liveValue({
    ...spec, layer: 'hypervisor',
    requested: () => ({ value: spec.value }),
    matches: same,
    live: ({ capture }) => ({ value: capture.value(path), evidence: capture.evidence(path) }),
    persistent: (board) => persistentOption(board, spec),
    absent: `The module ${spec.module} is not loaded here, or this kernel’s has no ${spec.parameter}.`,
    fix: (value) => `options ${spec.module} ${spec.parameter}=${value} in a file of /etc/modprobe.d/, then load the module again or restart (update-initramfs -u where it is loaded that early).`,
  });
}

/** The default of the module needs no file: when nothing is configured, the live value is what the next start gives too. */
function persistentOption({ snapshot, capture }: BoardView, { module, parameter }: ModuleParameterSpec): Persistent {
  const word = splitCommandLine(snapshot.kernel.pending.commandLine ?? snapshot.kernel.commandLine ?? '').findLast(({ name }) => name === `${module}.${parameter}`);
  if (word) return { value: word.value, evidence: `command line: ${word.text}` };
  for (const path of capture.paths(/^\/etc\/modprobe\.d\/.*\.conf$/)) {
    const option = optionIn(capture, path, module, parameter);
    if (option) return option;
  }
  return { value: capture.value(`/sys/module/${module}/parameters/${parameter}`), evidence: null };
}

function optionIn(capture: Capture, path: string, module: string, parameter: string): Persistent | null {
  for (const line of capture.lines(path) ?? []) {
    const [keyword, name, ...options] = line.trim().split(/\s+/);
    if (keyword !== 'options' || name?.replaceAll('-', '_') !== module) continue;
    const value = options.map((option) => option.split('=')).find(([key]) => key === parameter)?.[1];
    if (value !== undefined) return { value, evidence: `${path}: ${line.trim()}` };
  }
  return null;
}
