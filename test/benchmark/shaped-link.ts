import { connect, createServer, type Socket } from 'node:net';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { z } from 'zod';

const orderSchema = z.object({ shapedLink: z.object({ targetPort: z.number(), bytesPerSecond: z.number(), oneWayMs: z.number() }) });
type Shape = z.infer<typeof orderSchema>['shapedLink'];

/** What a switch would hold back before it lets the sender wait. */
const queueBytes = 4 * 2 ** 20;

/** A TCP proxy on loopback with a bandwidth and a delay, in a thread of its own: it does not take what it measures' time. */
export interface ShapedLink { readonly port: number; stop(): Promise<void> }

/** `module`: a file whose loading calls `serveShapedLink`. */
export async function startShapedLink(module: URL, shape: Shape): Promise<ShapedLink> {
  const worker = new Worker(module, { workerData: { shapedLink: shape } });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', (message: unknown) => { resolve(z.number().parse(message)); });
    worker.once('error', reject);
  });
  return { port, stop: async () => { await worker.terminate(); } };
}

/** In such a thread: becomes the proxy. Elsewhere it does nothing. */
export function serveShapedLink(): void {
  const order = orderSchema.safeParse(workerData);
  if (!order.success) return;
  const shape = order.data.shapedLink;
  const server = createServer((client) => {
    const target = connect({ port: shape.targetPort, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    pass(client, target, shape);
    pass(target, client, shape);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) parentPort?.postMessage(address.port);
  });
}

/** One direction: each chunk leaves when the wire is free, and arrives a delay later. */
function pass(from: Socket, to: Socket, { bytesPerSecond, oneWayMs }: Shape): void {
  const queue: Array<{ chunk: Buffer; dueMs: number }> = [];
  let queued = 0;
  let wireFreeMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const deliver = (): void => {
    timer = undefined;
    const now = performance.now();
    while (queue[0] !== undefined && queue[0].dueMs <= now) {
      const { chunk } = queue.shift() ?? { chunk: Buffer.alloc(0) };
      queued -= chunk.length;
      if (!to.destroyed) to.write(chunk);
    }
    if (queued < queueBytes && to.writableLength < queueBytes) from.resume();
    if (queue[0] !== undefined) timer = setTimeout(deliver, Math.max(0, queue[0].dueMs - now));
    else if (ended) to.end();
  };
  from.on('data', (chunk: Buffer) => {
    wireFreeMs = Math.max(wireFreeMs, performance.now()) + (chunk.length / bytesPerSecond) * 1_000;
    queue.push({ chunk, dueMs: wireFreeMs + oneWayMs });
    queued += chunk.length;
    if (queued >= queueBytes) from.pause();
    timer ??= setTimeout(deliver, oneWayMs);
  });
  to.on('drain', deliver);
  from.on('end', () => { ended = true; if (timer === undefined) deliver(); });
  from.on('error', () => { to.destroy(); });
}
