import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the core of a project listens for later comers on this laptop, and the file with the token they must show. */
export interface SocketAddress {
  readonly socket: string;
  readonly tokenFile: string;
}

/** The same folder gives the same address, whatever path it was named by. */
export function socketAddress(stateDirectory: string, projectDirectory: string): SocketAddress {
  const name = createHash('sha256').update(realPath(projectDirectory)).digest('hex').slice(0, 20);
  const directory = join(stateDirectory, 'cores');
  return { socket: socketPath(directory, name), tokenFile: join(directory, `${name}.token`) };
}

/** Unix limits a socket's path to about 100 bytes: a deep home folder falls back to the temporary folder. */
function socketPath(directory: string, name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\rtvm-bench-${name}`;
  const path = join(directory, `${name}.sock`);
  return path.length <= 100 ? path : join(tmpdir(), `rtvm-bench-${process.getuid?.() ?? 0}-${name}.sock`);
}

function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
