import { newVmSchema, type CloudImage, type NewVm } from '../../shared/model/vm.ts';

/** A VM to be made, as typed. */
export interface NewVmForm {
  name: string;
  purpose: NewVm['purpose'];
  source: NewVm['image']['kind'];
  catalogueId: string;
  fetchedBy: 'board' | 'laptop';
  path: string;
  sha256: string;
  vcpus: string;
  memoryMiB: string;
  diskGiB: string;
  user: string;
  password: string;
  sshKeys: string;
  adminGroup: 'sudo' | 'wheel';
  packages: string;
  network: string;
  osinfo: string;
}

export interface NewVmProblem { readonly field: string; readonly severity: 'error' | 'warning' | 'note'; readonly message: string }
export type NewVmReading = { readonly ok: true; readonly vm: NewVm } | { readonly ok: false; readonly problems: readonly NewVmProblem[] };

/** What is asked for of each purpose before anybody types: Intel's example has eight vCPUs for both. */
const sizes = { 'real-time': { name: 'rt', vcpus: 4, memoryMiB: 4096, diskGiB: 20 }, stressor: { name: 'stress', vcpus: 4, memoryMiB: 4096, diskGiB: 40 } } as const;

/** A form to begin with. `takenNames`: VMs that are there. */
export function emptyNewVmForm(purpose: NewVm['purpose'], takenNames: readonly string[], network: string): NewVmForm {
  const { name, vcpus, memoryMiB, diskGiB } = sizes[purpose];
  let free: string = name;
  for (let number = 2; takenNames.includes(free); number += 1) free = `${name}${String(number)}`;
  return {
    name: free, purpose, source: 'catalogue', catalogueId: '', fetchedBy: 'board', path: '', sha256: '', vcpus: String(vcpus), memoryMiB: String(memoryMiB), diskGiB: String(diskGiB),
    user: 'engineer', password: '', sshKeys: '', adminGroup: 'sudo', packages: '', network, osinfo: 'linux2022',
  };
}

/** Takes an image of the catalogue, with what is known of the system in it. */
export const withImage = (form: NewVmForm, { id, osinfo, adminGroup }: CloudImage): NewVmForm => ({ ...form, source: 'catalogue', catalogueId: id, osinfo, adminGroup });

const words: Readonly<Record<string, string>> = {
  name: 'Write a name of letters, digits, dots, hyphens and underscores, at most 63.', 'image.id': 'Choose an image.', 'image.path': 'Write the path of the image file.',
  'image.sha256': 'A SHA-256 has 64 hexadecimal digits; leave it empty where it is not known.', vcpus: 'Write a whole number of vCPUs, from 1 to 512.', memoryMiB: 'Write whole MiB, at least 256.',
  diskGiB: 'Write whole GiB, at least 2.', 'user.name': 'A user begins with a lower-case letter; letters, digits, hyphens and underscores follow.', network: 'Choose a network of the host.',
  osinfo: 'Write what libosinfo calls the system, such as debian12, or linux2022.',
};

/** Reads the form. Fields of problems are those of `NewVm`, joined by dots: `user.name`. */
export function readNewVmForm(form: NewVmForm): NewVmReading {
  const sha256 = form.sha256.trim().toLowerCase();
  const file = { path: form.path.trim(), sha256: sha256 === '' ? null : sha256 };
  const keys = form.sshKeys.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const checked = newVmSchema.safeParse({
    name: form.name.trim(), purpose: form.purpose, vcpus: whole(form.vcpus), memoryMiB: whole(form.memoryMiB), diskGiB: whole(form.diskGiB),
    image: form.source === 'catalogue' ? { kind: 'catalogue', id: form.catalogueId, fetchedBy: form.fetchedBy } : { kind: form.source, ...file },
    user: { name: form.user.trim(), password: form.password === '' ? null : form.password, sshKeys: keys, adminGroup: form.adminGroup },
    packages: form.packages.split(/[\s,]+/).filter((name) => name !== ''), network: form.network, osinfo: form.osinfo.trim(),
  });
  const problems: NewVmProblem[] = checked.success ? [] : checked.error.issues.map(({ path, message }) => {
    const field = path.filter((part) => typeof part === 'string').join('.');
    return { field, severity: 'error', message: words[field] ?? message };
  });
  if (form.source === 'catalogue' && form.catalogueId === '') problems.push({ field: 'image.id', severity: 'error', message: words['image.id'] ?? '' });
  if (form.password === '' && keys.length === 0) problems.push({ field: 'user.password', severity: 'error', message: 'Give a password, a key, or both: nobody could log in otherwise.' });
  if (!checked.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, vm: checked.data };
}

const whole = (text: string): number => (/^\s*\d{1,7}\s*$/.test(text) ? Number(text) : NaN);
