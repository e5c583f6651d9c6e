const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z', digit: '0-9', alnum: 'A-Za-z0-9', upper: 'A-Z', lower: 'a-z', space: '\\s', blank: ' \\t', punct: '!-\\/:-@\\[-`{-~', print: ' -~', graph: '!-~', cntrl: '\\x00-\\x1f\\x7f', xdigit: '0-9A-Fa-f',
};

/** A POSIX regular expression as source of a JavaScript one. */
export function posixPattern(pattern: string, syntax: 'basic' | 'extended' | 'fixed'): string {
  const escape = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  if (syntax === 'fixed') return [...pattern].map(escape).join('');
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern.charAt(index);
    if (char === '[') {
      const end = bracketEnd(pattern, index);
      if (end < 0) return `${source}\\[${posixPattern(pattern.slice(index + 1), syntax)}`;
      source += bracket(pattern.slice(index + 1, end));
      index = end;
    } else if (char === '\\') {
      index += 1;
      const next = pattern.charAt(index);
      if (syntax === 'basic' && '(){}+?|'.includes(next)) source += next;
      else if (next === '<' || next === '>') source += '\\b';
      else source += /[wWsSbB1-9]/.test(next) ? `\\${next}` : escape(next);
    } else if (syntax === 'basic' && '(){}+?|'.includes(char)) source += `\\${char}`;
    else if (char === '*' && (source === '' || source === '^')) source += '\\*';
    else if (char === '{' && !/^\{\d*,?\d*\}/.test(pattern.slice(index))) source += '\\{';
    else source += char;
  }
  return source;
}

function bracketEnd(pattern: string, start: number): number {
  let index = start + 1;
  if (pattern.charAt(index) === '^') index += 1;
  if (pattern.charAt(index) === ']') index += 1;
  for (; index < pattern.length; index += 1) {
    if (pattern.startsWith('[:', index)) index = pattern.indexOf(':]', index) + 1;
    else if (pattern.charAt(index) === ']') return index;
  }
  return -1;
}

function bracket(content: string): string {
  const negated = content.startsWith('^');
  const body = (negated ? content.slice(1) : content).replace(/\[:([a-z]+):\]|[\\\][^]/g, (all, name: string | undefined) => (name === undefined ? `\\${all}` : classes[name] ?? ''));
  return `[${negated ? '^' : ''}${body}]`;
}
