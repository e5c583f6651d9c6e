import { hasGlob, patternSource, unescapePattern } from './pattern.ts';

interface GlobHost {
  listFolder(path: string): readonly string[] | undefined;
  exists(path: string): boolean;
}

/** Paths that match a shell pattern, sorted by byte value; empty when none do. Relative patterns give relative paths. */
export function globPaths(host: GlobHost, pattern: string): string[] {
  const absolute = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let bases = [absolute ? '/' : ''];
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    bases = bases.flatMap((base) => {
      if (!hasGlob(part)) {
        const path = base + unescapePattern(part);
        return last && !host.exists(path) ? [] : [path + (last ? '' : '/')];
      }
      const expression = new RegExp(`^(?:${patternSource(part, true)})$`);
      return (host.listFolder(base === '' ? '.' : base) ?? [])
        .filter((name) => expression.test(name) && (!name.startsWith('.') || part.startsWith('.')))
        .sort((a, b) => (a < b ? -1 : 1))
        .map((name) => base + name + (last ? '' : '/'));
    });
  }
  // With a slash behind it, a pattern means folders.
  return bases.map((path) => (pattern.endsWith('/') && !path.endsWith('/') ? `${path}/` : path)).filter((path) => host.exists(path));
}
