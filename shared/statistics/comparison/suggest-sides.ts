/** A run as far as it tells what it repeats. */
export interface Repeatable { readonly id: string; readonly boardName: string; readonly benchmark: string; readonly command: string | null; readonly createdAt: string }

/**
 * Which runs are likely repeats of one another: the same benchmark on the same board with the same command. Sides stand in the order of
 * their first run, so that the earliest is the baseline. Where that makes one side of everything, each run is a side of its own.
 */
export function suggestSides(runs: readonly Repeatable[]): string[][] {
  const ordered = [...runs].sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  const sides = new Map<string, string[]>();
  for (const { id, boardName, benchmark, command } of ordered) {
    const key = JSON.stringify(command === null ? [id] : [boardName, benchmark, command]);
    sides.set(key, [...sides.get(key) ?? [], id]);
  }
  return sides.size === 1 ? ordered.map(({ id }) => [id]) : [...sides.values()];
}
