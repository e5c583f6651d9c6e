import type { Action } from '../../model/plan.ts';
import { mountUnit } from '../cache/host-cache-units.ts';
import { resourceOf } from './schemata-line.ts';

/**
 * What an action acts on, as one word: two changes are independent when they share no target. Null: it has none of its
 * own (a generator follows its files; a restart changes nothing that lasts).
 */
export function targetOf(action: Action): string | null {
  switch (action.kind) {
    case 'file': case 'value': return `${action.kind}:${action.path}`;
    case 'unit': return `unit:${action.unit}`;
    case 'module': return `module:${action.module.replaceAll('-', '_')}`;
    case 'packages': case 'kernel-arguments': case 'boot-once': return action.kind;
    case 'firmware-attribute': return `firmware-attribute:${action.driver}/${action.attribute}`;
    case 'domain': case 'network': return `${action.kind}:${action.name}`;
    case 'group-member': return `group-member:${action.user}:${action.group}`;
    case 'schemata': return `schemata:${resourceOf(action.line)}`;
    case 'redfish': return `redfish:${action.system}/${action.attribute}`;
    case 'generate': case 'restart': return null;
  }
}

/** What an action needs besides its own target, where another change may have made it: shares are there while resctrl is mounted. */
export const restsOn = (action: Action): string | null => (action.kind === 'schemata' ? `unit:${mountUnit}` : null);
