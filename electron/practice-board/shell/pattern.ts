/** Escapes text so that a pattern takes it literally. */
export const literalPattern = (text: string): string => text.replace(/[\\*?[\]]/g, '\\$&');

export const hasGlob = (pattern: string): boolean => /(^|[^\\])(\\\\)*[*?[]/.test(pattern);

export const unescapePattern = (pattern: string): string => pattern.replace(/\\([\s\S])/g, '$1');

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: ' \\t\\n\\r\\f\\v', blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~', print: ' -~', graph: '!-~', cntrl: '\\x00-\\x1f\\x7f', xdigit: '0-9A-Fa-f',
};

/** Source of a regular expression for a shell pattern. `path` keeps wildcards from matching '/'. */
export function patternSource(pattern: string, path = false, lazy = false): string {
  const any = path ? '[^/]' : '[\\s\\S]';
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern.charAt(index);
    if (char === '\\') {
      index += 1;
      source += escapeRegex(pattern.charAt(index));
    } else if (char === '*') {
      source += `${any}*${lazy ? '?' : ''}`;
    } else if (char === '?') {
      source += any;
    } else if (char === '[') {
      const set = bracket(pattern, index);
      if (set === undefined) source += '\\[';
      else {
        source += set.source;
        index = set.end;
      }
    } else {
      source += escapeRegex(char);
    }
  }
  return source;
}

export const matches = (pattern: string, text: string): boolean => new RegExp(`^(?:${patternSource(pattern)})$`).test(text);

const escapeRegex = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

function bracket(pattern: string, start: number): { source: string; end: number } | undefined {
  let index = start + 1;
  const negated = pattern.charAt(index) === '!' || pattern.charAt(index) === '^';
  if (negated) index += 1;
  let body = '';
  for (let first = true; index < pattern.length; first = false) {
    const char = pattern.charAt(index);
    if (char === ']' && !first) return { source: `[${negated ? '^' : ''}${body}]`, end: index };
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(index));
    if (named !== null) {
      body += classes[named[1] ?? ''] ?? '';
      index += named[0].length;
    } else {
      const escaped = char === '\\';
      if (escaped) index += 1;
      const value = pattern.charAt(index);
      body += value === '-' && !escaped ? '-' : value.replace(/[\\\]^[-]/g, '\\$&');
      index += 1;
    }
  }
  return undefined;
}
