const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** What a person types as a length of time, `90`, `10m`, `1h 30m`, in whole seconds; null when it is none. A bare number is seconds. */
export function parseDurationText(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed);
  if (!/^(\d{1,9}\s*(s|min|m|h|d)\s*)+$/.test(trimmed)) return null;
  let seconds = 0;
  for (const match of trimmed.matchAll(/(\d+)\s*(s|min|m|h|d)/g)) seconds += Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? 0);
  return seconds;
}

/** Seconds as such a text: 5400 → `1h 30m`. Exact, so that it reads back to the same number. */
export function durationText(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = unitSeconds[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${String(count)}${unit}`);
    rest -= count * size;
  }
  return parts.length > 0 ? parts.join(' ') : '0s';
}
