import type { CommandNode, ScriptNode, StatementNode } from 'just-bash';
import { OpenPipe, type OpenFile } from '../files/open-file.ts';
import { Pipe } from '../files/pipe.ts';
import type { ExitStatus, Process } from '../processes/process.ts';
import { Shell } from './shell.ts';

/** The processes a shell starts: forks, pipelines, background jobs, command substitutions. */
export class Children {
  /** Pretend CPU time of the children that have ended. */
  cpuMs = 0;
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Starts `statement &`. */
  startJob(statement: StatementNode): void {
    const parent = this.#shell;
    const child = this.fork(async (shell) => {
      if (!parent.interactive) {
        shell.process.handlers.set('INT', 'ignore').set('QUIT', 'ignore');
        shell.process.setFd(0, await parent.linux.files.open('/dev/null', shell.process.credentials, { read: true }, shell.process.stop));
      }
      const only = statement.pipelines.length === 1 ? statement.pipelines[0] : undefined;
      if (only?.commands.length === 1 && only.commands[0] !== undefined && !only.negated) return shell.runCommand(only.commands[0], true);
      await shell.runStatement({ ...statement, background: false });
      return shell.state.lastStatus;
    }, (process) => {
      if (parent.interactive) process.group = process.pid;
    });
    parent.state.lastBackgroundPid = String(child.pid);
    parent.state.lastStatus = 0;
    parent.jobs.push({ number: (parent.jobs.at(-1)?.number ?? 0) + 1, process: child, text: (statement.sourceText ?? '').replace(/\s*&?\s*$/, '') });
    if (parent.interactive) void parent.write(2, `[${parent.jobs.length}] ${child.pid}\n`);
  }

  /** A copy of this shell in a new process. */
  fork(run: (shell: Shell) => Promise<number>, prepare?: (process: Process) => void): Process {
    const { linux, process: parent, state } = this.#shell;
    return linux.processes.spawn(
      { parent, name: parent.name, argv: parent.argv, ...(prepare === undefined ? {} : { prepare }) },
      (process) => {
        const shell = new Shell(linux, process, state.fork());
        return shell.runToEnd(() => run(shell));
      },
    );
  }

  async waitFor(process: Process): Promise<ExitStatus> {
    const status = await this.#shell.process.until(process.exited);
    this.cpuMs += process.cpuMs;
    return status;
  }

  /** Runs the commands of a pipeline side by side; gives the status of the last. */
  async runPiped(commands: readonly CommandNode[]): Promise<number> {
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
        this.foreground(process, children[0]?.pid);
      }));
      input = reader;
    }
    const statuses = await Promise.all(children.map((child) => this.waitFor(child)));
    this.backToForeground();
    return statuses.at(-1)?.code ?? 0;
  }

  /** Makes a child of an interactive shell the one that Ctrl-C goes to. */
  foreground(process: Process, group = process.pid): void {
    const { terminal } = this.#shell.process;
    if (!this.#shell.interactive || terminal === undefined) return;
    process.group = group;
    terminal.foreground = group;
  }

  backToForeground(): void {
    const { terminal, group } = this.#shell.process;
    if (this.#shell.interactive && terminal !== undefined) terminal.foreground = group;
  }

  /** Output of a command substitution without its final newlines, and the status. */
  async substitute(script: ScriptNode): Promise<{ text: string; code: number }> {
    const parent = this.#shell.process;
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
        const chunk = await reader.read(65_536, parent.stop);
        parent.assertAlive();
        if (chunk === '') break;
        text += chunk;
      }
    } finally {
      reader.release();
    }
    const { code } = await this.waitFor(child);
    return { text: text.replaceAll('\0', '').replace(/\n+$/, ''), code };
  }
}
