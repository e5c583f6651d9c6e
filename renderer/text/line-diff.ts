import { structuredPatch } from 'diff';

export interface DiffLine { readonly kind: 'added' | 'gone' | 'kept' | 'jump'; readonly text: string }

/** Work a comparison may cost before it is left out. */
const longestDiff = 4000;

/** Lines that differ, with a little of what stands around them; null where they differ too much to be worth showing. */
export function lineDiff(from: string, to: string): DiffLine[] | null {
  const patch = structuredPatch('', '', from, to, undefined, undefined, { context: 2, maxEditLength: longestDiff });
  return patch?.hunks.flatMap((hunk, at) => [
    ...(at === 0 ? [] : [{ kind: 'jump', text: '⋯' } as const]),
    ...hunk.lines.filter((line) => !line.startsWith('\\')).map((line) => ({ kind: line.startsWith('+') ? 'added' : line.startsWith('-') ? 'gone' : 'kept', text: line.slice(1) } as const)),
  ]) ?? null;
}
