import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import { FileError } from './files/file-error.ts';
import { normalPath } from './files/file-tree.ts';
import type { Credentials, Inode } from './files/inode.ts';
import { OpenRegularFile } from './files/open-file.ts';
import type { PretendLinux } from './linux/pretend-linux.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

const typeBits = { file: 0o100000, computed: 0o100000, folder: 0o040000, link: 0o120000, fifo: 0o010000, device: 0o020000, socket: 0o140000 } as const;

const attributesOf = (inode: Inode): Attributes => {
  const seconds = Math.floor(inode.modifiedMs / 1000);
  return { mode: typeBits[inode.kind] | inode.mode, uid: inode.uid, gid: inode.gid, size: inode.kind === 'file' ? inode.size : 0, atime: seconds, mtime: seconds };
};

/** SFTP on plain files of the machine, with the rights of its user: what sending and fetching a file takes. */
export function serveSftp(linux: PretendLinux, sftp: SFTPWrapper): void {
  const who = (): Credentials => ({ uid: 1000, gid: 1000, groups: linux.accounts.groupsOf('rt'), pid: 1 });
  const stop = new AbortController();
  const open = new Map<number, OpenRegularFile>();
  let lastHandle = 0;
  const fileOf = (handle: Buffer): OpenRegularFile => {
    const file = handle.length === 4 ? open.get(handle.readUInt32BE()) : undefined;
    if (file === undefined) throw new FileError('EBADF');
    return file;
  };
  const absolute = (path: string): string => normalPath(path.startsWith('/') ? path : `/home/rt/${path}`);
  /** Answers a request; a failed system call becomes its status, as OpenSSH maps it. */
  const answer = (request: number, work: () => void | Promise<void>): void => {
    void (async () => work())().catch((error: unknown) => {
      if (!(error instanceof FileError)) return sftp.status(request, STATUS_CODE.FAILURE, 'Failure');
      const code = error.code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : error.code === 'EACCES' || error.code === 'EPERM' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
      return sftp.status(request, code, code === STATUS_CODE.FAILURE ? 'Failure' : error.text);
    });
  };
  const done = (request: number): void => sftp.status(request, STATUS_CODE.OK);
  sftp.on('OPEN', (request, path, flags, attributes) => answer(request, async () => {
    const has = (bit: number): boolean => (flags & bit) !== 0;
    const file = await linux.files.open(absolute(path), who(), {
      read: has(OPEN_MODE.READ), write: has(OPEN_MODE.WRITE), create: has(OPEN_MODE.CREAT), truncate: has(OPEN_MODE.TRUNC), append: has(OPEN_MODE.APPEND), mode: attributes.mode ?? 0o644,
    }, stop.signal);
    if (!(file instanceof OpenRegularFile)) throw new FileError('EINVAL', path);
    lastHandle += 1;
    open.set(lastHandle, file);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(lastHandle);
    sftp.handle(request, handle);
  }));
  sftp.on('WRITE', (request, handle, offset, data) => answer(request, async () => {
    const file = fileOf(handle);
    file.offset = offset;
    await file.write(data.toString('latin1'));
    done(request);
  }));
  sftp.on('READ', (request, handle, offset, length) => answer(request, async () => {
    const file = fileOf(handle);
    file.offset = offset;
    const text = await file.read(length);
    if (text === '') sftp.status(request, STATUS_CODE.EOF);
    else sftp.data(request, Buffer.from(text, 'latin1'));
  }));
  sftp.on('FSTAT', (request, handle) => answer(request, () => sftp.attrs(request, attributesOf(fileOf(handle).file))));
  sftp.on('STAT', (request, path) => answer(request, () => sftp.attrs(request, attributesOf(linux.files.find(absolute(path), who())))));
  sftp.on('LSTAT', (request, path) => answer(request, () => sftp.attrs(request, attributesOf(linux.files.find(absolute(path), who(), false)))));
  sftp.on('FSETSTAT', (request, handle, attributes) => answer(request, () => {
    const { file } = fileOf(handle);
    if (attributes.size !== undefined) file.truncate(attributes.size);
    done(request);
  }));
  sftp.on('REMOVE', (request, path) => answer(request, () => {
    linux.files.remove(absolute(path), who(), 'file');
    done(request);
  }));
  sftp.on('REALPATH', (request, path) => answer(request, () => sftp.name(request, [{ filename: absolute(path), longname: absolute(path), attrs: { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 } }])));
  sftp.on('CLOSE', (request, handle) => answer(request, () => {
    fileOf(handle).release();
    open.delete(handle.readUInt32BE());
    done(request);
  }));
  for (const unplayed of ['OPENDIR', 'MKDIR', 'RMDIR', 'RENAME', 'READLINK', 'SYMLINK', 'SETSTAT', 'READDIR'] as const) sftp.on(unplayed, (request: number) => sftp.status(request, STATUS_CODE.OP_UNSUPPORTED));
  sftp.on('close', () => {
    stop.abort();
    for (const file of open.values()) file.release();
    open.clear();
  });
}
