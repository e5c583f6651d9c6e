import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.hyper-threading', title: 'Hyper-Threading', option: 'Disabled',
  menu: 'Intel Advanced Menu → CPU Configuration',
  does: 'Gives every core one hardware thread instead of two. AMD calls it SMT Mode.',
  why: 'The other thread of a core shares its units and caches and delays it.',
  shows: 'In /sys/devices/system/cpu/smt: “notsupported” when the firmware or the processor has none, “off” or “forceoff” when the command line or a person switched it off.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { cpus }, capture }) => (cpus.smt.active === null ? null : {
    value: cpus.smt.active ? 'cores have two threads online' : `no core has two threads online (control: ${cpus.smt.control ?? 'unknown'})`, matches: !cpus.smt.active,
    evidence: capture.evidence('/sys/devices/system/cpu/smt/active'), caveat: cpus.smt.active ? '' : 'The firmware, the command line or the processor itself can be the reason.',
  }),
});
