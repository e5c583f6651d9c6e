import type { Finding } from '../../model/finding.ts';
import { holderWords } from './package-log.ts';
import { redactProxy } from './redact-proxy.ts';

interface Sign {
  readonly rule: string;
  readonly pattern: RegExp;
  /** `parts`: what the pattern's groups caught. */
  message(parts: ReadonlyArray<string | undefined>): string;
  readonly fix: string;
}

/** Signs of what stopped a package manager, the ones that explain others first. Texts of apt 2.6, dpkg 1.21, dnf 4, rpm 4. */
const signs: readonly Sign[] = [
  {
    rule: 'package-lock', pattern: /Could not get lock [^\n]*?held by process (\d+) \(([^)\n]*)\)|(?:lock was locked by another process with pid|Waiting for process with pid|is already locked by) (\d+)|Unable to (?:acquire the dpkg|lock )|status database area is locked/,
    message: ([pid, name, other]) => `The package manager is in use: ${holderWords(`${pid ?? other ?? ''} ${name ?? ''}`.trim())} holds its lock.`,
    fix: 'Wait until it has ended (automatic updates may take many minutes after a start) and try again. Do not end it by force: packages would be left half installed.',
  },
  {
    rule: 'clock-wrong', pattern: /Release file for (\S+) is not valid yet|certificate is not yet (?:valid|activated)|not yet valid certificate|signature[^\n]{0,80}(?:in the future|not yet valid)|SSL certificate problem: certificate is not yet valid/i,
    message: ([source]) => `The board’s clock is behind: ${source === undefined ? 'a certificate or signature' : `the list of ${source}`} counts as not valid yet.`,
    fix: 'Set the clock (timedatectl set-ntp true, or date -s as root) and check the battery of the board’s clock if it keeps happening.',
  },
  {
    rule: 'release-expired', pattern: /Release file for (\S+) is expired|certificate has expired|expired certificate/i,
    message: ([source]) => `${source === undefined ? 'A certificate' : `The list of ${source}`} counts as expired: the board’s clock is ahead, or the source is no longer kept up.`,
    fix: 'Compare the board’s clock with yours. If it is right, use another mirror of this source.',
  },
  {
    rule: 'proxy', pattern: /407 +Proxy Authentication Required|HTTP code 407|Could not resolve proxy:? *(\S*)|Unable to connect to proxy|Invalid response from proxy[^\n]*|proxy CONNECT aborted|(?:code|HTTP) 50[234] from proxy/i,
    message: ([name]) => `The proxy${name === undefined || name === '' ? '' : ` ${name}`} does not let the package manager through.`,
    fix: 'Check address, user and password of the proxy in /etc/apt/apt.conf.d or /etc/dnf/dnf.conf, or fetch the packages through this computer.',
  },
  {
    rule: 'rhel-subscription', pattern: /not registered with an entitlement server|subscription-manager|cdn\.redhat\.com[^\n]*(?:403|401)|(?:403|401)[^\n]*cdn\.redhat\.com/,
    message: () => 'This system has no Red Hat subscription that gives it these packages.',
    fix: 'Register it (subscription-manager register) and switch on the repository with rt or nfv in its name, or install from a folder of packages.',
  },
  {
    rule: 'ubuntu-pro', pattern: /esm\.ubuntu\.com[^\n]*(?:401|403)|(?:401|403)[^\n]*esm\.ubuntu\.com|not attached to an Ubuntu Pro subscription/i,
    message: () => 'Ubuntu Pro refuses the packages of the real-time kernel: the machine is not attached, or not entitled.',
    fix: 'On the board: sudo pro attach (it asks for the token), then sudo pro enable realtime-kernel --access-only.',
  },
  {
    rule: 'disk-full', pattern: /No space left on device|don't have enough free space in (\S+?)\.?(?:\s|$)|At least (\S+) more space needed on the (\S+) filesystem/,
    message: ([place, needed, other]) => `There is too little room${place === undefined && other === undefined ? '' : ` in ${place ?? other ?? ''}`}${needed === undefined ? '' : `: ${needed} more are needed`}.`,
    fix: 'Free room: apt-get clean, journalctl --vacuum-size=100M; in /boot, remove kernels that are neither running nor the default.',
  },
  {
    rule: 'read-only-root', pattern: /Read-only file system|rpm-ostree|image mode|bootc/i,
    message: () => 'The system’s files cannot be written: its root is read-only or comes as an image.',
    fix: 'Remount it writable if it was made read-only on purpose (an overlay is switched off and the board restarted), or build the real-time kernel into the image.',
  },
  {
    rule: 'no-network', pattern: /(?:Temporary failure resolving|Could not resolve(?: host)?:?|Couldn't resolve host(?: name)?(?: for)?) '?([A-Za-z0-9.-]*)|Network is unreachable|Could not connect to (\S+)|Curl error \((?:5|6|7|28)\)(?:[^\n]{0,200}? https?:\/\/([^\s/\]]+))?|Connection (?:failed|timed out)|No route to host/,
    message: ([name, host, curl]) => `The board cannot reach ${name || host || curl || 'its package sources'}: it has no network, or no name server.`,
    fix: 'Connect the board’s network, or let it use this computer’s connection, or install from a folder of packages.',
  },
  {
    rule: 'not-authenticated', pattern: /signatures couldn't be verified[^\n]{0,200}? NO_PUBKEY (\w+)|NO_PUBKEY (\w+)|EXPKEYSIG (\w+)|repository '([^'\n]+)' is not signed|cannot be authenticated|unauthenticated packages|signatures couldn't be verified|Public key for (\S+) is not installed|GPG (?:check FAILED|error)|not signed with|BADSIG/,
    message: (parts) => `The packages cannot be trusted: the signing key of their source${said(parts)} is missing, expired or wrong.`,
    fix: 'Install the key that the maker of the source publishes, from its own pages. Do not switch the check off.',
  },
  {
    rule: 'modules-not-built', pattern: /Bad return status for module build on kernel: (\S+)|(?:ERROR|Error!?)[^\n]{0,40}dkms|dkms[^\n]{0,120}(?:failed|exited with return code)|consult[^\n]*\/var\/lib\/dkms\/([^/\s]+)/i,
    message: (parts) => `A driver that is built for each kernel (DKMS) could not be built${said(parts)}.`,
    fix: 'Install the headers of the new kernel, and a version of the driver that knows PREEMPT_RT (NVIDIA’s refuses it unless told otherwise); or remove the driver if it is not needed.',
  },
  {
    rule: 'interrupted', pattern: /dpkg was interrupted/,
    message: () => 'An earlier installation was interrupted and packages are half configured.',
    fix: 'On the board: sudo dpkg --configure -a. Then try again.',
  },
  {
    rule: 'held', pattern: /Held packages were changed|held packages/i,
    message: () => 'Packages that were put on hold stand in the way.',
    fix: 'See which: apt-mark showhold. Release them (apt-mark unhold NAME) if nobody needs them as they are.',
  },
  {
    rule: 'hash-mismatch', pattern: /Hash Sum mismatch|checksum doesn't match/i,
    message: () => 'What was fetched is not what the source’s list says: a mirror is being updated, or a proxy changes files.',
    fix: 'Try again in a few minutes; if it stays, use another mirror or go around the proxy.',
  },
  {
    rule: 'not-found', pattern: /Unable to locate package (\S+)|Version '([^'\n]+)' for '[^'\n]+' was not found|Package '?([^'\s]+)'? has no installation candidate|No match for argument: (\S+)|Unable to find a match: (\S+)|\b404 +Not Found/,
    message: (parts) => `No package source of the board has the package${said(parts)}.`,
    fix: 'Add the source that has it, or install from a folder of packages.',
  },
  {
    rule: 'broken', pattern: /unmet dependencies|broken packages|nothing provides (\S+)|Unmet dependencies|conflicting requests/,
    message: (parts) => `The packages do not fit together: something they need${said(parts)} cannot be installed.`,
    fix: 'Look at what is missing below. From a folder: put the packages they depend on there too. Otherwise: apt-get -f install, or update the system first.',
  },
  {
    rule: 'script-failed', pattern: /(?:installed|new|old) (\S+) package (?:pre|post)-(?:installation|removal) script subprocess returned error|error processing (?:package|archive) (\S+)|scriptlet failed|update-initramfs: failed/,
    message: (parts) => `A package’s own script failed${said(parts)}.`,
    fix: 'Look at what it said below; then, on the board: sudo dpkg --configure -a.',
  },
];

