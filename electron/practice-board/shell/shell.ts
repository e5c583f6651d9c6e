import { parse, type CommandNode, type PipelineNode, type ScriptNode, type StatementNode } from 'just-bash';
import { FileError } from '../files/file-error.ts';
import { OpenPipe, type OpenFile } from '../files/open-file.ts';
import type { OpenRequest } from '../files/file-tree.ts';
import { Pipe } from '../files/pipe.ts';
import type { PretendLinux } from '../linux/pretend-linux.ts';
import type { ExitStatus, Process } from '../processes/process.ts';
import { builtins } from './builtins.ts';
import { FunctionReturn, LoopJump, ShellError, ShellExit } from './control-flow.ts';
import { expandPattern, expandText, expandWords, type ExpansionHost } from './expand.ts';
import { matches } from './pattern.ts';
import { redirect, type Redirected } from './redirect.ts';
import type { FunctionDefinition, Job, ShellState } from './shell-state.ts';
import { Traps } from './traps.ts';

type SimpleCommand = Extract<CommandNode, { type: 'SimpleCommand' }>;

/** A POSIX shell in one process: walks the parsed script, forks for subshells, pipelines and background commands. */
export class Shell implements ExpansionHost {
  readonly jobs: Job[] = [];
  readonly traps: Traps;
  childCpuMs = 0;
  /** Above zero while a failing command must not end a `set -e` shell. */
  #tested = 0;
  #substitutionStatus: number | undefined;

