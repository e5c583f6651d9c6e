import { effectiveOnly, lines, noStates, notApplicable, type BoardView, type Setting } from '../setting.ts';
import { hasLibvirt, olderProbe } from '../support/libvirt-host.ts';

/** What VMs are made of here, and the file that a database which knows it has. */
const systems = [
  ['Debian 12', 'debian.org/debian-12.xml'], ['Debian 13', 'debian.org/debian-13.xml'], ['Ubuntu 22.04', 'ubuntu.com/ubuntu-22.04.xml'], ['Ubuntu 24.04', 'ubuntu.com/ubuntu-24.04.xml'], ['RHEL 9', 'redhat.com/rhel-9-unknown.xml'],
] as const;

const fix = 'Where it matters: fetch osinfo-db-DATE.tar.xz from https://releases.pagure.org/libosinfo/, copy it to the board, then osinfo-db-import --local osinfo-db-DATE.tar.xz. osinfo-query os lists what is known.';

export const setting: Setting = {
  id: 'hypervisor.osinfo', layer: 'hypervisor', title: 'Operating systems known by name', order: 60, guides: ['kvm-host'],
  why: 'virt-install chooses the devices of a new VM by the name of its system, and refuses names it does not know.',
  source: 'Intel ECI guide, Real-Time VM Image Creation (osinfo-db-import)',
  assess: (board) => {
    const { libvirt } = board.snapshot;
    if (!libvirt) return olderProbe('knows the systems of the image list');
    const date = libvirt.osDatabase;
    const evidence = lines(board.capture.evidence('/etc/osinfo/VERSION'), board.capture.evidence('/usr/share/osinfo/VERSION'));
    if (date === null) {
      return hasLibvirt(libvirt)
        ? { status: 'manual', stuckAt: null, states: { ...noStates, requested: 'installed', effective: 'absent' }, verdicts: effectiveOnly(false), evidence, message: 'There is no database of operating systems.', fix: 'Install osinfo-db (part of the packages for VMs).' }
        : notApplicable('It comes with the packages for VMs.');
    }
    const unknown = systems.filter(([, file]) => !isKnown(board, file)).map(([system]) => system);
    const states = { ...noStates, requested: 'knows the systems of the image list', effective: `of ${dayOf(date)}${unknown.length === 0 ? '' : `, without ${unknown.join(', ')}`}` };
    return unknown.length === 0
      ? { status: 'ok', stuckAt: null, states, verdicts: effectiveOnly(true), evidence, message: `The database is of ${dayOf(date)} and knows all of them.`, fix: null }
      : { status: 'manual', stuckAt: null, states, verdicts: effectiveOnly(false), evidence, message: `The database is of ${dayOf(date)} and does not know ${unknown.join(', ')}. A VM of those is made as a Linux of the time of the database (linux2022), which does as well.`, fix };
  },
  change: () => ({ refused: 'A newer database comes as a file that a person chooses.', next: fix }),
};

const isKnown = ({ capture }: BoardView, file: string) => ['/usr/share/osinfo/os', '/etc/osinfo/os'].some((folder) => capture.exists(`${folder}/${file}`));
const dayOf = (date: string) => date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
