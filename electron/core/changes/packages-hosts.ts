import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';

/** Where a board's package sources are, as its package manager names them. */
export interface PackageHosts {
  /** `host:port`, in small letters. */
  readonly named: ReadonlySet<string>;
  /** The sources hand out mirrors that cannot be known before (mirror lists of the RHEL family). */
  readonly mirrors: boolean;
}

/** Reads the answer of change-packages.sh `hosts`: an address a line, `mirrors` where there are lists of mirrors. */
export function packageHosts(text: string): PackageHosts {
  const lines = text.split('\n').map((line) => line.trim());
  return { named: new Set(lines.flatMap((line) => hostAndPort(line) ?? [])), mirrors: lines.includes('mirrors') };
}

/** `host:port` of an http or https address; null for anything else. */
export function hostAndPort(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') return null;
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;
}

// IPv4 addresses in IPv6 form are checked by BlockList as what they are.
const inner = new BlockList();
for (const [network, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]] as const) inner.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [['::', 127], ['64:ff9b::', 96], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) inner.addSubnet(network, bits, 'ipv6');

/** Whether an address belongs to the open internet, and not to this computer or a network it stands in. */
export const isPublicAddress = (address: string): boolean => !inner.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** The address of a host on the open internet; null when it has none. Rejects with Node's error when the name is unknown. */
export async function publicAddressOf(host: string): Promise<string | null> {
  const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
  return found.every(({ address }) => isPublicAddress(address)) ? found[0]?.address ?? null : null;
}