const said = (parts: ReadonlyArray<string | undefined>) => {
  const found = parts.find((part) => part !== undefined && part !== '');
  return found === undefined ? '' : ` (${found})`;
};

/** Longest text looked at: the end, where package managers say what went wrong. */
const longest = 200_000;

/**
 * What stopped a package manager, told from what it said; the one that explains the others first, none twice. The line it
 * was told from is the element; passwords are taken out of it. Total.
 */
export function outputObstacles(text: string): Finding[] {
  const output = text.slice(-longest);
  return signs.flatMap(({ rule, pattern, message, fix }) => {
    const found = pattern.exec(output);
    if (found === null) return [];
    const start = output.lastIndexOf('\n', found.index) + 1;
    const end = output.indexOf('\n', found.index);
    const element = redactProxy(output.slice(start, end < 0 ? undefined : end)).trim().slice(0, 300);
    return [{ rule, severity: 'error' as const, element, message: redactProxy(message(found.slice(1))), fix }];
  });
}

/**
 * The same for work in steps: what the last step said decides; that a package is not there, though, is explained by sources
 * that could not be read before.
 */
export function obstaclesOfSteps(said: ReadonlyMap<string, string>, lastStep: string): Finding[] {
  const last = outputObstacles(said.get(lastStep) ?? '');
  const before = outputObstacles([...said].filter(([step]) => step !== lastStep).map(([, text]) => text).join('\n'));
  const decided = last[0] !== undefined && last[0].rule !== 'not-found' && last[0].rule !== 'broken';
  const ordered = decided ? [...last, ...before] : [...before, ...last];
  return ordered.filter(({ rule }, place) => ordered.findIndex((other) => other.rule === rule) === place);
}
