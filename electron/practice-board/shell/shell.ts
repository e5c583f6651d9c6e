import { parse, type CommandNode, type PipelineNode, type ScriptNode, type StatementNode } from 'just-bash';
import { FileError } from '../files/file-error.ts';
import type { OpenFile } from '../files/open-file.ts';
import type { OpenRequest } from '../files/file-tree.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import type { Process } from '../processes/process.ts';
import { builtins } from './builtins.ts';
import { Children } from './children.ts';
import { runCompound } from './compound.ts';
import { FunctionReturn, LoopJump, OutputError, ShellError, ShellExit } from './control-flow.ts';
import { expandText, expandWords, type ExpansionHost } from './expand.ts';
import { parseScript } from './parse-script.ts';
import { redirect, type Redirected } from './redirect.ts';
import type { FunctionDefinition, Job, ShellState } from './shell-state.ts';
import { Traps } from './traps.ts';

type SimpleCommand = Extract<CommandNode, { type: 'SimpleCommand' }>;

/** A POSIX shell in one process: walks the parsed script, forks for subshells, pipelines and background commands. */
export class Shell implements ExpansionHost {
  readonly jobs: Job[] = [];
  readonly traps: Traps;
  readonly children: Children;
  /** Above zero while a failing command must not end a `set -e` shell. */
  tested = 0;
  #substitutionStatus: number | undefined;

  constructor(readonly linux: PretendLinux, readonly process: Process, readonly state: ShellState) {
    this.traps = new Traps(this);
    this.children = new Children(this);
  }

  get pid(): number {
    return this.process.pid;
  }

  get interactive(): boolean {
    return this.state.options.has('i');
  }

  path(path: string): string {
    return path === '' || path.startsWith('/') ? path : `${this.process.workingFolder}/${path}`;
  }

  listFolder(path: string): readonly string[] | undefined {
    try {
      return this.linux.files.list(this.path(path), this.process.credentials);
    } catch {
      return undefined;
    }
  }

  exists(path: string): boolean {
    try {
      this.linux.files.find(this.path(path), this.process.credentials, false);
      return true;
    } catch {
      return false;
    }
  }

  openPath(path: string, request: OpenRequest): Promise<OpenFile> {
    return this.linux.open(this.process, this.path(path), request);
  }

  assign(name: string, value: string): void {
    if (!this.state.set(name, value)) throw new ShellError(`${name}: is read only`);
  }

