/** A folder name for a board called `name` that none of `taken` has: lower-case letters, digits and dashes. */
export function boardIdFor(name: string, taken: readonly string[]): string {
  const plain = name.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 50) || 'board';
  if (!taken.includes(plain)) return plain;
  for (let number = 2; ; number += 1) {
    const id = `${plain}-${number}`;
    if (!taken.includes(id)) return id;
  }
}
