import { execFile } from 'node:child_process';
import type { BoardSuggestion } from '../../../shared/contract/methods.ts';

/** A machine seen on the local link. */
export interface Neighbour {
  /** With the interface: `fe80::1%eth0`. */
  readonly address: string;
  readonly interfaceName: string;
}

type ReadOutput = (program: string, args: readonly string[]) => Promise<string>;

const TIME_LIMIT_MS = 3000;

/** The output of a program; empty when it is not there, fails or takes too long. */
const readOutput: ReadOutput = (program, args) => new Promise((resolve) => {
  execFile(program, [...args], { timeout: TIME_LIMIT_MS, windowsHide: true, maxBuffer: 4_000_000 }, (error, stdout) => { resolve(error === null ? stdout : ''); });
});

/** Reads the neighbour table of the operating system. Sends nothing: only machines that have talked already are in it. */
export const findNeighbours = async (platform: NodeJS.Platform = process.platform, read: ReadOutput = readOutput): Promise<Neighbour[]> => {
  if (platform === 'win32') return parseNetsh(await read('netsh', ['interface', 'ipv6', 'show', 'neighbors']));
  if (platform === 'darwin') return parseNdp(await read('ndp', ['-an']));
  return parseIpNeigh(await read('ip', ['-6', 'neigh', 'show']));
};

/** `fe80::1 dev eth0 lladdr 00:11:22:33:44:55 REACHABLE`; FAILED and INCOMPLETE ones did not answer. */
export const parseIpNeigh = (text: string): Neighbour[] => unique(text.split('\n').flatMap((line) => {
  const [, address, interfaceName, rest = ''] = /^(fe80:\S+) dev (\S+)(.*)$/.exec(line.trim()) ?? [];
  return address === undefined || interfaceName === undefined || /\b(FAILED|INCOMPLETE)\b/.test(rest) ? [] : [{ address: `${address}%${interfaceName}`, interfaceName }];
}));

/** `fe80::1%en0   0:11:22:33:44:55   en0 23h59m58s S R`; our own addresses are "permanent". */
export const parseNdp = (text: string): Neighbour[] => unique(text.split('\n').flatMap((line) => {
  const [address = '', hardware = '', interfaceName = '', expires = ''] = line.trim().split(/\s+/);
  return /^fe80:[0-9a-f:]*%\S+$/i.test(address) && hardware.includes(':') && expires !== 'permanent' ? [{ address, interfaceName }] : [];
}));

/** Blocks headed `Interface 12: Ethernet`, then `fe80::1   00-11-22-33-44-55  Reachable`. The scope is the number. */
export const parseNetsh = (text: string): Neighbour[] => {
  const found: Neighbour[] = [];
  let scope = '';
  let interfaceName = '';
  for (const line of text.split(/\r?\n/)) {
    const head = /^\S+ (\d+): (.+)$/.exec(line.trim());
    if (head !== null) {
      scope = head[1] ?? '';
      interfaceName = head[2] ?? '';
    }
    const address = /^(fe80:[0-9a-f:]+)\s+([0-9a-f]{2}-){5}[0-9a-f]{2}\s/i.exec(`${line.trim()} `)?.[1];
    if (address !== undefined && scope !== '') found.push({ address: `${address}%${scope}`, interfaceName });
  }
  return unique(found);
};

const unique = (neighbours: readonly Neighbour[]): Neighbour[] => [...new Map(neighbours.map((neighbour) => [neighbour.address, neighbour])).values()];

export const neighbourSuggestions = (neighbours: readonly Neighbour[], user: string): BoardSuggestion[] => neighbours.map(({ address, interfaceName }) => ({
  name: address, source: 'neighbour', target: { address, port: 22, user, login: { method: 'password' } }, jumps: [],
  notes: [`Seen on ${interfaceName}. Whether it has an SSH server shows when you connect.`],
}));
