import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputPacer } from '../../../electron/core/consoles/output-pacer.ts';

/** A pacer whose clock is turned by hand. */
function pacerKit() {
  const events: string[] = [];
  const due: Array<() => void> = [];
  const pacer = new OutputPacer((text) => { events.push(text); }, (work) => { due.push(work); });
  return {
    pacer, events,
    /** One period goes by. */
    tick: () => { for (const work of due.splice(0)) work(); },
    idle: () => due.length === 0,
    take: (text: string) => pacer.take(Buffer.from(text)),
  };
}

describe('a terminal’s output on its way to a window', () => {
  it('is one event a period, however many pieces it came in', () => {
    const { take, tick, events, idle } = pacerKit();
    for (const piece of ['lo', 'gin', ': ']) expect(take(piece)).toBeUndefined();
    expect(events).toEqual([]);
    tick();
    expect(events).toEqual(['login: ']);
    expect(idle()).toBe(true);
  });

  it('keeps characters whole, wherever they are cut', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40)), (text, cuts) => {
      const { pacer, tick, events } = pacerKit();
      let rest = Buffer.from(text);
      for (const cut of cuts) {
        pacer.take(rest.subarray(0, cut));
        rest = rest.subarray(cut);
        tick();
      }
      pacer.take(rest);
      pacer.end();
      expect(events.join('')).toBe(text);
    }));
  });

  it('is skipped when there is too much of it, says so, and holds the board back meanwhile', async () => {
    const { take, tick, events } = pacerKit();
    const line = 'y\n'.repeat(16 * 1024);
    let held: Promise<void> | undefined;
    let taken = 0;
    for (; held === undefined && taken < 100; taken += 1) held = take(line);
    // Nothing is held back before there is more than eight events' worth.
    expect(taken).toBe(9);
    tick();
    await held;
    for (let n = 0; n < 1_000; n += 1) void take(line);
    for (let n = 0; n < 10; n += 1) tick();
    const all = events.join('');
    expect(Math.max(...events.map(({ length }) => length))).toBeLessThan(65 * 1024);
    const skipped = [...all.matchAll(/\[(\d+) characters of output were skipped\]/g)].reduce((sum, match) => sum + Number(match[1]), 0);
    const shown = all.split('y\n').length - 1;
    expect(skipped + shown * 2).toBe((taken + 1_000) * line.length);
    expect(all.endsWith('y\n')).toBe(true);
  });

  it('is handed on whole at the end', () => {
    const { pacer, take, events, tick } = pacerKit();
    void take('a'.repeat(100_000) + '\r\nPower down.\r\n');
    pacer.end();
    expect(events.join('')).toHaveLength(100_015);
    tick();
    expect(events.join('')).toHaveLength(100_015);
  });
});
