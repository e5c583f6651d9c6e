import { madeVmSchema, vmNameSchema, type MadeVm } from '../../model/vm.ts';

/** Records of VMs made from here, as `grep -H` prints them: `/var/lib/rtvm-bench/vms/rt/made:phase disk`. A record without a known phase has only begun. */
export function parseMadeRecords(text: string): MadeVm[] {
  const records = new Map<string, MadeVm>();
  for (const line of text.split('\n')) {
    const [, name, key, value = ''] = /\/vms\/([^/:\n]{1,63})\/made:(name|owner|started|phase|purpose|file) (.*)$/.exec(line) ?? [];
    if (name === undefined || !vmNameSchema.safeParse(name).success) continue;
    const record: MadeVm = records.get(name) ?? { name, owner: '', startedAt: '', phase: 'begun', files: [] };
    records.set(name, record);
    if (key === 'owner') record.owner = value;
    else if (key === 'started') record.startedAt = value;
    else if (key === 'file') record.files.push(value);
    else if (key === 'purpose') record.purpose = madeVmSchema.shape.purpose.safeParse(value.trim()).data;
    else if (key === 'phase') record.phase = madeVmSchema.shape.phase.safeParse(value.trim()).data ?? record.phase;
  }
  return [...records.values()];
}
