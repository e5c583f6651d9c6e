import type { Content } from '../../model/plan.ts';
import { bytesOf, isPlainText } from './exported-steps.ts';
import { toBase64 } from './utf8-bytes.ts';

/** One word of a POSIX shell, whatever it holds. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A here-document that gives exactly `content`: readable text where it is one, else base64. */
export function hereDocument(content: Content): { readonly encoding: 'text' | 'base64'; readonly text: string } {
  // Characters that a terminal or an editor does not show would keep a reviewer from seeing what is written.
  if (isPlainText(content) && (content.data === '' || content.data.endsWith('\n'))) {
    const end = delimiterFor(content.data);
    return { encoding: 'text', text: `<<'${end}'\n${content.data}${end}` };
  }
  const data = toBase64(bytesOf(content));
  return { encoding: 'base64', text: `<<'END_OF_FILE'\n${(data.match(/.{1,76}/g) ?? []).map((line) => `${line}\n`).join('')}END_OF_FILE` };
}

function delimiterFor(text: string): string {
  let end = 'END_OF_FILE';
  for (let number = 2; text.includes(end); number += 1) end = `END_OF_FILE_${String(number)}`;
  return end;
}
