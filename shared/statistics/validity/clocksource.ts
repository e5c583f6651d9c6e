import { condition, good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

export const clocksource: ValidityRule = {
  id: 'clocksource', title: 'A clock that costs nothing to read', source: 'Reading the TSC takes nanoseconds; the HPET and the ACPI timer are read over a bus in a microsecond and more, and the ACPI timer counts steps of 280 ns (Linux Documentation/timers).',
  check: ({ deltas, journal, virtualised }) => {
    const before = deltas?.clocksource.before ?? journal.header?.facts.get('clocksource') ?? null;
    const after = deltas?.clocksource.after ?? before;
    if (before === null || after === null) return journal.header === null ? [] : [unknown('The clock source was not read.')];
    if (before !== after) return [notComparable(`The kernel changed its clock during the run, from ${before} to ${after}.`, 'See the kernel’s messages for why it no longer trusts the TSC; then run again.')];
    if (/jiffies/.test(after)) return [notComparable(`The clock is ${after}, which counts milliseconds.`, 'Find out why the TSC is not used.')];
    if (after === 'tsc') return [good('The clock is the TSC.')];
    if (virtualised === true && /^(?:kvm-clock|hyperv_clocksource)/.test(after)) return [condition(`The clock is ${after}, which the host keeps; the TSC is read faster where the host gives a steady one.`, null)];
    return [condition(`The clock is ${after}, which takes about a microsecond to read: every figure holds that.`, 'Find out why the TSC is not used: the setting “Clock source”.')];
  },
};
