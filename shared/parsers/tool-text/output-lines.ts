/** One line of an output as a person would see it: without control sequences, carriage returns and blanks at its end. */
export interface OutputLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Where in the text the next line begins. */
  readonly next: number;
  /** False for a last line without a newline: it may be cut, and a cut number cannot be told from a whole one. */
  readonly ended: boolean;
  /** The terminal was cleared or the cursor moved up right before this line: it begins a repaint. */
  readonly repaint: boolean;
}

const longestLine = 65_536;

/** Sequences that terminals know: colours and cursor moves (CSI), titles (OSC), and a single letter (`ESC c` clears). */
const controls = /\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|\][^\x07\x1b]{0,128}(?:\x07|\x1b\\)|[A-Za-z=>78])/g;
const upOrClear = /\x1b(?:\[[0-9]{0,5}[AH]|\[2?J|c)/;

/** The lines of any text, in order. Lines are cut at 65,536 characters: 1,024 CPUs side by side are shorter. */
export function* outputLines(text: string): Generator<OutputLine> {
  let position = 0;
  for (let number = 1; position < text.length; number++) {
    const newline = text.indexOf('\n', position);
    const end = newline < 0 ? text.length : newline;
    const raw = text.slice(position, Math.min(end, position + longestLine));
    position = end + 1;
    const repaint = raw.includes('\x1b') && upOrClear.test(raw);
    yield { number, next: position, text: raw.replace(controls, '').trimEnd(), ended: newline >= 0, repaint };
  }
}
