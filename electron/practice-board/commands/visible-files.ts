import { unsafeBytesFromLatin1, type IFileSystem } from 'just-bash';
import { FileError } from '../files/file-error.ts';
import { normalPath } from '../files/file-tree.ts';
import type { Inode } from '../files/inode.ts';
import type { ProgramContext } from './program.ts';

type Stat = Awaited<ReturnType<IFileSystem['stat']>>;

const statOf = (inode: Inode): Stat => ({
  isFile: inode.kind === 'file' || inode.kind === 'computed', isDirectory: inode.kind === 'folder', isSymbolicLink: inode.kind === 'link', mode: inode.mode,
  size: inode.kind === 'file' ? inode.size : 0, mtime: new Date(inode.modifiedMs), ino: inode.number,
});

const bytes = (content: string | Uint8Array): string => (typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content)).toString('latin1');

/** The file tree as the text tools want it, with the permissions of the process that runs them. */
export function visibleFiles(context: ProgramContext): IFileSystem {
  const { files } = context;
  const absolute = (path: string): string => context.path(Buffer.from(path, 'utf8').toString('latin1'));
  const read = async (path: string): Promise<string> => guarded(path, () => context.readFile(absolute(path)));
  const find = (path: string, follow: boolean): Promise<Inode> => guarded(path, async () => files.find(absolute(path), context.who, follow));
  const refuse = async (): Promise<never> => {
    throw new Error('EOPNOTSUPP: operation not supported');
  };
  return {
    readFile: async (path) => Buffer.from(await read(path), 'latin1').toString('utf8'),
    readFileBytes: async (path) => unsafeBytesFromLatin1(await read(path)),
    readFileBuffer: async (path) => Buffer.from(await read(path), 'latin1'),
    writeFile: (path, content) => guarded(path, () => context.writeFile(absolute(path), bytes(content))),
    appendFile: (path, content) => guarded(path, () => context.writeFile(absolute(path), bytes(content), true)),
    exists: async (path) => files.exists(absolute(path), context.who),
    stat: async (path) => statOf(await find(path, true)),
    lstat: async (path) => statOf(await find(path, false)),
    readdir: (path) => guarded(path, async () => files.list(absolute(path), context.who)),
    mkdir: (path) => guarded(path, async () => {
      files.makeFolder(absolute(path), context.who);
    }),
    rm: (path) => guarded(path, async () => files.remove(absolute(path), context.who, 'file')),
    mv: (from, to) => guarded(from, async () => files.rename(absolute(from), absolute(to), context.who)),
    cp: refuse,
    link: refuse,
    symlink: (target, path) => guarded(path, async () => files.makeLink(target, absolute(path), context.who)),
    readlink: async (path) => {
      const inode = await find(path, false);
      return inode.kind === 'link' ? inode.target(context.who) : refuse();
    },
    realpath: (path) => guarded(path, async () => files.realPath(absolute(path), context.who)),
    chmod: async (path, mode) => {
      (await find(path, true)).mode = mode;
    },
    utimes: async (path, _accessed, modified) => {
      (await find(path, true)).modifiedMs = modified.getTime();
    },
    resolvePath: (base, path) => normalPath(path.startsWith('/') ? path : `${base}/${path}`),
    getAllPaths: () => [],
  };
}

/** Errors in the words of Node, which the text tools turn into those of GNU. */
async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError) throw Object.assign(new Error(`${error.code}: ${error.text.toLowerCase()}, '${path}'`), { code: error.code });
    throw error;
  }
}
