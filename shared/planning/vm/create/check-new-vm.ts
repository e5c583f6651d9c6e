import type { NewVm, NewVmPreview, VmHost } from '../../../model/vm.ts';
import { cloudImages } from './cloud-images.ts';

type Problem = NewVmPreview['problems'][number];

interface HostSize { readonly cpus: { readonly online: readonly number[] }; readonly memory: { readonly totalBytes: number | null } }

/** What is known of the host a VM is to be made on; null: not read yet. */
export interface NewVmHost {
  readonly host: VmHost | null;
  /** Of its snapshot: the CPUs that are online, and its memory. */
  readonly snapshot: HostSize | null;
}

/** What the first start of a cloud image writes, and then some. */
const firstUseBytes = 2 * 2 ** 30;
const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** What speaks against a VM, from the last readings of its host. An error stops its making. */
export function checkNewVm(vm: NewVm, { host, snapshot }: NewVmHost): Problem[] {
  const problems: Problem[] = [];
  const add = (field: string, severity: Problem['severity'], message: string): void => { problems.push({ field, severity, message }); };
  if (vm.image.kind === 'catalogue') {
    const { id } = vm.image;
    if (!cloudImages.some((image) => image.id === id)) add('image.id', 'error', `The catalogue has no image “${id}”.`);
  } else if (vm.image.sha256 === null) {
    add('image.sha256', 'note', 'No SHA-256 is given: whether the image is the one its publisher made is not checked.');
  }
  if (vm.user.password !== null && vm.user.sshKeys.length === 0) add('user.sshKeys', 'note', 'Without a key the VM takes the password over SSH.');
  if (snapshot === null) add('vcpus', 'note', 'The host has not been read yet: whether it has the CPUs and the memory is not known.');
  else checkSize(vm, snapshot, add);
  if (host === null) add('name', 'note', 'The VMs of the host have not been read yet: whether the name is free is not known.');
  else checkHost(vm, host, add);
  return problems;
}

type Add = (field: string, severity: Problem['severity'], message: string) => void;

function checkSize(vm: NewVm, { cpus, memory }: HostSize, add: Add): void {
  const online = cpus.online.length;
  if (online > 0 && vm.vcpus > online) {
    add('vcpus', vm.purpose === 'real-time' ? 'error' : 'warning', `${String(vm.vcpus)} vCPUs on ${String(online)} CPUs: two would share a CPU and wait for each other.`);
  } else if (online > 1 && vm.vcpus === online) {
    add('vcpus', 'warning', 'This takes every CPU of the host: nothing is left for the host’s own work.');
  }
  const totalMiB = memory.totalBytes === null ? null : memory.totalBytes / 1_048_576;
  if (totalMiB !== null && vm.memoryMiB >= totalMiB) add('memoryMiB', 'error', `The host has ${String(Math.floor(totalMiB))} MiB of memory in all.`);
  else if (totalMiB !== null && vm.memoryMiB > totalMiB - 1024) add('memoryMiB', 'warning', `The host has ${String(Math.floor(totalMiB))} MiB in all: less than 1 GiB is left for itself.`);
}

function checkHost(vm: NewVm, host: VmHost, add: Add): void {
  if (host.libvirt === null) add('name', 'error', host.problem === null ? 'libvirt does not answer on the host.' : host.problem.message);
  if (host.halfMade.some(({ name }) => name === vm.name)) add('name', 'warning', `“${vm.name}” is half made. Making it goes on where that broke off; to begin anew, remove it first.`);
  else if (host.vms.some(({ name }) => name === vm.name)) add('name', 'error', `The host has a VM “${vm.name}” already.`);
  const network = host.networks.find(({ name }) => name === vm.network);
  if (network === undefined && host.libvirt !== null) add('network', 'error', `The host has no libvirt network “${vm.network}”.`);
  else if (network?.active === false) add('network', 'error', `The network “${vm.network}” is not active. Start it: virsh net-start ${vm.network}`);
  const { image } = vm;
  if (host.imageDirectory !== null && host.imageDirectory.freeBytes < firstUseBytes) {
    add('diskGiB', 'error', `Only ${gib(host.imageDirectory.freeBytes)} are free in ${host.imageDirectory.path}; a VM writes about ${gib(firstUseBytes)} when it starts for the first time.`);
  } else if (host.imageDirectory !== null && vm.diskGiB * 2 ** 30 > host.imageDirectory.freeBytes) {
    add('diskGiB', 'warning', `The disk grows as it is written to. Full, it would take more than the ${gib(host.imageDirectory.freeBytes)} that are free in ${host.imageDirectory.path}.`);
  }
  if (image.kind === 'board-file' && host.imageDirectory !== null && image.path.startsWith(`${host.imageDirectory.path}/`) && !host.images.some(({ path }) => path === image.path)) {
    add('image.path', 'warning', `${image.path} was not there when the host was last read.`);
  }
}
