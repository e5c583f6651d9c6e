import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingForWorkload } from '../../../shared/planning/workloads/missing-packages.ts';
import { parseWorkload } from '../../../shared/planning/workloads/workload-answer.ts';

const head = 'kind stress-cpu\nbegan 1795255200\nseconds 600\nowner ana@laptop\ncommand stress-ng --cpu 0\n';
const workloadOf = (text: string) => {
  const parsed = parseWorkload(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
};

describe('what a board says about its load', () => {
  it('is none, or works at so many CPUs by its CPU time', () => {
    expect(workloadOf('none\n')).toBeNull();
    expect(workloadOf(`${head}state running\nbusy 391 100 102\n|stress-ng: info: dispatching hogs\n`)).toEqual({
      kind: 'stress-cpu', startedAt: '2026-11-21T10:00:00.000Z', seconds: 600, owner: 'ana@laptop', command: 'stress-ng --cpu 0', running: true, ending: null,
      busyCpus: 391 / 100 / 1.02, said: 'stress-ng: info: dispatching hogs',
    });
  });

  it('has no CPU time where it was not read, and never less than none', () => {
    expect(workloadOf(`${head}state running\n`)?.busyCpus).toBeNull();
    expect(workloadOf(`${head}state running\nbusy 5 100 0\n`)?.busyCpus).toBeNull();
    expect(workloadOf(`${head}state running\nbusy -3 100 100\n`)?.busyCpus).toBe(0);
  });

  it.each([
    ['ended 1795255800 time', 'time', 'Its time was over at 2026-11-21 10:10 UTC.'],
    ['ended 1795255800 asked', 'asked', 'It was told to end at 2026-11-21 10:10 UTC.'],
    ['ended 1795255800 status 2', 'by-itself', 'It ended by itself at 2026-11-21 10:10 UTC, with status 2.'],
    ['killed', 'killed', 'It was ended by something else than RTVM Bench.'],
    ['rebooted', 'restart', 'The board was started again since; the load ended with that.'],
  ])('ended: %s', (state, why, message) => {
    expect(workloadOf(`${head}state ${state}\n`)).toMatchObject({ running: false, busyCpus: null, ending: { why, message } });
  });

  it('is refused with a code when it is something else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parsed = parseWorkload(text);
      expect(parsed.ok ? parsed.value === null && text.startsWith('none') : parsed.error.code === 'output-unreadable').toBe(true);
    }));
    expect(parseWorkload(head.replace('stress-cpu', 'mining'))).toMatchObject({ ok: false });
  });
});

it('names packages for what is missing, each once', () => {
  expect(missingForWorkload(['make', 'gcc', 'libelf.h'])).toBe('build-essential libelf-dev (on Red Hat’s family: make gcc elfutils-libelf-devel)');
  expect(missingForWorkload(['toString', 'stress-ng'])).toBe('toString stress-ng');
});
