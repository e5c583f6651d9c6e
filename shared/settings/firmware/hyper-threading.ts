import { firmwareItem } from '../support/firmware-item.ts';

export const setting = firmwareItem({
  id: 'firmware.hyper-threading', title: 'Hyper-Threading', option: 'Disabled',
  menu: 'Intel Advanced Menu → CPU Configuration',
  why: 'The other thread of a core shares its units and caches and delays it.',
  source: 'Intel ECI guide, Host Configuration: BIOS',
  seen: ({ snapshot: { cpus }, capture }) => (cpus.smt.active === null ? null : {
    value: cpus.smt.active ? 'cores have two threads online' : `no core has two threads online (control: ${cpus.smt.control ?? 'unknown'})`, matches: !cpus.smt.active,
    evidence: capture.evidence('/sys/devices/system/cpu/smt/active'), caveat: cpus.smt.active ? '' : 'The firmware, the command line or the processor itself can be the reason.',
  }),
});
