import { parse, type ScriptNode } from 'just-bash';

export type ParsedScript =
  | { readonly kind: 'whole'; readonly script: ScriptNode }
  /** More lines may make it whole: an open quote, a loop without its end, an unfinished here-document. */
  | { readonly kind: 'unfinished'; readonly message: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** Parses shell text, and tells what is wrong from what is only not finished yet. */
export function parseScript(text: string): ParsedScript {
  try {
    const script = parse(text);
    // The parser takes these as they are; a shell would wait for the rest. Inside JSON a string cannot look like this key.
    const open = text.includes('<<') && JSON.stringify(script).includes('"terminated":false');
    if (open || /(\\|\||&&)\s*\n?$/.test(text.replace(/[ \t]*#[^\n]*\n?$/, ''))) return { kind: 'unfinished', message: 'end of file unexpected' };
    return { kind: 'whole', script };
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/^Parse error at \d+:\d+: |^line \d+: /, '') : String(error);
    return { kind: atEnd(error) || /unexpected EOF|got EOF/.test(message) ? 'unfinished' : 'wrong', message };
  }
}

function atEnd(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('token' in error)) return false;
  const { token } = error;
  return typeof token === 'object' && token !== null && 'type' in token && token.type === 'EOF';
}
