import type { CloudImage } from '../../../model/vm.ts';

const debian = (number: 12 | 13, name: string): CloudImage => {
  const folder = `https://cloud.debian.org/images/cloud/${name}/latest`;
  // `generic`, not `genericcloud`: its kernel has the drivers of real devices, which a VM with passed-through ones needs.
  const fileName = `debian-${String(number)}-generic-amd64.qcow2`;
  return { id: `debian-${String(number)}`, title: `Debian ${String(number)} (${name})`, url: `${folder}/${fileName}`, checksumsUrl: `${folder}/SHA512SUMS`, fileName, osinfo: `debian${String(number)}`, adminGroup: 'sudo' };
};

const ubuntu = (version: string, name: string): CloudImage => {
  const folder = `https://cloud-images.ubuntu.com/${name}/current`;
  const fileName = `${name}-server-cloudimg-amd64.img`;
  return { id: `ubuntu-${version}`, title: `Ubuntu ${version} LTS (${name})`, url: `${folder}/${fileName}`, checksumsUrl: `${folder}/SHA256SUMS`, fileName, osinfo: `ubuntu${version}`, adminGroup: 'sudo' };
};

const almaFolder = 'https://repo.almalinux.org/almalinux/9/cloud/x86_64/images';
const almaFile = 'AlmaLinux-9-GenericCloud-latest.x86_64.qcow2';
const rockyFolder = 'https://dl.rockylinux.org/pub/rocky/9/images/x86_64';
const rockyFile = 'Rocky-9-GenericCloud-Base.latest.x86_64.qcow2';

/** Images whose publishers keep an address for the newest build, and a list of checksums beside it. */
export const cloudImages: readonly CloudImage[] = [
  debian(12, 'bookworm'), debian(13, 'trixie'), ubuntu('22.04', 'jammy'), ubuntu('24.04', 'noble'),
  { id: 'almalinux-9', title: 'AlmaLinux 9 (like RHEL 9)', url: `${almaFolder}/${almaFile}`, checksumsUrl: `${almaFolder}/CHECKSUM`, fileName: almaFile, osinfo: 'almalinux9', adminGroup: 'wheel' },
  { id: 'rocky-9', title: 'Rocky Linux 9 (like RHEL 9)', url: `${rockyFolder}/${rockyFile}`, checksumsUrl: `${rockyFolder}/${rockyFile}.CHECKSUM`, fileName: rockyFile, osinfo: 'rocky9', adminGroup: 'wheel' },
];
