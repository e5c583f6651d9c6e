import type { CommandNode } from 'just-bash';
import { FileError } from '../files/file-error.ts';
import type { OpenFile } from '../files/open-file.ts';
import { Pipe } from '../files/pipe.ts';
import { OpenPipe } from '../files/open-file.ts';
import type { Process } from '../processes/process.ts';
import { ShellError } from './control-flow.ts';
import { expandText, type ExpansionHost } from './expand.ts';
import type { OpenRequest } from '../files/file-tree.ts';

export type Redirection = Extract<CommandNode, { type: 'SimpleCommand' }>['redirections'][number];

interface RedirectHost extends ExpansionHost {
  readonly process: Process;
  openPath(path: string, request: OpenRequest): Promise<OpenFile>;
}

const requests: Readonly<Record<string, OpenRequest>> = {
  '<': { read: true },
  '>': { write: true, create: true, truncate: true },
  '>|': { write: true, create: true, truncate: true },
  '>>': { write: true, create: true, append: true },
  '<>': { read: true, write: true, create: true },
};

/** Descriptors as they were before a redirection: put back, or closed when it is to stay. One of the two must be called. */
export interface Redirected {
  restore(): void;
  keep(): void;
}

/** Applies redirections to the process, in order. */
export async function redirect(host: RedirectHost, redirections: readonly Redirection[]): Promise<Redirected> {
  const saved: (readonly [number, OpenFile | undefined])[] = [];
  const keep = (): void => {
    for (const [, file] of saved) file?.release();
  };
  const restore = (): void => {
    if (!host.process.alive) return keep();
    for (const [fd, file] of saved.reverse()) host.process.setFd(fd, file);
  };
  const place = (fd: number, file: OpenFile | undefined): void => {
    saved.push([fd, host.process.fds.get(fd)?.retain()]);
    host.process.setFd(fd, file);
  };
  try {
    for (const one of redirections) await apply(host, one, place);
  } catch (error) {
    restore();
    throw error;
  }
  return { restore, keep };
}

async function apply(host: RedirectHost, one: Redirection, place: (fd: number, file: OpenFile | undefined) => void): Promise<void> {
  const fd = one.fd ?? (one.operator.startsWith('<') ? 0 : 1);
  if (one.target.type === 'HereDoc') return place(fd, hereDocument(await expandText(host, one.target.content)));
  const target = await expandText(host, one.target);
  if (one.operator === '<<<') return place(fd, hereDocument(`${target}\n`));
  if (one.operator === '>&' || one.operator === '<&') {
    if (target === '-') return place(fd, undefined);
    if (/^\d+$/.test(target)) {
      const source = host.process.fds.get(Number(target));
      if (source === undefined) throw new ShellError(`${target}: Bad file descriptor`);
      return place(fd, source.retain());
    }
  }
  if (one.operator === '&>' || one.operator === '>&' || one.operator === '&>>') {
    const file = await open(host, target, requests[one.operator === '&>>' ? '>>' : '>'] ?? {});
    place(1, file.retain());
    return place(2, file);
  }
  const clobber = one.operator === '>' && host.state.options.has('C') && target !== '/dev/null';
  place(fd, await open(host, target, { ...requests[one.operator], exclusive: clobber }));
}

async function open(host: RedirectHost, path: string, request: OpenRequest): Promise<OpenFile> {
  try {
    return await host.openPath(path, request);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const reason = error.code === 'ENOENT' && request.create === true ? 'Directory nonexistent' : error.code === 'ENOENT' ? 'No such file' : error.text;
    throw new ShellError(`cannot ${request.create === true ? 'create' : 'open'} ${path}: ${reason}`, 2, false);
  }
}

function hereDocument(text: string): OpenFile {
  const pipe = new Pipe();
  const reader = new OpenPipe('here-document', pipe, 'read');
  const writer = new OpenPipe('here-document', pipe, 'write');
  const stop = new AbortController();
  void writer.write(text, stop.signal).catch(() => undefined).finally(() => writer.release());
  return reader;
}
