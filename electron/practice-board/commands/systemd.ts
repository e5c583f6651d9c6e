import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';
import { startUnit, stopUnit } from '../linux/run-units.ts';
import { randomUuid } from '../linux/random.ts';
import type { Unit } from '../linux/units.ts';
import type { Process } from '../processes/process.ts';
import { parseSignal } from '../processes/signals.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

async function systemdRun(context: ProgramContext): Promise<number> {
  const { options, operands, problem } = parseOptions(context.args, {
    short: 'p: u: q P t G r E: d', untilOperand: true,
    long: {
      unit: 'u:', property: 'p:', quiet: 'q', collect: 'G', 'remain-after-exit': 'r', description: 'description:', wait: 'wait', pipe: 'P', scope: 'scope', user: 'user', setenv: 'E:', slice: 'slice:',
      uid: 'uid:', gid: 'gid:', nice: 'nice:', 'working-directory': 'cwd:', 'no-block': 'no-block', 'same-dir': 'd', 'service-type': 'type:', 'on-active': 'on:', 'expand-environment': 'ee:',
    },
  });
  if (problem !== undefined) return context.fail(problem);
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.value;
  const has = (name: string): boolean => options.some((option) => option.name === name);
  if (context.process.uid !== 0) return (await context.err(has('user') ? 'Failed to connect to bus: No medium found\n' : 'Failed to start transient service unit: Interactive authentication required.\n'), 1);
  const { linux } = context;
  const name = `${(value('u') ?? `run-r${randomUuid(linux.random).replaceAll('-', '')}`).replace(/\.service$/, '')}.service`;
  const there = linux.units.find(name);
  if (there !== undefined) return (await context.err(`Failed to start transient service unit: Unit ${name} was already loaded or has a fragment file.\n`), 1);
  const properties = new Map(options.filter((option) => option.name === 'p').map((option) => {
    const text = option.value ?? '';
    return [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const;
  }));
  const unit = linux.units.add({
    name, description: value('description') ?? operands.join(' '), transient: true, remainAfterExit: has('r') || properties.get('RemainAfterExit') === 'yes',
    collect: has('G'), invocationId: randomUuid(linux.random).replaceAll('-', ''),
  });
  const process = startTransient(context, unit, operands, properties, has('P'));
  if (!has('q')) await context.err(`Running as unit: ${name}\n`);
  if (!has('wait') && !has('P')) return 0;
  return (await context.process.until(process.exited)).code;
}

const bytes = (text: string): number => (text === 'infinity' ? Infinity : parseInt(text, 10) * (({ K: 1024, M: 1_048_576, G: 1_073_741_824 } as Readonly<Record<string, number>>)[text.slice(-1)] ?? 1));

function startTransient(context: ProgramContext, unit: Unit, argv: readonly string[], properties: ReadonlyMap<string, string>, piped: boolean): Process {
  const { linux } = context;
  const environment = new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], ['LANG', 'C.UTF-8'], ['INVOCATION_ID', unit.invocationId]]);
  const affinity = parseCpuList(properties.get('CPUAffinity') ?? properties.get('AllowedCPUs') ?? '');
  const process = linux.processes.spawn({
    parent: piped ? context.process : linux.processes.find(1), name: argv[0]?.split('/').at(-1) ?? 'sh', argv,
    prepare: (child) => {
      child.group = child.pid;
      child.session = child.pid;
      child.parentPid = 1;
      child.unit = unit.name;
      child.terminal = undefined;
      child.workingFolder = properties.get('WorkingDirectory') ?? '/';
      child.limits = { rtPriority: Number(properties.get('LimitRTPRIO') ?? '0'), lockedMemoryBytes: bytes(properties.get('LimitMEMLOCK') ?? '8388608') };
      if (affinity.ok && affinity.value.length > 0) Object.assign(child.main, { affinity: affinity.value, lastCpu: affinity.value[0] ?? 0 });
    },
  }, async (child) => {
    if (!piped) await connect(context, child, properties);
    return linux.exec(child, argv, environment);
  });
  Object.assign(unit, { active: 'active', sub: 'running', mainPid: process.pid, main: process, startedMs: linux.now() });
  const limit = properties.get('RuntimeMaxSec');
  if (limit !== undefined) setTimeout(() => process.alive && process.deliver('TERM'), parseInt(limit, 10) * 1000).unref();
  void process.exited.then(({ code, signal }) => {
    // What is left of the unit goes with its main process, as KillMode=mixed and control-group have it.
    for (const member of linux.processes.all()) if (member.unit === unit.name) member.deliver('KILL');
    const failed = signal === null ? code !== 0 : signal !== 'TERM' && signal !== 'INT' && signal !== 'HUP' && signal !== 'PIPE';
    Object.assign(unit, {
      mainPid: 0, main: undefined, endedMs: linux.now(), exitCode: signal === null ? 1 : 2, exitStatus: signal === null ? code : code - 128,
      result: failed ? (signal === null ? 'exit-code' : 'signal') : 'success',
      active: failed ? 'failed' : unit.remainAfterExit ? 'active' : 'inactive', sub: failed ? 'failed' : unit.remainAfterExit ? 'exited' : 'dead',
    });
    if ((failed && unit.collect) || (!failed && !unit.remainAfterExit)) linux.units.forget(unit);
  });
  return process;
}

