/** One attribute that stands for a setting: its exact name, and the spellings that mean “as asked”, best first. */
export interface NamedAttribute { readonly name: string; readonly wanted: readonly string[] }

const disabled = ['Disabled', 'Disable'];
const enabled = ['Enabled', 'Enable'];

/**
 * Names and spellings are the vendors' own and are matched exactly: an unknown name is left alone, never guessed at.
 * A `/` in a name is `!` in sysfs (Linux lib/kobject.c). By driver of the firmware-attributes class:
 * - dell-wmi-sysman: Dell Command | Configure reference (cctk names);
 * - thinklmi: Lenovo BIOS settings through WMI (ThinkCentre, ThinkStation, ThinkPad: `Enabled` or `Enable`);
 * - hp-bioscfg: HP Business PC F10 set-up overview.
 */
const byDriver: Readonly<Record<string, Readonly<Record<string, readonly NamedAttribute[]>>>> = {
  'dell-wmi-sysman': {
    'firmware.hyper-threading': [{ name: 'LogicProc', wanted: disabled }],
    'firmware.vmx': [{ name: 'Virtualization', wanted: enabled }],
    'firmware.vt-d': [{ name: 'VtForDirectIo', wanted: enabled }],
    'firmware.speedstep': [{ name: 'SpeedStep', wanted: disabled }, { name: 'Speedstep', wanted: disabled }],
    'firmware.turbo': [{ name: 'TurboMode', wanted: disabled }],
    'firmware.c-states': [{ name: 'CStatesCtrl', wanted: disabled }],
    'firmware.s3': [{ name: 'BlockSleep', wanted: enabled }],
    'firmware.legacy-usb': [{ name: 'UsbEmu', wanted: disabled }],
  },
  thinklmi: {
    'firmware.hyper-threading': [{ name: 'HyperThreadingTechnology', wanted: disabled }],
    'firmware.vmx': [{ name: 'VirtualizationTechnology', wanted: enabled }],
    'firmware.vt-d': [{ name: 'VTdFeature', wanted: enabled }],
    'firmware.speedstep': [{ name: 'EISTSupport', wanted: disabled }, { name: 'SpeedStep', wanted: disabled }],
    'firmware.turbo': [{ name: 'TurboMode', wanted: disabled }],
    'firmware.c-states': [{ name: 'CStateSupport', wanted: [...disabled, 'C1'] }, { name: 'C1ESupport', wanted: disabled }],
  },
  'hp-bioscfg': {
    'firmware.hyper-threading': [{ name: 'Hyperthreading', wanted: disabled }],
    'firmware.vmx': [{ name: 'Virtualization Technology (VTx)', wanted: enabled }],
    'firmware.vt-d': [
      { name: 'Virtualization Technology for Directed I!O (VTd)', wanted: enabled }, { name: 'Virtualization Technology Directed I!O (VTd)', wanted: enabled },
    ],
    'firmware.speedstep': [{ name: 'Runtime Power Management', wanted: disabled }],
    'firmware.turbo': [{ name: 'Turbo-boost', wanted: disabled }],
    'firmware.c-states': [{ name: 'Extended Idle Power States', wanted: disabled }],
    'firmware.native-aspm': [{ name: 'PCI Express Power Management', wanted: disabled }],
    'firmware.sata-lpm': [{ name: 'SATA Power Management', wanted: disabled }],
  },
};

/**
 * The same for management controllers, over all vendors: their names do not collide. Dell iDRAC (LogicalProc …), HPE iLO
 * (ProcHyperthreading …), Lenovo XCC (Processors_…; `Enable` or `Enabled` by processor generation).
 */
const overRedfish: Readonly<Record<string, readonly NamedAttribute[]>> = {
  'firmware.hyper-threading': [
    { name: 'LogicalProc', wanted: disabled }, { name: 'ProcHyperthreading', wanted: disabled }, { name: 'ProcSMT', wanted: disabled }, { name: 'Processors_HyperThreading', wanted: disabled },
  ],
  'firmware.vmx': [{ name: 'ProcVirtualization', wanted: enabled }, { name: 'Processors_IntelVirtualizationTechnology', wanted: enabled }],
  'firmware.vt-d': [{ name: 'IntelProcVtd', wanted: enabled }, { name: 'ProcAmdIoVt', wanted: enabled }, { name: 'DevicesandIOPorts_IntelVTforDirectedIOVTd', wanted: enabled }],
  'firmware.turbo': [{ name: 'ProcTurboMode', wanted: disabled }, { name: 'ProcTurbo', wanted: disabled }, { name: 'Processors_TurboMode', wanted: disabled }],
  'firmware.c-states': [
    { name: 'ProcCStates', wanted: disabled }, { name: 'ProcC1E', wanted: disabled }, { name: 'MinProcIdlePower', wanted: ['NoCStates'] }, { name: 'Processors_CStates', wanted: disabled },
  ],
  'firmware.speedstep': [{ name: 'PowerRegulator', wanted: ['StaticHighPerf'] }],
  'firmware.native-aspm': [{ name: 'PcieAspmL1', wanted: disabled }],
  'firmware.memory-scrub': [{ name: 'CorrEccSmi', wanted: disabled }],
};

/** Attributes of a driver that stand for a setting; empty when the driver is not known or has none. */
export const attributesFor = (driver: string, settingId: string): readonly NamedAttribute[] => Object.entries(byDriver).find(([name]) => name === driver)?.[1][settingId] ?? [];

export const redfishAttributesFor = (settingId: string): readonly NamedAttribute[] => Object.entries(overRedfish).find(([id]) => id === settingId)?.[1] ?? [];
