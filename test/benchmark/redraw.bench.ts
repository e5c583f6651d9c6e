import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { newRunId } from '../../electron/core/runs/run-id.ts';
import { runSchema, type CyclictestOptions } from '../../shared/model/run.ts';
import { stampOf } from '../../shared/model/stamp.ts';
import { cyclictestCommand } from '../../shared/planning/cyclictest-command.ts';
import { median, quantile, wallMs, type Benchmark } from './benchmark.ts';
import { buckets, histogramOutput, threads } from './histogram-output.ts';
import { withWindow } from './window-kit.ts';

const options: CyclictestOptions = {
  cpus: Array.from({ length: threads }, (_, cpu) => cpu + 1), mainCpus: [0], priority: 95, intervalUs: 1_000, durationSeconds: 600, histogramUs: buckets,
  lockMemory: true, holdDmaLatency: true, segmentSeconds: 600, deadlineUs: null, deadlineFraction: 1,
};

/** Puts a finished run of 64 threads × 30,000 buckets into a project, as a board's journal of it would have come. */
function plantRun(projectDirectory: string, boardId: string): string {
  const now = new Date();
  const run = runSchema.parse({
    schema: 1, id: newRunId(boardId, now), benchmark: 'cyclictest', boardId, boardName: 'Big board', snapshotId: null, createdAt: stampOf(now), options,
    command: cyclictestCommand(options, { seconds: 600, toolVersion: '2.5' }), conditions: [], state: 'completed', stateReason: null, bootId: 'boot', endedAt: stampOf(now), journalSha256: null,
  });
  const output = histogramOutput().split('\n').slice(0, -1);
  const body = [
    'rtvm-bench-journal 1 ;', `run ${run.id} ;`, 'boot boot ;', `start ${String(Math.round(now.getTime() / 1_000))} 100.00 ;`, `plan 1-${String(threads)} 600 600 1 ;`, 'root yes ;',
    'segment 1 101.00 600 ;', 'b stdout ;', ...output.map((line) => `|${line}`), `e stdout ${String(output.reduce((sum, line) => sum + line.length + 1, 0))} ;`, 'end-segment 1 701.00 0 ;', '',
  ].join('\n');
  const folder = join(projectDirectory, 'runs', run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'journal'), `${body}end completed - 701.10 ${createHash('sha256').update(body).digest('hex')} ;\n`);
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  return run.id;
}

/**
 * Runs in the page. A redraw is a key as a person presses it, timed to the pixels: reading one pixel back makes Chromium
 * draw what it has only noted down until then. The floor strokes as many lines of as many points, and no more.
 */
const prepare = `(() => {
  const group = document.querySelector('[data-testid=histogram]');
  const drawn = group.querySelector('canvas');
  const bare = document.createElement('canvas');
  bare.width = drawn.width;
  bare.height = drawn.height;
  const pixel = (canvas) => { canvas.getContext('2d').getImageData(0, 0, 1, 1); };
  const channel = new MessageChannel();
  const nextTask = () => new Promise((done) => { channel.port1.onmessage = done; channel.port2.postMessage(0); });
  const lines = Array.from({ length: ${String(threads)} }, (_, line) => Float64Array.from({ length: 2 * drawn.clientWidth }, (_, at) => ((at * 7919 + line * 104729) % 997) / 997 * drawn.height * (at % 2 ? 0.3 : 0.9)));
  const timed = async (work) => {
    await new Promise((done) => { requestAnimationFrame(done); });
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  window.redrawBench = {
    redraw: (key) => timed(async () => {
      const before = group.dataset.view;
      group.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await nextTask();
      pixel(drawn);
      if (group.dataset.view === before) throw new Error('the key ' + key + ' did not change what the plot shows');
    }),
    bare: () => timed(() => {
      const context = bare.getContext('2d');
      context.clearRect(0, 0, bare.width, bare.height);
      context.strokeStyle = '#36c';
      context.lineWidth = 1;
      for (const line of lines) {
        context.beginPath();
        line.forEach((y, at) => { context.lineTo(at / 2, y); });
        context.stroke();
      }
      pixel(bare);
    }),
    nothing: () => timed(() => undefined),
  };
})()`;

