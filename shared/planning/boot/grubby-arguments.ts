import { kernelWordSchema } from '../../model/plan.ts';
import { nameOf, splitWords } from './kernel-words.ts';
import { refuse, type Found } from './refusal.ts';

/** Words whose order among themselves has a meaning: a number of pages is of the size before it (DOMAIN 4.4). */
const ordered = ['default_hugepagesz', 'hugepagesz', 'hugepages'];

export interface GrubbyArguments { readonly add: string[]; readonly remove: string[] }

/**
 * What grubby has to add and remove to get from one line to another. It keeps one value a name and adds at the end, so
 * names with several values are refused. `options`: the entry's own, variables not filled in.
 */
export function grubbyArguments(options: string, current: readonly string[], wanted: readonly string[]): Found<GrubbyArguments> {
  const names = [...new Set([...current, ...wanted].map(nameOf))];
  const of = (line: readonly string[], name: string) => line.filter((word) => nameOf(word) === name);
  let changed = names.filter((name) => of(current, name).join(' ') !== of(wanted, name).join(' '));
  const outcome = [...current.filter((word) => !changed.includes(nameOf(word))), ...wanted.filter((word) => changed.includes(nameOf(word)))];
  const order = (line: readonly string[]) => line.filter((word) => ordered.includes(nameOf(word))).join(' ');
  if (order(outcome) !== order(wanted)) changed = [...new Set([...changed, ...ordered.filter((name) => of(wanted, name).length > 0)])];
  const several = changed.find((name) => of(current, name).length > 1 || of(wanted, name).length > 1);
  if (several !== undefined) return refuse(`“${several}” stands several times on the line, and grubby keeps one value of a name.`, `Edit the options line of the entries in /boot/loader/entries by hand for ${several}.`);
  const remove = current.filter((word) => changed.includes(nameOf(word)));
  const add = wanted.filter((word) => changed.includes(nameOf(word)));
  const own = new Set(splitWords(options));
  const foreign = options.includes('$') ? remove.find((word) => !own.has(word) && !options.includes('$kernelopts')) : undefined;
  if (foreign !== undefined) return refuse(`“${foreign}” comes from a variable of GRUB that another program fills.`, 'Change it there (tuned_params: in the tuned profile), or plan only additions.');
  const odd = [...add, ...remove].find((word) => !kernelWordSchema.safeParse(word).success);
  if (odd !== undefined) return refuse(`“${odd}” has characters that grubby could take for something else.`, 'Edit the options line of the entries in /boot/loader/entries by hand.');
  return { found: { add, remove } };
}
