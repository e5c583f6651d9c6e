import { join } from 'node:path';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import { changeKit, fileStep, proposalOf, startSshdBoard, valueStep } from '../support/change-kit.ts';
import { skipped, type Benchmark } from './benchmark.ts';
import { whyNoSshd } from './board-kit.ts';

/** A session that adds up how long the board took for what it was asked. */
function timed(session: BoardSession): { session: BoardSession; boardMs: () => number } {
  let total = 0;
  const exec: BoardSession['exec'] = async (script, options) => {
    const began = performance.now();
    try {
      return await session.exec(script, options);
    } finally {
      total += performance.now() - began;
    }
  };
  return {
    boardMs: () => total,
    session: new Proxy(session, {
      get: (target, key) => {
        if (key === 'exec') return exec;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
  };
}

/** What journals, backups and comparing cost beside the board's own commands. Limit from the project's own promise: a tenth. */
export const benchmark: Benchmark = {
  name: 'apply a plan of twenty steps to a board behind a local SSH server',
  run: async () => {
    const obstacle = whyNoSshd();
    if (obstacle !== null) return skipped(obstacle);
    const board = await startSshdBoard();
    const kit = changeKit();
    try {
      const { session, boardMs } = timed(board.session());
      const files = Array.from({ length: 19 }, (_, at) => fileStep(join(board.files, `file-${String(at)}`), `value = ${String(at)}\n`.repeat(40)));
      const plan = await kit.plan(session, proposalOf([...files, valueStep('/proc/sys/kernel/randomize_va_space', '2')]));
      const before = boardMs();
      const began = performance.now();
      await kit.apply(session, plan);
      const totalMs = performance.now() - began;
      const onBoardMs = boardMs() - before;
      return {
        figures: [{ name: 'the whole apply', value: totalMs, unit: 'ms' }, { name: 'of it the board’s own', value: onBoardMs, unit: 'ms' }],
        ratios: [{ name: 'our part of the time', value: (totalMs - onBoardMs) / totalMs, limit: 0.1 }],
      };
    } finally {
      kit.dispose();
      await board.stop();
    }
  },
};
