import type { VmHost, VmState } from '../../model/vm.ts';

/** Values of virsh's texts of the form `Name:           rt`, by name. Source: virsh(1) under LC_ALL=C. */
export function virshFields(text: string): Map<string, string> {
  return new Map(text.split('\n').flatMap((line): Array<[string, string]> => {
    const at = line.indexOf(':');
    return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  }));
}

const states: Readonly<Record<string, VmState>> = {
  running: 'running', idle: 'running', paused: 'paused', 'in shutdown': 'shutting-down', 'shut off': 'shut-off', crashed: 'crashed', pmsuspended: 'suspended',
};

/** State as `dominfo` and `domstate` say it. */
export const vmStateOf = (word: string | undefined): VmState => (word === undefined ? 'unknown' : states[word] ?? 'unknown');

/** Rows of `net-list --all`. */
export function parseNetworkList(text: string): VmHost['networks'] {
  return text.split('\n').flatMap((line) => {
    const [, name, active, autostart, persistent] = /^\s*(\S.*?)\s+(active|inactive)\s+(yes|no)\s+(yes|no)\s*$/.exec(line.slice(0, 1_000)) ?? [];
    return name === undefined ? [] : [{ name, active: active === 'active', autostart: autostart === 'yes', persistent: persistent === 'yes' }];
  });
}

/** Addresses of `domifaddr`, IPv4 first: such as other machines can use, so none of the loopback and none of one link alone. */
export function parseAddresses(text: string): string[] {
  const found = [...text.matchAll(/\s(ipv[46])\s+([0-9a-fA-F.:]{2,45})(?:\/\d{1,3})?/g)].map(([, family = '', address = '']) => ({ family, address }));
  const usable = found.filter(({ address }) => !/^(?:127\.|::1$|fe80:)/i.test(address));
  return [...new Set(usable.sort((a, b) => a.family.localeCompare(b.family)).map(({ address }) => address))];
}
