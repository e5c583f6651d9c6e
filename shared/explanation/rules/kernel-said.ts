import type { SuspicionRule } from '../suspicion.ts';

/** Messages of the kernel that came during the run, and what addresses what they tell. */
const meanings: ReadonlyArray<{ readonly pattern: RegExp; readonly rank: number; readonly settingIds: readonly string[] }> = [
  { pattern: /RT throttling activated/, rank: 1, settingIds: ['runtime.rt-throttling'] },
  { pattern: /[Cc]locksource/, rank: 2, settingIds: ['kernel.clocksource', 'kernel.tsc'] },
  { pattern: /clock throttled/, rank: 1, settingIds: ['firmware.thermal-throttling'] },
  { pattern: /split.lock/, rank: 3, settingIds: ['runtime.split-lock-mitigate'] },
  { pattern: /NMI handler|perf: interrupt/, rank: 3, settingIds: ['runtime.nmi-watchdog', 'kernel.nmi-watchdog'] },
  { pattern: /./, rank: 3, settingIds: [] },
];

export const kernelSaid: SuspicionRule = ({ deltas }) => (deltas.messages ?? []).slice(0, 10).flatMap((message) => {
  const meaning = meanings.find(({ pattern }) => pattern.test(message));
  const text = message.replace(/^\[\s*[\d.]+\]\s*/, '').replace(/\.$/, '');
  return meaning === undefined ? [] : [{
    rule: 'kernel-said', rank: meaning.rank, cpu: null, source: 'kernel', count: 1, words: `the kernel said “${text}” during the run`,
    figures: [], evidence: [`dmesg: ${message}`], settingIds: meaning.settingIds, countIn: (part) => (part.messages?.includes(message) === true ? 1 : 0),
  }];
});
