import type { CacheResource } from './allocation.ts';

export const unitFolder = '/etc/systemd/system';
/** systemd's name for /sys/fs/resctrl: the name of a mount unit is its path. */
export const mountUnit = 'sys-fs-resctrl.mount';

/** `options`: those it is mounted with already (code and data apart, bandwidth in MiB/s); another mount would lose them. */
export const mountUnitLines = (options: readonly string[]): string[] => [
  '[Unit]', 'Description=RTVM Bench: shares of caches and memory bandwidth', '',
  '[Mount]', 'What=resctrl', 'Where=/sys/fs/resctrl', 'Type=resctrl', ...(options.length === 0 ? [] : [`Options=${options.join(',')}`]), '',
  '[Install]', 'WantedBy=multi-user.target',
];

export const hostCacheUnit = (resource: CacheResource): string => `rtvm-bench-host-cache-${resource.toLowerCase()}.service`;

/** Writes the lines at every start of the board, before either libvirt daemon starts VMs. A line the kernel refuses fails the unit. */
export const hostCacheService = (resource: CacheResource, lines: readonly string[]): string[] => [
  '[Unit]', `Description=RTVM Bench: what the host keeps of ${resource}`, `Requires=${mountUnit}`, `After=${mountUnit}`, 'Before=libvirtd.service virtqemud.service', '',
  '[Service]', 'Type=oneshot', 'RemainAfterExit=yes', ...lines.map((line) => `ExecStart=/bin/sh -c 'echo "${line}" >/sys/fs/resctrl/schemata'`), '',
  '[Install]', 'WantedBy=multi-user.target',
];
