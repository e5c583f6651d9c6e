import { RegularFile } from '../files/inode.ts';
import { diskNames, diskText } from '../linux/disk-text.ts';
import { rootCredentials, type PretendLinux } from '../linux/pretend-linux.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import { LibvirtError } from './libvirt-error.ts';
import { parseNode, type XmlNode } from './xml-node.ts';

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const characters = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

/** Definitions as libvirt keeps them: a file each, and a link in `autostart` for those that start by themselves. */
export class DefinitionFiles {
  readonly #read = new Map<string, { readonly text: string; readonly node: XmlNode }>();

  constructor(readonly linux: PretendLinux, readonly folder: string) {}

  names(): string[] {
    return diskNames(this.linux, this.folder, '.xml').map((file) => characters(file.slice(0, -4)));
  }

  read(name: string): XmlNode | undefined {
    const text = diskText(this.linux, this.path(name));
    if (text === '') return undefined;
    const known = this.#read.get(name);
    if (known?.text === text) return known.node;
    const node = parseNode(characters(text), 'definition');
    this.#read.set(name, { text, node });
    return node;
  }

  write(name: string, xml: string, editor: string): void {
    if (this.linux.files.full) throw new LibvirtError(`cannot create config file '${this.path(name)}.new': No space left on device`);
    const head = `<!--\nWARNING: THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE\nOVERWRITTEN AND LOST. Changes to this xml configuration should be made using:\n  ${editor}\nor other application using the libvirt API.\n-->\n\n`;
    new TreeBuilder(this.linux.files.root).put(this.path(name), new RegularFile(bytes(head + xml), { mode: 0o600 }));
  }

  remove(name: string): void {
    this.setAutostart(name, false);
    this.linux.files.remove(this.path(name), rootCredentials, 'file');
  }

  isAutostart(name: string): boolean {
    return diskNames(this.linux, `${this.folder}/autostart`, '.xml').includes(`${bytes(name)}.xml`);
  }

  setAutostart(name: string, on: boolean): void {
    const link = `${this.folder}/autostart/${bytes(name)}.xml`;
    if (on === this.isAutostart(name)) return;
    if (on) new TreeBuilder(this.linux.files.root).link(link, this.path(name));
    else this.linux.files.remove(link, rootCredentials, 'file');
  }

  path(name: string): string {
    return `${this.folder}/${bytes(name)}.xml`;
  }
}
