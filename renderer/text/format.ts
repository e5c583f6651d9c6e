const narrowSpace = '\u202f';

/** 86399992 → `86 399 992`, grouped by a narrow space that does not break. */
export function formatCount(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = /^-?\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, narrowSpace) : whole;
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 62914560 → `60 MiB`. One decimal only where it says something. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const rounded = value >= 100 || Number.isInteger(value) ? Math.round(value) : Math.round(value * 10) / 10;
  return `${String(rounded)} ${binaryUnits[unit] ?? 'B'}`;
}

/** Seconds → the two largest units that matter: `45 s`, `10 min`, `3 h 12 min`, `24 h`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (seconds > 0 && seconds < 1) return `${String(Math.round(seconds * 1000))} ms`;
  // Up to two days are told in hours, as people plan a day's run.
  const days = whole > 172_800 ? Math.floor(whole / 86_400) : 0;
  const parts: Array<[number, string]> = [
    [days, 'd'], [Math.floor(whole / 3600) - days * 24, 'h'], [Math.floor(whole / 60) % 60, 'min'], [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${String(count)} ${unit}`).join(' ');
}

/** Latency with the precision that helps: 4.25 → `4.3`, 290 → `290`. The unit is the caller's. */
export const formatUs = (us: number | null): string =>
  us === null ? '–' : formatCount(us < 10 && !Number.isInteger(us) ? Math.round(us * 10) / 10 : Math.round(us));

/** `20261120T141000Z` → a Date, or null for anything else. */
export function stampToDate(stamp: string): Date | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp);
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

const two = (value: number) => String(value).padStart(2, '0');

/** Stamp → `2026-11-20 14:10` on the laptop's clock. */
export function formatStamp(stamp: string): string {
  const date = stampToDate(stamp);
  if (!date) return stamp;
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** How long ago a stamp was, in words: `just now`, `2 min ago`, `3 h ago`, then the date. */
export function formatAgo(stamp: string, nowMs: number): string {
  const date = stampToDate(stamp);
  if (!date) return stamp;
  const seconds = (nowMs - date.getTime()) / 1000;
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${String(Math.max(1, Math.round(seconds / 60)))} min ago`;
  if (seconds < 86_400) return `${String(Math.round(seconds / 3600))} h ago`;
  return formatStamp(stamp);
}

/** 1 → `1 board`, 3 → `3 boards`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** 0.00061 s → `0.6 ms`; null → `–`. */
export const formatRoundTrip = (ms: number | null): string =>
  ms === null ? '–' : `${ms < 10 ? ms.toFixed(1) : String(Math.round(ms))} ms`;