/** Gives a unit its standard descriptors: /dev/null, files, or the journal. */
async function connect(context: ProgramContext, child: Process, properties: ReadonlyMap<string, string>): Promise<void> {
  const { linux } = context;
  const open = (path: string, append: boolean) => linux.open(child, path, { write: true, create: true, append });
  child.setFd(0, await linux.open(child, '/dev/null', { read: true }));
  for (const [fd, property] of [[1, 'StandardOutput'], [2, 'StandardError']] as const) {
    const target = /^(file|append|truncate):(.*)$/.exec(properties.get(property) ?? '');
    child.setFd(fd, await open(target?.[2] ?? '/dev/null', target?.[1] === 'append'));
  }
}

const listed = ['Id', 'Description', 'LoadState', 'ActiveState', 'SubState', 'Result', 'MainPID', 'ExecMainCode', 'ExecMainStatus', 'ExecMainStartTimestamp', 'ExecMainExitTimestamp', 'InvocationID', 'UnitFileState', 'NRestarts'];

const moment = (milliseconds: number): string => (milliseconds === 0 ? '' : `${new Date(milliseconds).toUTCString().slice(0, 3)} ${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`);

function show(unit: Unit | undefined, name: string, fileState: string): Readonly<Record<string, string>> {
  return {
    Id: unit?.name ?? name, Description: unit?.description ?? name, LoadState: unit === undefined ? 'not-found' : fileState === 'masked' ? 'masked' : 'loaded', ActiveState: unit?.active ?? 'inactive', SubState: unit?.sub ?? 'dead',
    Result: unit?.result ?? 'success', MainPID: String(unit?.mainPid ?? 0), ExecMainCode: String(unit?.exitCode ?? 0), ExecMainStatus: String(unit?.exitStatus ?? 0),
    ExecMainStartTimestamp: moment(unit?.startedMs ?? 0), ExecMainExitTimestamp: moment(unit?.endedMs ?? 0), InvocationID: unit?.invocationId ?? '', UnitFileState: fileState, NRestarts: '0',
  };
}

type Verb = (context: ProgramContext, unit: Unit, quiet: boolean) => Promise<number>;

const start: Verb = async (context, unit) => {
  if (await context.process.until(startUnit(context.linux, unit))) return 0;
  await context.err(`Job for ${unit.name} failed because the control process exited with error code.\nSee "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.\n`);
  return 1;
};

const stop: Verb = async (context, unit) => {
  await context.process.until(stopUnit(context.linux, unit));
  return 0;
};

const restart: Verb = async (context, unit, quiet) => {
  await stop(context, unit, quiet);
  return start(context, unit, quiet);
};

const sayAll = async (context: ProgramContext, lines: readonly string[], quiet: boolean): Promise<number> => {
  if (!quiet) await context.err(lines.map((line) => `${line}\n`).join(''));
  return 0;
};

const verbs: Readonly<Record<string, Verb>> = {
  start, stop, restart, 'try-restart': async (context, unit, quiet) => (unit.active === 'active' ? restart(context, unit, quiet) : 0), 'reload-or-restart': restart,
  enable: async (context, unit, quiet) => {
    const { units } = context.linux;
    if (units.fileState(unit.name) === 'masked') return (await context.err(`Failed to enable unit: Unit file ${units.pathOf(unit.name) ?? ''} is masked.\n`), 1);
    if (units.fileState(unit.name) === 'static') return sayAll(context, ['The unit files have no installation config (WantedBy=, RequiredBy=, Also=, Alias= settings in the [Install] section, and DefaultInstance= for template units).'], quiet);
    return sayAll(context, units.enable(unit.name), quiet);
  },
  disable: (context, unit, quiet) => sayAll(context, context.linux.units.disable(unit.name), quiet),
  mask: async (context, unit) => (context.linux.units.mask(unit.name), 0),
  unmask: async (context, unit) => (context.linux.units.unmask(unit.name), 0),
  'reset-failed': async (context, unit) => {
    if (unit.transient) context.linux.units.forget(unit);
    else unit.active = 'inactive';
    return 0;
  },
};