interface Timed { readonly wallMs: number; readonly cpuMs: number }

/** Times pieces of work in the page, with the processor time of its main thread: what else runs on this machine is not in that. */
async function stopwatch(page: Page): Promise<(call: string) => Promise<Timed>> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const cpuMs = async () => ((await devTools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  return async (call) => {
    const before = await cpuMs();
    const wallMs = await page.evaluate<number>(`redrawBench.${call}`);
    return { wallMs, cpuMs: await cpuMs() - before };
  };
}

/** Each leaves another view behind; the last is the whole plot again. */
const keys = ['+', 'ArrowRight', '0'] as const;
const rounds = 12;

export const benchmark: Benchmark = {
  name: `redraw ${String(threads)} lines of ${String(buckets)} buckets in Chromium`,
  run: () => withWindow(async ({ page, host, projectDirectory }) => {
    await page.goto(host.address);
    await page.getByRole('button', { name: 'Add board' }).waitFor();
    const boardId = readdirSync(join(projectDirectory, 'boards'))[0] ?? '';
    const runId = plantRun(projectDirectory, boardId);
    const histogram = page.getByTestId('histogram');
    const openMs = await wallMs(async () => {
      await page.evaluate(`location.hash = '#/board/${boardId}/results/${runId}'`);
      await page.reload();
      await histogram.waitFor();
    });
    await page.getByRole('region', { name: 'Figures per CPU' }).getByText(/./).first().waitFor();
    await page.getByRole('button', { name: 'all', exact: true }).click();
    await page.evaluate(prepare);
    const time = await stopwatch(page);
    const redraws: Timed[] = [];
    const bare: Timed[] = [];
    const nothing: Timed[] = [];
    for (let round = -1; round < rounds; round += 1) {
      for (const key of keys) {
        const [one, floor, none] = [await time(`redraw('${key}')`), await time('bare()'), await time('nothing()')];
        // The first round compiles.
        if (round < 0) continue;
        redraws.push(one);
        bare.push(floor);
        nothing.push(none);
      }
    }
    // What a frame and the looking cost is in all three.
    const frameMs = median(nothing.map(({ cpuMs }) => cpuMs));
    const cpu = (all: readonly Timed[], fraction: number) => quantile(all.map(({ cpuMs }) => cpuMs), fraction) - frameMs;
    const wall = (all: readonly Timed[], fraction: number) => quantile(all.map(({ wallMs: ms }) => ms), fraction);
    return {
      figures: [
        { name: 'open the result, from reload to plot', value: openMs, unit: 'ms' },
        { name: 'bare lines, 95th percentile', value: wall(bare, 0.95), unit: 'ms' }, { name: 'redraw, 95th percentile', value: wall(redraws, 0.95), unit: 'ms' },
        { name: 'redraw, median', value: wall(redraws, 0.5), unit: 'ms' },
        { name: 'bare lines, median', value: cpu(bare, 0.5), unit: 'ms CPU' }, { name: 'redraw, median', value: cpu(redraws, 0.5), unit: 'ms CPU' },
        { name: 'redraw, 95th percentile', value: cpu(redraws, 0.95), unit: 'ms CPU' },
        // Not a ratio that must hold: without a graphics processor the bare lines alone take longer than a frame.
        { name: 'redraw, 95th percentile ÷ a frame of 16 ms', value: cpu(redraws, 0.95) / 16, unit: '×' },
      ],
      ratios: [
        { name: 'redraw ÷ bare lines (medians)', value: cpu(redraws, 0.5) / cpu(bare, 0.5), limit: 2 },
        { name: 'redraw ÷ bare lines (95th percentiles)', value: cpu(redraws, 0.95) / cpu(bare, 0.95), limit: 2 },
      ],
    };
  }),
};