  constructor(readonly linux: PretendLinux, readonly process: Process, readonly state: ShellState) {
    this.traps = new Traps(this);
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
      throw new ShellError(`I/O error: ${error.text}`, 1, false);
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
        await this.runScript(parse(action));
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
    let script: ScriptNode;
    try {
      script = parse(text);
    } catch (error) {
      throw new ShellError(`Syntax error: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.runScript(script);
  }

  runScript(script: ScriptNode): Promise<number> {
    return this.runStatements(script.statements);
  }

  async runStatements(statements: readonly StatementNode[]): Promise<number> {
    for (const statement of statements) await this.#runStatement(statement);
    return this.state.lastStatus;
  }

  async #runStatement(statement: StatementNode): Promise<void> {
    if (statement.background) {
      this.#startJob(statement);
      return;
    }
    for (const [index, pipeline] of statement.pipelines.entries()) {
      const operator = statement.operators[index - 1];
      if (operator === '&&' && this.state.lastStatus !== 0) continue;
      if (operator === '||' && this.state.lastStatus === 0) continue;
      const last = index === statement.pipelines.length - 1;
      if (!last) this.#tested += 1;
      try {
        await this.#runPipeline(pipeline);
      } finally {
        if (!last) this.#tested -= 1;
      }
      await this.traps.runPending();
      const fatal = last && !pipeline.negated && this.#tested === 0 && this.state.lastStatus !== 0 && this.state.options.has('e');
      if (fatal) throw new ShellExit(this.state.lastStatus);
    }
  }

  #startJob(statement: StatementNode): void {
    const child = this.fork(async (shell) => {
      if (!this.interactive) {
        shell.process.handlers.set('INT', 'ignore').set('QUIT', 'ignore');
        shell.process.setFd(0, await this.linux.files.open('/dev/null', shell.process.credentials, { read: true }, shell.process.stop));
      }
      const only = statement.pipelines.length === 1 ? statement.pipelines[0] : undefined;
      if (only?.commands.length === 1 && only.commands[0] !== undefined && !only.negated) return shell.runCommand(only.commands[0], true);
      await shell.#runStatement({ ...statement, background: false });
      return shell.state.lastStatus;
    }, (process) => {
      if (this.interactive) process.group = process.pid;
    });
    this.state.lastBackgroundPid = String(child.pid);
    this.state.lastStatus = 0;
    this.jobs.push({ number: (this.jobs.at(-1)?.number ?? 0) + 1, process: child, text: (statement.sourceText ?? '').replace(/\s*&?\s*$/, '') });
    if (this.interactive) void this.write(2, `[${this.jobs.length}] ${child.pid}\n`);
  }

  /** A copy of this shell in a new process. */
  fork(run: (shell: Shell) => Promise<number>, prepare?: (process: Process) => void): Process {
    return this.linux.processes.spawn(
      { parent: this.process, name: this.process.name, argv: this.process.argv, ...(prepare === undefined ? {} : { prepare }) },
      (process) => {
        const shell = new Shell(this.linux, process, this.state.fork());
        return shell.runToEnd(() => run(shell));
      },
    );
  }

  async waitFor(process: Process): Promise<ExitStatus> {
    const status = await this.process.until(process.exited);
    this.childCpuMs += process.cpuMs;
    return status;
  }

  async #runPipeline(pipeline: PipelineNode): Promise<void> {
    const [first] = pipeline.commands;
    if (pipeline.negated) this.#tested += 1;
    try {
      if (pipeline.commands.length === 1 && first !== undefined) this.state.lastStatus = await this.runCommand(first);
      else this.state.lastStatus = await this.#runPiped(pipeline.commands);
    } finally {
      if (pipeline.negated) this.#tested -= 1;
    }
    if (pipeline.negated) this.state.lastStatus = this.state.lastStatus === 0 ? 1 : 0;
  }

  async #runPiped(commands: readonly CommandNode[]): Promise<number> {
    const children: Process[] = [];
    let input: OpenFile | undefined;
    for (const [index, command] of commands.entries()) {
      const last = index === commands.length - 1;
      const pipe = last ? undefined : new Pipe();
      const reader = pipe === undefined ? undefined : new OpenPipe('pipe:', pipe, 'read');
      const writer = pipe === undefined ? undefined : new OpenPipe('pipe:', pipe, 'write');
      const before = input;
      children.push(this.fork((shell) => shell.runCommand(command, true), (process) => {
        if (before !== undefined) process.setFd(0, before);
        if (writer !== undefined) process.setFd(1, writer);
        this.#foreground(process, children[0]?.pid);
      }));
      input = reader;
    }
    const statuses = await Promise.all(children.map((child) => this.waitFor(child)));
    this.#backToForeground();
    return statuses.at(-1)?.code ?? 0;
  }

  #foreground(process: Process, group = process.pid): void {
    const { terminal } = this.process;
    if (!this.interactive || terminal === undefined) return;
    process.group = group;
    terminal.foreground = group;
  }

  #backToForeground(): void {
    const { terminal } = this.process;
    if (this.interactive && terminal !== undefined) terminal.foreground = this.process.group;
  }

  /** Runs one command. `tail`: nothing follows in this process, so a program may take it over. */
  async runCommand(command: CommandNode, tail = false): Promise<number> {
    this.process.assertAlive();
    if (command.type === 'SimpleCommand') return this.#runSimple(command, tail);
    if (command.type === 'FunctionDef') {
      this.state.functions.set(command.name, command);
      return 0;
    }
    return this.redirected(command.redirections, () => this.#runCompound(command));
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

  async #runCompound(command: Exclude<CommandNode, { type: 'SimpleCommand' | 'FunctionDef' }>): Promise<number> {
    switch (command.type) {
      case 'Group': return this.#body(command.body);
      case 'Subshell': {
        const child = this.fork((shell) => shell.#body(command.body), (process) => this.#foreground(process));
        const { code } = await this.waitFor(child);
        this.#backToForeground();
        return code;
      }
      case 'If':
        for (const clause of command.clauses) if ((await this.#condition(clause.condition)) === 0) return this.#body(clause.body);
        return command.elseBody === null ? 0 : this.#body(command.elseBody);
      case 'While': return this.#loop(async () => (await this.#condition(command.condition)) === 0, command.body);
      case 'Until': return this.#loop(async () => (await this.#condition(command.condition)) !== 0, command.body);
      case 'For': {
        const words = command.words === null ? [...this.state.positional] : await expandWords(this, command.words);
        return this.#loop(async () => {
          const word = words.shift();
          if (word !== undefined) this.assign(command.variable, word);
          return word !== undefined;
        }, command.body);
      }
      case 'Case': {
        const text = await expandText(this, command.word);
        for (const item of command.items) {
          for (const pattern of item.patterns) if (matches(await expandPattern(this, pattern), text)) return this.#body(item.body);
        }
        return 0;
      }
      default: throw new ShellError(`${command.type}: not part of a POSIX shell`);
    }
  }

  async #body(statements: readonly StatementNode[]): Promise<number> {
    this.state.lastStatus = 0;
    return this.runStatements(statements);
  }

  async #condition(statements: readonly StatementNode[]): Promise<number> {
    this.#tested += 1;
    try {
      return await this.runStatements(statements);
    } finally {
      this.#tested -= 1;
    }
  }

  async #loop(more: () => Promise<boolean>, body: readonly StatementNode[]): Promise<number> {
    let status = 0;
    for (let round = 0; await more(); round += 1) {
      // A loop of builtins only must not starve the other processes.
      if (round % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
      this.process.assertAlive();
      try {
        status = await this.runStatements(body);
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
      return this.#withVariables(assignments, () => this.redirected(command.redirections, () => builtin(this, args)));
    }
    const environment = this.state.environment();
    for (const [key, value] of assignments) environment.set(key, value);
    return this.runProgram(argv, environment, command.redirections, tail);
  }

  async runProgram(argv: readonly string[], environment: ReadonlyMap<string, string>, redirections: Parameters<typeof redirect>[1], tail: boolean): Promise<number> {
    const start = async (shell: Shell): Promise<number> => {
      (await redirect(shell, redirections)).keep();
      shell.traps.forget();
      return this.linux.exec(shell.process, argv, environment, (message) => shell.complain(message));
    };
    if (tail && !this.state.traps.has('EXIT')) return start(this);
    const child = this.fork(start, (process) => this.#foreground(process));
    const { code, signal } = await this.waitFor(child);
    this.#backToForeground();
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
    const pipe = new Pipe();
    const reader = new OpenPipe('pipe:', pipe, 'read');
    const child = this.fork(async (shell) => {
      const [only, ...others] = script.statements;
      const single = others.length === 0 && only?.pipelines.length === 1 && !only.background ? only.pipelines[0] : undefined;
      const command = single?.commands.length === 1 && !single.negated ? single.commands[0] : undefined;
      return command === undefined ? shell.runScript(script) : shell.runCommand(command, true);
    }, (process) => process.setFd(1, new OpenPipe('pipe:', pipe, 'write')));
    let text = '';
    try {
      for (;;) {
        const chunk = await reader.read(65_536, this.process.stop);
        this.process.assertAlive();
        if (chunk === '') break;
        text += chunk;
      }
    } finally {
      reader.release();
    }
    const { code } = await this.waitFor(child);
    this.#substitutionStatus = code;
    this.state.lastStatus = code;
    return text.replaceAll('\0', '').replace(/\n+$/, '');
  }
}
