/**
 * What a person typed after the program's name, when that is a verb of the command line: `rtvm-bench inspect press-host`.
 * null: a window is wanted. Under development the first argument is the folder of the application itself.
 */
export function commandLineOf(argv: readonly string[], isPackaged: boolean): string[] | null {
  const typed = argv.slice(isPackaged ? 1 : 2);
  const [first] = typed;
  const asksForText = first !== undefined && (!first.startsWith('-') || ['--help', '-h', '--version', '-V', '--json'].includes(first));
  return asksForText ? [...typed] : null;
}
