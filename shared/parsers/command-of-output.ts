/** How outputs tell what they were measured with: reports of rt-tests, summary.xml and the summary of rteval. */
const forms: readonly RegExp[] = [
  /"cmdline:?"\s{0,8}:\s{0,8}"([^"\n]{1,2000})"/,
  /\scommand_line="([^"\n]{1,2000})"/,
  /^\s{0,30}Command: {1,4}(\S.{0,1999})$/m,
];

/** A command line stands at the beginning of an output; the whole of a large one is not searched. */
const searched = 200_000;

/** The command line that an output says it was measured with; null where it says nothing. Total. */
export function commandOfOutput(text: string): string | null {
  const head = text.slice(0, searched);
  for (const form of forms) {
    const command = form.exec(head)?.[1]?.trim();
    if (command !== undefined && command !== '') return command;
  }
  return null;
}
