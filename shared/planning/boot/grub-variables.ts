import type { Capture } from '../../parsers/capture.ts';

/** What /etc/default/grub and its drop-ins give the generator, in the order they are read. */
export interface GrubVariables {
  readonly linux: string;
  readonly linuxDefault: string;
  /** File and line that the values depend on and that is no plain assignment; null when all is understood. */
  readonly odd: string | null;
}

const dropIn = /^\/etc\/default\/grub\.d\/[^/]+\.cfg$/;

/** Drop-ins in the order of the shell’s `*`; only `.cfg` is read (DOMAIN 4.11). */
export const grubDropIns = (capture: Capture): string[] => capture.paths(dropIn).sort();

/**
 * Reads assignments the way sh does, as far as they are plain: words in quotes or bare, and `$NAME` of what came before.
 * Everything else (substitutions, conditions, `+=`) that touches the kernel's line is named in `odd`, never guessed.
 */
export function grubVariablesOf(capture: Capture, without: string | null = null): GrubVariables {
  const values = new Map<string, string | null>();
  let odd: string | null = null;
  for (const path of ['/etc/default/grub', ...grubDropIns(capture)].filter((candidate) => candidate !== without)) {
    odd ??= takeFile(path, capture.lines(path) ?? [], values);
  }
  const value = (name: string) => values.get(name) ?? '';
  return { linux: value('GRUB_CMDLINE_LINUX'), linuxDefault: value('GRUB_CMDLINE_LINUX_DEFAULT'), odd };
}

const matters = /GRUB_CMDLINE_LINUX(?:_DEFAULT)?\b/;

function takeFile(path: string, lines: readonly string[], values: Map<string, string | null>): string | null {
  const decides = lines.some((line) => /^\s*[^#\s]/.test(line) && matters.test(line));
  for (const line of lines) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, name, rest = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      if (decides) return `${path}: ${line.trim()}`;
      continue;
    }
    const value = valueOf(rest, values);
    if (value === 'unterminated' || (value === null && matters.test(name))) return `${path}: ${line.trim()}`;
    values.set(name, value === null ? null : value.text);
  }
  return null;
}

/** null: not plain. Only blanks and a comment may follow the value. */
function valueOf(text: string, values: ReadonlyMap<string, string | null>): { text: string } | null | 'unterminated' {
  let result = '';
  let at = 0;
  while (at < text.length && !/[\s;]/.test(text.charAt(at))) {
    const piece = pieceAt(text, at, values);
    if (piece === null || piece === 'unterminated') return piece;
    result += piece.text;
    at = piece.end;
  }
  return /^\s*(?:#.*)?$/.test(text.slice(at)) ? { text: result } : null;
}

function pieceAt(text: string, at: number, values: ReadonlyMap<string, string | null>): { text: string; end: number } | null | 'unterminated' {
  const quote = text.charAt(at);
  if (quote === "'") {
    const end = text.indexOf("'", at + 1);
    return end < 0 ? 'unterminated' : { text: text.slice(at + 1, end), end: end + 1 };
  }
  const inside = quote === '"';
  let result = '';
  let here = inside ? at + 1 : at;
  for (; here < text.length; here++) {
    const character = text.charAt(here);
    if (inside ? character === '"' : /[\s;"']/.test(character)) return { text: result, end: inside ? here + 1 : here };
    if (character === '\\') {
      const next = text.charAt(here + 1);
      if (next === '') return 'unterminated';
      result += inside && !/[$`"\\]/.test(next) ? `\\${next}` : next;
      here++;
    } else if (character === '$') {
      const match = /^\$(?:(\w+)|\{(\w+)\})/.exec(text.slice(here));
      const name = match?.[1] ?? match?.[2];
      const value = name === undefined || /^\d/.test(name) ? null : values.has(name) ? values.get(name) : '';
      if (match === null || value === null || value === undefined) return null;
      result += value;
      here += match[0].length - 1;
    } else if (inside ? character === '`' : /[`&|<>()*?[~#]/.test(character)) return null;
    else result += character;
  }
  return inside ? 'unterminated' : { text: result, end: here };
}
