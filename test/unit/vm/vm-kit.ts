import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VmMap } from '../../../shared/model/vm-map.ts';
import type { Result } from '../../../shared/contract/result.ts';
import { readVmMap } from '../../../shared/planning/vm/map/read-vm-map.ts';
import { tuneDomain, type TunedDomain } from '../../../shared/planning/vm/tune-domain.ts';

const folder = join(import.meta.dirname, '../../fixtures/libvirt');

/** A recorded domain or map: `eci/as-installed.xml`. */
export const fixture = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Names of all recorded domains. */
export const domainFixtures: readonly string[] = ['define', 'eci', 'hand-written', 'qemu'].flatMap((part) => readdirSync(join(folder, part)).filter((file) => file.endsWith('.xml')).map((file) => `${part}/${file}`));

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

export const mapOf = (value: unknown): VmMap => valueOf(readVmMap(JSON.stringify(value)));
export const eciMap = (): VmMap => valueOf(readVmMap(fixture('eci/map.json')));
/** A map that goes with a recorded domain: the hand-written one shows its guest four vCPUs. */
export const mapFor = (name: string): VmMap => (name.startsWith('hand-written/') ? mapOf({ vcpus: [4, 5, 6, 7], emulator: '0-1' }) : eciMap());

export const tuned = (xml: string, map: VmMap = eciMap()): TunedDomain => valueOf(tuneDomain(xml, map));

/** A small domain with these parts before its devices and in them. */
export const domainWith = (parts = '', devices = ''): string => `<domain type='kvm'>
  <name>rt</name>
  <memory unit='KiB'>2097152</memory>
  <vcpu placement='static'>2</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/><apic/></features>
  ${parts}
  <devices>
    ${devices}
  </devices>
</domain>
`;

export const twoVcpus = { vcpus: [4, 6], emulator: [2, 3] };
