import { accountNameSchema } from '../../model/plan.ts';
import { groupOf } from '../../parsers/snapshot/login.ts';
import { lines, noStates, noVerdicts, notApplicable, verdictOf, type Setting } from '../setting.ts';
import { hasLibvirt, olderProbe, vmNeeds } from '../support/libvirt-host.ts';
import { packagesChange } from '../support/packages.ts';
import { actionStep } from '../support/steps.ts';

const id = 'hypervisor.libvirt-group';
const group = 'libvirt';
const why = 'Members of the group libvirt may manage VMs without becoming root each time.';
const again = 'Log out and in again: here, disconnect the board and connect it.';

export const setting: Setting = {
  id, layer: 'hypervisor', title: 'The log-in may manage VMs', why, order: 40, guides: ['kvm-host'],
  source: 'Intel ECI guide, Host Configuration: Dependencies (usermod --append --groups libvirt)',
  assess: (board) => {
    const { login, libvirt } = board.snapshot;
    if (!login || !libvirt) return olderProbe(`member of ${group}`);
    if (login.uid === 0) return notApplicable('The log-in is root’s, which needs no group.');
    const user = login.user ?? `user ${String(login.uid)}`;
    const found = groupOf(board.capture, group);
    const requested = `${user} is a member`;
    if (found === null) {
      const message = hasLibvirt(libvirt) ? 'There is no group libvirt on this board: its libvirt asks for a password (polkit) or for root.' : 'libvirt is not installed, and its group comes with it.';
      return { status: 'manual', stuckAt: null, states: { ...noStates, requested, written: 'no such group' }, verdicts: { ...noVerdicts, written: 'bad', effective: 'bad' }, evidence: [], message, fix: hasLibvirt(libvirt) ? 'groupadd --system libvirt, name it as unix_sock_group in libvirt’s configuration, then read the board again.' : 'Install the packages for VMs; this comes with them.' };
    }
    const listed = login.user !== null && found.members.includes(login.user);
    const holds = login.groups?.includes(found.gid) ?? null;
    const common = {
      states: { ...noStates, requested, written: listed ? 'member' : holds ? 'member by other means' : 'no member', effective: holds === null ? null : holds ? 'this log-in has the group' : 'this log-in does not have the group' },
      verdicts: { ...noVerdicts, written: verdictOf(listed || holds === true), effective: verdictOf(holds) },
      evidence: lines(found.evidence, login.groups === null ? null : `groups of this log-in: ${login.groups.join(' ')}`),
    };
    if (holds) return { ...common, status: 'ok', stuckAt: null, message: `${user} is a member of ${group}, and this log-in has it.`, fix: null };
    if (listed && holds === null) return { ...common, status: 'ok', stuckAt: null, message: `${user} is a member of ${group}. Whether this log-in has it was not told: one that began before does not.`, fix: null };
    if (listed) return { ...common, status: 'change', stuckAt: 'effective', message: `${user} is a member of ${group}, but logged in before that: a log-in keeps the groups it began with.`, fix: again };
    return { ...common, status: 'change', stuckAt: 'written', message: `${user} is no member of ${group}: virsh asks for a password or refuses.`, fix: `usermod --append --groups ${group} ${user}. It holds from the next log-in.` };
  },
  change: (board) => {
    const { login, libvirt } = board.snapshot;
    if (!login || !libvirt) return { refused: 'This reading was taken with an older probe.', next: 'Read the board again.' };
    const user = accountNameSchema.safeParse(login.user);
    if (!user.success) return { refused: 'The name of the log-in is not one that can be added to a group here.', next: `usermod --append --groups ${group} NAME, by hand.` };
    const found = groupOf(board.capture, group);
    if (found?.members.includes(user.data)) return { refused: 'It is written already; this log-in began before that.', next: again };
    if (found === null && hasLibvirt(libvirt)) return { refused: 'There is no group libvirt on this board.', next: 'groupadd --system libvirt, then read the board again.' };
    const packages = found === null ? packagesChange({ id, why }, vmNeeds(board), board) : { steps: [], restart: 'none' as const };
    if ('refused' in packages) return packages;
    const words = { id, why, risk: 'security' as const, caution: `Whoever may manage VMs can read every disk of the host through one. It holds from the next log-in. ${again}` };
    return { steps: [...packages.steps, actionStep(words, `Make ${user.data} a member of ${group}`, { kind: 'group-member', user: user.data, group, member: true })], restart: 'none' };
  },
};
