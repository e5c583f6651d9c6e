import { LibvirtError } from '../../libvirt/libvirt-error.ts';
import { startUnit } from '../../linux/run-units.ts';
import type { Program, ProgramContext } from '../program.ts';
import { domainCommands } from './domain-commands.ts';
import { hostCommands } from './host-commands.ts';
import { networkCommands } from './network-commands.ts';
import { poolCommands } from './pool-commands.ts';
import { tuneCommands } from './tune-commands.ts';
import { toBytes, toText, VirshFailure, virshTable, type VirshCall, type VirshCommand } from './virsh-call.ts';

const commands: Readonly<Record<string, VirshCommand>> = { ...domainCommands, ...tuneCommands, ...networkCommands, ...poolCommands, ...hostCommands };

interface Connection {
  readonly uri: string;
  readonly readOnly: boolean;
  readonly quiet: boolean;
}

async function virsh(context: ProgramContext): Promise<number> {
  const words = context.args.map(toText);
  let uri = context.environment.get('VIRSH_DEFAULT_CONNECT_URI') ?? context.environment.get('LIBVIRT_DEFAULT_URI') ?? (context.process.uid === 0 ? 'qemu:///system' : 'qemu:///session');
  let readOnly = false;
  let quiet = false;
  while (words[0]?.startsWith('-') === true) {
    const option = words.shift() ?? '';
    if (option === '-c' || option === '--connect') uri = words.shift() ?? uri;
    else if (option.startsWith('--connect=')) uri = option.slice(10);
    else if (option === '-r' || option === '--readonly') readOnly = true;
    else if (option === '-q' || option === '--quiet') quiet = true;
    else if (/^(?:-v|-V|--version(?:=\w+)?)$/.test(option)) return (await context.out('9.0.0\n'), 0);
    else if (option !== '--') return (await context.err(`error: unsupported option '${toBytes(option)}'. See --help.\n`), 1);
  }
  const [first] = words;
  if (first === undefined) return (await context.err('error: the interactive mode is not played on a practice board. Give a command: virsh list --all\n'), 1);
  const single = words.length > 1 || !/[\s;]/.test(first);
  const calls = single ? [words] : splitCommands(first);
  const connection = { uri, readOnly, quiet };
  let status = 0;
  for (const call of calls) status = await runOne(context, connection, call);
  return status;
}

/** `list --all; echo 'a b'`: commands of one argument, with quotes as a shell has them. */
function splitCommands(text: string): string[][] {
  const calls: string[][] = [[]];
  for (const [, separator, ...quoted] of text.matchAll(/([;\n])|'([^']*)'|"((?:\\.|[^"\\])*)"|([^\s;'"]+)/g)) {
    const word = quoted.find((one) => one !== undefined);
    if (separator !== undefined) calls.push([]);
    else calls.at(-1)?.push((word ?? '').replace(/\\(.)/g, '$1'));
  }
  return calls.filter((call) => call.length > 0);
}

async function runOne(context: ProgramContext, connection: Connection, [name = '', ...words]: readonly string[]): Promise<number> {
  if (name === 'help') return help(context, words[0]);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (command === undefined) throw new VirshFailure([`unknown command: '${name}'`]);
    const call = parseCall(context, connection, name, command, words);
    if (name !== 'echo') connect(call);
    if (call.readOnly && command.changes !== undefined && changesSomething(name, call)) throw new LibvirtError(`operation forbidden: read only access prevents ${command.changes}`);
    await perform(call, command);
    // A blank line behind every answer, as virsh prints it.
    if (!connection.quiet && name !== 'console') await context.out('\n');
    return 0;
  } catch (error) {
    if (!(error instanceof VirshFailure || error instanceof LibvirtError)) throw error;
    const lines = error instanceof VirshFailure ? error.lines : [error.message];
    if (!connection.quiet) await context.out('\n');
    await context.err(lines.map((line) => `error: ${toBytes(line)}\n`).join(''));
    return 1;
  }
}

