import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLoad } from '../../electron/core/vms/load-check.ts';
import { startSshdBoard, type SshdBoard } from '../support/change-kit.ts';
import { eventually, oursOnBoard } from '../support/run-kit.ts';
import { codedError } from '../support/session-kit.ts';

/** One machine is the host and the guest: its CPU 1 is the CPU that its vCPU 1 runs on. */
describe('a load on one vCPU', () => {
  let board: SshdBoard;
  beforeAll(async () => { board = await startSshdBoard(); });
  afterAll(async () => { await board.stop(); });

  it('is seen on the CPU of the host, and is gone afterwards', async () => {
    const told: string[] = [];
    const [host, guest] = [board.session(), board.session()];
    const check = await checkLoad({ host, guest, guestName: 'rt', vcpu: 1, expectedCpu: 1, isolated: [1], tell: (message) => { told.push(message); } });
    expect(check).toMatchObject({ vcpu: 1, expectedCpu: 1 });
    expect(check.busy.find(({ cpu }) => cpu === 1)?.fraction).toBeGreaterThan(0.7);
    // Where this machine was busy already, nothing can be told.
    expect(check.verdict === 'ok' || check.message.includes('busy before there was any load')).toBe(true);
    expect(told).toHaveLength(2);
    await eventually(() => oursOnBoard('while :; do :; done').length === 0, 'no loop runs any more');
  });

  it('is refused for a CPU that the guest does not have', async () => {
    const [host, guest] = [board.session(), board.session()];
    const refused = await codedError(checkLoad({ host, guest, guestName: 'rt', vcpu: 4096, expectedCpu: 1, isolated: [] }));
    expect(refused).toMatchObject({ code: 'vm-refused', extras: { board: 'rt' } });
  });
});
