export type XmlTokenKind = 'text' | 'punctuation' | 'name' | 'attribute' | 'value' | 'comment';
export interface XmlToken { readonly kind: XmlTokenKind; readonly text: string }

const whole = /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(?:[^<>"']|"[^"]*"|'[^']*')*>?|[^<]+/g;
const inTag = /^(<\/?)([^\s/>=]*)|([^\s=/>"']+)(?=\s*=)|("[^"]*"|'[^']*')|([\s\S])/g;

/** Cuts XML into coloured pieces, for reading: the pieces together are the text, whatever it is. Total. */
export function xmlTokens(xml: string): XmlToken[] {
  return (xml.match(whole) ?? []).flatMap((part) => {
    if (!part.startsWith('<')) return [{ kind: 'text', text: part } as const];
    return part.startsWith('<!') || part.startsWith('<?') ? [{ kind: 'comment', text: part } as const] : tagTokens(part);
  });
}

function tagTokens(tag: string): XmlToken[] {
  const tokens: XmlToken[] = [];
  const add = (kind: XmlTokenKind, text: string | undefined) => {
    if (text === undefined || text === '') return;
    const last = tokens.at(-1);
    if (kind === 'punctuation' && last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + text };
    else tokens.push({ kind, text });
  };
  for (const [, open, name, attribute, value, other] of tag.matchAll(inTag)) {
    add('punctuation', open);
    add('name', name);
    add('attribute', attribute);
    add('value', value);
    add('punctuation', other);
  }
  return tokens;
}

/** The same, line by line; a piece that spans lines is cut at their ends. */
export function xmlLines(xml: string): XmlToken[][] {
  const lines: XmlToken[][] = [[]];
  for (const { kind, text } of xmlTokens(xml)) {
    for (const [at, part] of text.split('\n').entries()) {
      if (at > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ kind, text: part });
    }
  }
  return lines;
}
