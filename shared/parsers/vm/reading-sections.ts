import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';

/** What follows the heading of a section, up to the next one. */
export interface ReadingSection {
  readonly name: string;
  /** Of `domain UUID` and its like: the UUID. */
  readonly subject: string;
  readonly text: string;
}

/** Some hundred VMs with everything; nobody sends more. */
const maximumLength = 64_000_000;

/**
 * Cuts what vm-read.sh prints into its sections. What stands before its first line (a log-in banner) is passed over.
 * Error: `output-unreadable` when it is no such reading, or its end is missing: VMs that were cut off are not gone.
 */
export function readingSections(text: string): Result<ReadingSection[]> {
  const header = /(?:^|\n)RTVM-BENCH-VMS 1 ([0-9a-f-]{1,40})\r?\n/.exec(text.slice(0, 100_000));
  const nonce = header?.[1];
  if (header === null || nonce === undefined || text.length > maximumLength) return refuse('its first line is missing');
  const sections: ReadingSection[] = [];
  const mark = `@@${nonce} `;
  for (const part of text.slice(header.index + header[0].length - 1).split(`\n${mark}`).slice(1)) {
    const end = part.indexOf('\n');
    const [name = '', subject = ''] = (end < 0 ? part : part.slice(0, end)).trim().split(' ');
    if (name === 'end') return ok(sections);
    sections.push({ name, subject, text: end < 0 ? '' : part.slice(end + 1) });
  }
  return refuse('its end is missing');
}

const refuse = (why: string) => failed(new CodedError('output-unreadable', `What the board says of its virtual machines cannot be read: ${why}.`, { state: 'The reading before it stays.', next: 'Read it again.' }));
