import { existingImage } from '../../build/emulated-board/index.mjs';
import { startTestBoard, whyNoEmulatedBoard } from '../support/emulated-board.ts';
import { skipped, type Benchmark } from './benchmark.ts';
import { inspectAgainstTrue, inspector } from './board-kit.ts';

/** Without KVM a board boots for a minute or two; where it takes longer, the machine is too busy to measure anything on it. */
const longestBootMs = 100_000;

export const benchmark: Benchmark = {
  name: 'inspect the emulated board',
  run: async () => {
    if (existingImage() === null) return skipped('there is no image of the emulated board yet (npm run board makes one)');
    const obstacle = whyNoEmulatedBoard();
    if (obstacle !== null) return skipped(obstacle);
    const rig = await startTestBoard({ bootTimeoutMs: longestBootMs }).catch((thrown: unknown) => String(thrown));
    if (typeof rig === 'string') return skipped(rig.split('\n')[0] ?? rig);
    try {
      const { board } = rig;
      await rig.until('systemctl is-system-running | grep -Ev "starting|initializing"', longestBootMs);
      const reach = { port: board.port, user: 'root', keyFile: board.keyFile, hostKeys: board.hostKeys };
      const measured = await inspectAgainstTrue(reach, 3);
      const forks = await forksOf(async () => Number(await rig.read('grep ^processes /proc/stat | tr -dc 0-9')), inspector(reach));
      return {
        figures: [
          { name: `boot (${board.accelerator === 'kvm' ? 'KVM' : 'emulated'})`, value: board.bootMs / 1_000, unit: 's' }, ...measured.figures,
          { name: 'processes the kernel counted, log-in included', value: forks, unit: '' },
        ],
        ratios: [...measured.ratios, { name: 'processes the kernel counted ÷ 40', value: forks / 40, limit: 1 }],
      };
    } finally {
      await rig.dispose();
    }
  },
};

/** Processes that the board's kernel started for `work`, less those of looking; the lesser of two, since the board has other things to do, too. */
async function forksOf(count: () => Promise<number>, work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < 2; round += 1) {
    const first = await count();
    const second = await count();
    await work();
    least = Math.min(least, (await count()) - second - (second - first));
  }
  return least;
}
