import { FileError } from '../files/file-error.ts';
import { Folder } from '../files/inode.ts';
import { moduleOptions, modulesToLoad } from './boot-settings.ts';
import type { PretendLinux } from './pretend-linux.ts';
import { TreeBuilder } from './tree-builder.ts';

interface Parameter {
  readonly initial: string;
  readonly writable?: boolean;
  /** Shown as a list with brackets around the chosen one. */
  readonly choices?: readonly string[];
}

const fixed = (initial: string): Parameter => ({ initial });
const writable = (initial: string): Parameter => ({ initial, writable: true });

/** Code that is part of every kernel here, and modules that can be loaded. */
const builtIn: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  processor: { max_cstate: fixed('9') }, intel_idle: { max_cstate: fixed('9'), no_acpi: fixed('N') },
  pcie_aspm: { policy: { initial: 'default', writable: true, choices: ['default', 'performance', 'powersave', 'powersupersave'] } },
  workqueue: { power_efficient: fixed('N'), disable_numa: fixed('N') }, rcupdate: { rcu_expedited: fixed('0'), rcu_normal: fixed('0') },
};

const loadable: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  kvm: {
    halt_poll_ns: writable('200000'), halt_poll_ns_grow: writable('2'), nx_huge_pages: writable('N'), nx_huge_pages_recovery_ratio: writable('60'), lapic_timer_advance: fixed('Y'), min_timer_period_us: writable('200'),
    kvmclock_periodic_sync: fixed('Y'), enable_pmu: fixed('Y'), tdp_mmu: fixed('Y'),
  },
  kvm_intel: { nested: fixed('Y'), ple_gap: fixed('128'), ple_window: fixed('4096'), preemption_timer: fixed('Y'), enable_apicv: fixed('Y'), ept: fixed('Y') },
  msr: { allow_writes: writable('default') }, cpuid: {}, vfio: { enable_unsafe_noiommu_mode: writable('N') }, vfio_pci: { ids: fixed(''), disable_idle_d3: fixed('N') }, i2c_dev: {}, ipmi_si: {}, ipmi_devintf: {},
  dell_wmi_sysman: {}, iTCO_wdt: { nowayout: fixed('N') }, softdog: { soft_margin: fixed('60') },
};

/** What a module cannot be loaded without: named as modprobe names them. */
const needs: Readonly<Record<string, readonly string[]>> = { kvm_intel: ['kvm'], vfio_pci: ['vfio'], ipmi_devintf: ['ipmi_si'] };

/** Modules a boot loads: what the hardware asks for, then modules-load.d. */
export function loadBootModules(linux: PretendLinux): void {
  if (linux.hasFeature('vmx')) loadModule(linux, 'kvm_intel');
  if (linux.spec.firmwareAttributes?.driver === 'dell-wmi-sysman') loadModule(linux, 'dell_wmi_sysman');
  for (const name of modulesToLoad(linux)) loadModule(linux, name);
}

/** Loads a module and those it needs. Gives what modprobe would say against it, or undefined. */
export function loadModule(linux: PretendLinux, module: string): string | undefined {
  if (linux.loadedModules.has(module) || Object.hasOwn(builtIn, module)) return undefined;
  const parameters = Object.hasOwn(loadable, module) ? loadable[module] : undefined;
  if (parameters === undefined) return 'not found';
  if ((module === 'kvm_intel' && !linux.hasFeature('vmx')) || (module === 'iTCO_wdt' && linux.loadedModules.has('softdog'))) return 'Operation not supported';
  if (module === 'dell_wmi_sysman' && linux.spec.firmwareAttributes?.driver !== 'dell-wmi-sysman') return 'No such device';
  for (const needed of needs[module] ?? []) loadModule(linux, needed);
  linux.loadedModules.add(module);
  const options = moduleOptions(linux, module);
  for (const [name, value] of options) {
    if (Object.hasOwn(parameters, name)) linux.moduleParameters.set(`${module}.${name}`, normal(parameters[name]?.initial ?? '', value));
    else linux.log(`${module}: unknown parameter '${name}' ignored`);
  }
  if (module === 'msr') for (const cpu of linux.online) new TreeBuilder(linux.files.root).text(`/dev/cpu/${cpu}/msr`, '', { mode: 0o600 });
  return undefined;
}

/** Takes a module out. Gives what rmmod would say against it, or undefined. */
export function unloadModule(linux: PretendLinux, module: string): string | undefined {
  const user = [...linux.loadedModules].find((one) => needs[one]?.includes(module));
  if (user !== undefined) return `is in use by: ${user}`;
  if (!linux.loadedModules.delete(module)) return Object.hasOwn(builtIn, module) ? 'is builtin.' : 'is not currently loaded';
  for (const key of [...linux.moduleParameters.keys()]) if (key.startsWith(`${module}.`)) linux.moduleParameters.delete(key);
  const dev = linux.files.root.entries.get('dev');
  if (module === 'msr' && dev?.kind === 'folder') dev.entries.delete('cpu');
  return undefined;
}

/** A Y/N parameter takes 0 and 1 too. */
const normal = (initial: string, value: string): string => (/^[YN]$/.test(initial) ? (/^[1Yy]/.test(value) ? 'Y' : 'N') : value);

/** /sys/module: what is built in, and what is loaded at the moment. */
export function modulesFolder(linux: PretendLinux): Folder {
  const made = new Map<string, Folder>();
  const of = (name: string): Folder => {
    const folder = made.get(name) ?? moduleFolder(linux, name, builtIn[name] ?? loadable[name] ?? {});
    made.set(name, folder);
    return folder;
  };
  const root = new Folder({ mode: 0o555 }, {
    names: () => [...Object.keys(builtIn), ...linux.loadedModules],
    find: (name) => (Object.hasOwn(builtIn, name) || linux.loadedModules.has(name) ? of(name) : undefined),
  });
  root.sealed = true;
  return root;
}

function moduleFolder(linux: PretendLinux, module: string, parameters: Readonly<Record<string, Parameter>>): Folder {
  const folder = new Folder({ mode: 0o555 });
  const tree = new TreeBuilder(folder, true);
  const options = moduleOptions(linux, module);
  for (const [name, parameter] of Object.entries(parameters)) {
    const key = `${module}.${name}`;
    const booted = Object.hasOwn(builtIn, module) ? options.get(name) : undefined;
    const value = (): string => linux.moduleParameters.get(key) ?? normal(parameter.initial, booted ?? initialOf(linux, key, parameter));
    const shown = (): string => parameter.choices?.map((one) => (one === value() ? `[${one}]` : one)).join(' ').concat(' ') ?? value();
    if (parameter.writable !== true) tree.value(`/parameters/${name}`, shown);
    else {
      tree.knob(`/parameters/${name}`, shown, (text) => {
        if (parameter.choices !== undefined ? !parameter.choices.includes(text) : /^\d+$/.test(parameter.initial) && !/^\d+$/.test(text)) throw new FileError('EINVAL', name);
        linux.moduleParameters.set(key, normal(parameter.initial, text));
      });
    }
  }
  return folder;
}

const initialOf = (linux: PretendLinux, key: string, { initial }: Parameter): string =>
  (!linux.kernel.realtime ? initial : ({ 'rcupdate.rcu_normal': '1', 'kvm.nx_huge_pages_recovery_ratio': '0' } as Readonly<Record<string, string>>)[key] ?? initial);
