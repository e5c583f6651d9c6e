import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runVerb } from '../report/cli-kit.ts';

let folder = '';
const inProject = (...argv: readonly string[]) => runVerb(...argv, '--project', join(folder, 'line.rtvm'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtvm-bench-run-verbs-'));
  vi.stubEnv('RTVM_BENCH_HOME', join(folder, 'home'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('runs on the command line', () => {
  it.each([['run', 'oslat', 'practice'], ['campaign', 'start', 'quick-look', 'practice']])('leave nothing to a practice board that ends with the command: %s %s', async (...verb) => {
    const said = await inProject(...verb, '--detach');
    expect(said.code).toBe(2);
    expect(said.notes).toContain('ends with it');
    expect((await inProject('runs')).data).toContain('No runs yet.');
  });

  it('take a fraction as people write it', async () => {
    expect((await inProject('inspect', 'practice')).code).toBe(0);
    const preview = await inProject('run', 'cyclictest', 'practice', '--deadline', '80', '--fraction', '99.99%', '--preview', '--json');
    expect(JSON.parse(preview.data)).toMatchObject({ options: { deadlineFraction: 0.9999 } });
    const plan = await inProject('campaign', 'plan', 'quick-look', 'practice', '--deadline', '80', '--fraction', '0.999', '--json');
    expect(JSON.parse(plan.data)).toMatchObject({ wish: { deadlineFraction: 0.999 } });
    expect((await inProject('run', 'oslat', 'practice', '--fraction', '100.1%', '--preview')).code).toBe(2);
  });

  it('say of a benchmark without values of its own where its options are', async () => {
    expect((await runVerb('benchmarks', 'cyclictest')).data).toContain('run --help');
    expect((await runVerb('benchmarks', 'oslat')).data).toContain('buckets');
  });
});
