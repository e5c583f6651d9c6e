import { failed, ok, type Result } from '../../../contract/result.ts';
import type { NewVm, NewVmPreview } from '../../../model/vm.ts';
import { cloudInitMetaData, cloudInitUserData } from '../cloud-init.ts';
import { commandText } from '../../cyclictest-command.ts';
import { checkNewVm, type NewVmHost } from './check-new-vm.ts';
import { cloudImages } from './cloud-images.ts';
import { baseImageName, hostNameOf, usualImageDirectory, vmFiles } from './new-vm-names.ts';
import { osinfoPlaceholder, virtInstallCommand } from './virt-install-command.ts';

/** What cloud-init is told about a new VM. Errors: `bad-usage`, which names the field. */
export function newVmSeed(vm: Pick<NewVm, 'name' | 'user' | 'packages'>, uuid: string, passwordHash: string | null): Result<{ userData: string; metaData: string }> {
  const hostName = hostNameOf(vm.name);
  const { name, sshKeys, adminGroup } = vm.user;
  const userData = cloudInitUserData({ hostName, user: { name, passwordHash, sshKeys, adminGroup }, packages: vm.packages });
  if (!userData.ok) return userData;
  const metaData = cloudInitMetaData(uuid, hostName);
  return metaData.ok ? ok({ userData: userData.value, metaData: metaData.value }) : failed(metaData.error);
}

const notYet = '00000000-0000-0000-0000-000000000000';

/** What making a VM would do, in the words of the programs that do it, and what speaks against it. */
export function previewNewVm(vm: NewVm, passwordHash: string | null, host: NewVmHost): NewVmPreview {
  const problems = checkNewVm(vm, host);
  const seed = newVmSeed(vm, notYet, passwordHash);
  if (!seed.ok) {
    const field = seed.error.extras.details?.['field'];
    problems.push({ field: typeof field === 'string' && field !== '' ? field : 'user', severity: 'error', message: seed.error.message });
  }
  const directory = host.host?.imageDirectory?.path ?? usualImageDirectory;
  const files = vmFiles(directory, vm.name);
  const { lines, image } = imageCommands(vm, directory);
  return {
    userData: seed.ok ? seed.value.userData : '', metaData: seed.ok ? seed.value.metaData : '', problems,
    commands: [
      ...lines,
      commandText(['qemu-img', 'create', '-f', 'qcow2', '-b', image, '-F', 'FORMAT', files.disk, `${String(vm.diskGiB)}G`]),
      commandText(['xorriso', '-as', 'mkisofs', '-output', files.seed, '-volid', 'cidata', '-joliet', '-rational-rock', 'user-data', 'meta-data']),
      `${commandText(['virt-install', ...virtInstallCommand({ vm, uuid: 'UUID', files }).map((word) => (word === osinfoPlaceholder ? vm.osinfo : word)), '--print-xml'])} > domain.xml`,
      'virsh -c qemu:///system define domain.xml',
      commandText(['virsh', '-c', 'qemu:///system', 'start', vm.name]),
    ],
  };
}

function imageCommands({ image }: NewVm, directory: string): { lines: string[]; image: string } {
  if (image.kind === 'board-file') return { lines: image.sha256 === null ? [] : [commandText(['sha256sum', image.path])], image: image.path };
  if (image.kind === 'laptop-file') {
    const path = `${directory}/${baseImageName(image.path, image.sha256 ?? 'SHA-256…')}`;
    return { lines: [`sftp: put ${commandText([image.path, path])}`, commandText(['sha256sum', path])], image: path };
  }
  const known = cloudImages.find(({ id }) => id === image.id);
  if (known === undefined) return { lines: [], image: `${directory}/IMAGE` };
  const path = `${directory}/${baseImageName(known.fileName, 'CHECKSUM')}`;
  const fetch = commandText(['curl', '-fsSL', '-C', '-', '-o', `${path}.part`, known.url]);
  const lines = [commandText(['curl', '-fsSL', known.checksumsUrl]), fetch];
  return { lines: image.fetchedBy === 'board' ? lines : [...lines.map((line) => `on this computer: ${line}`), `sftp: put ${commandText([known.fileName, `${path}.part`])}`], image: path };
}
