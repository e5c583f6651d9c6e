import { TreeBuilder } from './tree-builder.ts';
import { diskText } from './disk-text.ts';
import { kernelOfImage, loaderEntryPaths } from './kernels.ts';
import type { KernelSpec } from './machine-spec.ts';
import type { PretendLinux } from './pretend-linux.ts';

interface MenuItem {
  readonly title: string;
  readonly id: string;
  /** The words behind `linux`, variables filled in; undefined for a submenu. */
  linux?: string;
  readonly items: MenuItem[];
}

/** What the boot loader starts. */
export interface BootChoice {
  /** With BOOT_IMAGE=, as /proc/cmdline shows it. */
  readonly commandLine: string;
  readonly kernel: KernelSpec;
  /** Chosen for this start only. */
  readonly once: boolean;
}

export const grubFolder = (linux: PretendLinux): string => (linux.spec.boot.loader === 'bls' ? '/boot/grub2' : '/boot/grub');

/** The environment block, as grub-editenv lists it. */
export const environmentOf = (linux: PretendLinux): Map<string, string> =>
  new Map([...diskText(linux, `${grubFolder(linux)}/grubenv`).matchAll(/^([A-Za-z_]\w*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

/** Writes the block: always 1024 bytes, filled with #. */
export function writeEnvironment(linux: PretendLinux, values: ReadonlyMap<string, string>): void {
  const text = `# GRUB Environment Block\n${[...values].map(([name, value]) => `${name}=${value}\n`).join('')}`;
  new TreeBuilder(linux.files.root).text(`${grubFolder(linux)}/grubenv`, text, { mode: linux.spec.boot.loader === 'bls' ? 0o600 : 0o644 });
  const inode = linux.files.find(`${grubFolder(linux)}/grubenv`, { uid: 0, gid: 0, groups: [0], pid: 1 });
  if (inode.kind === 'file') inode.write(text.length, '#'.repeat(Math.max(0, 1024 - text.length)));
}

/** Runs the menu as GRUB would, taking a one-shot choice out of the environment block. */
export function chooseBoot(linux: PretendLinux): BootChoice {
  const config = diskText(linux, `${grubFolder(linux)}/grub.cfg`);
  const environment = environmentOf(linux);
  const menu = new MenuReader(linux, environment).read(config);
  const next = config.includes('next_entry') || linux.spec.boot.loader === 'bls' ? environment.get('next_entry') ?? '' : '';
  if (next !== '') {
    environment.set('next_entry', '');
    writeEnvironment(linux, environment);
  }
  const standing = [...config.matchAll(/^\s*set default="?([^"\n]*)"?$/gm)].map(([, value = '']) => value).findLast((value) => !value.includes('next_entry')) ?? '0';
  const saved = standing.replace(/\$\{?saved_entry\}?/, environment.get('saved_entry') ?? '');
  const candidates = [next === '' ? undefined : find(menu, next), find(menu, saved === '' ? '0' : saved), firstOf(menu)];
  for (const item of candidates) {
    const [image = '', ...words] = item?.linux?.split(/\s+/) ?? [];
    const kernel = kernelOfImage(linux, image);
    if (kernel !== undefined) return { kernel, commandLine: [`BOOT_IMAGE=${linux.spec.boot.loader === 'bls' ? '(hd0,gpt2)' : ''}${image}`, ...words].join(' '), once: item === candidates[0] };
  }
  return { kernel: linux.spec.kernel, commandLine: linux.commandLine, once: false };
}

const firstOf = (items: readonly MenuItem[]): MenuItem | undefined => (items[0]?.linux === undefined ? items[0] === undefined ? undefined : firstOf(items[0].items) : items[0]);

/** `2`, an id, a title, or those of submenus in front with `>` between. */
function find(items: readonly MenuItem[], wanted: string): MenuItem | undefined {
  const [name = '', ...rest] = wanted.split('>');
  const item = items.find((one) => one.id === name || one.title === name) ?? (/^\d+$/.test(name) ? items[Number(name)] : undefined);
  return item === undefined ? undefined : rest.length > 0 ? find(item.items, rest.join('>')) : item.linux === undefined ? firstOf(item.items) : item;
}

/** Reads what of GRUB's language menus are made of: entries, submenus, variables, custom.cfg and BLS files. */
class MenuReader {
  readonly #linux: PretendLinux;
  readonly #variables: Map<string, string>;

  constructor(linux: PretendLinux, environment: ReadonlyMap<string, string>) {
    this.#linux = linux;
    this.#variables = new Map(environment);
  }

  read(text: string): MenuItem[] {
    const root: MenuItem = { title: '', id: '', items: [] };
    const stack: MenuItem[] = [root];
    let skipped = 0;
    for (const raw of text.split('\n')) {
      const line = raw.trim();
      const current = stack.at(-1) ?? root;
      const [command = '', ...rest] = this.#words(line);
      if (skipped > 0) skipped += line.endsWith('{') ? 1 : line === '}' ? -1 : 0;
      else if (command === 'function') skipped = 1;
      else if (command === 'menuentry' || command === 'submenu') stack.push(this.#open(current, rest));
      else if (line === '}') stack.pop();
      else if (command === 'set' || /^\w+=/.test(command)) this.#set(command === 'set' ? rest[0] ?? '' : command);
      else if (/^linux(?:16|efi)?$/.test(command)) current.linux = rest.join(' ');
      else if (command === 'source' && line.includes('custom.cfg')) root.items.push(...this.#custom());
      else if (command === 'blscfg') root.items.push(...this.#loaderEntries());
    }
    return root.items;
  }

  #open(parent: MenuItem, words: readonly string[]): MenuItem {
    const option = words.findIndex((word) => word === '--id');
    const item: MenuItem = { title: words[0] ?? '', id: option < 0 ? '' : words[option + 1] ?? '', items: [] };
    parent.items.push(item);
    return item;
  }

  #set(assignment: string): void {
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(assignment) ?? [];
    // The header's own variables decide the choice and are read from the text itself.
    if (name !== undefined && !['default', 'next_entry', 'saved_entry'].includes(name)) this.#variables.set(name, value);
  }

  #taken = false;

  #custom(): MenuItem[] {
    if (this.#taken) return [];
    this.#taken = true;
    return this.read(diskText(this.#linux, `${grubFolder(this.#linux)}/custom.cfg`));
  }

  #loaderEntries(): MenuItem[] {
    return loaderEntryPaths(this.#linux).map((path) => {
      const text = diskText(this.#linux, path);
      const value = (key: string): string => new RegExp(`^${key}\\s+(.*?)\\s*$`, 'm').exec(text)?.[1] ?? '';
      return { title: value('title'), id: path.replace(/^.*\/|\.conf$/g, ''), linux: `${value('linux')} ${this.#expand(value('options'))}`.trim().replace(/\s+/g, ' '), items: [] };
    });
  }

  #expand(text: string): string {
    return text.replace(/\$\{?(\w+)\}?/g, (_all, name: string) => this.#variables.get(name) ?? '');
  }

  /** Words of a line: quotes taken away, variables filled in; `$menuentry_id_option` is `--id`. */
  #words(line: string): string[] {
    const found: string[] = [];
    for (const [all] of line.replaceAll('$menuentry_id_option', '--id').replaceAll('${menuentry_id_option}', '--id').matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
      let word = '';
      for (const [, double, single, bare] of all.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\\.|[^"'\\]+)/g)) word += single ?? (double === undefined ? this.#expand((bare ?? '').replace(/^\\/, '')) : this.#expand(double.replace(/\\(.)/g, '$1')));
      if (word !== '') found.push(word);
    }
    return found;
  }
}
