import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discoverBoards } from '../../../electron/core/discovery/discover-boards.ts';
import { browseMdns, mdnsSuggestion } from '../../../electron/core/discovery/mdns.ts';
import { findNeighbours, neighbourSuggestions, parseIpNeigh, parseNdp, parseNetsh } from '../../../electron/core/discovery/neighbours.ts';
import { boardSuggestionSchema } from '../../../shared/contract/methods.ts';

const IP_NEIGH = `fe80::4ecc:6aff:fe01:203 dev enp3s0 lladdr 4c:cc:6a:01:02:03 REACHABLE
fe80::1 dev wlp2s0 lladdr 00:11:22:33:44:55 router STALE
fe80::dead dev enp3s0  FAILED
fe80::beef dev enp3s0 INCOMPLETE
2001:db8::5 dev enp3s0 lladdr 4c:cc:6a:01:02:03 STALE
`;
const NDP = `Neighbor                        Linklayer Address  Netif Expire    St Flgs Prbs
fe80::1%lo0                     (incomplete)         lo0 permanent R
fe80::aede:48ff:fe00:1122%en5   ac:de:48:0:11:22     en5 permanent R
fe80::4ecc:6aff:fe01:203%en0    4c:cc:6a:1:2:3       en0 23h59m58s S
`;
const NETSH = `\r
Interface 12: Ethernet 2\r
\r
Internet Address                              Physical Address   Type\r
--------------------------------------------  -----------------  -----------\r
fe80::4ecc:6aff:fe01:203                      4c-cc-6a-01-02-03  Reachable\r
fe80::99                                      Unreachable        Unreachable\r
ff02::1                                       33-33-00-00-00-01  Permanent\r
`;

describe('neighbours on the link', () => {
  it('are read from each system\'s own table, with the interface', async () => {
    const outputs: Record<string, string> = { ip: IP_NEIGH, ndp: NDP, netsh: NETSH };
    const read = async (program: string): Promise<string> => outputs[program] ?? '';
    const addresses = async (platform: NodeJS.Platform): Promise<string[]> => (await findNeighbours(platform, read)).map((neighbour) => neighbour.address);
    expect(await addresses('linux')).toEqual(['fe80::4ecc:6aff:fe01:203%enp3s0', 'fe80::1%wlp2s0']);
    expect(await addresses('darwin')).toEqual(['fe80::4ecc:6aff:fe01:203%en0']);
    expect(await addresses('win32')).toEqual(['fe80::4ecc:6aff:fe01:203%12']);
  });

  it('make valid suggestions', () => {
    for (const suggestion of neighbourSuggestions(parseIpNeigh(IP_NEIGH), 'ann')) expect(boardSuggestionSchema.parse(suggestion)).toMatchObject({ source: 'neighbour', target: { user: 'ann' } });
  });

  it('are read without failing from any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(IP_NEIGH, NDP, NETSH), (noise, table) => {
      const mixed = table.split('\n').join(`${noise}\n`);
      for (const parse of [parseIpNeigh, parseNdp, parseNetsh]) expect(parse(mixed).every((neighbour) => neighbour.address.toLowerCase().startsWith('fe80:'))).toBe(true);
    }), { numRuns: 500 });
  });
});

describe('announced services', () => {
  it('become boards with their address, IPv4 first', () => {
    expect(mdnsSuggestion({ name: 'bench', host: 'bench.local', port: 2222, type: 'ssh', addresses: ['fe80::1', 'fd00::1', '192.168.7.2'] }, 'ann'))
      .toEqual({ name: 'bench', source: 'mdns', target: { address: '192.168.7.2', port: 2222, user: 'ann', login: { method: 'password' } }, jumps: [], notes: [] });
    const workstation = mdnsSuggestion({ name: 'bench [00:11:22:33:44:55]', host: 'bench.local.', port: 9, type: 'workstation', addresses: [] }, 'ann');
    expect(workstation).toMatchObject({ name: 'bench', target: { address: 'bench.local', port: 22 } });
    expect(workstation.notes).toHaveLength(1);
  });

  it('are listened for no longer than allowed, and a cancellation ends it at once', async () => {
    const started = performance.now();
    await browseMdns(150, () => undefined);
    expect(performance.now() - started).toBeGreaterThan(140);
    const stop = new AbortController();
    const listening = browseMdns(3_600_000, () => undefined, stop.signal);
    stop.abort();
    await listening;
  });

  it('are found', async ({ skip }) => {
    const { Bonjour } = await import('bonjour-service');
    const name = `bench ${String(process.pid)}`;
    const announcer = new Bonjour();
    announcer.publish({ name, type: 'ssh', port: 2222 });
    const stop = new AbortController();
    const found: string[] = [];
    await browseMdns(8000, (service) => {
      found.push(`${service.name}:${String(service.port)}`);
      if (service.name === name) stop.abort();
    }, stop.signal);
    await new Promise<void>((resolve) => { announcer.destroy(() => { resolve(); }); });
    if (!stop.signal.aborted) { skip('this machine does not pass multicast on to itself'); return; }
    expect(found).toContain(`${name}:2222`);
  });

  it('find nothing, without failing, where the port of mDNS is taken by another program', async () => {
    const taken = createSocket('udp4');
    await new Promise<void>((resolve) => { taken.once('error', () => { resolve(); }); taken.bind({ port: 5353, exclusive: true }, () => { resolve(); }); });
    const found = await discoverBoards({ timeMs: 100 });
    expect(found.every((suggestion) => boardSuggestionSchema.safeParse(suggestion).success)).toBe(true);
    await new Promise<void>((resolve) => { taken.close(() => { resolve(); }); });
  });
});