/** `virsh help COMMAND`: what it takes. */
async function help(context: ProgramContext, name: string | undefined): Promise<number> {
  if (name === undefined) return (await context.out(`Commands that are played on a practice board:\n\n${Object.keys(commands).sort().map((one) => `    ${one}\n`).join('')}\n`), 0);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return (await context.err(`error: command '${toBytes(name)}' doesn't exist\n`), 1);
  const operands = command.operands.map((one) => (one.startsWith('[') ? `[<${one.replace(/[[\].]/g, '')}>]` : `<${one}>`));
  const options = command.options.map((one) => (one.endsWith(':') ? `[--${one.slice(0, -1)} <string>]` : `[--${one}]`));
  await context.out(`  NAME\n    ${name}\n\n  SYNOPSIS\n    ${[name, ...operands, ...options].join(' ')}\n\n  OPTIONS\n${command.options.map((one) => `    --${one.replace(':', ' <string>')}\n`).join('')}\n`);
  return 0;
}

/** Commands that show what they set when they are given nothing to set. */
const changesSomething = (name: string, call: VirshCall): boolean => !/^(?:vcpupin|emulatorpin)$/.test(name) || call.operands.length > (name === 'vcpupin' ? 2 : 1) || call.value('cpulist') !== undefined;

async function perform(call: VirshCall, command: VirshCommand): Promise<void> {
  try {
    await command.run(call);
  } catch (error) {
    if (error instanceof LibvirtError && command.trouble !== undefined) throw new VirshFailure([command.trouble(call.operands), error.message]);
    throw error;
  }
}

function connect({ hypervisor, uri, session, readOnly, context }: VirshCall): void {
  const refuse = (text: string): VirshFailure => new VirshFailure(['failed to connect to the hypervisor', text]);
  if (session) return;
  if (uri !== 'qemu:///system') throw refuse(/^qemu:/.test(uri) ? `internal error: unexpected QEMU URI path '${uri.replace(/^qemu:\/\/[^/]*/, '')}', try qemu:///system` : `no connection driver available for ${uri}`);
  const folder = hypervisor.daemon === 'virtqemud' ? '/var/run/libvirt/virtqemud-sock' : '/var/run/libvirt/libvirt-sock';
  const socket = `${folder}${readOnly ? '-ro' : ''}`;
  if (hypervisor.daemon === undefined) throw refuse(`Failed to connect socket to '${socket}': No such file or directory`);
  const service = hypervisor.linux.units.find(`${hypervisor.daemon}.service`);
  if (service !== undefined && service.active !== 'active') void startUnit(hypervisor.linux, service);
  const group = hypervisor.linux.accounts.groupId('libvirt');
  if (readOnly || context.process.uid === 0 || (group !== undefined && context.process.groups.includes(group))) return;
  if (hypervisor.linux.spec.distribution.packages === 'rpm') throw refuse("authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'");
  throw refuse(`Failed to connect socket to '${socket}': Permission denied`);
}

function parseCall(context: ProgramContext, connection: Connection, name: string, command: VirshCommand, words: readonly string[]): VirshCall {
  const options = new Map<string, string>();
  const operands: string[] = [];
  const rest = [...words];
  const named = command.operands.map((one) => one.replace(/[[\].]/g, ''));
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, key = '', value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const place = named.indexOf(key);
    if (word === '--') operands.push(...rest.splice(0));
    else if (key === '') operands.push(word);
    else if (command.options.includes(key)) options.set(key, '');
    else if (command.options.includes(`${key}:`)) options.set(key, value ?? rest.shift() ?? '');
    else if (place >= 0) operands[place] = value ?? rest.shift() ?? '';
    else throw new VirshFailure([`command '${name}' doesn't support option --${key}`]);
  }
  const missing = named.find((_one, index) => command.operands[index]?.startsWith('[') !== true && operands[index] === undefined);
  if (missing !== undefined) throw new VirshFailure([`command '${name}' requires <${missing}> option`]);
  const extra = operands[named.length];
  if (extra !== undefined && command.operands.at(-1)?.endsWith('...') !== true) throw new VirshFailure([`unexpected data '${extra}'`]);
  const print = (text: string): Promise<void> => context.out(toBytes(text));
  return {
    context, hypervisor: context.linux.hypervisor, readOnly: connection.readOnly, session: connection.uri === 'qemu:///session', uri: connection.uri, operands,
    has: (option) => options.has(option), value: (option) => options.get(option), print, say: async (text) => (connection.quiet ? undefined : print(text)), table: (header, rows) => print(virshTable(header, rows, connection.quiet)),
  };
}

export const virshProgram: Program = { path: '/usr/bin/virsh', run: virsh };
