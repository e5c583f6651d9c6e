/** One tag of an XML text, with the text that follows it. */
export interface XmlTag {
  readonly name: string;
  readonly closes: boolean;
  /** `<name/>`: it is opened and closed at once. */
  readonly isEmpty: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly line: number;
}

/** The tags of an XML text in order, declarations and comments left out. No validation: whoever reads decides what fits. */
export function* xmlTags(text: string): Generator<XmlTag> {
  let line = 1;
  let newline = text.indexOf('\n');
  for (let open = text.indexOf('<'); open >= 0;) {
    const close = text.indexOf('>', open);
    if (close < 0) return;
    const next = text.indexOf('<', close);
    for (; newline >= 0 && newline < open; newline = text.indexOf('\n', newline + 1)) line++;
    const inside = text.slice(open + 1, Math.min(close, open + 4096));
    const match = /^(\/?)([A-Za-z_][\w.-]{0,60})/.exec(inside);
    if (match !== null) {
      yield {
        name: match[2] ?? '', closes: match[1] === '/', isEmpty: inside.endsWith('/'),
        attributes: attributesOf(inside.slice(match[0].length)),
        text: text.slice(close + 1, Math.min(next < 0 ? text.length : next, close + 4096)).trim(),
        line,
      };
    }
    open = next;
  }
}

function attributesOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/\s([A-Za-z_][\w.-]{0,60})="([^"<]{0,2000})"/g)].map((match) => [match[1] ?? '', unescapeXml(match[2] ?? '')]));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text: string) => text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => entities[name] ?? whole);
