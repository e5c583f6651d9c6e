import type { Socket } from 'node:net';

/** Bytes of all connections of a session, those that have ended included. */
export interface TrafficCounter {
  count(socket: Socket): { stop(): void };
  total(): { receivedBytes: number; sentBytes: number };
}

export const createTrafficCounter = (): TrafficCounter => {
  let receivedBytes = 0;
  let sentBytes = 0;
  const open = new Set<Socket>();
  return {
    count: (socket) => {
      open.add(socket);
      return {
        stop: () => {
          if (!open.delete(socket)) return;
          receivedBytes += socket.bytesRead;
          sentBytes += socket.bytesWritten;
        },
      };
    },
    total: () => {
      const total = { receivedBytes, sentBytes };
      for (const socket of open) {
        total.receivedBytes += socket.bytesRead;
        total.sentBytes += socket.bytesWritten;
      }
      return total;
    },
  };
};
