/** Signal numbers of Linux on x86. */
export const signalNumbers = {
  HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10, SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15,
  CHLD: 17, CONT: 18, STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, WINCH: 28, IO: 29, PWR: 30, SYS: 31,
} as const;

export type Signal = keyof typeof signalNumbers;

const harmless: ReadonlySet<Signal> = new Set(['CHLD', 'CONT', 'URG', 'WINCH', 'STOP', 'TSTP', 'TTIN', 'TTOU']);
/** Signals that end a process by default. Stopping is not played: those signals do nothing. */
export const endsByDefault = (signal: Signal): boolean => !harmless.has(signal);

const isSignal = (name: string): name is Signal => Object.hasOwn(signalNumbers, name);

/** Reads `TERM`, `SIGTERM`, `term` or `15`. Undefined for anything else. */
export function parseSignal(text: string): Signal | undefined {
  if (/^\d+$/.test(text)) {
    const wanted = Number(text);
    return Object.keys(signalNumbers).filter(isSignal).find((name) => signalNumbers[name] === wanted);
  }
  const name = text.toUpperCase().replace(/^SIG/, '');
  return isSignal(name) ? name : undefined;
}
