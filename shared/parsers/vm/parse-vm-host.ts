import { ok, type Result } from '../../contract/result.ts';
import type { Vm, VmHost } from '../../model/vm.ts';
import { parseCpuList } from '../cpu-list.ts';
import { parseCacheGroups } from './cache-groups.ts';
import { libvirtUnreachable, parseReach } from './libvirt-unreachable.ts';
import { parseMadeRecords } from './made-records.ts';
import { readingSections } from './reading-sections.ts';
import { parseAddresses, parseNetworkList, virshFields, vmStateOf } from './virsh-tables.ts';
import { parseVmThreads } from './vm-threads.ts';

/** Where libvirt's default pool is, and where vm-read.sh looks. */
const imageDirectory = '/var/lib/libvirt/images';

interface About {
  readonly takenAt: VmHost['takenAt'];
  /** What virsh was connected to. */
  readonly uri: string;
}

/** Reads what vm-read.sh printed. Total. Error: `output-unreadable` when it is no such reading, or is cut off. */
export function parseVmHost(text: string, { takenAt, uri }: About): Result<VmHost> {
  const sections = readingSections(text);
  if (!sections.ok) return sections;
  const find = (name: string, subject = '') => sections.value.find((section) => section.name === name && section.subject === subject)?.text;
  const version = find('version');
  const unreachable = find('unreachable');
  const resctrl = find('resctrl');
  const cache = resctrl === undefined ? null : parseCacheGroups(resctrl);
  const isolated = parseCpuList(find('isolated')?.trim() ?? '');
  const made = parseMadeRecords(find('made') ?? '');
  const { ofVm, intruders } = parseVmThreads(find('processes') ?? '', find('threads') ?? '', cache === null ? null : (thread) => cache.groupOfThread.get(thread) ?? '');
  const vms = sections.value.filter(({ name }) => name === 'domain').flatMap(({ subject: uuid, text: info }): Vm[] => {
    const fields = virshFields(info);
    const name = fields.get('Name');
    // Gone between the list and the question.
    if (name === undefined || name === '') return [];
    const persistent = fields.get('Persistent') !== 'no';
    return [{
      name, uuid, state: vmStateOf(fields.get('State')), autostart: fields.get('Autostart') === 'enable', persistent,
      inactiveXml: persistent ? xmlOf(find('inactive', uuid)) : null, activeXml: xmlOf(find('active', uuid)),
      ...ofVm(uuid), addresses: parseAddresses(find('addresses', uuid) ?? ''), made: made.find((record) => record.name === name) ?? null,
    }];
  });
  return ok({
    takenAt,
    libvirt: version === undefined ? null : { ...versionsOf(version), uri },
    problem: version === undefined || unreachable !== undefined ? libvirtUnreachable(parseReach(unreachable ?? ''), find('said') ?? '').toData() : null,
    capabilitiesXml: xmlOf(find('capabilities')),
    networks: parseNetworkList(find('networks') ?? ''),
    cacheGroups: cache?.groups ?? null,
    imageDirectory: roomOf(find('room') ?? ''),
    isolatedCpus: isolated.ok ? isolated.value : [],
    images: imagesOf(find('images') ?? ''),
    vms: vms.sort((a, b) => a.name.localeCompare(b.name)),
    halfMade: made.filter(({ phase }) => phase !== 'ready'),
    intruders,
  });
}

/** virsh ends a document with an empty line; of a domain that is gone it prints nothing. */
function xmlOf(text: string | undefined): string | null {
  const xml = text?.trim() ?? '';
  return xml.startsWith('<') ? `${xml}\n` : null;
}

function versionsOf(text: string): { version: string; hypervisor: string } {
  const fields = virshFields(text);
  return { version: (fields.get('Using library') ?? '').replace(/^libvirt /, ''), hypervisor: fields.get('Running hypervisor') ?? '' };
}

/** `df -Pk`: one line a file system, its columns fixed by POSIX. */
function roomOf(text: string): VmHost['imageDirectory'] {
  const [, free] = /\s\d+\s+\d+\s+(\d{1,15})\s+\S+\s+\/[^\n]*\n?$/.exec(text) ?? [];
  return free === undefined ? null : { path: imageDirectory, freeBytes: Number(free) * 1024 };
}

const imagesOf = (text: string): VmHost['images'] => [...text.matchAll(/^(\d{1,15}) (\/.+)$/gm)].map(([, size, path = '']) => ({ path, sizeBytes: Number(size) }));
