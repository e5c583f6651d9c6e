import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Data goes to standard output, everything meant for a person's eye alone to standard error. */
export interface Terminal {
  data(text: string): void;
  note(text: string): void;
  readonly interactive: boolean;
  ask(prompt: string, options?: { hidden: boolean }): Promise<string>;
  /** Standard input to its end, for answers that a script gives. */
  readAll(): Promise<string>;
}

export function processTerminal(): Terminal {
  return {
    data: (text) => { process.stdout.write(text.endsWith('\n') ? text : `${text}\n`); },
    note: (text) => { process.stderr.write(`${text}\n`); },
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    ask,
    readAll: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

async function ask(prompt: string, options = { hidden: false }): Promise<string> {
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => { done(); } });
  const reader = createInterface({ input: process.stdin, output: options.hidden ? silent : process.stderr, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    if (options.hidden) process.stderr.write('\n');
  }
}
