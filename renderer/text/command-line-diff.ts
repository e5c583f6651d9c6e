export interface CommandLineToken { readonly text: string; readonly change: 'same' | 'added' | 'removed' }

/** Splits a kernel command line at blanks outside double quotes, as the kernel does. */
export function commandLineTokens(line: string): string[] {
  return line.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/**
 * Tokens of the running command line against the pending one: what a reboot would add and take away.
 * The boot loader's own words (BOOT_IMAGE=, initrd=) differ on every boot and say nothing, so they are left out.
 */
export function diffCommandLines(running: string, pending: string): CommandLineToken[] {
  const own = (token: string) => !/^(BOOT_IMAGE|initrd)=/.test(token);
  const before = commandLineTokens(running).filter(own);
  const after = commandLineTokens(pending).filter(own);
  const left = [...after];
  const tokens: CommandLineToken[] = before.map((text) => {
    const at = left.indexOf(text);
    if (at < 0) return { text, change: 'removed' };
    left.splice(at, 1);
    return { text, change: 'same' };
  });
  return [...tokens, ...left.map((text) => ({ text, change: 'added' as const }))];
}
