import { RegularFile } from '../files/inode.ts';

/** The file of a built-in program. */
export function programFile(path: string): RegularFile {
  const file = new RegularFile('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', { mode: path === '/usr/bin/sudo' || path === '/usr/bin/su' ? 0o4755 : 0o755 });
  file.program = path;
  return file;
}
