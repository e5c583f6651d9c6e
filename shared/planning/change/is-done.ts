import type { Action, TargetState } from '../../model/plan.ts';
import { isDomainAs, isNetworkAs } from './libvirt-habits.ts';
import { holdsSchemata } from './schemata-line.ts';

/**
 * Whether a target is as an action would leave it. A generator and a restart leave nothing to tell it by: never done.
 * A state of another kind is never done. Total.
 */
export function isDone(action: Action, state: TargetState): boolean {
  switch (action.kind) {
    case 'file':
      if (state.kind !== 'file') return false;
      if (action.content === null) return state.is === 'absent';
      return state.is === 'regular' && state.content?.encoding === action.content.encoding && state.content.data === action.content.data && sameMode(state.mode, action.mode);
    case 'value': {
      if (state.kind !== 'value' || state.value === null) return false;
      const found = plainValue(state.value);
      return [action.value, ...action.readsAs].some((wanted) => plainValue(wanted) === found) || chosenOf(found) === plainValue(action.value);
    }
    case 'unit': return state.kind === 'unit'
      && (action.enabled === null || action.enabled === isEnabled(state.enabled)) && (action.active === null || action.active === isActive(state.active));
    case 'module': return state.kind === 'module' && state.loaded === action.loaded;
    case 'packages': return state.kind === 'packages' && arePackages(action.install, action.remove, state.installed);
    case 'kernel-arguments': return state.kind === 'kernel-arguments' && state.entries.length > 0 && state.entries.every(({ args }) => {
      const words = args.split(/\s+/);
      return action.add.every((word) => words.includes(word)) && !action.remove.some((word) => !action.add.includes(word) && words.includes(word));
    });
    case 'boot-once': return state.kind === 'boot-once' && state.entry === action.entry;
    case 'firmware-attribute': return state.kind === 'firmware-attribute' && state.value === action.value;
    case 'redfish': return state.kind === 'redfish' && state.value === action.value;
    case 'domain': return state.kind === 'domain' && (action.xml === null || state.xml === null ? action.xml === state.xml : isDomainAs(action.xml, state.xml));
    case 'network': return state.kind === 'network' && isNetworkDone(action, state);
    case 'group-member': return state.kind === 'group-member' && state.member === action.member;
    case 'schemata': return state.kind === 'schemata' && holdsSchemata(action.line, state.line);
    case 'generate': case 'restart': return false;
  }
}

/** A value as the kernel takes it back: it shows several numbers with tabs between them, and takes any white space. */
export const plainValue = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** The choice of a file that shows all of them, such as `always [madvise] never`; null when it shows none. */
export const chosenOf = (text: string): string | null => /(?:^|\s)\[([^\]\s]+)\](?:\s|$)/.exec(text)?.[1] ?? null;

export const isEnabled = (word: string): boolean => word === 'enabled' || word === 'enabled-runtime';
/** A unit that is on its way counts: it was told. */
export const isActive = (word: string): boolean => word === 'active' || word === 'activating' || word === 'reloading';

const sameMode = (found: string | null, wanted: string) => found !== null && Number.parseInt(found, 8) === Number.parseInt(wanted, 8);

/** `name`, `name:arch` or `name=version` against lines of `name version`. */
function arePackages(install: readonly string[], remove: readonly string[], installed: readonly string[]): boolean {
  const names = new Map(installed.map((line) => {
    const [name = '', version = ''] = line.split(' ');
    return [withoutArchitecture(name), version] as const;
  }));
  return install.every((word) => {
    const [name = '', version] = word.split('=');
    const found = names.get(withoutArchitecture(name));
    return found !== undefined && (version === undefined || version === found);
  }) && !remove.some((name) => names.has(withoutArchitecture(name)));
}

const withoutArchitecture = (name: string) => name.split(':')[0] ?? name;

function isNetworkDone(action: Extract<Action, { kind: 'network' }>, state: Extract<TargetState, { kind: 'network' }>): boolean {
  if (action.undefine === true) return state.xml === null && !state.active;
  if (state.active !== action.active || state.autostart !== action.autostart) return false;
  return action.xml === null || (state.xml !== null && isNetworkAs(action.xml, state.xml));
}
