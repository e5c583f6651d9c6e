import { Option, type Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import type { BoardStatus } from '../../../../shared/contract/methods.ts';
import type { Hop, Login } from '../../../../shared/model/board.ts';
import { findBoard, followJob, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { columns } from '../columns.ts';

interface AddOptions extends GlobalOptions {
  address?: string;
  port: string;
  user?: string;
  key?: string;
  agent?: boolean;
  keyboardInteractive?: boolean;
  jump: string[];
  role: 'host' | 'guest' | 'bare';
  practice?: string;
  notes: string;
}

const collect = (value: string, previous: string[]) => [...previous, value];

export function boardVerbs(program: Command, cli: CliContext): void {
  const board = program.command('board').description('add, list, remove, find and clean boards');

  board.command('add <name>')
    .description('add a board; it is not contacted yet')
    .option('--address <host>', 'host name or address (IPv6 link-local: fe80::1%eth0)')
    .option('--port <number>', 'SSH port', '22')
    .option('--user <name>', 'user to log in as')
    .option('--key <file>', 'log in with this private key (default: with a password, asked when connecting)')
    .option('--agent', 'log in with a key of the SSH agent')
    .option('--keyboard-interactive', 'log in by answering the server’s questions')
    .option('--jump <user@host[:port]>', 'go through this host first, with the same login method; may be repeated', collect, [])
    .addOption(new Option('--role <role>', 'what the board is').choices(['host', 'guest', 'bare']).default('host'))
    .option('--practice <machine>', 'a practice board of this machine instead of a real one')
    .option('--notes <text>', 'anything worth remembering', '')
    .action(async (name: string, _options: AddOptions, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      const reach = options.practice
        ? { kind: 'practice' as const, machine: options.practice }
        : { kind: 'ssh' as const, target: hopOf(options), jumps: options.jump.map((text) => jumpOf(text, loginOf(options))) };
      const added = await cli.withProject(options, (client) => client.call('boards.add', { name, role: options.role, reach, notes: options.notes }));
      cli.print(options, added, (value) => `Added ${value.name} as “${value.id}”. Next: rtvm-bench inspect ${value.id}`);
    });

  board.command('list').description('the boards of the project').action(async (_options: GlobalOptions, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const boards = await cli.withProject(options, (client) => client.call('boards.list', {}));
    cli.print(options, { boards }, () => (boards.length > 0 ? columns(['board', 'reach', 'last reading'], boards.map(rowOf)) : 'No boards yet. Add one: rtvm-bench board add NAME --address … --user …'));
  });

  board.command('remove <board>').description('take a board out of the project; its files are kept in removed/')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const id = await cli.withProject(options, async (client) => {
        const found = await findBoard(client, name);
        await client.call('boards.remove', { boardId: found.id });
        return found.id;
      });
      cli.print(options, { removed: id }, () => `Removed ${id}. What was read from it is kept in the project’s removed/ folder.`);
    });

  board.command('find').description('boards of ~/.ssh/config and boards that announce themselves nearby')
    .action(async (_options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const found = await cli.withProject(options, async (client) => {
        const known = await client.call('boards.suggestions', {});
        const { jobId } = await client.call('boards.discover', {});
        const { suggestions } = await followJob(client, jobId, (body) => { if (body.kind === 'progress') cli.terminal.note(body.message); });
        return [...known, ...(Array.isArray(suggestions) ? suggestions : [])];
      });
      cli.print(options, { suggestions: found }, () => JSON.stringify(found, null, 2));
    });

  board.command('forget-host-key <board>').description('forget the host keys accepted for a board, after its key changed for a good reason; the next connection asks again')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const forgotten = await cli.withProject(options, async (client) => {
        const found = await findBoard(client, name);
        for (const { host, port } of found.hostKeys) await client.call('boards.forget-host-keys', { boardId: found.id, host, port });
        return found.hostKeys.map(({ host, port, sha256 }) => ({ host, port, sha256 }));
      });
      cli.print(options, { forgotten }, () => (forgotten.length === 0 ? 'No key was accepted for it.' : `Forgotten: ${forgotten.map(({ host, port, sha256 }) => `${host} port ${port} ${sha256}`).join(', ')}`));
    });

  board.command('clean <board>').description('remove everything of ours from a board')
    .action(async (name: string, _options: GlobalOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const id = await cli.withProject(options, async (client) => {
        const found = await findBoard(client, name);
        const { jobId } = await client.call('boards.clean', { boardId: found.id });
        await followJob(client, jobId, () => { /* one short step: nothing to tell */ });
        return found.id;
      });
      cli.print(options, { cleaned: id }, () => `Nothing of RTVM Bench is left on ${id}.`);
    });
}

function hopOf(options: AddOptions): Hop {
  if (!options.address || !options.user) throw new CodedError('bad-usage', 'A board needs --address and --user (or --practice MACHINE).');
  return { address: options.address, port: portOf(options.port), user: options.user, login: loginOf(options) };
}

function loginOf(options: AddOptions): Login {
  if (options.key) return { method: 'key', keyFile: options.key };
  if (options.agent) return { method: 'agent' };
  return { method: options.keyboardInteractive ? 'keyboard-interactive' : 'password' };
}

function jumpOf(text: string, login: Login): Hop {
  const match = /^([^@\s]+)@(\[[^\]]+\]|[^:\s]+)(?::(\d+))?$/.exec(text);
  const [, user, host, port] = match ?? [];
  if (!user || !host) throw new CodedError('bad-usage', `“${text}” is not a jump host.`, { next: 'Write user@host or user@host:port.' });
  return { user, address: host.replace(/^\[(.*)\]$/, '$1'), port: portOf(port ?? '22'), login };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new CodedError('bad-usage', `“${text}” is not a port number.`);
  return port;
}

function rowOf({ board, summary }: BoardStatus): string[] {
  const reach = board.reach.kind === 'practice' ? `practice: ${board.reach.machine}` : `${board.reach.target.user}@${board.reach.target.address}`;
  return [board.id, reach, summary ?? 'not read yet'];
}
