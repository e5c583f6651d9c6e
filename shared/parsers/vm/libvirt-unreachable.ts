import { CodedError } from '../../contract/errors.ts';

/** What vm-common.sh tells of the way to libvirt. */
interface Reach {
  readonly user: string;
  readonly sessionGroups: readonly string[];
  /** What the next log-in will have. */
  readonly accountGroups: readonly string[];
  readonly programs: readonly string[];
  readonly sockets: readonly string[];
  readonly hasKvm: boolean;
}

export function parseReach(text: string): Reach {
  const values = (key: string) => text.split('\n').flatMap((line) => (line.startsWith(`${key} `) ? line.slice(key.length + 1).trim().split(/\s+/) : [])).filter((word) => word !== '');
  return {
    user: values('user')[0] ?? '', sessionGroups: values('session-groups'), accountGroups: values('account-groups'),
    programs: values('program'), sockets: values('socket'), hasKvm: values('device').includes('kvm'),
  };
}

type Cause = 'not-installed' | 'daemon-down' | 'log-in-again' | 'not-permitted' | 'unknown';

/** Why libvirt could not be reached, from virsh's words and the facts. `details.cause` tells the causes apart. */
export function libvirtUnreachable(reach: Reach, said: string): CodedError {
  const daemons = reach.programs.filter((program) => ['libvirtd', 'virtqemud'].includes(program));
  const cause = causeOf(reach, said, daemons.length > 0);
  const modular = daemons.includes('virtqemud') && !daemons.includes('libvirtd');
  const user = reach.user === '' ? 'USER' : reach.user;
  const words: Record<Cause, { message: string; next: string }> = {
    'not-installed': {
      message: reach.programs.includes('virsh') || daemons.length === 0 ? 'libvirt is not installed: nothing manages virtual machines on this board.' : 'libvirt’s daemon is installed, but not virsh, its client.',
      next: 'The guide “KVM host” installs it: QEMU, libvirt’s daemon and its client.',
    },
    'daemon-down': {
      message: 'libvirt is installed, but its daemon does not answer.',
      next: modular ? 'Start it: systemctl enable --now virtqemud.socket virtnetworkd.socket. systemctl status virtqemud says why it does not run.' : 'Start it: systemctl enable --now libvirtd. systemctl status libvirtd says why it does not run.',
    },
    'log-in-again': {
      message: `${user} belongs to the group libvirt, but this log-in began before that: a membership holds from the next log-in on.`,
      next: 'Disconnect the board and connect it again.',
    },
    'not-permitted': {
      message: `libvirt does not let ${user} manage virtual machines.`,
      next: `Let it work as root (the sudo password), or put ${user} into the group libvirt and log in again; the guide “KVM host” does it.`,
    },
    unknown: { message: `libvirt does not answer: ${lastError(said)}`, next: 'On the board, virsh -c qemu:///system list shows the same; systemctl status libvirtd (or virtqemud) may say more.' },
  };
  return new CodedError('libvirt-unreachable', words[cause].message, { state: 'Nothing was changed.', next: words[cause].next, details: { cause, said: said.trim().slice(0, 2_000) } });
}

function causeOf(reach: Reach, said: string, hasDaemon: boolean): Cause {
  if (/virsh: not installed|no connection driver available|unable to connect to driver/i.test(said)) return 'not-installed';
  if (isDenial(said)) return reach.accountGroups.includes('libvirt') && !reach.sessionGroups.includes('libvirt') && reach.user !== 'root' ? 'log-in-again' : 'not-permitted';
  if (/Failed to connect socket|Connection refused|Cannot recv data|End of file while reading/i.test(said)) return hasDaemon || reach.sockets.length > 0 ? 'daemon-down' : 'not-installed';
  return 'unknown';
}

/** Whether virsh was turned away before it could ask for anything. A start also fails at sockets of libvirt’s own helpers: that is another matter. */
export const isUnreachable = (said: string): boolean => /virsh: not installed|failed to connect to the hypervisor/i.test(said) || isDenial(said);

const isDenial = (said: string) => /authentication (?:failed|unavailable|cancelled)|no polkit agent|access denied by policy|Failed to connect socket [^\n]*Permission denied/i.test(said);

/** The line that says most: virsh's last error. */
export const lastError = (said: string): string => said.trim().split('\n').filter((line) => line.startsWith('error: ')).at(-1)?.slice('error: '.length, 400) ?? said.trim().slice(0, 400);
