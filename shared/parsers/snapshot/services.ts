import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';

type Service = Snapshot['services'][number];

/**
 * Services at work and services that start with the machine. systemd keeps a control group for each running service
 * and a link for each enabled one; OpenRC has folders for both; elsewhere process names tell what runs.
 * `enabled` is null where nothing says: a unit may also be started by another or come enabled with its package.
 */
export function servicesOf(capture: Capture): Service[] {
  const services = new Map<string, Service>();
  const note = (name: string, found: Partial<Service>) => services.set(name, { ...{ name, active: false, enabled: null }, ...services.get(name), ...found });
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const plain = (path: string) => last(path).replace(/\.service$/, '');
  for (const path of capture.names(/^\/sys\/fs\/cgroup\/(?:systemd\/)?system\.slice\/[^/]+\.service$/)) note(plain(path), { active: true });
  for (const path of capture.names(/^\/etc\/systemd\/system\/[^/]+\.wants\/[^/]+$/)) note(plain(path), { enabled: 'enabled' });
  for (const path of capture.names(/^\/run\/openrc\/started\/[^/]+$/)) note(last(path), { active: true });
  for (const path of capture.names(/^\/etc\/runlevels\/[^/]+\/[^/]+$/)) note(last(path), { enabled: 'enabled' });
  for (const path of capture.paths(/^\/proc\/\d+\/comm$/)) {
    const name = path === '/proc/1/comm' ? null : capture.value(path);
    if (name !== null) note(fullNames[name] ?? name, { active: true });
  }
  return [...services.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The kernel keeps 15 characters of a process name. */
const fullNames: Readonly<Record<string, string>> = { 'power-profiles-': 'power-profiles-daemon', 'unattended-upgr': 'unattended-upgrades' };