async function systemctl(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args, {
    short: 'p: q l n: a t: s:', long: { property: 'p:', quiet: 'q', now: 'now', 'no-pager': 'no-pager', all: 'a', value: 'value', type: 't:', state: 'state:', 'no-legend': 'no-legend', signal: 's:', plain: 'plain', user: 'user', lines: 'n:', force: 'f' },
  });
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const [verb = 'list-units', ...names] = operands;
  const { units } = context.linux;
  if (verb === 'reboot' || verb === 'poweroff' || verb === 'halt') return context.exec(['reboot']);
  if (verb === 'is-system-running') return (await context.out('running\n'), 0);
  if (['daemon-reload', 'daemon-reexec', 'set-default'].includes(verb)) {
    if (context.process.uid !== 0) return (await context.err('Failed to reload daemon: Interactive authentication required.\n'), 1);
    units.reload();
    return 0;
  }
  if (verb === 'list-units' || verb === 'list-unit-files') {
    const rows = units.all().filter((unit) => verb === 'list-unit-files' || has('a') || unit.active !== 'inactive')
      .map((unit) => (verb === 'list-units' ? `  ${unit.name.padEnd(32)} loaded ${unit.active.padEnd(6)} ${unit.sub.padEnd(7)} ${unit.description}\n` : `${unit.name.padEnd(40)} ${units.fileState(unit.name) ?? ''}\n`));
    await context.out((has('no-legend') ? '' : verb === 'list-units' ? '  UNIT                             LOAD   ACTIVE SUB     DESCRIPTION\n' : `${'UNIT FILE'.padEnd(40)} STATE\n`) + rows.join(''));
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const unit = units.find(name);
    const full = name.includes('.') ? name : `${name}.service`;
    if (verb === 'is-active' || verb === 'is-enabled' || verb === 'is-failed') {
      const state = verb === 'is-enabled' ? units.fileState(full) : unit?.active ?? 'inactive';
      const good = verb === 'is-enabled' ? state === 'enabled' || state === 'static' : verb === 'is-failed' ? state === 'failed' : state === 'active';
      if (!has('q')) await (state === undefined ? context.err(`Failed to get unit file state for ${full}: No such file or directory\n`) : context.out(`${state}\n`));
      if (!good) status = verb === 'is-active' ? 3 : 1;
    } else if (verb === 'show') {
      const values = show(unit, full, units.fileState(full) ?? '');
      const wanted = options.filter((option) => option.name === 'p').flatMap((option) => (option.value ?? '').split(','));
      await context.out((wanted.length > 0 ? wanted : listed).map((key) => `${has('value') ? '' : `${key}=`}${values[key] ?? ''}\n`).join(''));
    } else if (verb === 'status') {
      if (unit === undefined) status = (await context.err(`Unit ${full} could not be found.\n`), 4);
      else {
        await context.out(`${unit.active === 'active' ? '●' : '○'} ${unit.name} - ${unit.description}\n     Loaded: loaded (/lib/systemd/system/${unit.name}; ${units.fileState(full) ?? ''}; preset: enabled)\n     Active: ${unit.active} (${unit.sub}) since ${moment(unit.startedMs)}\n${unit.mainPid > 0 ? `   Main PID: ${unit.mainPid} (${unit.main?.name ?? ''})\n` : ''}`.replace(/[●○]/g, (mark) => Buffer.from(mark, 'utf8').toString('latin1')));
        if (unit.active !== 'active') status = 3;
      }
    } else if (unit === undefined) status = (await context.err(`Failed to ${verb} ${full}: Unit ${full} not ${verb === 'start' ? 'found' : 'loaded'}.\n`), 5);
    else if (context.process.uid !== 0) status = (await context.err(`Failed to ${verb} ${full}: Interactive authentication required.\n`), 1);
    else if (verb === 'kill') unit.main?.deliver(parseSignal(options.find(({ name: one }) => one === 's')?.value ?? 'TERM') ?? 'TERM');
    else {
      const act = verbs[verb];
      if (act === undefined) return (await context.err(`Unknown command verb ${verb}.\n`), 1);
      if ((verb === 'start' || verb === 'restart') && units.fileState(full) === 'masked') return (await context.err(`Failed to start ${full}: Unit ${full} is masked.\n`), 1);
      status = (await act(context, unit, has('q'))) || status;
      if (has('now')) status = (await (verb === 'enable' ? start : stop)(context, unit, has('q'))) || status;
    }
  }
  return status;
}

async function journalctl(context: ProgramContext): Promise<number> {
  const { options } = parseOptions(context.args, { short: 'k b:: n: o: u: f e x r', long: { dmesg: 'k', boot: 'b::', lines: 'n:', output: 'o:', unit: 'u:', 'no-pager': 'no-pager', follow: 'f' } });
  if (context.process.uid !== 0) {
    await context.err('No journal files were opened due to insufficient permissions.\n');
    return 1;
  }
  const count = Number(options.find(({ name }) => name === 'n')?.value ?? Infinity);
  const lines = context.linux.messages.map(({ atSeconds, text }) => (options.some(({ name, value }) => name === 'o' && value === 'short-monotonic')
    ? `[${atSeconds.toFixed(6).padStart(12)}] ${context.linux.hostname} kernel: ${text}\n`
    : `${new Date(context.linux.bootedAtMs + atSeconds * 1000).toUTCString().slice(8, 11)} ${new Date(context.linux.bootedAtMs + atSeconds * 1000).toISOString().slice(11, 19)} ${context.linux.hostname} kernel: ${text}\n`));
  await context.out(lines.slice(count === Infinity ? 0 : -count).join(''));
  return 0;
}

export const systemdPrograms: readonly Program[] = [
  { path: '/usr/bin/systemd-run', run: systemdRun }, { path: '/usr/bin/systemctl', run: systemctl }, { path: '/usr/bin/journalctl', run: journalctl },
];
