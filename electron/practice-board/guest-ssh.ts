import type { Connection } from 'ssh2';
import type { PretendLinux } from './linux/pretend-linux.ts';

/** SSH_OPEN_CONNECT_FAILED: RFC 4254 §5.1. */
const connectFailed = 2;

/**
 * Connections from the machine on to others: only the SSH server of a guest that is up answers, with its first line. There
 * is no system in a guest to log in to, so it hangs up on whoever goes on.
 */
export function serveForwarding(client: Connection, linux: PretendLinux): void {
  client.on('tcpip', (accept, reject, { destIP, destPort }) => {
    // ssh2's types leave the reason out, its code takes it.
    const refuse: (reason: number) => void = reject;
    if (destPort !== 22 || linux.hypervisor.guestAt(destIP) === undefined) return refuse(connectFailed);
    const channel = accept();
    channel.on('error', () => channel.destroy());
    channel.once('data', () => channel.end());
    channel.write('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n');
  });
}
