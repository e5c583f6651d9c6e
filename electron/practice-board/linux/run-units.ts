import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';
import type { Process } from '../processes/process.ts';
import { FileError } from '../files/file-error.ts';
import { isMounted, mountAt, unmountAt } from './mounting.ts';
import { rootCredentials, type PretendLinux } from './pretend-linux.ts';
import { execWords, type UnitFile } from './unit-file.ts';
import type { Unit } from './units.ts';

/** Starts what the disk says a boot starts, one after the other; services that run on are not waited for. */
export async function startWantedUnits(linux: PretendLinux): Promise<void> {
  const { bootId } = linux;
  for (const name of inOrder(linux, linux.units.wanted())) {
    const unit = linux.units.find(name);
    const service = linux.services.find((one) => `${one.name}.service` === name);
    if (linux.bootId !== bootId) return;
    if (unit !== undefined && service?.active !== false) await startUnit(linux, unit);
  }
}

/** Units after those they name in After=, and before those they name in Before=; otherwise as they come. */
function inOrder(linux: PretendLinux, names: readonly string[]): string[] {
  const words = (name: string, key: string): string[] => linux.units.file(name).all('Unit', key).flatMap((text) => text.split(/\s+/));
  const first = new Map(names.map((name) => [name, new Set([...words(name, 'After'), ...names.filter((other) => words(other, 'Before').includes(name))].filter((one) => names.includes(one)))]));
  const ordered: string[] = [];
  const waiting = [...names];
  while (waiting.length > 0) {
    // Units that wait for each other start as they come.
    const next = Math.max(0, waiting.findIndex((name) => [...first.get(name) ?? []].every((one) => ordered.includes(one))));
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/**
 * Starts a unit; resolves when systemctl would return. Services of the distribution are processes that are there and do
 * nothing; those that somebody wrote run their commands. Gives whether it came up; a condition that is not met is no failure.
 */
export async function startUnit(linux: PretendLinux, unit: Unit): Promise<boolean> {
  if (unit.active === 'active' || unit.active === 'activating') return true;
  const file = linux.units.file(unit.name);
  if (!conditionsMet(linux, file)) {
    linux.log(`systemd[1]: ${unit.name} - ${unit.description} was skipped because of an unmet condition check.`);
    return true;
  }
  if (unit.name.endsWith('.timer')) {
    startTimer(linux, unit, file);
    return true;
  }
  for (const name of file.all('Unit', 'Requires').flatMap((text) => text.split(/\s+/))) {
    const required = linux.units.find(name);
    if (required !== undefined && !(await startUnit(linux, required))) return false;
  }
  if (unit.name.endsWith('.mount')) return startMount(linux, unit, file);
  if (unit.name.endsWith('.socket')) {
    Object.assign(unit, { active: 'active', sub: 'listening', result: 'success', startedMs: linux.now() });
    return true;
  }
  const isPretended = linux.services.some((one) => `${one.name}.service` === unit.name) && linux.units.pathOf(unit.name)?.startsWith('/usr/lib/') === true;
  if (isPretended) {
    startPretended(linux, unit, file);
    return true;
  }
  return file.one('Service', 'Type') === 'oneshot' ? runOnce(linux, unit, file) : runOn(linux, unit, file);
}

/** Ends what runs of a unit, and runs what it has for that. */
export async function stopUnit(linux: PretendLinux, unit: Unit): Promise<void> {
  const file = linux.units.file(unit.name);
  const wasActive = unit.active === 'active';
  if (unit.name.endsWith('.mount')) unmountAt(linux, file.one('Mount', 'Where') ?? '');
  const { main } = unit;
  if (wasActive && !unit.transient) for (const line of file.all('Service', 'ExecStop')) await spawnCommand(linux, unit, file, line).exited;
  if (main !== undefined) {
    main.deliver('TERM');
    const timer = setTimeout(() => main.deliver('KILL'), 30_000);
    await main.exited.finally(() => clearTimeout(timer));
  }
  for (const member of linux.processes.all()) if (member.unit === unit.name) member.deliver('KILL');
  if (unit.transient) linux.units.forget(unit);
  Object.assign(unit, { active: 'inactive', sub: 'dead', main: undefined, mainPid: 0 });
}

function startMount(linux: PretendLinux, unit: Unit, file: UnitFile): boolean {
  const target = file.one('Mount', 'Where') ?? '';
  try {
    linux.files.find(target, rootCredentials);
    // What is mounted already is taken over.
    if (!isMounted(linux, target)) mountAt(linux, target, file.one('Mount', 'Type') ?? '', (file.one('Mount', 'Options') ?? '').split(','));
    Object.assign(unit, { active: 'active', sub: 'mounted', result: 'success', startedMs: linux.now() });
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    linux.log(`systemd[1]: Failed to mount ${target}: ${error.text}`);
    Object.assign(unit, { active: 'failed', sub: 'failed', result: 'exit-code', exitCode: 1, exitStatus: 32 });
    return false;
  }
}

function conditionsMet(linux: PretendLinux, file: UnitFile): boolean {
  const words = linux.commandLine.split(' ');
  const checks: ReadonlyArray<readonly [key: string, holds: (value: string) => boolean]> = [
    ['ConditionKernelCommandLine', (value) => words.some((word) => word === value || (!value.includes('=') && word.startsWith(`${value}=`)))],
    ['ConditionPathExists', (path) => linux.files.exists(path, rootCredentials)],
  ];
  return checks.every(([key, holds]) => file.all('Unit', key).every((value) => (value.startsWith('!') ? !holds(value.slice(1)) : holds(value))));
}

const timers = new WeakMap<Unit, symbol>();

/** A timer starts its service after a while, and again a while after that has ended. Times of the calendar are not played. */
function startTimer(linux: PretendLinux, unit: Unit, file: UnitFile): void {
  const { bootId } = linux;
  const token = Symbol(unit.name);
  timers.set(unit, token);
  Object.assign(unit, { active: 'active', sub: 'waiting', result: 'success', startedMs: linux.now() });
  const target = file.one('Timer', 'Unit') ?? unit.name.replace(/\.timer$/, '.service');
  const lasts = (keys: readonly string[]): number | undefined => keys.map((key) => file.one('Timer', key)).flatMap((text) => (text === undefined ? [] : [spanMs(text)]))[0];
  const schedule = (delayMs: number | undefined): void => {
    if (delayMs !== undefined) setTimeout(() => void fire(), delayMs).unref();
  };
  const fire = async (): Promise<void> => {
    if (linux.bootId !== bootId || timers.get(unit) !== token || unit.active !== 'active' || linux.processes.find(1) === undefined) return;
    const service = linux.units.find(target);
    if (service !== undefined) await startUnit(linux, service);
    schedule(lasts(['OnUnitInactiveSec', 'OnUnitActiveSec']));
  };
  schedule(lasts(['OnActiveSec', 'OnBootSec', 'OnStartupSec']));
}

/** `90`, `1min 30s`, `500ms`. */
function spanMs(text: string): number {
  const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, sec: 1000, ms: 1, m: 60_000, min: 60_000, h: 3_600_000, hr: 3_600_000, d: 86_400_000 };
  return [...text.matchAll(/([\d.]+)\s*([a-z]*)/g)].reduce((sum, [, count = '0', unit = '']) => sum + Number(count) * (units[unit] ?? 1000), 0);
}

function startPretended(linux: PretendLinux, unit: Unit, file: UnitFile): void {
  const argv = (file.one('Service', 'ExecStart') ?? unit.name).split(' ');
  const process = linux.processes.add({
    parent: linux.processes.find(1), name: (argv[0]?.split('/').at(-1) ?? unit.name).slice(0, 15), argv,
    prepare: (child) => {
      belongTo(child, unit);
      child.residentKb = 6_000 + (child.pid * 37) % 9_000;
    },
  });
  isRunning(linux, unit, process);
  if (/^(?:libvirtd|virtqemud)\.service$/.test(unit.name)) linux.hypervisor.autostart();
  void process.exited.then(() => {
    if (unit.main === process) Object.assign(unit, { active: 'inactive', sub: 'dead', mainPid: 0, main: undefined, endedMs: linux.now() });
  });
}

async function runOnce(linux: PretendLinux, unit: Unit, file: UnitFile): Promise<boolean> {
  Object.assign(unit, { active: 'activating', sub: 'start', startedMs: linux.now() });
  for (const line of [...file.all('Service', 'ExecStartPre'), ...file.all('Service', 'ExecStart'), ...file.all('Service', 'ExecStartPost')]) {
    const { code } = await spawnCommand(linux, unit, file, line).exited;
    if (code !== 0 && !line.startsWith('-')) {
      Object.assign(unit, { active: 'failed', sub: 'failed', result: 'exit-code', exitCode: 1, exitStatus: code, endedMs: linux.now() });
      return false;
    }
  }
  const remains = /^(?:yes|true|1|on)$/.test(file.one('Service', 'RemainAfterExit') ?? '');
  Object.assign(unit, { active: remains ? 'active' : 'inactive', sub: remains ? 'exited' : 'dead', result: 'success', exitCode: 1, exitStatus: 0, endedMs: linux.now() });
  return true;
}

async function runOn(linux: PretendLinux, unit: Unit, file: UnitFile): Promise<boolean> {
  for (const line of file.all('Service', 'ExecStartPre')) {
    const { code } = await spawnCommand(linux, unit, file, line).exited;
    if (code !== 0 && !line.startsWith('-')) {
      Object.assign(unit, { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: code });
      return false;
    }
  }
  const process = spawnCommand(linux, unit, file, file.one('Service', 'ExecStart') ?? '');
  isRunning(linux, unit, process);
  void process.exited.then(({ code, signal }) => {
    if (unit.main !== process) return;
    const failed = signal === null ? code !== 0 : signal !== 'TERM';
    Object.assign(unit, { active: failed ? 'failed' : 'inactive', sub: failed ? 'failed' : 'dead', result: failed ? 'exit-code' : 'success', exitStatus: code, mainPid: 0, main: undefined, endedMs: linux.now() });
  });
  return true;
}

function isRunning(linux: PretendLinux, unit: Unit, process: Process): void {
  Object.assign(unit, { active: 'active', sub: 'running', result: 'success', mainPid: process.pid, main: process, startedMs: linux.now() });
}

function belongTo(process: Process, unit: Unit): void {
  process.group = process.pid;
  process.session = process.pid;
  process.unit = unit.name;
}

/** Runs one Exec line as a process of the unit, its output going nowhere. */
function spawnCommand(linux: PretendLinux, unit: Unit, file: UnitFile, line: string): Process {
  const environment = new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], ['LANG', 'C.UTF-8']]);
  for (const text of file.all('Service', 'Environment')) for (const word of execWords(text, unit.name, environment)) environment.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
  const argv = execWords(line.replace(/^[-@:+!]+/, ''), unit.name, environment);
  return linux.processes.spawn({ parent: linux.processes.find(1), name: argv[0]?.split('/').at(-1) ?? '', argv, prepare: (child) => belongTo(child, unit) }, async (child) => {
    child.workingFolder = file.one('Service', 'WorkingDirectory') ?? '/';
    const affinity = parseCpuList((file.one('Service', 'CPUAffinity') ?? '').replaceAll(' ', ','));
    if (affinity.ok && affinity.value.length > 0) Object.assign(child.main, { affinity: affinity.value, lastCpu: affinity.value[0] ?? 0 });
    child.setFd(0, await linux.open(child, '/dev/null', { read: true }));
    for (const fd of [1, 2]) child.setFd(fd, await linux.open(child, '/dev/null', { write: true }));
    return linux.exec(child, argv, environment);
  });
}
