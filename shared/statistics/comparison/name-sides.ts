/** What a side can be called by: what a person gave it, what its repeats are called, and the boards they were measured on. */
export interface Nameable { readonly given: string | null; readonly labels: readonly string[]; readonly boards: readonly string[] }

/**
 * A name for each side, no two alike: the given one; else the board where each side has one of its own; else the label of its only repeat,
 * or of its first one and how many there are.
 */
export function nameSides(sides: readonly Nameable[]): string[] {
  const boards = sides.map(({ boards: all }) => (new Set(all).size === 1 ? all[0] ?? '' : ''));
  const byBoard = boards.every((board) => board !== '') && new Set(boards).size === sides.length;
  const names = sides.map(({ given, labels }, at) => given ?? (byBoard ? boards[at] ?? '' : labels[0] ?? '') + (given === null && labels.length > 1 ? ` (${labels.length} repeats)` : ''));
  const used = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; used.has(own); number += 1) own = `${name} (${number})`;
    used.add(own);
    return own;
  });
}
