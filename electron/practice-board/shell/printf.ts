const escapes: Readonly<Record<string, string>> = {
  n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', '"': '"', "'": "'", e: '\x1b',
};

/** Backslash escapes of a format (octal \NNN) or, with `argument`, of %b (octal \0NNN as well, \c ends the output). */
function unescape(text: string, argument: boolean): { text: string; stop: boolean } {
  let stop = false;
  const pattern = argument ? /\\(0[0-7]{0,3}|[1-7][0-7]{0,2}|x[0-9a-fA-F]{1,2}|[\s\S])/g : /\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])/g;
  const end = argument ? text.search(/(?<!\\)(?:\\\\)*\\c/) : -1;
  if (end >= 0) stop = true;
  const cut = end >= 0 ? text.slice(0, text.indexOf('\\c', end)) : text;
  const result = cut.replace(pattern, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8) & 255);
    if (/^x./.test(code)) return String.fromCharCode(parseInt(code.slice(1), 16));
    return escapes[code] ?? whole;
  });
  return { text: result, stop };
}

/** POSIX printf: the format is used again while arguments are left. */
export function printf(args: readonly string[]): { text: string; problem: string | undefined } {
  const [format, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (format === undefined) return { text: '', problem: 'usage: printf format [arg ...]' };
  const values = [...rest];
  let text = '';
  let problem: string | undefined;
  let stop = false;
  const number = (value: string | undefined): number => {
    if (value === undefined || value === '') return 0;
    if (/^["']/.test(value)) return value.charCodeAt(1);
    const parsed = /^[+-]?0[0-7]+$/.test(value) ? parseInt(value, 8) : Number(value);
    if (!Number.isNaN(parsed)) return parsed;
    problem = `${value}: expected numeric value`;
    return parseFloat(value) || 0;
  };
  const one = (_all: string, flags: string, width: string, precision: string | undefined, kind: string): string => {
    if (stop) return '';
    if (kind === '%') return '%';
    const wide = width === '*' ? number(values.shift()) : Number(width);
    const exact = precision === undefined ? undefined : precision === '.*' ? number(values.shift()) : Number(precision.slice(1));
    const value = values.shift();
    let body: string;
    if (kind === 's' || kind === 'b') {
      const escaped = kind === 'b' ? unescape(value ?? '', true) : { text: value ?? '', stop: false };
      stop = escaped.stop;
      body = exact === undefined ? escaped.text : escaped.text.slice(0, exact);
    } else if (kind === 'c') body = (value ?? '').slice(0, 1);
    else body = formatNumber(number(value), kind, exact, flags);
    return pad(body, wide, flags, 'diuoxXeEfgG'.includes(kind) && (exact === undefined || 'eEfgG'.includes(kind)));
  };
  do {
    const before = values.length;
    // The format is walked piece by piece, so that the escapes of an argument are not read a second time.
    for (const piece of format.matchAll(/%([-+ 0#]*)(\*|\d*)(\.\*|\.\d*)?([%a-zA-Z])|[^%]+|%/g)) {
      if (stop) break;
      const [whole, flags = '', width = '', precision, kind] = piece;
      text += kind === undefined ? unescape(whole, false).text : one(whole, flags, width, precision, kind);
    }
    if (values.length === before) break;
  } while (values.length > 0 && !stop);
  return { text, problem };
}

function formatNumber(value: number, kind: string, exact: number | undefined, flags: string): string {
  const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const size = Math.abs(value);
  switch (kind) {
    case 'f': case 'F': return sign + size.toFixed(exact ?? 6);
    case 'e': case 'E': return sign + size.toExponential(exact ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
    case 'g': case 'G': return sign + String(Number(size.toPrecision(exact === 0 ? 1 : exact ?? 6)));
    case 'x': return (flags.includes('#') ? '0x' : '') + Math.trunc(value).toString(16).padStart(exact ?? 0, '0');
    case 'X': return Math.trunc(value).toString(16).toUpperCase().padStart(exact ?? 0, '0');
    case 'o': return Math.trunc(value).toString(8).padStart(exact ?? 0, '0');
    default: return sign + String(Math.trunc(size)).padStart(exact ?? 0, '0');
  }
}

function pad(body: string, width: number, flags: string, numeric: boolean): string {
  if (flags.includes('-')) return body.padEnd(width);
  if (!flags.includes('0') || !numeric) return body.padStart(width);
  const sign = /^[-+ ]/.exec(body)?.[0] ?? '';
  return sign + body.slice(sign.length).padStart(width - sign.length, '0');
}
