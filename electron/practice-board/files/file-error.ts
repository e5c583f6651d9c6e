const texts = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOSPC: 'No space left on device',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EPIPE: 'Broken pipe',
  ENXIO: 'No such device or address',
  EBADF: 'Bad file descriptor',
  EBUSY: 'Device or resource busy',
  ELOOP: 'Too many levels of symbolic links',
  EROFS: 'Read-only file system',
  EOPNOTSUPP: 'Operation not supported',
  ERANGE: 'Numerical result out of range',
  ENODEV: 'No such device',
  ESRCH: 'No such process',
} as const;

export type FileErrorCode = keyof typeof texts;

/** A system call of the pretend Linux that failed. `text` is what the C library says for it. */
export class FileError extends Error {
  override readonly name = 'FileError';
  constructor(readonly code: FileErrorCode, readonly path = '') {
    super(`${path}: ${texts[code]}`);
  }

  get text(): string {
    return texts[this.code];
  }
}
