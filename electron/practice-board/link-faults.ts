import { connect, createServer, type Server, type Socket } from 'node:net';

export interface LinkFaults {
  /** Every byte arrives that much later, both ways. */
  readonly delayMs: number;
  /** The connection breaks once that many bytes have come from the board; 0: never. */
  readonly dropAfterBytes: number;
}

/**
 * A listener that hands every connection on to 127.0.0.1:`targetPort`: the place where a slow or broken link is played.
 * Faults count for what is sent from then on. `open` decides whether a connection is taken at all.
 */
export function serveLink(options: { readonly faults: () => LinkFaults; readonly targetPort: number; readonly open: () => boolean; readonly onSocket: (socket: Socket) => void }): Server {
  return createServer({ noDelay: true, pauseOnConnect: true }, (outside) => {
    outside.on('error', () => outside.destroy());
    if (!options.open()) {
      outside.resetAndDestroy();
      return;
    }
    const inside = connect({ host: '127.0.0.1', port: options.targetPort, noDelay: true });
    options.onSocket(outside);
    let sent = 0;
    const allowance = (): number => {
      const { dropAfterBytes } = options.faults();
      return dropAfterBytes === 0 ? Infinity : dropAfterBytes - sent;
    };
    relay(outside, inside, options.faults, (chunk) => inside.write(chunk));
    relay(inside, outside, options.faults, (chunk) => {
      const left = allowance();
      sent += chunk.length;
      if (chunk.length <= left) return outside.write(chunk);
      outside.write(chunk.subarray(0, Math.max(0, left)), () => outside.resetAndDestroy());
      return true;
    });
  });
}

function relay(from: Socket, to: Socket, faults: () => LinkFaults, write: (chunk: Buffer) => boolean): void {
  let waiting = 0;
  const later = (work: () => void): void => {
    const { delayMs } = faults();
    if (delayMs === 0 && waiting === 0) return work();
    waiting += 1;
    setTimeout(() => {
      waiting -= 1;
      work();
    }, delayMs);
  };
  from.on('data', (chunk: Buffer) => later(() => {
    if (to.destroyed || write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
  from.resume();
}
