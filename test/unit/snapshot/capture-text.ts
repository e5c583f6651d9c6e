import { readFileSync } from 'node:fs';
import { parseCapture, type Capture } from '../../../shared/parsers/capture.ts';

/** What a test wants in a capture; text in the form the board has it. */
export interface CaptureParts {
  readonly files?: Readonly<Record<string, string>>;
  readonly exists?: readonly string[];
  readonly commands?: Readonly<Record<string, string>>;
  readonly refused?: readonly string[];
  readonly newer?: readonly string[];
  readonly tools?: readonly string[];
}

/** Writes a capture as the probe does. */
export function captureText({ files = {}, exists = [], commands = {}, refused = [], newer = [], tools = [] }: CaptureParts): string {
  const body = (texts: readonly string[]) => texts.map((text) => `|${text}\n`).join('');
  const fileLines = Object.entries(files).flatMap(([path, text]) => linesOf(text).map((line) => `${path.slice(1)}:${line}\n`)).join('');
  return `RTVM-BENCH-CAPTURE 1\n@@ about\n|probe 1\n@@ files\n${fileLines}@@ exists\n${body(exists.map((path) => path.slice(1)))}`
    + `@@ newer\n${body(newer)}@@ unread\n${body(refused)}${Object.entries(commands).map(([name, text]) => `@@ command ${name}\n${body(linesOf(text))}`).join('')}`
    + `@@ tools\n${tools.map((tool) => `${tool}\n`).join('')}@@ end\n`;
}

export function captureOf(parts: CaptureParts): Capture {
  const parsed = parseCapture(captureText(parts));
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

/** A file below test/fixtures. */
export const fixture = (path: string): string => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');

/** Files of a fixture that holds `path:content` lines, as grep printed them. */
export function grepped(text: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const match = /^(\/[^:]+):(.*)$/.exec(line);
    if (match?.[1] !== undefined) files[match[1]] = match[2] ?? '';
  }
  return files;
}

const linesOf = (text: string) => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
