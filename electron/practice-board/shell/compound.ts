import type { CommandNode, StatementNode } from 'just-bash';
import { LoopJump, ShellError } from './control-flow.ts';
import { expandPattern, expandText, expandWords } from './expand.ts';
import { matches } from './pattern.ts';
import type { Shell } from './shell.ts';

type CompoundCommand = Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>;

/** Runs a compound command; its redirections are in place already. */
export async function runCompound(shell: Shell, command: CompoundCommand): Promise<number> {
  switch (command.type) {
    case 'Group': return body(shell, command.body);
    case 'Subshell': {
      const subshell = shell.children.fork((child) => body(child, command.body), (process) => shell.children.foreground(process));
      const { code } = await shell.children.waitFor(subshell);
      shell.children.backToForeground();
      return code;
    }
    case 'If':
      for (const clause of command.clauses) if ((await condition(shell, clause.condition)) === 0) return body(shell, clause.body);
      return command.elseBody === null ? 0 : body(shell, command.elseBody);
    case 'While': return loop(shell, async () => (await condition(shell, command.condition)) === 0, command.body);
    case 'Until': return loop(shell, async () => (await condition(shell, command.condition)) !== 0, command.body);
    case 'For': {
      const words = command.words === null ? [...shell.state.positional] : await expandWords(shell, command.words);
      return loop(shell, async () => {
        const word = words.shift();
        if (word !== undefined) shell.assign(command.variable, word);
        return word !== undefined;
      }, command.body);
    }
    case 'Case': {
      const text = await expandText(shell, command.word);
      for (const item of command.items) {
        for (const pattern of item.patterns) if (matches(await expandPattern(shell, pattern), text)) return body(shell, item.body);
      }
      return 0;
    }
    default: throw new ShellError(`${command.type}: not part of a POSIX shell`);
  }
}

async function body(shell: Shell, statements: readonly StatementNode[]): Promise<number> {
  shell.state.lastStatus = 0;
  return shell.runStatements(statements);
}

async function condition(shell: Shell, statements: readonly StatementNode[]): Promise<number> {
  shell.tested += 1;
  try {
    return await shell.runStatements(statements);
  } finally {
    shell.tested -= 1;
  }
}

async function loop(shell: Shell, more: () => Promise<boolean>, statements: readonly StatementNode[]): Promise<number> {
  let status = 0;
  for (let round = 0; await more(); round += 1) {
    // A loop of builtins only must not starve the other processes.
    if (round % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
    shell.process.assertAlive();
    try {
      status = await shell.runStatements(statements);
    } catch (error) {
      if (!(error instanceof LoopJump)) throw error;
      status = 0;
      error.levels -= 1;
      if (error.levels > 0) throw error;
      if (error.kind === 'break') return status;
    }
  }
  return status;
}
