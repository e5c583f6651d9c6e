import { VirshFailure, type VirshCommand } from './virsh-call.ts';

/** Nobody has made a storage pool: the usual folder for images is used without one. */
const noPool: VirshCommand = {
  operands: ['pool'], options: ['inactive'],
  run: async ({ operands: [name = ''] }) => {
    throw new VirshFailure([`failed to get pool '${name}'`, `Storage pool not found: no storage pool with matching name '${name}'`]);
  },
};

export const poolCommands: Readonly<Record<string, VirshCommand>> = {
  'pool-list': { operands: [], options: ['all', 'inactive', 'name', 'uuid', 'persistent', 'autostart', 'details'], run: async (call) => (call.has('name') || call.has('uuid') ? undefined : call.table(['Name', 'State', 'Autostart'], [])) },
  'pool-dumpxml': noPool, 'pool-info': noPool, 'pool-destroy': noPool, 'pool-undefine': noPool, 'pool-refresh': noPool,
};
