import { diskText } from './disk-text.ts';
import type { PretendLinux } from './pretend-linux.ts';

interface Group {
  readonly name: string;
  readonly id: number;
  readonly members: readonly string[];
}

/** Users and groups as /etc/passwd and /etc/group have them. */
export class Accounts {
  readonly #linux: PretendLinux;

  constructor(linux: PretendLinux) {
    this.#linux = linux;
  }

  groups(): Group[] {
    return diskText(this.#linux, '/etc/group').split('\n').filter((line) => line !== '').map((line) => {
      const [name = '', , id = '', members = ''] = line.split(':');
      return { name, id: Number(id), members: members.split(',').filter((member) => member !== '') };
    });
  }

  users(): { readonly name: string; readonly id: number; readonly group: number; readonly home: string }[] {
    return diskText(this.#linux, '/etc/passwd').split('\n').filter((line) => line !== '').map((line) => {
      const [name = '', , id = '', group = '', , home = '/'] = line.split(':');
      return { name, id: Number(id), group: Number(group), home };
    });
  }

  groupId(name: string): number | undefined {
    return this.groups().find((group) => group.name === name)?.id;
  }

  groupName(id: number): string {
    return this.groups().find((group) => group.id === id)?.name ?? String(id);
  }

  userId(name: string): number | undefined {
    return this.users().find((user) => user.name === name)?.id;
  }

  userName(id: number): string {
    return this.users().find((user) => user.id === id)?.name ?? String(id);
  }

  /** Groups of a user as a log-in gets them: the own one first. */
  groupsOf(name: string): number[] {
    const own = this.users().find((user) => user.name === name)?.group;
    const others = this.groups().filter(({ members, id }) => members.includes(name) && id !== own).map(({ id }) => id);
    return own === undefined ? others : [own, ...others];
  }

  /** Adds a line to a file of accounts unless one of that name is there. */
  add(file: 'passwd' | 'group', line: string): void {
    const path = `/etc/${file}`;
    const text = diskText(this.#linux, path);
    if (!text.split('\n').some((one) => one.startsWith(`${line.split(':')[0] ?? ''}:`))) this.#write(path, `${text}${line}\n`);
  }

  setMembers(group: string, members: readonly string[]): void {
    this.#write('/etc/group', diskText(this.#linux, '/etc/group').replace(/^([^:\n]+):([^:\n]*):(\d+):.*$/gm, (line, name: string, password: string, id: string) => (name === group ? `${name}:${password}:${id}:${members.join(',')}` : line)));
  }

  #write(path: string, text: string): void {
    const inode = this.#linux.files.find(path, { uid: 0, gid: 0, groups: [0], pid: 1 });
    if (inode.kind !== 'file') return;
    inode.truncate(0);
    inode.write(0, text);
  }
}
