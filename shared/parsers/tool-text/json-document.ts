import type { z } from 'zod';
import { ok, type Result } from '../../contract/result.ts';
import { unreadableAt } from './remarks.ts';

/** A JSON object in an output, and the line it begins at. */
export interface JsonDocument { readonly text: string; readonly line: number }

/**
 * Finds a report in JSON that begins a line with `{` and ends one with `}`, with or without lines of the terminal around
 * it; null when no line begins so. A report that is cut is given up to the end of the text.
 */
export function findJsonDocument(text: string): JsonDocument | null {
  const start = /^[ \t]{0,8}\{/m.exec(text);
  if (start === null) return null;
  const from = start.index;
  const lastBrace = text.lastIndexOf('}');
  const end = lastBrace < from ? text.length : lastBrace + 1;
  return { text: text.slice(from, end), line: lineAt(text, from) };
}

/** Reads a document against its schema. The error names the line of the document's beginning, or of what does not fit. */
export function readJsonDocument<Schema extends z.ZodType>(
  document: JsonDocument, schema: Schema, tool: string, parse: (text: string) => unknown = parseStrictly,
): Result<z.infer<Schema>> {
  const value = parse(document.text);
  const next = `Keep the whole report that ${tool} wrote, and nothing else.`;
  const head = document.text.slice(0, 80).split('\n', 1)[0] ?? '';
  if (value === undefined) return unreadableAt(document.line, head, `what begins here is not valid JSON: the report is cut, or not of ${tool}`, next);
  const checked = schema.safeParse(value);
  if (checked.success) return ok(checked.data);
  const issue = checked.error.issues[0];
  const path = issue?.path.map(String) ?? [];
  return unreadableAt(lineOfPath(document, path), path.join('.'), `this is not a report of ${tool}: ${issue?.message ?? 'it does not fit'}`, next);
}

/** The value of a JSON text; undefined when it is none. Where bytes were not UTF-8, a key may be another one than was written. */
export function parseStrictly(text: string): unknown {
  if (text.includes('\ufffd')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** The line of a key that is reached by looking for each key of the path after the one before; the beginning when it is not there. */
export function lineOfPath(document: JsonDocument, path: readonly string[]): number {
  let position = 0;
  for (const key of path) {
    const found = document.text.indexOf(`"${key}"`, position);
    if (found >= 0) position = found;
  }
  return document.line + lineAt(document.text, position) - 1;
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < position; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
