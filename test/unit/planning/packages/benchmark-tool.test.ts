import { describe, expect, test } from 'vitest';
import { toolBenchmarks } from '../../../../shared/benchmarks/catalogue.ts';
import { actionSchema } from '../../../../shared/model/plan.ts';
import { proposeBenchmarkTool } from '../../../../shared/planning/packages/benchmark-tool.ts';
import { packageBoard } from './package-boards.ts';

const source = { kind: 'board' } as const;
const without = (board: ReturnType<typeof packageBoard>) => ({ ...board, snapshot: { ...board.snapshot, tools: [] } });
const debian = without(packageBoard('debian'));

describe('installing what a benchmark measures with', () => {
  test('is one step with the package of the board’s distribution, and nothing of the boot loader', () => {
    const proposal = proposeBenchmarkTool({ ...debian, source, benchmark: 'oslat' });
    expect(proposal.steps.map(({ action }) => action)).toEqual([{ kind: 'packages', install: ['rt-tests'], remove: [], source }]);
    expect(proposal).toMatchObject({ restart: 'none', refused: [] });
    expect(proposeBenchmarkTool({ ...without(packageBoard('rhel')), source, benchmark: 'oslat' }).steps.map(({ action }) => (action.kind === 'packages' ? action.install : []))).toEqual([['realtime-tests']]);
  });

  test('is not done twice, and not for a benchmark that there is not', () => {
    const there = { ...debian, snapshot: { ...debian.snapshot, tools: [{ name: 'oslat', path: '/usr/bin/oslat', version: '2.4-1' }] } };
    expect(proposeBenchmarkTool({ ...there, source, benchmark: 'oslat' })).toMatchObject({ steps: [], refused: [], notes: ['oslat is installed already.'] });
    expect(proposeBenchmarkTool({ ...debian, source, benchmark: 'no-such' })).toMatchObject({ steps: [], refused: [{ setting: 'no-such' }] });
  });

  test('every benchmark has a package that the change engine takes', () => {
    for (const { id } of toolBenchmarks) {
      const [step] = proposeBenchmarkTool({ ...debian, source, benchmark: id }).steps;
      expect(actionSchema.safeParse(step?.action).success, id).toBe(true);
    }
  });
});
