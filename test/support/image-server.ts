import { createServer, type ServerResponse } from 'node:http';

/** A publisher of images on loopback: files by path, with ranges; it can stall in the middle of one. */
export interface ImageServer {
  readonly url: string;
  put(path: string, content: Buffer | string): void;
  remove(path: string): void;
  /** The next answers stop after so many bytes and hang, until `goOn`. */
  stallAfter(bytes: number): void;
  goOn(): void;
  /** Range headers of GET requests for a path so far; '' where there was none. */
  ranges(path: string): string[];
  stop(): Promise<void>;
}

export async function startImageServer(): Promise<ImageServer> {
  const files = new Map<string, Buffer>();
  const requests: Array<{ path: string; range: string }> = [];
  let stallBytes: number | null = null;
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const content = files.get(request.url ?? '');
    if (content === undefined) { response.writeHead(404).end(); return; }
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? '0');
    if (from >= content.length && from > 0) { response.writeHead(416).end(); return; }
    const part = content.subarray(from);
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      'content-length': part.length, 'accept-ranges': 'bytes', ...(request.headers.range === undefined ? {} : { 'content-range': `bytes ${String(from)}-${String(content.length - 1)}/${String(content.length)}` }),
    });
    if (request.method === 'HEAD') { response.end(); return; }
    requests.push({ path: request.url ?? '', range: request.headers.range ?? '' });
    if (stallBytes === null || part.length <= stallBytes) { response.end(part); return; }
    open.add(response);
    response.write(part.subarray(0, stallBytes));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    put: (path, content) => { files.set(path, Buffer.from(content)); },
    remove: (path) => { files.delete(path); },
    stallAfter: (bytes) => { stallBytes = bytes; },
    goOn: () => {
      stallBytes = null;
      for (const response of open) response.destroy();
      open.clear();
    },
    ranges: (path) => requests.filter((request) => request.path === path).map(({ range }) => range),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}
