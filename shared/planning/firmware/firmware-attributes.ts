import type { Capture } from '../../parsers/capture.ts';
import { attributesFor } from './attribute-names.ts';

export interface FirmwareAttribute {
  readonly name: string;
  /** null: it was not read, as a rule for want of root. */
  readonly value: string | null;
  readonly possible: readonly string[];
  readonly path: string;
}

/** The settings a firmware offers to Linux (firmware-attributes class of the kernel's ABI documentation). */
export interface FirmwareAttributes {
  readonly driver: string;
  readonly attributes: readonly FirmwareAttribute[];
  /** A change waits for the next start: the values are then what was asked for, not what the machine runs with. */
  readonly pendingReboot: boolean;
  /** An administrator's password of the firmware stands before every change. */
  readonly passwordSet: boolean;
}

/** `;`, as the ABI says; older kernels of think-lmi (before 6.3) hand on the firmware's own `,`. */
const separatorOf = (driver: string) => (driver === 'thinklmi' ? /[;,]/ : ';');

const pattern = /^\/sys\/class\/firmware-attributes\/([^/]+)\/attributes\/([^/]+)\/(?:type|current_value|possible_values)$/;

/** Asked once a setting; a capture does not change. */
const read = new WeakMap<Capture, readonly FirmwareAttributes[]>();

/** What a capture says of the class, by driver; empty when the firmware offers nothing (then the class is not there at all). */
export function firmwareAttributesIn(capture: Capture): readonly FirmwareAttributes[] {
  const known = read.get(capture) ?? attributesIn(capture);
  read.set(capture, known);
  return known;
}

function attributesIn(capture: Capture): FirmwareAttributes[] {
  const drivers = new Map<string, Map<string, FirmwareAttribute>>();
  for (const path of capture.paths(pattern)) {
    const [, driver, name] = pattern.exec(path) ?? [];
    if (driver === undefined || name === undefined) continue;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const possible = capture.value(`${folder}/possible_values`)?.split(separatorOf(driver)).map((value) => value.trim()).filter((value) => value !== '') ?? [];
    const known = drivers.get(driver) ?? new Map<string, FirmwareAttribute>();
    drivers.set(driver, known.set(name, { name, value: capture.value(`${folder}/current_value`), possible, path: `${folder}/current_value` }));
  }
  return [...drivers].map(([driver, attributes]) => ({
    driver, attributes: [...attributes.values()],
    pendingReboot: capture.value(`/sys/class/firmware-attributes/${driver}/attributes/pending_reboot`) === '1',
    passwordSet: capture.paths(/^\/sys\/class\/firmware-attributes\/[^/]+\/authentication\/[^/]+\/is_enabled$/)
      .some((path) => path.startsWith(`/sys/class/firmware-attributes/${driver}/authentication/`) && !/Power-?on|System$/i.test(path.split('/').at(-2) ?? '') && capture.value(path) === '1'),
  }));
}

/** One attribute that stands for a setting on this board. */
export interface AttributeOfSetting {
  readonly driver: string;
  readonly attribute: FirmwareAttribute;
  readonly wanted: readonly string[];
  readonly asAsked: boolean | null;
  readonly pending: boolean;
  readonly passwordSet: boolean;
}

/** Every attribute of this board's firmware that stands for a setting. */
export function attributesOfSetting(all: readonly FirmwareAttributes[], settingId: string): AttributeOfSetting[] {
  return all.flatMap(({ driver, attributes, pendingReboot, passwordSet }) => attributesFor(driver, settingId).flatMap(({ name, wanted }) => {
    const attribute = attributes.find((one) => one.name === name);
    if (!attribute) return [];
    return [{ driver, attribute, wanted, asAsked: attribute.value === null ? null : wanted.includes(attribute.value), pending: pendingReboot, passwordSet }];
  }));
}
