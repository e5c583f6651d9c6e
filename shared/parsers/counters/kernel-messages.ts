/** The lines that run-counters.sh chose of the kernel's messages; null where the board may not read them. Total. */
export function parseKernelMessages(text: string): string[] | null {
  const lines = text.split('\n').filter((line) => line !== '').map((line) => line.slice(0, 400));
  return lines.includes('unreadable') ? null : lines;
}
