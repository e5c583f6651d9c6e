/** Text that is markup already. Only `html` makes it, so nothing reaches a report unescaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = string | number | Html | null | readonly HtmlPart[];

/** Markup from a template: what is put in is escaped unless it is markup itself; null is nothing, a list is its parts in order. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0] ?? '';
  parts.forEach((part, i) => { text += textOf(part) + (strings[i + 1] ?? ''); });
  return new Html(text);
}

function textOf(part: HtmlPart): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeMarkup(String(part));
  return part.map(textOf).join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe between tags and in quoted attributes, of HTML and of XML. */
export const escapeMarkup = (text: string): string => visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

/**
 * Characters that are not seen, or turn the direction of what follows, are shown as their code: a name must not look like another.
 * Line ends and tabs stay.
 */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\p{Cs}]/gu, (character) => (character === '\n' || character === '\t' ? character : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`));

/** A string of CSS: whatever is not a letter, digit or space is written as its code. */
export const cssString = (text: string): string =>
  `"${visible(text).replace(/[^A-Za-z0-9 ]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;