  async write(fd: number, text: string): Promise<void> {
    this.process.assertAlive();
    if (text === '') return;
    try {
      await this.process.fds.get(fd)?.write(text, this.process.stop);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.code === 'EPIPE') this.process.deliver('PIPE');
      this.process.assertAlive();
      throw new OutputError(`I/O error: ${error.text}`, 1, false);
    }
  }

  complain(message: string): Promise<void> {
    if (/^-?bash$/.test(this.state.name)) return this.write(2, `${this.state.name}: ${message.replace(/^(\S+): not found$/, '$1: command not found')}\n`);
    return this.write(2, `${this.state.name}: 1: ${message}\n`);
  }

  /** Runs a whole script and the EXIT trap; gives the exit status. */
  async runToEnd(work: () => Promise<number>): Promise<number> {
    let status = await this.untilExit(work);
    const action = this.state.traps.get('EXIT');
    if (action !== undefined && action !== '') {
      this.state.traps.delete('EXIT');
      this.state.lastStatus = status;
      status = await this.untilExit(async () => {
        await this.runText(action);
        return status;
      });
    }
    return status;
  }

  async untilExit(work: () => Promise<number>): Promise<number> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ShellExit || error instanceof FunctionReturn) return error.status;
      if (error instanceof LoopJump) return 0;
      if (!(error instanceof ShellError)) throw error;
      await this.complain(error.message);
      return error.status;
    }
  }

  async runText(text: string): Promise<number> {
    const parsed = parseScript(text);
    if (parsed.kind === 'wrong' || (parsed.kind === 'unfinished' && !/<<|\\\s*$/.test(text))) throw new ShellError(`Syntax error: ${parsed.message}`);
    // A here-document or a line that the end of the input cuts off is taken as it is.
    return this.runScript(parsed.kind === 'whole' ? parsed.script : parse(text));
  }

  runScript(script: ScriptNode): Promise<number> {
    return this.runStatements(script.statements);
  }

  async runStatements(statements: readonly StatementNode[]): Promise<number> {
    for (const statement of statements) await this.runStatement(statement);
    return this.state.lastStatus;
  }

  async runStatement(statement: StatementNode): Promise<void> {
    if (statement.deferredError !== undefined) throw new ShellError(`Syntax error: ${statement.deferredError.message}`);
    if (statement.background) {
      this.children.startJob(statement);
      return;
    }
    for (const [index, pipeline] of statement.pipelines.entries()) {
      const operator = statement.operators[index - 1];
      if (operator === '&&' && this.state.lastStatus !== 0) continue;
      if (operator === '||' && this.state.lastStatus === 0) continue;
      const last = index === statement.pipelines.length - 1;
      if (!last) this.tested += 1;
      try {
        await this.#runPipeline(pipeline);
      } finally {
        if (!last) this.tested -= 1;
      }
      await this.traps.runPending();
      const fatal = last && !pipeline.negated && this.tested === 0 && this.state.lastStatus !== 0 && this.state.options.has('e');
      if (fatal) throw new ShellExit(this.state.lastStatus);
    }
  }

  async #runPipeline(pipeline: PipelineNode): Promise<void> {
    const [first] = pipeline.commands;
    if (pipeline.negated) this.tested += 1;
    try {
      if (pipeline.commands.length === 1 && first !== undefined) this.state.lastStatus = await this.runCommand(first);
      else this.state.lastStatus = await this.children.runPiped(pipeline.commands);
    } finally {
      if (pipeline.negated) this.tested -= 1;
    }
    if (pipeline.negated) this.state.lastStatus = this.state.lastStatus === 0 ? 1 : 0;
  }

  /** Runs one command. `tail`: nothing follows in this process, so a program may take it over. */
  async runCommand(command: CommandNode, tail = false): Promise<number> {
    this.process.assertAlive();
    if (command.type === 'SimpleCommand') return this.#runSimple(command, tail);
    if (command.type === 'FunctionDef') {
      this.state.functions.set(command.name, command);
      return 0;
    }
    return this.redirected(command.redirections, () => runCompound(this, command));
  }

  async redirected(redirections: Parameters<typeof redirect>[1], work: () => Promise<number>): Promise<number> {
    if (redirections.length === 0) return work();
    let redirected: Redirected;
    try {
      redirected = await redirect(this, redirections);
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      await this.complain(error.message);
      return error.status;
    }
    try {
      return await work();
    } finally {
      redirected.restore();
    }
  }

  async #runSimple(command: SimpleCommand, tail: boolean): Promise<number> {
    this.#substitutionStatus = undefined;
    const argv = await expandWords(this, command.name === null ? [] : [command.name, ...command.args]);
    const assignments: (readonly [string, string])[] = [];
    for (const { name, value } of command.assignments) {
      const text = value === null ? '' : await expandText(this, value);
      assignments.push([name, text]);
      if (argv.length === 0) this.assign(name, text);
    }
    if (this.state.options.has('x')) await this.write(2, `+ ${[...assignments.map((pair) => pair.join('=')), ...argv].join(' ')}\n`);
    const [name, ...args] = argv;
    if (name === undefined) return this.redirected(command.redirections, async () => this.#substitutionStatus ?? 0);
    const definition = this.state.functions.get(name);
    if (definition !== undefined) return this.#withVariables(assignments, () => this.redirected(command.redirections, () => this.#callFunction(definition, args)));
    if (name === 'exec') return this.#exec(args, command, assignments);
    const builtin = builtins.get(name);
    if (builtin !== undefined) {
      return this.#withVariables(assignments, () => this.redirected(command.redirections, () => this.#runBuiltin(name, () => builtin(this, args))));
    }
    const environment = this.state.environment();
    for (const [key, value] of assignments) environment.set(key, value);
    return this.runProgram(argv, environment, command.redirections, tail);
  }

  /** What cannot be written ends the builtin, not the shell. */
  async #runBuiltin(name: string, run: () => Promise<number>): Promise<number> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      await this.complain(`${name}: ${error.message}`);
      return error.status;
    }
  }

  async runProgram(argv: readonly string[], environment: ReadonlyMap<string, string>, redirections: Parameters<typeof redirect>[1], tail: boolean): Promise<number> {
    const start = async (shell: Shell): Promise<number> => {
      (await redirect(shell, redirections)).keep();
      shell.traps.forget();
      return this.linux.exec(shell.process, argv, environment, (message) => shell.complain(message));
    };
    if (tail && !this.state.traps.has('EXIT')) return start(this);
    const child = this.children.fork(start, (process) => this.children.foreground(process));
    const { code, signal } = await this.children.waitFor(child);
    this.children.backToForeground();
    if (signal !== null && signal !== 'INT' && signal !== 'PIPE' && this.interactive) await this.write(2, signal === 'KILL' ? 'Killed\n' : 'Terminated\n');
    return code;
  }

  async #exec(args: readonly string[], command: SimpleCommand, assignments: readonly (readonly [string, string])[]): Promise<number> {
    try {
      (await redirect(this, command.redirections)).keep();
    } catch (error) {
      if (error instanceof ShellError) throw new ShellError(error.message, error.status, true);
      throw error;
    }
    if (args.length === 0) return 0;
    const environment = this.state.environment();
    for (const [key, value] of assignments) environment.set(key, value);
    this.traps.forget();
    this.state.traps.delete('EXIT');
    throw new ShellExit(await this.linux.exec(this.process, args, environment, (message) => this.complain(message)));
  }

  async #withVariables(assignments: readonly (readonly [string, string])[], work: () => Promise<number>): Promise<number> {
    const before = assignments.map(([name]) => [name, this.state.get(name)] as const);
    for (const [name, value] of assignments) this.assign(name, value);
    try {
      return await work();
    } finally {
      for (const [name, value] of before) this.state.set(name, value);
    }
  }

  readonly locals: Map<string, string | undefined>[] = [];

  async #callFunction(definition: FunctionDefinition, args: readonly string[]): Promise<number> {
    if (this.locals.length > 200) throw new ShellError('Maximum function recursion depth (1000) reached');
    const { positional } = this.state;
    this.state.positional = args;
    this.locals.push(new Map());
    try {
      return await this.runCommand(definition.body);
    } catch (error) {
      if (error instanceof FunctionReturn) return error.status;
      throw error;
    } finally {
      this.state.positional = positional;
      for (const [name, value] of this.locals.pop() ?? []) this.state.set(name, value);
    }
  }

  async substitute(script: ScriptNode): Promise<string> {
    const { text, code } = await this.children.substitute(script);
    this.#substitutionStatus = code;
    this.state.lastStatus = code;
    return text;
  }
}
