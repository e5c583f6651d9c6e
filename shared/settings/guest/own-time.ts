import { lines, noStates, noVerdicts, verdictOf, type BoardView, type Setting } from '../setting.ts';
import { withoutSystemd } from '../support/init-system.ts';
import { packagesChange } from '../support/packages.ts';
import { unitStep } from '../support/steps.ts';

const id = 'guest.own-time';
const why = 'With the host’s periodic clock sync off (it interrupts the guest) and the guest on its own counter, nothing but the guest itself keeps its time right.';
const keepers = ['chrony', 'chronyd', 'systemd-timesyncd', 'ntp', 'ntpd', 'ntpsec', 'openntpd'];
const requested = 'a time service of its own';

export const setting: Setting = {
  id, layer: 'guest runtime', title: 'The guest keeps its own time', why, guides: ['kvm-guest'],
  source: 'Real-time KVM talk, kernel changes (guest can run ntpd and keep its own adjustment)',
  assess: (board) => {
    const { services } = board.snapshot;
    if (services.length === 0) return { status: 'unknown', stuckAt: null, states: { ...noStates, requested }, verdicts: { ...noVerdicts, written: 'unknown', effective: 'unknown' }, evidence: [], message: 'The services were not read.', fix: null };
    const found = services.filter(({ name }) => keepers.includes(name));
    const active = found.find((service) => service.active);
    const lasts = found.some(({ enabled }) => enabled === 'enabled');
    const clock = board.capture.paths(/^\/sys\/class\/ptp\/[^/]+\/clock_name$/).find((path) => /KVM virtual PTP/.test(board.capture.value(path) ?? ''));
    const ptp = clock ? ' The host’s clock is there as /dev/ptp (ptp_kvm): chrony can follow it with “refclock PHC”.' : '';
    const common = {
      states: { ...noStates, requested, written: lasts ? 'enabled' : 'absent', effective: active?.name ?? 'none runs' }, verdicts: { ...noVerdicts, written: verdictOf(lasts ? true : active ? null : false), effective: verdictOf(active !== undefined) },
      evidence: lines(...found.map(({ name, active: runs, enabled }) => `${name}: ${[runs ? 'active' : 'inactive', ...(enabled === 'enabled' ? ['enabled'] : [])].join(', ')}`), clock ? board.capture.evidence(clock) : null),
    };
    if (active) return { ...common, status: 'ok', stuckAt: null, message: `${active.name} keeps it.${ptp}`, fix: null };
    const fix = 'Enable chronyd or systemd-timesyncd, with a server that the guest can reach (its host will do).';
    return unitOf(board) === null
      ? { ...common, status: 'manual', stuckAt: null, message: `Nothing keeps it, and no time service was seen that could be started.${ptp}`, fix: 'Install chrony, with a server that the guest can reach (its host will do).' }
      : { ...common, status: 'change', stuckAt: lasts ? 'effective' : 'written', message: `Nothing keeps it: the guest’s clock drifts from its host’s.${ptp}`, fix };
  },
  change: (board) => {
    const refused = withoutSystemd(board);
    if (refused) return refused;
    const unit = unitOf(board);
    if (unit !== null) return { steps: [unitStep({ id, why }, unit, true)], restart: 'none' };
    const packages = packagesChange({ id, why }, [{ what: 'chrony', there: false, apt: ['chrony'], dnf: ['chrony'] }], board);
    if ('refused' in packages) return packages;
    // The package enables its service on Debian and Ubuntu by itself.
    return board.capture.exists('/var/lib/dpkg/status') ? packages : { steps: [...packages.steps, unitStep({ id, why }, 'chronyd.service', true)], restart: 'none' };
  },
};

/** The service to enable: chrony where it is installed, else systemd’s. Debian’s unit is chrony.service. */
function unitOf({ capture }: BoardView): string | null {
  const there = (unit: string) => capture.exists(`/usr/lib/systemd/system/${unit}`) || capture.exists(`/lib/systemd/system/${unit}`);
  return ['chrony.service', 'chronyd.service', 'systemd-timesyncd.service'].find(there) ?? null;
}
