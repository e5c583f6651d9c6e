import { EventEmitter } from 'node:events';
import { Bonjour } from 'bonjour-service';
import type { BoardSuggestion } from '../../../shared/contract/methods.ts';

/** A service announced on the local network (DNS-SD, RFC 6763). */
export interface AnnouncedService {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly type: 'ssh' | 'workstation';
  readonly addresses: readonly string[];
}

/**
 * Listens for machines that announce SSH, or themselves as a workstation, for `timeMs`. What is found is told as it
 * comes. A laptop without a network, or where multicast is not allowed, finds nothing; that is no error.
 */
export const browseMdns = (timeMs: number, onFound: (service: AnnouncedService) => void, signal?: AbortSignal): Promise<void> => new Promise((resolve) => {
  let over = false;
  const finish = (): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', finish);
    bonjour?.destroy();
    resolve();
  };
  const timer = setTimeout(finish, timeMs);
  signal?.addEventListener('abort', finish, { once: true });
  let bonjour: Bonjour | undefined;
  try {
    bonjour = new Bonjour({}, finish);
    onSocketError(bonjour, finish);
    for (const type of ['ssh', 'workstation'] as const) {
      bonjour.find({ type }, ({ name, host, port, addresses = [] }) => { if (!over) onFound({ name, host, port, type, addresses }); });
    }
  } catch {
    finish();
  }
  if (signal?.aborted === true) finish();
});

/**
 * The library gives nobody the errors of its socket ("address in use"), and an error nobody listens to ends the
 * program: so the emitter it keeps to itself is listened to.
 */
const onSocketError = (bonjour: Bonjour, listener: () => void): void => {
  const server: unknown = bonjour['server'];
  const emitter: unknown = typeof server === 'object' && server !== null && 'mdns' in server ? server.mdns : undefined;
  if (!(emitter instanceof EventEmitter)) throw new TypeError('bonjour-service has changed inside');
  emitter.on('error', listener);
};

/**
 * A board for an announced service. IPv4 before IPv6, the announced name where no address came. A workstation announces
 * its name with its MAC address behind it ("bench [00:11:22:33:44:55]") and a port that means nothing.
 */
export const mdnsSuggestion = (service: AnnouncedService, user: string): BoardSuggestion => {
  const usable = service.addresses.filter((address) => !address.startsWith('fe80:'));
  const address = usable.find((candidate) => !candidate.includes(':')) ?? usable[0] ?? service.host.replace(/\.$/, '');
  const ssh = service.type === 'ssh';
  return {
    name: service.name.replace(/ \[[0-9a-f:]+\]$/i, ''), source: 'mdns',
    target: { address, port: ssh && service.port > 0 ? service.port : 22, user, login: { method: 'password' } }, jumps: [],
    notes: ssh ? [] : ['It announces itself, but not its SSH server: whether it has one shows when you connect.'],
  };
};
