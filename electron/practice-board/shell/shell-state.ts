import type { CommandNode } from 'just-bash';
import type { Process } from '../processes/process.ts';

export type FunctionDefinition = Extract<CommandNode, { type: 'FunctionDef' }>;

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readonly: boolean;
}

export interface Job {
  readonly number: number;
  readonly process: Process;
  readonly text: string;
}

/** Everything a fork copies: variables, functions, options, positional parameters. */
export class ShellState {
  readonly variables = new Map<string, Variable>();
  readonly functions = new Map<string, FunctionDefinition>();
  readonly options = new Set<string>();
  readonly traps = new Map<string, string>();
  positional: readonly string[] = [];
  /** $0, and the prefix of messages. */
  name = 'sh';
  /** $$: pid of the first shell, also in subshells. */
  mainPid = 0;
  lastStatus = 0;
  lastBackgroundPid = '';

  fork(): ShellState {
    const copy = new ShellState();
    for (const [name, variable] of this.variables) copy.variables.set(name, { ...variable });
    for (const [name, definition] of this.functions) copy.functions.set(name, definition);
    for (const option of this.options) if (option !== 'i') copy.options.add(option);
    // Ignored signals stay ignored in a subshell; handlers are reset.
    for (const [signal, action] of this.traps) if (action === '' && signal !== 'EXIT') copy.traps.set(signal, action);
    copy.positional = this.positional;
    copy.name = this.name;
    copy.mainPid = this.mainPid;
    copy.lastStatus = this.lastStatus;
    copy.lastBackgroundPid = this.lastBackgroundPid;
    return copy;
  }

  get(name: string): string | undefined {
    return this.variables.get(name)?.value;
  }

  /** False when the variable is read-only. */
  set(name: string, value: string | undefined): boolean {
    const variable = this.variables.get(name);
    if (variable?.readonly === true) return false;
    if (variable === undefined) this.variables.set(name, { value, exported: this.options.has('a'), readonly: false });
    else variable.value = value;
    return true;
  }

  environment(): Map<string, string> {
    const environment = new Map<string, string>();
    for (const [name, { value, exported }] of this.variables) if (exported && value !== undefined) environment.set(name, value);
    return environment;
  }
}
